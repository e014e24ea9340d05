/**
 * The vector operations of the IR for the interpreter: lane by lane on typed arrays.
 * @module
 */
import { VEC_NAMES } from "../../ir/vector.ts";

/** The same 16 bytes in every lane width. */
export class VectorValue {
  /** Four signed words. */
  readonly words: Int32Array<ArrayBuffer> = new Int32Array(4);
  /** Sixteen bytes. */
  readonly u8: Uint8Array<ArrayBuffer> = new Uint8Array(this.words.buffer);
  /** Sixteen signed bytes. */
  readonly i8: Int8Array<ArrayBuffer> = new Int8Array(this.words.buffer);
  /** Eight halfwords. */
  readonly u16: Uint16Array<ArrayBuffer> = new Uint16Array(this.words.buffer);
  /** Eight signed halfwords. */
  readonly i16: Int16Array<ArrayBuffer> = new Int16Array(this.words.buffer);
  /** Four words. */
  readonly u32: Uint32Array<ArrayBuffer> = new Uint32Array(this.words.buffer);
  /** Two signed doublewords. */
  readonly i64: BigInt64Array<ArrayBuffer> = new BigInt64Array(this.words.buffer);
  /** Two doublewords. */
  readonly u64: BigUint64Array<ArrayBuffer> = new BigUint64Array(this.words.buffer);

  /** Lanes of up to 32 bits. */
  lanes(
    bits: number,
    signed: boolean,
  ): Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array {
    if (bits === 8) return signed ? this.i8 : this.u8;
    if (bits === 16) return signed ? this.i16 : this.u16;
    return signed ? this.words : this.u32;
  }
}

/** Computes `r` from the operands; `n` is the count of a shift or the value of a splat. */
type VectorOp = (u: VectorUnit, n: number) => void;
type Lane = (a: number, b: number) => number;
type WideLane = (a: bigint, b: bigint) => bigint;

const clamp = (x: number, least: number, most: number): number =>
  Math.min(Math.max(x, least), most);

const LANE: Readonly<Record<string, Lane>> = {
  abs: (a) => Math.abs(a),
  neg: (a) => -a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  min: Math.min,
  max: Math.max,
  eq: (a, b) => a === b ? -1 : 0,
  gt: (a, b) => a > b ? -1 : 0,
  ge: (a, b) => a >= b ? -1 : 0,
  average: (a, b) => (a + b + 1) >> 1,
};
const WIDE_LANE: Readonly<Record<string, WideLane>> = {
  abs: (a) => a < 0n ? -a : a,
  neg: (a) => -a,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  eq: (a, b) => a === b ? -1n : 0n,
  gt: (a, b) => a > b ? -1n : 0n,
  ge: (a, b) => a >= b ? -1n : 0n,
};

function laneOp(lane: Lane, bits: number, signed: boolean): VectorOp {
  return ({ a, b, r }) => {
    const x = a.lanes(bits, signed), y = b.lanes(bits, signed), to = r.lanes(bits, signed);
    for (let i = 0; i < to.length; i++) to[i] = lane(x[i], y[i]);
  };
}

function wideLaneOp(lane: WideLane): VectorOp {
  return ({ a, b, r }) => {
    for (let i = 0; i < 2; i++) r.i64[i] = BigInt.asIntN(64, lane(a.i64[i], b.i64[i]));
  };
}

function saturating(subtract: boolean, bits: number, signed: boolean): VectorOp {
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  return laneOp((a, b) => clamp(subtract ? a - b : a + b, least, most), bits, signed);
}

function shift(kind: string, bits: number): VectorOp {
  if (bits === 64) {
    return ({ a, r }, n) => {
      const by = BigInt(n & 63);
      for (let i = 0; i < 2; i++) {
        if (kind === "shr_s") r.i64[i] = a.i64[i] >> by;
        else r.u64[i] = BigInt.asUintN(64, kind === "shl" ? a.u64[i] << by : a.u64[i] >> by);
      }
    };
  }
  return ({ a, r }, n) => {
    const by = n & (bits - 1);
    const x = a.lanes(bits, kind === "shr_s"), to = r.lanes(bits, kind === "shr_s");
    for (let i = 0; i < to.length; i++) {
      to[i] = kind === "shl" ? x[i] << by : kind === "shr_s" ? x[i] >> by : x[i] >>> by;
    }
  };
}

/** Each lane of a shifted by the unsigned number in the lane of b. */
function shiftEach(kind: string, bits: number): VectorOp {
  const signed = kind === "shr_s";
  if (bits === 64) {
    return ({ a, b, r }) => {
      for (let i = 0; i < 2; i++) {
        const by = b.u64[i] < 64n ? b.u64[i] : 64n;
        if (signed) r.i64[i] = a.i64[i] >> by;
        else r.u64[i] = BigInt.asUintN(64, kind === "shl" ? a.u64[i] << by : a.u64[i] >> by);
      }
    };
  }
  return ({ a, b, r }) => {
    const x = a.lanes(bits, signed), n = b.lanes(bits, false), to = r.lanes(bits, signed);
    for (let i = 0; i < to.length; i++) {
      const by = Math.min(n[i], 32);
      if (signed) to[i] = x[i] >> Math.min(by, 31);
      else if (by > 31) to[i] = 0;
      else to[i] = kind === "shl" ? x[i] << by : x[i] >>> by;
    }
  };
}

/** `high`: of the high half's lanes, else of the low half's. */
function widen(bits: number, signed: boolean, high: boolean): VectorOp {
  const first = high ? 64 / bits : 0;
  if (bits === 32) {
    return ({ a, r }) => {
      const x = a.lanes(32, signed);
      for (let i = 0; i < 2; i++) r.i64[i] = BigInt(x[first + i]);
    };
  }
  return ({ a, r }) => {
    const x = a.lanes(bits, signed), to = r.lanes(2 * bits, signed);
    for (let i = 0; i < to.length; i++) to[i] = x[first + i];
  };
}

function multiplyWide(bits: number, signed: boolean, high: boolean): VectorOp {
  const first = high ? 64 / bits : 0;
  if (bits === 32) {
    return ({ a, b, r }) => {
      const x = a.lanes(32, signed), y = b.lanes(32, signed);
      for (let i = 0; i < 2; i++) {
        r.i64[i] = BigInt.asIntN(64, BigInt(x[first + i]) * BigInt(y[first + i]));
      }
    };
  }
  return ({ a, b, r }) => {
    const x = a.lanes(bits, signed), y = b.lanes(bits, signed), to = r.lanes(2 * bits, signed);
    for (let i = 0; i < to.length; i++) to[i] = x[first + i] * y[first + i];
  };
}

/** Byte i of the result is byte `from(i)` of a followed by b. */
function shuffle(from: (i: number) => number): VectorOp {
  const places = Array.from({ length: 16 }, (_, i) => from(i));
  return ({ a, b, r }) => {
    for (const [i, place] of places.entries()) {
      r.u8[i] = place < 16 ? a.u8[place] : b.u8[place - 16];
    }
  };
}

/** The same for lanes of `bits`. */
function shuffleLanes(bits: number, from: (lane: number) => number): VectorOp {
  const bytes = bits / 8;
  return shuffle((i) => from(Math.floor(i / bytes)) * bytes + i % bytes);
}

/** Lane order of the shuffles, by name; `n` is the number of lanes in a vector. */
const SHUFFLES: Readonly<Record<string, (lane: number, n: number) => number>> = {
  even: (i, n) => 2 * i % n,
  zip_lo: (i, n) => (i >> 1) + (i & 1) * n,
  zip_hi: (i, n) => (i >> 1) + n / 2 + (i & 1) * n,
  unzip_even: (i) => 2 * i,
  unzip_odd: (i) => 2 * i + 1,
};

function operation(name: string): VectorOp {
  const reverse = /^rev(\d+)_(\d+)$/.exec(name);
  if (reverse) {
    const last = Number(reverse[1]) / Number(reverse[2]) - 1;
    return shuffleLanes(Number(reverse[2]), (lane) => lane ^ last);
  }
  const extract = /^extract_(\d+)$/.exec(name);
  if (extract) return shuffle((i) => i + Number(extract[1]));
  const third = /^third_(\d)_(\d+)$/.exec(name);
  if (third) {
    const half = 64 / Number(third[2]);
    return shuffleLanes(Number(third[2]), (lane) => 3 * (lane % half) + Number(third[1]));
  }
  const weave = /^weave_(lo|hi)_(\d+)$/.exec(name);
  if (weave) {
    const half = 64 / Number(weave[2]);
    return shuffleLanes(Number(weave[2]), (lane) => {
      const place = weave[1] === "lo" ? lane : 2 * half + lane % half;
      return (place % 3) * half + Math.floor(place / 3);
    });
  }
  const each = /^(shl|shr_s|shr_u)_each(\d+)$/.exec(name);
  if (each) return shiftEach(each[1], Number(each[2]));
  const [, base, sign, width] = /^([a-z_]+?)(?:_([su]))?(\d+)?$/.exec(name)!;
  const bits = Number(width);
  const signed = sign === "s";
  switch (base) {
    case "not":
      return laneOp((a) => ~a, 32, true);
    case "and":
      return laneOp((a, b) => a & b, 32, true);
    case "or":
      return laneOp((a, b) => a | b, 32, true);
    case "xor":
      return laneOp((a, b) => a ^ b, 32, true);
    case "and_not":
      return laneOp((a, b) => a & ~b, 32, true);
    case "count_ones":
      return laneOp(
        (a) => {
          let ones = 0;
          for (; a !== 0; a &= a - 1) ones++;
          return ones;
        },
        8,
        false,
      );
    case "add_sat":
    case "sub_sat":
      return saturating(base === "sub_sat", bits, signed);
    case "widen":
    case "widen_high":
      return widen(bits, signed, base === "widen_high");
    case "mul_wide":
    case "mul_wide_high":
      return multiplyWide(bits, signed, base === "mul_wide_high");
    case "shl":
      return shift(base, bits);
    case "shr":
      return shift(signed ? "shr_s" : "shr_u", bits);
    case "splat":
      return ({ r }, n) => {
        r.lanes(bits, false).fill(n);
      };
    case "swizzle":
      return ({ a, b, r }) => {
        for (let i = 0; i < 16; i++) r.u8[i] = b.u8[i] < 16 ? a.u8[b.u8[i]] : 0;
      };
    case "select":
      return ({ a, b, c, r }) => {
        for (let i = 0; i < 4; i++) {
          r.words[i] = (a.words[i] & c.words[i]) | (b.words[i] & ~c.words[i]);
        }
      };
  }
  if (SHUFFLES[base]) return shuffleLanes(bits, (lane) => SHUFFLES[base](lane, 128 / bits));
  if (bits === 64) return wideLaneOp(WIDE_LANE[base]);
  const lane = LANE[base];
  return laneOp(lane, bits, signed || base === "abs" || base === "neg");
}

/** By VEC code, each made when it first runs. */
const OPERATIONS: (VectorOp | undefined)[] = new Array(VEC_NAMES.length);

/** Operands and result of the operation that runs. */
export class VectorUnit {
  /** First operand. */
  readonly a: VectorValue = new VectorValue();
  /** Second operand. */
  readonly b: VectorValue = new VectorValue();
  /** Third operand. */
  readonly c: VectorValue = new VectorValue();
  /** Result. */
  readonly r: VectorValue = new VectorValue();

  /** Runs the operation with VEC code `op`. */
  run(op: number, n: number): void {
    (OPERATIONS[op] ??= operation(VEC_NAMES[op]))(this, n);
  }
}
