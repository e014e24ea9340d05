/**
 * The dead code pass, backward over the block: removes operations without effect whose results
 * nobody uses, and ifs with nothing in them; then numbers the temporaries anew, without gaps.
 * @module
 */
import { REMOVABLE, RESULT_TYPE, TEMP_OPERANDS } from "../op_facts.ts";
import { INSN_WORDS, NO_TEMP, OP } from "../ops.ts";
import { REMOVED, type WorkBlock } from "./work.ts";

const { if: IF, else: ELSE, end: END } = OP;

/** Runs the pass; keeps its tables from block to block. */
export class DeadCodePass {
  /** 1 for each temporary that is used. */
  #used: Uint8Array = new Uint8Array(512);
  #number: Int32Array = new Int32Array(512);
  /** For each open `if`: word offset of its `end`, and of its `else` or 0. */
  readonly #open: number[] = [];
  #removed = false;

  /** Transforms the block in place. */
  run(work: WorkBlock): void {
    if (work.temps > this.#used.length) {
      this.#used = new Uint8Array(work.temps * 2);
      this.#number = new Int32Array(work.temps * 2);
    }
    this.#mark(work);
    if (this.#removed) work.compact();
    this.#renumber(work);
  }

  /** Marks dead instructions as removed. */
  #mark(work: WorkBlock): void {
    const { code } = work;
    const used = this.#used.fill(0, 0, work.temps);
    const open = this.#open;
    open.length = 0;
    this.#removed = false;
    for (let at = work.length - INSN_WORDS; at >= 0; at -= INSN_WORDS) {
      const op = code[at];
      const dst = code[at + 2];
      if (REMOVABLE[op] && !used[dst]) {
        code[at] = REMOVED;
        this.#removed = true;
        continue;
      }
      if (op === END) open.push(at, 0);
      else if (op === ELSE) open[open.length - 1] = at;
      else if (op === IF && this.#dropIf(work, at)) {
        this.#removed = true;
        continue;
      }
      const temps = TEMP_OPERANDS[op];
      if (temps & 1 && code[at + 3] !== NO_TEMP) used[code[at + 3]] = 1;
      if (temps & 2 && code[at + 4] !== NO_TEMP) used[code[at + 4]] = 1;
      if (temps & 4 && code[at + 5] !== NO_TEMP) used[code[at + 5]] = 1;
    }
  }

  /** Removes the parts of the `if` at `at` that are empty; tells whether it is gone altogether. */
  #dropIf(work: WorkBlock, at: number): boolean {
    const { code } = work;
    const middle = this.#open.pop()!;
    const end = this.#open.pop()!;
    if (middle !== 0) {
      if (!this.#isEmpty(code, middle, end)) return false;
      code[middle] = REMOVED;
      this.#removed = true;
    }
    if (!this.#isEmpty(code, at, end)) return false;
    code[at] = REMOVED;
    code[end] = REMOVED;
    return true;
  }

  #isEmpty(code: Int32Array, from: number, to: number): boolean {
    for (let at = from + INSN_WORDS; at < to; at += INSN_WORDS) {
      if (code[at] !== REMOVED) return false;
    }
    return true;
  }

  #renumber(work: WorkBlock): void {
    const { code, types } = work;
    const number = this.#number;
    let next = 0;
    for (let at = 0; at < work.length; at += INSN_WORDS) {
      const temps = TEMP_OPERANDS[code[at]];
      if (temps & 1 && code[at + 3] !== NO_TEMP) code[at + 3] = number[code[at + 3]];
      if (temps & 2 && code[at + 4] !== NO_TEMP) code[at + 4] = number[code[at + 4]];
      if (temps & 4 && code[at + 5] !== NO_TEMP) code[at + 5] = number[code[at + 5]];
      const dst = code[at + 2];
      if (dst === NO_TEMP) continue;
      number[dst] = next;
      types[next] = RESULT_TYPE[code[at]];
      code[at + 2] = next++;
    }
    work.temps = next;
  }
}
