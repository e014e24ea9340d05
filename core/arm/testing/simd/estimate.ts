/**
 * Reciprocal and reciprocal square root estimates, as the architecture defines their tables.
 * @module
 */
import { F32, type FlagSink, FP_FLAG, KIND, signed, unpack } from "../../../fp/format.ts";

/** Estimate of 1 / a for a in [0.5, 1), a multiple of 1/256 in [1, 2). */
function reciprocal(a: number): number {
  const q = Math.trunc(a * 512);
  return Math.trunc(256 / ((q + 0.5) / 512) + 0.5) / 256;
}

/** Estimate of 1 / sqrt(a) for a in [0.25, 1). */
function reciprocalRoot(a: number): number {
  const steps = a < 0.5 ? 512 : 256;
  const q = Math.trunc(a * steps);
  return Math.trunc(256 / Math.sqrt((q + 0.5) / steps) + 0.5) / 256;
}

/** VRECPE.U32. */
export function reciprocalEstimate(x: bigint): bigint {
  if (x < 0x8000_0000n) return 0xffff_ffffn;
  return BigInt(reciprocal(Number(x) / 2 ** 32) * 2 ** 31);
}

/** VRSQRTE.U32. */
export function reciprocalRootEstimate(x: bigint): bigint {
  if (x < 0x4000_0000n) return 0xffff_ffffn;
  return BigInt(reciprocalRoot(Number(x) / 2 ** 32) * 2 ** 31);
}

/** Single-precision bits of an estimate in [1, 2) with an exponent field. */
function assemble(negative: boolean, exponent: number, estimate: number): bigint {
  const fraction = BigInt((estimate - 1) * 2 ** 23);
  return signed(F32, negative, BigInt(exponent) << 23n | fraction);
}

/** VRECPE.F32, in standard mode. */
export function reciprocalEstimateFloat(bits: bigint, sink: FlagSink): bigint {
  const a = unpack(F32, bits, true, sink);
  switch (a.kind) {
    case KIND.SIGNALLING:
      sink.flags |= FP_FLAG.INVALID;
      return F32.defaultNan;
    case KIND.QUIET:
      return F32.defaultNan;
    case KIND.INFINITY:
      return signed(F32, a.negative, 0n);
    case KIND.ZERO:
      sink.flags |= FP_FLAG.DIVIDE_BY_ZERO;
      return signed(F32, a.negative, F32.infinity);
  }
  const field = Number(bits >> 23n & 0xffn);
  if (field >= 253) {
    sink.flags |= FP_FLAG.UNDERFLOW;
    return signed(F32, a.negative, 0n);
  }
  const scaled = Number(bits & F32.fractionMask | 0x800000n) / 2 ** 24;
  return assemble(a.negative, 253 - field, reciprocal(scaled));
}

/** VRSQRTE.F32, in standard mode. */
export function reciprocalRootEstimateFloat(bits: bigint, sink: FlagSink): bigint {
  const a = unpack(F32, bits, true, sink);
  if (a.kind === KIND.ZERO) {
    sink.flags |= FP_FLAG.DIVIDE_BY_ZERO;
    return signed(F32, a.negative, F32.infinity);
  }
  if (a.kind === KIND.QUIET) return F32.defaultNan;
  if (a.kind === KIND.SIGNALLING || a.negative) {
    sink.flags |= FP_FLAG.INVALID;
    return F32.defaultNan;
  }
  if (a.kind === KIND.INFINITY) return 0n;
  const field = Number(bits >> 23n & 0xffn);
  const scaled = Number(bits & F32.fractionMask | 0x800000n) / 2 ** ((field & 1) === 0 ? 24 : 25);
  return assemble(false, (380 - field) >> 1, reciprocalRoot(scaled));
}
