/**
 * Differences between the oracle and the subject in VFP and Advanced SIMD that are right.
 * @module
 */
import { type Explanation, faultedHere, type Unpredictable } from "./suspect.ts";

/** Encodings whose effect the architecture leaves open. */
export const VECTOR_UNPREDICTABLE: readonly Unpredictable[] = [
  {
    reason: "UNKNOWN: an exchange of a register with itself",
    applies: ({ handler, f }) => /^v(trn|zip|uzp|swp)$/.test(handler) && f.d === f.m && f.D === f.M,
  },
  {
    reason: "UNPREDICTABLE: the pc as a core register of a transfer",
    applies: ({ handler, f }) =>
      /^(vmov_core|vmov_to_lane|vmov_from_lane|vdup_core|vmsr)/.test(handler) &&
        (f.t === 15 || /_(ss|d)$/.test(handler) && f.a === 15) ||
      handler === "vmrs" && f.t === 15 && f.n !== 1,
  },
  {
    reason: "UNPREDICTABLE: the pc as base of VLDM and VSTM, in Thumb or written back, or of a " +
      "Thumb VSTR",
    applies: ({ handler, f, thumb }) =>
      f.n === 15 &&
      (/^v(ld|st)m$/.test(handler) && (thumb || f.W === 1) || handler === "vstr" && thumb),
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
];

/** Differences that come from the start state or from what the oracle does not do. */
export const VECTOR_EXPLANATIONS: readonly Explanation[] = [
  {
    reason: "the oracle does not check the alignment that VLDn and VSTn ask for",
    applies: (run) =>
      /^v(ld|st)_/.test(run.handler) && run.f.a !== 0 && run.difference.subject.misaligned &&
      faultedHere(run),
  },
  {
    reason: "UNPREDICTABLE: registers beyond d31, or the pc as base",
    applies: (run) =>
      /^v(ld|st)_/.test(run.handler) && run.difference.subject.stop === "undefined" &&
      faultedHere(run) && (run.f.n === 15 || run.f.D === 1),
  },
  {
    reason: "the oracle rounds a fixed-point number in the current mode when it makes it a " +
      "floating-point one; the architecture to nearest",
    applies: ({ handler, f, test: { vectors } }) =>
      handler === "vcvt_fixed" && f.o === 0 && vectors !== null &&
      (vectors.file[0] & 0x00c00000) !== 0,
  },
  {
    reason:
      "the oracle does not check the word alignment of VLDR, VSTR, VLDM and VSTM, which the " +
      "architecture demands",
    applies: (run) =>
      /^v(ld|st)[rm]$/.test(run.handler) && run.difference.subject.misaligned && faultedHere(run),
  },
];
