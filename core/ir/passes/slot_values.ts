/**
 * Which temporary holds the value of each architecture state slot, while a pass walks forward
 * through structured code.
 * @module
 */
import { NO_TEMP } from "../ops.ts";
import { ARCH_STATE } from "../../memory/vcpu_layout.ts";

/** `UPPER - temp` marks the further words of a wide temporary. */
const UPPER = NO_TEMP - 1;

/** Known slot values with an undo log, so that an arm's knowledge ends with the arm. */
export class SlotValues {
  /** Temporary that equals each slot's value, NO_TEMP, or a word of a wide one (see noteWide). */
  readonly #value: Int32Array = new Int32Array(ARCH_STATE.bytes / 4).fill(NO_TEMP);
  /** Changes: slot, earlier value, 1 when the slot itself was written. */
  readonly #log: number[] = [];
  /** Slots that arms have written. */
  readonly #clobbered: number[] = [];
  /** Lengths of log and clobber list at each open `if`. */
  readonly #marks: number[] = [];

  /** Forgets everything, for the next block. */
  reset(): void {
    this.#value.fill(NO_TEMP);
    this.#log.length = 0;
    this.#clobbered.length = 0;
    this.#marks.length = 0;
  }

  /** The temporary that holds the slot's value, or NO_TEMP. */
  value(slot: number): number {
    return this.#value[slot];
  }

  /** The slot was read into `temp`. */
  note(slot: number, temp: number): void {
    this.#log.push(slot, this.#value[slot], 0);
    this.#value[slot] = temp;
  }

  /** The slot was written: it holds `temp`, or something unknown (NO_TEMP). */
  write(slot: number, temp: number): void {
    this.#log.push(slot, this.#value[slot], 1);
    this.#value[slot] = temp;
  }

  /**
   * `count` slots from `slot` on were read into the wide temporary `temp`. The first holds its
   * number; the others hold it in a form that is no temporary.
   */
  noteWide(slot: number, count: number, temp: number): void {
    this.note(slot, temp);
    for (let i = 1; i < count; i++) this.note(slot + i, UPPER - temp);
  }

  /** The same after a write. */
  writeWide(slot: number, count: number, temp: number): void {
    this.write(slot, temp);
    for (let i = 1; i < count; i++) this.write(slot + i, UPPER - temp);
  }

  /** Whether `count` slots still hold the wide temporary that the first one names. */
  isWhole(slot: number, count: number): boolean {
    const upper = UPPER - this.#value[slot];
    for (let i = 1; i < count; i++) if (this.#value[slot + i] !== upper) return false;
    return true;
  }

  /** Any slot from number `first` on may have been written. */
  forget(first = 0): void {
    const log = this.#log;
    // Every slot with a known value has an entry in the log.
    for (let i = log.length - 3; i >= 0; i -= 3) {
      if (log[i] >= first && this.#value[log[i]] !== NO_TEMP) this.write(log[i], NO_TEMP);
    }
  }

  /** An `if` opens. */
  open(): void {
    this.#marks.push(this.#log.length, this.#clobbered.length);
  }

  /** An arm of the innermost `if` is over; `ended`: by a terminator, so that nothing follows it. */
  closeArm(ended: boolean): void {
    const log = this.#log;
    const start = this.#marks[this.#marks.length - 2];
    for (let i = log.length - 3; i >= start; i -= 3) {
      this.#value[log[i]] = log[i + 1];
      if (log[i + 2] === 1 && !ended) this.#clobbered.push(log[i]);
    }
    log.length = start;
  }

  /** The innermost `if` is over: what its arms wrote is unknown after it. */
  merge(): void {
    const start = this.#marks.pop()!;
    this.#marks.pop();
    const clobbered = this.#clobbered;
    for (let i = start; i < clobbered.length; i++) {
      if (this.#value[clobbered[i]] !== NO_TEMP) this.write(clobbered[i], NO_TEMP);
    }
    clobbered.length = start;
  }
}
