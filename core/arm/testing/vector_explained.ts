/**
 * Differences between the oracle and the subject in VFP and Advanced SIMD that are right.
 * @module
 */
import { fieldsOf } from "../decode/decoder.ts";
import type { Fields } from "../decode/row.ts";
import type { VectorCase, VectorOutcome } from "./vector_case.ts";

interface Run {
  readonly handler: string;
  readonly f: Fields;
  readonly test: VectorCase;
  readonly oracle: VectorOutcome;
  readonly subject: VectorOutcome;
  readonly lines: readonly string[];
}

interface Explanation {
  readonly reason: string;
  readonly applies: (run: Run) => boolean;
}

/** Whether the architecture leaves the result open: an exchange of a register with itself. */
export function isUnknown(handler: string, f: Fields): boolean {
  return /^v(trn|zip|uzp|swp)$/.test(handler) && f.d === f.m && f.D === f.M;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    reason: "UNKNOWN: an exchange of a register with itself",
    applies: ({ handler, f }) => isUnknown(handler, f),
  },
  {
    reason: "the oracle does not check the alignment that VLDn and VSTn ask for",
    applies: ({ handler, f, subject }) =>
      /^v(ld|st)_/.test(handler) && f.a !== 0 && (subject.misaligned || subject.stop === "other"),
  },
  {
    reason: "UNPREDICTABLE: registers beyond d31, or the pc as base",
    applies: ({ handler, f, subject }) =>
      /^v(ld|st)_/.test(handler) && subject.stop === "undefined" && (f.n === 15 || f.D === 1),
  },
  {
    reason: "UNPREDICTABLE: the pc as a core register of a transfer",
    applies: ({ handler, f }) =>
      /^(vmov_core|vmov_to_lane|vmov_from_lane|vdup_core|vmsr)/.test(handler) &&
        (f.t === 15 || /_(ss|d)$/.test(handler) && f.a === 15) ||
      handler === "vmrs" && f.t === 15 && f.n !== 1,
  },
  {
    reason: "UNPREDICTABLE: two core registers that are the same, or a pair that begins at s31",
    applies: ({ handler, f }) =>
      /^vmov_core_(ss|d)$/.test(handler) && f.x === 1 && f.t === f.a ||
      handler === "vmov_core_ss" && f.m === 15 && f.M === 1,
  },
  {
    reason:
      "UNPREDICTABLE: a fixed-point number of 16 bits with a negative number of fraction bits",
    applies: ({ handler, f }) => handler === "vcvt_fixed" && f.x === 0 && (f.v << 1 | f.i) > 16,
  },
  {
    reason: "the oracle rounds a fixed-point number in the current mode when it makes it a " +
      "floating-point one; the architecture to nearest",
    applies: ({ handler, f, test }) =>
      handler === "vcvt_fixed" && f.o === 0 && (test.vectors[0] & 0x00c00000) !== 0,
  },
  {
    reason:
      "the oracle does not check the word alignment of VLDR, VSTR, VLDM and VSTM, which the " +
      "architecture demands",
    applies: ({ handler, subject }) => /^v(ld|st)[rm]$/.test(handler) && subject.misaligned,
  },
];

/** The reason why the difference is right, or null when it is not explained. */
export function explainVector(
  test: VectorCase,
  oracle: VectorOutcome,
  subject: VectorOutcome,
  lines: readonly string[],
): string | null {
  const f = fieldsOf(test.encoding, test.word);
  const run: Run = { handler: test.encoding.row[1], f, test, oracle, subject, lines };
  return EXPLANATIONS.find((e) => e.applies(run))?.reason ?? null;
}
