/**
 * What the tables of open effects and of explanations say of an instruction.
 * @module
 */
import type { Fields } from "../decode/row.ts";
import { FILE_PC } from "./subject.ts";
import { sizeOf } from "./instruction_set.ts";
import type { TestCase } from "./case.ts";
import type { Difference } from "./differ.ts";

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

/** What an explanation of a run's difference may look at. */
export interface Run extends Suspect {
  /** Which instruction of the case it is. */
  readonly index: number;
  readonly test: TestCase;
  readonly difference: Difference;
}

/** A reason why a difference is right. */
export interface Explanation {
  readonly reason: string;
  /** Whether the instruction of the run is why. */
  readonly applies: (run: Run) => boolean;
}

/** Whether the subject's run ended at this instruction. */
export function faultedHere({ index, test, difference }: Run): boolean {
  const before = test.encodings.slice(0, index);
  const at = before.reduce((sum, encoding) => sum + sizeOf(encoding), test.pc);
  return difference.subject.file[FILE_PC] === at;
}
