/**
 * Access to the extension registers as lanes of exact integers, for the reference semantics of
 * Advanced SIMD instructions.
 * @module
 */
import { FpUnit, SHAPE } from "../../../fp/unit.ts";
import { FP_AUX } from "../../../ir/fp_aux.ts";
import type { Views } from "../../../memory/views.ts";
import type { Fields } from "../../decode/row.ts";
import { dreg, FPS } from "../../state.ts";
import { STANDARD_MODE } from "../../simd/fields.ts";

const AHP_BIT = 0x04000000;

/** The registers of the vCPU that runs, on one thread. */
export class SimdUnit {
  /** Floating-point arithmetic on the same thread. */
  readonly fp: FpUnit;
  readonly #v: Views;
  /** Base address of the vCPU that runs. */
  env = 0;

  /** One a thread. */
  constructor(views: Views) {
    this.#v = views;
    this.fp = new FpUnit(views);
  }

  /** Lanes of `bits` in `bytes` bytes from double register `d` on. */
  get(d: number, bytes: number, bits: number, signed: boolean): bigint[] {
    const at = this.env + dreg(d);
    const v = this.#v;
    const lane = (i: number): bigint => {
      switch (bits) {
        case 8:
          return BigInt(signed ? v.i8[at + i] : v.u8[at + i]);
        case 16:
          return BigInt(signed ? v.i16[(at >>> 1) + i] : v.u16[(at >>> 1) + i]);
        case 32:
          return BigInt(signed ? v.i32[(at >>> 2) + i] : v.u32[(at >>> 2) + i]);
        default:
          return signed ? v.i64[at / 8 + i] : v.u64[at / 8 + i];
      }
    };
    return Array.from({ length: 8 * bytes / bits }, (_, i) => lane(i));
  }

  /** Writes lanes of `bits`; higher bits of the values are dropped. */
  put(d: number, bits: number, lanes: readonly bigint[]): void {
    const at = this.env + dreg(d);
    const v = this.#v;
    for (const [i, value] of lanes.entries()) {
      const low = BigInt.asUintN(bits, value);
      if (bits === 8) v.u8[at + i] = Number(low);
      else if (bits === 16) v.u16[(at >>> 1) + i] = Number(low);
      else if (bits === 32) v.u32[(at >>> 2) + i] = Number(low);
      else v.u64[at / 8 + i] = low;
    }
  }

  /** The nearest number of the range; QC is set when it is another one. */
  saturate(x: bigint, bits: number, signed: boolean): bigint {
    const most = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
    const least = signed ? -most - 1n : 0n;
    if (x >= least && x <= most) return x;
    this.#v.i32[(this.env + FPS.QC) >>> 2] = 1;
    return x < least ? least : most;
  }

  /** A floating-point operation on single-precision bits in standard mode. */
  float(op: number, a: bigint, b: bigint = 0n, c: bigint = 0n): bigint {
    return this.fp.compute(op | STANDARD_MODE, SHAPE.ONE_SIZE_32, a, b, c);
  }

  /** The alternative half precision bit of a floating-point operation's aux word. */
  get alternativeHalf(): number {
    const control = this.#v.i32[(this.env + FPS.CONTROL) >>> 2];
    return (control & AHP_BIT) !== 0 ? FP_AUX.ALTERNATIVE_HALF : 0;
  }
}

/** What an instruction does, and when it is UNDEFINED. */
export interface Semantic {
  /** Registers of which all must have even numbers: they name quadwords. */
  readonly even: (f: Fields) => number;
  /** Other combinations of fields that are UNDEFINED. */
  readonly invalid?: (f: Fields) => boolean;
  /** Changes the registers of the vCPU that `u` is set to. */
  readonly run: (u: SimdUnit, f: Fields) => void;
}
