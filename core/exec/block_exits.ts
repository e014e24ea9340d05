/**
 * Where a block can go on, read off its IR: what region forming follows.
 * @module
 */
import type { IrBlock } from "../ir/block.ts";
import { INSN_WORDS, OP } from "../ir/ops.ts";
import { VCPU } from "../memory/vcpu_layout.ts";

/** One way out of a block. */
export interface BlockExit {
  /** `direct`: goto_tb; `jump`: goto_ptr. */
  readonly kind: "direct" | "jump";
  /** Place (see `IrBlock.pc`), or null when only the running block knows it. */
  readonly pc: number | null;
  /**
   * The way stores the address after the block to another slot than the pc: a call, which is going
   * to return there.
   */
  readonly call: boolean;
}

const { code_addr: CODE_ADDR, set: SET, if: IF, else: ELSE, end: END, call: CALL } = OP;
const { goto_tb: GOTO_TB, goto_ptr: GOTO_PTR } = OP;
/** Bit 0 of a return address may tell the CPU's state. */
const STATE_BIT = 1;

/** What is known where an operation stands. */
interface Known {
  /** The place whose address is in the pc slot, or null. */
  readonly pc: number | null;
  /** Whether the return address has been stored. */
  readonly linked: boolean;
}

/** The ways out of `block`. */
export function blockExits(block: IrBlock): BlockExit[] {
  const { code } = block;
  const after = (block.pc + block.guestBytes) | 0;
  const places = new Map<number, number>();
  const exits: BlockExit[] = [];
  const outer: Known[] = [];
  let known: Known = { pc: null, linked: false };
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    switch (code[at]) {
      case CODE_ADDR:
        places.set(code[at + 2], code[at + 1]);
        break;
      case SET: {
        const value = places.get(code[at + 3]);
        if (code[at + 1] === VCPU.PC) known = { ...known, pc: value ?? null };
        else if (value !== undefined && (value & ~STATE_BIT) === (after & ~STATE_BIT)) {
          known = { ...known, linked: true };
        }
        break;
      }
      case CALL:
        known = { ...known, pc: null };
        break;
      case IF:
        outer.push(known);
        break;
      case ELSE:
        known = outer[outer.length - 1];
        break;
      case END: {
        // What an arm that goes on has stored is forgotten: a guess less.
        const before = outer.pop()!;
        known = { pc: null, linked: before.linked };
        break;
      }
      case GOTO_TB:
        exits.push({ kind: "direct", pc: code[at + 1], call: known.linked });
        break;
      case GOTO_PTR:
        exits.push({ kind: "jump", pc: known.pc, call: known.linked });
        break;
    }
  }
  return exits;
}
