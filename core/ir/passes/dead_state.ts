/**
 * The dead state pass, backward over the block: removes a store to a state slot when a later store
 * replaces it on every path before anything can see it. What can see it: a read of the slot, an
 * operation that may raise a guest exception, a helper that uses state, the end of the block.
 * @module
 */
import type { HelperTable } from "../helper.ts";
import { MAY_FAULT, TERMINATOR } from "../op_facts.ts";
import { INSN_WORDS, OP, OPS } from "../ops.ts";
import { ARCH_STATE, VCPU, VECTOR_STATE } from "../../memory/vcpu_layout.ts";
import { REMOVED, type WorkBlock } from "./work.ts";

const { call: CALL, call64: CALL64, goto_tb: GOTO_TB } = OP;
const { if: IF, else: ELSE, end: END } = OP;

/** Words of a bit set of slots. */
const WORDS = ARCH_STATE.bytes / 128;

/** First word of the bit set that holds vector state. */
const FIRST_VECTOR_WORD = (VECTOR_STATE.offset - ARCH_STATE.offset) / 128;

/** By opcode: words that it writes to state, or minus the words that it reads. */
const STATE_WORDS: Int8Array = (() => {
  const words = new Int8Array(OPS.length);
  for (const [i, suffix] of ["", "64", "128"].entries()) {
    words[OP[`set${suffix}`]] = 1 << i;
    words[OP[`get${suffix}`]] = -(1 << i);
  }
  return words;
})();

/** Runs the pass; keeps its tables from block to block. */
export class DeadStatePass {
  readonly #helpers: HelperTable;
  /** Slots whose present value nobody will see, one bit each. */
  readonly #dead: Int32Array = new Int32Array(WORDS);
  /** Two sets for each open `if`: those after it, and those at the start of its else arm. */
  #saved: Int32Array = new Int32Array(16 * WORDS);
  #depth = 0;

  /** `helpers` says which calls look at the state. */
  constructor(helpers: HelperTable) {
    this.#helpers = helpers;
  }

  /** Transforms the block in place. */
  run(work: WorkBlock): void {
    const { code } = work;
    const dead = this.#dead;
    dead.fill(0);
    this.#depth = 0;
    let removed = false;
    for (let at = work.length - INSN_WORDS; at >= 0; at -= INSN_WORDS) {
      const op = code[at];
      const words = STATE_WORDS[op];
      if (words > 0) {
        const slot = this.#slot(code[at + 1]);
        if (slot < 0) continue;
        let allDead = true;
        for (let i = slot; i < slot + words; i++) allDead &&= this.#isDead(i);
        if (allDead) {
          code[at] = REMOVED;
          removed = true;
        } else {
          for (let i = slot; i < slot + words; i++) dead[i >> 5] |= 1 << i;
        }
      } else if (words < 0) {
        const slot = this.#slot(code[at + 1]);
        if (slot < 0) continue;
        for (let i = slot; i < slot - words; i++) dead[i >> 5] &= ~(1 << i);
      } else if (op === CALL || op === CALL64) {
        const def = this.#helpers.defs[code[at + 1]];
        if (def.state === "vector" && !def.mayLeave) dead.fill(0, FIRST_VECTOR_WORD);
        else if (def.state !== "none" || def.mayLeave) dead.fill(0);
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
