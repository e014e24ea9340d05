/**
 * The block that a chain of passes works on: one growing buffer that is reused from block to block.
 * @module
 */
import type { IrBlock } from "../block.ts";
import { INSN_WORDS, OP } from "../ops.ts";

/** Opcode of an instruction that a pass has removed; {@linkcode WorkBlock.compact} drops it. */
export const REMOVED: number = -1;

const { if: IF, else: ELSE, end: END } = OP;

/** A block under transformation. */
export class WorkBlock {
  /** Guest address of the first instruction. */
  pc = 0;
  /** Guest instructions in the block. */
  guestInsns = 0;
  /** Guest bytes the block was translated from. */
  guestBytes = 0;
  /** Instructions, INSN_WORDS words each; `length` words are in use. */
  code: Int32Array<ArrayBuffer> = new Int32Array(512 * INSN_WORDS);
  /** Words of `code` in use. */
  length = 0;
  /** Type code of each temporary; `temps` are in use. */
  types: Uint8Array<ArrayBuffer> = new Uint8Array(512);
  /** Temporaries in use. */
  temps = 0;
  readonly #open: number[] = [];

  /** Takes over the block's header, and its temporaries but no code. */
  begin(block: IrBlock): void {
    this.pc = block.pc;
    this.guestInsns = block.guestInsns;
    this.guestBytes = block.guestBytes;
    this.length = 0;
    this.temps = block.types.length;
    if (this.temps > this.types.length) this.types = new Uint8Array(this.temps * 2);
    this.types.set(block.types);
  }

  /** Copies a whole block in. */
  load(block: IrBlock): void {
    this.begin(block);
    this.reserve(block.code.length);
    this.code.set(block.code);
    this.length = block.code.length;
  }

  /** Makes room for `words` words in all. */
  reserve(words: number): void {
    if (words <= this.code.length) return;
    const grown = new Int32Array(words * 2);
    grown.set(this.code);
    this.code = grown;
  }

  /** A fresh 32-bit temporary. */
  newTemp(): number {
    if (this.temps === this.types.length) {
      const grown = new Uint8Array(this.temps * 2);
      grown.set(this.types);
      this.types = grown;
    }
    this.types[this.temps] = 0;
    return this.temps++;
  }

  /** Drops the removed instructions and corrects the indices of the ifs. */
  compact(): void {
    const { code, length } = this;
    const open = this.#open;
    open.length = 0;
    let to = 0;
    for (let at = 0; at < length; at += INSN_WORDS) {
      const op = code[at];
      if (op === REMOVED) continue;
      if (to !== at) {
        code[to] = op;
        code[to + 1] = code[at + 1];
        code[to + 2] = code[at + 2];
        code[to + 3] = code[at + 3];
        code[to + 4] = code[at + 4];
        code[to + 5] = code[at + 5];
      }
      if (op === ELSE || op === END) {
        const head = open.pop()!;
        code[head + (code[head] === IF ? 4 : 3)] = to / INSN_WORDS;
      }
      if (op === IF || op === ELSE) open.push(to);
      to += INSN_WORDS;
    }
    this.length = to;
  }

  /** The block as it is now, without a copy. */
  view(): IrBlock {
    return {
      pc: this.pc,
      guestInsns: this.guestInsns,
      guestBytes: this.guestBytes,
      code: this.code.subarray(0, this.length),
      types: this.types.subarray(0, this.temps),
    };
  }
}
