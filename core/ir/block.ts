/**
 * A translation unit of IR: the guest instructions of one block.
 * @module
 */
import { INSN_WORDS, type IrType } from "./ops.ts";

/** Codes in {@linkcode IrBlock.types}. */
export const TYPE_CODES: readonly IrType[] = ["i32", "i64", "v128"];

/** A block of IR instructions. */
export interface IrBlock {
  /**
   * Place of the first instruction. Places number the guest's code within the block and differ from
   * guest addresses by a whole number of pages: a block serves every address that its page is mapped
   * at, and finds its own in the pc slot, which holds it whenever the block is entered.
   */
  readonly pc: number;
  /** Guest instructions in the block. */
  readonly guestInsns: number;
  /** Guest bytes the block was translated from. */
  readonly guestBytes: number;
  /** Instructions, INSN_WORDS words each. */
  readonly code: Int32Array;
  /** Type code of each temporary (index into TYPE_CODES). */
  readonly types: Uint8Array;
}

/** Number of instructions in the block. */
export function blockLength(block: IrBlock): number {
  return block.code.length / INSN_WORDS;
}

/** A block with arrays of its own, of one whose arrays are used again. */
export function copyBlock(block: IrBlock): IrBlock {
  return { ...block, code: block.code.slice(), types: block.types.slice() };
}
