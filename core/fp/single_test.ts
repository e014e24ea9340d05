/** Arithmetic on the host's doubles against the exact one, on corner and random bits in every mode. */
import { assertEquals, assertThrows } from "@std/assert";
import { FP, FP_AUX, fpAux } from "../ir/fp_aux.ts";
import { Rng } from "../ir/testing/rng.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { FP_FLAG } from "./format.ts";
import { computeSingle, isSingleOperation } from "./single.ts";
import { FpUnit, SHAPE, SHAPE_SHIFT } from "./unit.ts";

const views = viewsOf(allocateShared(0x10000));
const unit = new FpUnit(views);
const ENV = 0x1000;
const SINGLES = [0, 1, 0x7fffff, 0x800000, 0x800001, 0x3f800000, 0x3f7fffff, 0x3fc00000, 0x40000000]
  .concat([0x4b000001, 0x4f000000, 0x4effffff, 0x4f7fffff, 0x4f800000, 0x5f800000, 0x7f7fffff])
  .concat([0x7f800000, 0x7fc00000, 0x7fa00001, 0x7fc12345, 0x33800000, 0x33000000, 0x38800000])
  .concat([0x387fffff, 0x477fefff, 0x477ff000, 0x47800000, 0x1fffffff, 0x20000000, 0x3f000001]);

function single(rng: Rng): number {
  const sign = rng.chance(0.5) ? -0x80000000 : 0;
  if (rng.chance(0.4)) return rng.pick(SINGLES) | sign;
  // Of one exponent or near it, so that sums cancel and ties come about.
  if (rng.chance(0.5)) return 0x3f000000 + (rng.below(0x2000) << 11) | sign;
  if (rng.chance(0.5)) return 0x3f000000 + rng.below(0x8000000) | sign;
  return rng.word();
}

const OPERATIONS = Object.entries(FP).filter(([name, op]) => op < FP.MAX && name !== "CONVERT");

for (const [name, op] of OPERATIONS) {
  Deno.test(`computeSingle agrees with exact arithmetic: ${name}`, () => {
    const rng = new Rng(op + 1);
    for (let i = 0; i < 6000; i++) {
      const takesFraction = op >= FP.FROM_S32 && op <= FP.TO_U16;
      const aux = fpAux(op, rng.below(32), takesFraction && rng.chance(0.5) ? rng.below(33) : 0);
      if (!isSingleOperation(aux)) continue;
      const [a, b, c] = [single(rng), single(rng), single(rng)];
      unit.flags = 0;
      const [x, y, z] = [a, b, c].map((bits) => BigInt(bits >>> 0));
      const exact = Number(BigInt.asIntN(32, unit.compute(aux, SHAPE.ONE_SIZE_32, x, y, z)));
      const sink = { flags: 0 };
      const result = computeSingle(aux, a, b, c, sink);
      const text = (bits: number, flags: number) => `${(bits >>> 0).toString(16)} flags ${flags}`;
      assertEquals(
        text(result, sink.flags),
        text(exact, unit.flags),
        `aux ${aux.toString(16)} of ${[a, b, c].map((w) => (w >>> 0).toString(16)).join(" ")}`,
      );
    }
  });
}

const DOUBLES = [0n, 1n, 0xfffffffffffffn, 0x10000000000000n, 0x3ff0000000000000n]
  .concat([0x3ff8000000000000n, 0x41dfffffffc00000n, 0x41e0000000000000n, 0x41f0000000000000n])
  .concat([0x43f0000000000000n, 0x7fefffffffffffffn, 0x7ff0000000000000n, 0x7ff8000000000000n])
  .concat([0x7ff4000000000001n, 0x3810000000000000n, 0x36a0000000000000n, 0x3e50000000000000n]);

function double(rng: Rng): bigint {
  const sign = rng.chance(0.5) ? 1n << 63n : 0n;
  if (rng.chance(0.2)) return rng.pick(DOUBLES) | sign;
  const low = rng.chance(0.4) ? 0 : rng.word() >>> 0;
  const near = 0x3fe00000 + rng.below(0x400000);
  const high = rng.chance(0.6)
    ? near
    : rng.chance(0.5)
    ? 0x3c000000 + rng.below(0x8000000)
    : rng.word();
  return BigInt(high >>> 0) << 32n | BigInt(low) | sign;
}

/** Bits and flags of a run, and of the exact computation. */
function runBoth(aux: number, shape: number, a: bigint, b: bigint, c: bigint): [string, string] {
  const { u64, i32 } = views;
  const at = (ENV + VCPU.FP_OPERANDS) / 8;
  u64[at] = a;
  u64[at + 2] = b;
  u64[at + 4] = c;
  i32[(ENV + VCPU.FP_FLAGS) >>> 2] = 0;
  unit.run(ENV, aux | shape << SHAPE_SHIFT);
  const wide = shape === SHAPE.ONE_SIZE_64 || shape === SHAPE.WIDEN;
  const bits = BigInt.asUintN(wide ? 64 : 32, u64[(ENV + VCPU.FP_RESULT) / 8]);
  const flags = i32[(ENV + VCPU.FP_FLAGS) >>> 2];
  unit.flags = 0;
  const source = shape === SHAPE.WIDEN ? BigInt.asUintN(32, a) : a;
  const exact = BigInt.asUintN(wide ? 64 : 32, unit.compute(aux, shape, source, b, c));
  return [`${bits.toString(16)} flags ${flags}`, `${exact.toString(16)} flags ${unit.flags}`];
}

Deno.test("runs of doubles agree with exact arithmetic", () => {
  const rng = new Rng(77);
  const shapes = [
    [SHAPE.ONE_SIZE_64, [FP.ADD, FP.SUB, FP.MUL, FP.DIV, FP.SQRT, FP.FMA]],
    [SHAPE.NARROW, [FP.CONVERT, FP.TO_S32, FP.TO_U32, FP.TO_S16, FP.TO_U16]],
    [SHAPE.WIDEN, [FP.CONVERT, FP.FROM_S32, FP.FROM_U32]],
    [SHAPE.TEST_64, [FP.COMPARE, FP.COMPARE_SIGNAL]],
  ] as const;
  for (const [shape, ops] of shapes) {
    for (const op of ops) {
      for (let i = 0; i < 4000; i++) {
        const aux = fpAux(
          op,
          rng.below(16),
          op >= FP.FROM_S32 && rng.chance(0.5) ? rng.below(33) : 0,
        );
        const [a, b] = [double(rng), double(rng)];
        // An addend near the product, so that the three-term sum cancels.
        const near = rng.chance(0.5);
        const c = near ? negatedProduct(a, b, rng) : double(rng);
        const [got, exact] = runBoth(aux, shape, a, b, c);
        const hex = [a, b, c].map((x) => x.toString(16)).join(" ");
        assertEquals(got, exact, `shape ${shape} aux ${aux.toString(16)} of ${hex}`);
      }
    }
  }
});

const scratch = new DataView(new ArrayBuffer(8));

function negatedProduct(a: bigint, b: bigint, rng: Rng): bigint {
  const value = (bits: bigint) => {
    scratch.setBigUint64(0, bits);
    return scratch.getFloat64(0);
  };
  scratch.setFloat64(0, -value(a) * value(b));
  return scratch.getBigUint64(0) ^ BigInt(rng.below(4));
}

const STANDARD = FP_AUX.FLUSH | FP_AUX.DEFAULT_NAN;

/** Result and exceptions of an operation of lanes. */
function lane(op: number, a: number, b = 0): [string, number] {
  const sink = { flags: 0 };
  const bits = computeSingle(op | STANDARD, a, b, 0, sink);
  return [(bits >>> 0).toString(16), sink.flags];
}

Deno.test("maximum and minimum order zeros and give the default NaN", () => {
  assertEquals(lane(FP.MAX, -0x80000000, 0), ["0", 0]);
  assertEquals(lane(FP.MIN, 0, -0x80000000), ["80000000", 0]);
  assertEquals(lane(FP.MAX, 0x3f800000, 0x40000000), ["40000000", 0]);
  assertEquals(lane(FP.MIN, 0x3f800000, 0x7fc12345), ["7fc00000", 0]);
  assertEquals(lane(FP.MIN, 0x7fa00001, 0), ["7fc00000", FP_FLAG.INVALID]);
  // A denormal operand counts as a zero and is noted.
  assertEquals(lane(FP.MAX, 1, -0x80000000), ["0", FP_FLAG.INPUT_DENORMAL]);
});

Deno.test("comparisons of lanes signal quiet NaNs but for equality", () => {
  assertEquals(lane(FP.EQUAL, 0, -0x80000000), ["ffffffff", 0]);
  assertEquals(lane(FP.EQUAL, 0x7fc00000, 0), ["0", 0]);
  assertEquals(lane(FP.GREATER_EQUAL, 0x7fc00000, 0), ["0", FP_FLAG.INVALID]);
  assertEquals(lane(FP.GREATER, 0x40000000, 0x3f800000), ["ffffffff", 0]);
});

Deno.test("Newton steps round each operation and know infinity times zero", () => {
  assertEquals(lane(FP.RECIPROCAL_STEP, 0x7f800000, 0), ["40000000", 0]);
  assertEquals(lane(FP.ROOT_STEP, 0, -0x800000), ["3fc00000", 0]);
  assertEquals(lane(FP.RECIPROCAL_STEP, 0x3f800000, 0x3f800000), ["3f800000", 0]);
  assertEquals(lane(FP.ROOT_STEP, 0x3f800000, 0x3f800000), ["3f800000", 0]);
});

Deno.test("estimates are within an eighth bit of the quotient and of the root", () => {
  const rng = new Rng(3);
  const view = new DataView(new ArrayBuffer(4));
  const number = (bits: number) => {
    view.setInt32(0, bits);
    return view.getFloat32(0);
  };
  for (let i = 0; i < 2000; i++) {
    const bits = 0x00800000 + rng.below(0x7d000000);
    const sink = { flags: 0 };
    const reciprocal = number(computeSingle(FP.RECIPROCAL_ESTIMATE | STANDARD, bits, 0, 0, sink));
    const root = number(computeSingle(FP.ROOT_ESTIMATE | STANDARD, bits, 0, 0, sink));
    const x = number(bits);
    assertEquals(Math.abs(reciprocal * x - 1) < 2 ** -8, true, `1 / ${x}`);
    assertEquals(Math.abs(root * Math.sqrt(x) - 1) < 2 ** -8, true, `1 / sqrt(${x})`);
  }
  assertEquals(lane(FP.RECIPROCAL_ESTIMATE, 0), ["7f800000", FP_FLAG.DIVIDE_BY_ZERO]);
  assertEquals(lane(FP.RECIPROCAL_ESTIMATE, 0x7f000000), ["0", FP_FLAG.UNDERFLOW]);
  assertEquals(lane(FP.ROOT_ESTIMATE, -0x40800000), ["7fc00000", FP_FLAG.INVALID]);
  assertEquals(lane(FP.RECIPROCAL_FRACTION, 0x7fffffff), ["ffffffff", 0]);
  assertEquals(lane(FP.RECIPROCAL_FRACTION, -1), ["80000000", 0]);
  assertEquals(lane(FP.ROOT_FRACTION, 0x3fffffff), ["ffffffff", 0]);
});

Deno.test("operations of single lanes cannot be asked of doubles", () => {
  assertThrows(() => unit.compute(FP.MAX, SHAPE.ONE_SIZE_64, 0n, 0n, 0n), RangeError);
});
