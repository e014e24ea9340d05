/**
 * Which temporary holds the value of each architecture state slot, while a pass walks forward
 * through structured code.
 * @module
 */
import { NO_TEMP } from "../ops.ts";
import { ARCH_STATE } from "../../memory/vcpu_layout.ts";

/** Known slot values with an undo log, so that an arm's knowledge ends with the arm. */
export class SlotValues {
  /** Temporary that equals each slot's value, or NO_TEMP. */
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

  /** Any slot may have been written. */
  forget(): void {
    const log = this.#log;
    // Every slot with a known value has an entry in the log.
    for (let i = log.length - 3; i >= 0; i -= 3) {
      if (this.#value[log[i]] !== NO_TEMP) this.write(log[i], NO_TEMP);
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
