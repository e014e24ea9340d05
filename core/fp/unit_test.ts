import { assertEquals } from "@std/assert";
import { FP, fpAux, ROUND } from "../ir/fp_aux.ts";
import { Rng } from "../ir/testing/rng.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { FP_FLAG } from "./format.ts";
import { FpUnit, SHAPE, SHAPE_SHIFT } from "./unit.ts";

const views = viewsOf(allocateShared(0x10000));
const unit = new FpUnit(views);
const scratch = new DataView(new ArrayBuffer(8));

function bitsOf(x: number): bigint {
  scratch.setFloat64(0, x);
  return scratch.getBigUint64(0);
}

function singleBits(x: number): bigint {
  scratch.setFloat32(0, x);
  return BigInt(scratch.getUint32(0));
}

/** Result bits and exceptions of an operation on doubles. */
function double(op: number, mode: number, ...operands: number[]): [bigint, number] {
  unit.flags = 0;
  const [a, b, c] = [0, 1, 2].map((i) => bitsOf(operands[i] ?? 0));
  const bits = unit.compute(fpAux(op, mode), SHAPE.ONE_SIZE_64, a, b, c);
  return [bits, unit.flags];
}

function randomDouble(rng: Rng): number {
  scratch.setUint32(0, rng.chance(0.5) ? rng.word() : 0x3fe00000 + rng.below(0x400000));
  scratch.setUint32(4, rng.chance(0.3) ? 0 : rng.word());
  return scratch.getFloat64(0);
}

Deno.test("FpUnit agrees with the host's doubles to nearest", () => {
  const rng = new Rng(1);
  const host: readonly (readonly [number, (a: number, b: number) => number])[] = [
    [FP.ADD, (a, b) => a + b],
    [FP.SUB, (a, b) => a - b],
    [FP.MUL, (a, b) => a * b],
    [FP.DIV, (a, b) => a / b],
    [FP.SQRT, (a) => Math.sqrt(a)],
  ];
  for (let i = 0; i < 3000; i++) {
    const [a, b] = [randomDouble(rng), randomDouble(rng)];
    for (const [op, compute] of host) {
      const expected = compute(a, b);
      if (Number.isNaN(expected)) continue;
      assertEquals(double(op, 0, a, b)[0], bitsOf(expected), `operation ${op} of ${a}, ${b}`);
    }
  }
});

Deno.test("FpUnit notes exactly the exceptions that occur", () => {
  assertEquals(double(FP.ADD, 0, 1, 2)[1], 0);
  assertEquals(double(FP.ADD, 0, 1, 2 ** -60)[1], FP_FLAG.INEXACT);
  assertEquals(double(FP.DIV, 0, 1, 0)[1], FP_FLAG.DIVIDE_BY_ZERO);
  assertEquals(double(FP.DIV, 0, 0, 0)[1], FP_FLAG.INVALID);
  assertEquals(double(FP.MUL, 0, 2 ** 1000, 2 ** 1000)[1], FP_FLAG.OVERFLOW | FP_FLAG.INEXACT);
  assertEquals(double(FP.MUL, 0, 2 ** -1000, 2 ** -1000)[1], FP_FLAG.UNDERFLOW | FP_FLAG.INEXACT);
  // Subnormal but exact: no underflow.
  assertEquals(double(FP.MUL, 0, 2 ** -1000, 2 ** -50)[1], 0);
  const flush = 4;
  assertEquals(double(FP.MUL, flush, 2 ** -1000, 2 ** -50), [0n, FP_FLAG.UNDERFLOW]);
  assertEquals(double(FP.ADD, flush, 2 ** -1060, 1)[1], FP_FLAG.INPUT_DENORMAL);
});

Deno.test("FpUnit rounds in every direction", () => {
  const third = (mode: number) => double(FP.DIV, mode, 1, 3)[0] - bitsOf(1 / 3);
  assertEquals([ROUND.NEAREST, ROUND.UP, ROUND.DOWN, ROUND.ZERO].map(third), [0n, 1n, 0n, 0n]);
  const huge = (mode: number) => double(FP.MUL, mode, -1e300, 1e300)[0];
  assertEquals(huge(ROUND.UP), bitsOf(-Number.MAX_VALUE));
  assertEquals(huge(ROUND.DOWN), bitsOf(-Infinity));
});

Deno.test("FpUnit multiplies and adds with one rounding", () => {
  const [a, b] = [1 + 2 ** -30, 1 - 2 ** -30];
  assertEquals(double(FP.FMA, 0, a, b, -1)[0], bitsOf(-(2 ** -60)));
});

Deno.test("FpUnit run stores sums of whole numbers without touching the flags", () => {
  const env = 0x1000;
  views.u64[(env + VCPU.FP_OPERANDS) / 8] = bitsOf(3);
  views.u64[(env + VCPU.FP_OPERANDS) / 8 + 2] = bitsOf(4);
  views.i32[(env + VCPU.FP_EXACT) >>> 2] = -1;
  unit.run(env, FP.ADD | SHAPE.ONE_SIZE_64 << SHAPE_SHIFT);
  assertEquals(views.f64[(env + VCPU.FP_RESULT) / 8], 7);
  assertEquals(views.i32[(env + VCPU.FP_FLAGS) >>> 2], 0);
  views.u64[(env + VCPU.FP_OPERANDS) / 8 + 2] = bitsOf(0.1);
  unit.run(env, FP.ADD | SHAPE.ONE_SIZE_64 << SHAPE_SHIFT);
  assertEquals(views.i32[(env + VCPU.FP_FLAGS) >>> 2], FP_FLAG.INEXACT);
  assertEquals(views.i32[(env + VCPU.FP_EXACT) >>> 2], 0);
});

Deno.test("FpUnit runs of singles agree with single precision, exact or not", () => {
  const env = 0x1000;
  const rng = new Rng(2);
  for (let i = 0; i < 2000; i++) {
    const [a, b] = [0, 1].map(() => Math.fround(rng.below(4096) * 2 ** (rng.below(40) - 20)));
    views.u64[(env + VCPU.FP_OPERANDS) / 8] = singleBits(a);
    views.u64[(env + VCPU.FP_OPERANDS) / 8 + 2] = singleBits(b);
    for (const [op, expected] of [[FP.ADD, a + b], [FP.SUB, a - b], [FP.MUL, a * b]] as const) {
      views.i32[(env + VCPU.FP_FLAGS) >>> 2] = 0;
      unit.run(env, op | SHAPE.ONE_SIZE_32 << SHAPE_SHIFT);
      assertEquals(views.f32[(env + VCPU.FP_RESULT) >>> 2], Math.fround(expected));
      const inexact = views.i32[(env + VCPU.FP_FLAGS) >>> 2] !== 0;
      // The sum of these operands is exact as a double.
      assertEquals(inexact, Math.fround(expected) !== expected, `operation ${op} of ${a}, ${b}`);
    }
  }
});
