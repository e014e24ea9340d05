/**
 * What the tables of open effects say of an instruction.
 * @module
 */
import type { Fields } from "../decode/row.ts";

/** One instruction that may be the cause of a difference. */
export interface Suspect {
  /** Name of its handler. */
  readonly handler: string;
  /** Group of the handler. */
  readonly group: string;
  /** Its fields. */
  readonly f: Fields;
  /** Letters of the fields that the row has. */
  readonly letters: string;
  /** Size of the instruction. */
  readonly bytes: 2 | 4;
  /** Whether it is Thumb code. */
  readonly thumb: boolean;
  /** IT state at the instruction. */
  readonly it: number;
}

/** A reason why an instruction's effect is left open. */
export interface Unpredictable {
  /** The reason. */
  readonly reason: string;
  /** Whether it holds of an instruction. */
  readonly applies: (s: Suspect) => boolean;
}
