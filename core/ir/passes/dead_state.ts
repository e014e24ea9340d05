/**
 * The dead state pass, backward over the block: removes a store to a state slot when a later store
 * replaces it on every path before anything can see it. What can see it: a read of the slot, an
 * operation that may raise a guest exception, a helper that uses state, the end of the block.
 * @module
 */
import type { HelperTable } from "../helper.ts";
import { MAY_FAULT, TERMINATOR } from "../op_facts.ts";
import { INSN_WORDS, OP } from "../ops.ts";
import { ARCH_STATE, VCPU } from "../../memory/vcpu_layout.ts";
import { REMOVED, type WorkBlock } from "./work.ts";

const { get: GET, get64: GET64, set: SET, set64: SET64, call: CALL, goto_tb: GOTO_TB } = OP;
const { if: IF, else: ELSE, end: END } = OP;

/** Words of a bit set of slots. */
const WORDS = ARCH_STATE.bytes / 128;

/** Runs the pass; keeps its tables from block to block. */
export class DeadStatePass {
  readonly #helpers: HelperTable;
  /** Slots whose present value nobody will see, one bit each. */
  readonly #dead: Int32Array = new Int32Array(WORDS);
  /** Two sets for each open `if`: those after it, and those at the start of its else arm. */
  #saved: Int32Array = new Int32Array(16 * WORDS);
  #depth = 0;

  constructor(helpers: HelperTable) {
    this.#helpers = helpers;
  }

  run(work: WorkBlock): void {
    const { code } = work;
    const dead = this.#dead;
    dead.fill(0);
    this.#depth = 0;
    let removed = false;
    for (let at = work.length - INSN_WORDS; at >= 0; at -= INSN_WORDS) {
      const op = code[at];
      if (op === SET || op === SET64) {
        const slot = this.#slot(code[at + 1]);
        if (slot < 0) continue;
        const wide = op === SET64;
        if (this.#isDead(slot) && (!wide || this.#isDead(slot + 1))) {
          code[at] = REMOVED;
          removed = true;
        } else {
          dead[slot >> 5] |= 1 << slot;
          if (wide) dead[(slot + 1) >> 5] |= 1 << (slot + 1);
        }
      } else if (op === GET || op === GET64) {
        const slot = this.#slot(code[at + 1]);
        if (slot < 0) continue;
        dead[slot >> 5] &= ~(1 << slot);
        if (op === GET64) dead[(slot + 1) >> 5] &= ~(1 << (slot + 1));
      } else if (op === CALL) {
        const def = this.#helpers.defs[code[at + 1]];
        if (def.state !== "none" || def.mayLeave) dead.fill(0);
      } else if (TERMINATOR[op]) {
        dead.fill(0);
        // goto_tb itself stores the pc.
        if (op === GOTO_TB) dead[VCPU.PC >> 7] = 1 << (VCPU.PC >> 2);
      } else if (MAY_FAULT[op]) dead.fill(0);
      else if (op === END) this.#end();
      else if (op === ELSE) this.#else();
      else if (op === IF) this.#if(code[code[at + 4] * INSN_WORDS] === ELSE);
    }
    if (removed) work.compact();
  }

  /** Number of the slot, or -1 outside the architecture state. */
  #slot(offset: number): number {
    const within = offset - ARCH_STATE.offset;
    return within >= 0 && within < ARCH_STATE.bytes ? within >>> 2 : -1;
  }

  #isDead(slot: number): boolean {
    return (this.#dead[slot >> 5] & 1 << slot) !== 0;
  }

  #end(): void {
    const base = 2 * WORDS * this.#depth++;
    if (base + 2 * WORDS > this.#saved.length) {
      const grown = new Int32Array(this.#saved.length * 2);
      grown.set(this.#saved);
      this.#saved = grown;
    }
    for (let w = 0; w < WORDS; w++) this.#saved[base + w] = this.#dead[w];
  }

  #else(): void {
    const base = 2 * WORDS * (this.#depth - 1);
    for (let w = 0; w < WORDS; w++) {
      this.#saved[base + WORDS + w] = this.#dead[w];
      this.#dead[w] = this.#saved[base + w];
    }
  }

  #if(hasElse: boolean): void {
    const other = 2 * WORDS * --this.#depth + (hasElse ? WORDS : 0);
    for (let w = 0; w < WORDS; w++) this.#dead[w] &= this.#saved[other + w];
  }
}
