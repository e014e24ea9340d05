/** Vector and floating-point operations against the interpreter, on corner operands. */
import { assertEquals } from "@std/assert";
import { FP, FP_AUX, fpAux, ROUND } from "../../ir/fp_aux.ts";
import { FP_FLAG } from "../../fp/format.ts";
import { IrBuilder } from "../../ir/builder.ts";
import type { IrBlock } from "../../ir/block.ts";
import { EXIT } from "../../ir/ops.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { VEC, VEC_NAMES } from "../../ir/vector.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { InterpRunner } from "../interp/runner.ts";
import { TestHost } from "../testing/host.ts";
import { ModuleBuilder } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { siteOf } from "./testing/units.ts";

const PC = 0x8000;
/** Vector slots of the operands and the result. */
const A = 0x200, B = 0x210, C = 0x220, RESULT = 0x230;

/** Runs a block on both backends and gives the result slot and the cumulative exceptions of each. */
class Pair {
  readonly #hosts = [new TestHost(1), new TestHost(1)];
  readonly #interp = new InterpRunner(this.#hosts[0]);
  readonly #builder = new ModuleBuilder(this.#hosts[1]);
  readonly #wasm = new WasmRunner(this.#hosts[1], 4);
  #block!: IrBlock;

  load(emit: (b: IrBuilder) => void): void {
    const b = new IrBuilder(this.#hosts[0].helpers);
    b.begin(PC);
    b.insn(PC, 4);
    emit(b);
    b.exit(EXIT.WFI);
    this.#block = b.finish();
    this.#wasm.removeAll();
    this.#wasm.addModule(this.#builder.build([[siteOf(this.#block, 1)]]), [1]);
  }

  run(operands: readonly number[], inexact: boolean): [string, string] {
    const [interp, wasm] = this.#hosts.map((host) => {
      const { i32 } = host.views;
      i32.set(operands, (host.env + A) >>> 2);
      i32.fill(0, (host.env + RESULT) >>> 2, (host.env + RESULT + 16) >>> 2);
      i32[(host.env + VCPU.FP_FLAGS) >>> 2] = inexact ? FP_FLAG.INEXACT : 0;
      i32[(host.env + VCPU.FP_EXACT) >>> 2] = inexact ? 0 : -1;
      return host;
    });
    this.#interp.runBlock(interp.env, this.#block);
    this.#wasm.run(wasm.env, 1);
    const text = ({ views: { u32 }, env }: TestHost): string => {
      const at = (env + RESULT) >>> 2;
      const words = [...u32.subarray(at, at + 4)].map((w) => w.toString(16)).join(" ");
      return `${words} flags ${u32[(env + VCPU.FP_FLAGS) >>> 2].toString(16)}`;
    };
    return [text(interp), text(wasm)];
  }

  check(operands: readonly number[], inexact: boolean, about: string): void {
    const [interp, wasm] = this.run(operands, inexact);
    const hex = operands.map((w) => (w >>> 0).toString(16)).join(" ");
    assertEquals(wasm, interp, `${about} of ${hex}`);
  }
}

const CORNER_BYTES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0x81, 0xfe, 0xff];

function randomVector(rng: Rng): number[] {
  if (rng.chance(0.3)) return Array.from({ length: 4 }, () => rng.cornerWord());
  return Array.from(
    { length: 4 },
    () =>
      rng.chance(0.5)
        ? [0, 8, 16, 24].reduce((w, s) => w | rng.pick(CORNER_BYTES) << s, 0)
        : rng.word(),
  );
}

function emitVector(b: IrBuilder, op: number): void {
  const name = VEC_NAMES[op];
  const a = b.get128(A);
  if (name === "select") b.set128(RESULT, b.vec(op, a, b.get128(B), b.get128(C)));
  else if (/^(shl|shr_[su])\d/.test(name)) b.set128(RESULT, b.vecShift(op, a, b.get(B)));
  else if (name.startsWith("splat")) b.set128(RESULT, b.vecSplat(op, b.get(A)));
  else if (op < VEC.and) b.set128(RESULT, b.vec(op, a));
  else b.set128(RESULT, b.vec(op, a, b.get128(B)));
}

Deno.test("every vector operation agrees with interp", () => {
  const pair = new Pair();
  const rng = new Rng(3);
  for (const [op, name] of VEC_NAMES.entries()) {
    pair.load((b) => emitVector(b, op));
    for (let i = 0; i < 40; i++) {
      pair.check([...randomVector(rng), ...randomVector(rng), ...randomVector(rng)], true, name);
    }
  }
});

/** Counts of lanes of `bits`: most in range, some at its end and above. */
function counts(rng: Rng, bits: number): number[] {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => {
    if (i % (bits / 8) !== 0) return rng.chance(0.9) ? 0 : 0xff;
    return rng.chance(0.7) ? rng.below(bits + 1) : rng.below(256);
  });
  return [...new Int32Array(bytes.buffer)];
}

Deno.test("shifts by lanes agree with interp at every count", () => {
  const pair = new Pair();
  const rng = new Rng(5);
  for (const [op, name] of VEC_NAMES.entries()) {
    const each = /_each(\d+)$/.exec(name);
    if (!each) continue;
    pair.load((b) => emitVector(b, op));
    for (let i = 0; i < 200; i++) {
      pair.check([...randomVector(rng), ...counts(rng, Number(each[1])), 0, 0, 0, 0], true, name);
    }
  }
});

Deno.test("halves of vectors and the test for any bit agree with interp", () => {
  const pair = new Pair();
  const rng = new Rng(4);
  pair.load((b) => {
    const joined = b.vecJoin(b.vecHi(b.get128(A)), b.vecLo(b.get128(B)));
    b.set128(A, joined);
    b.set64(RESULT, b.vecHi(joined));
    b.set64(RESULT + 8, b.vecLo(joined));
    b.set(RESULT + 4, b.vecAny(b.get128(C)));
  });
  for (let i = 0; i < 20; i++) {
    const last = i % 3 === 0 ? [0, 0, 0, 0] : randomVector(rng);
    pair.check([...randomVector(rng), ...randomVector(rng), ...last], true, "halves");
  }
});

/** Factors whose product is just below the smallest normal number and rounds up to it. */
const SINGLE_EDGE = [0x3f800001, 0x007fffff, 0x1fffffff, 0x20000000, 0x3f7fffff, 0x00800000];
const DOUBLE_EDGE = [[-1, 0x1fffffff], [0, 0x20000000], [-1, 0x3fefffff], [0, 0x00100000]] as const;
const SINGLES = [0, 1, 0x7fffff, 0x800000, 0x3f800000, 0x3fc00000, 0x4b000001, 0x4f000000]
  .concat([0x4effffff, 0x5f800000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7fa00001, 0x33800000]);
const DOUBLES = [0n, 1n, 0xfffffffffffffn, 0x10000000000000n, 0x3ff0000000000000n]
  .concat([0x3ff8000000000000n, 0x41dfffffffc00000n, 0x41e0000000000000n, 0x41f0000000000000n])
  .concat([0x43f0000000000000n, 0x7fefffffffffffffn, 0x7ff0000000000000n, 0x7ff8000000000000n])
  .concat([0x7ff4000000000001n, 0x3810000000000000n, 0x36a0000000000000n, 0x3e50000000000000n]);

function single(rng: Rng): number {
  const sign = rng.chance(0.5) ? -0x80000000 : 0;
  if (rng.chance(0.1)) return rng.pick(SINGLE_EDGE) | sign;
  if (rng.chance(0.4)) return rng.pick(SINGLES) | sign;
  if (rng.chance(0.3)) return 0x3f000000 + rng.below(0x8000000) | sign;
  return rng.word();
}

function double(rng: Rng): [number, number] {
  const sign = rng.chance(0.5) ? -0x80000000 : 0;
  if (rng.chance(0.1)) {
    const [low, high] = rng.pick(DOUBLE_EDGE);
    return [low, high | sign];
  }
  if (rng.chance(0.4)) {
    const bits = rng.pick(DOUBLES);
    return [Number(BigInt.asIntN(32, bits)), Number(bits >> 32n) | sign];
  }
  if (rng.chance(0.5)) return [rng.word(), 0x3fe00000 + rng.below(0x4000000) | sign];
  return [rng.word(), rng.word()];
}

const ARITHMETIC = [FP.ADD, FP.SUB, FP.MUL, FP.DIV, FP.SQRT, FP.FMA];
const TESTS = [FP.COMPARE, FP.COMPARE_SIGNAL];
const FROM = [FP.FROM_S32, FP.FROM_U32];
const TO = [FP.TO_S32, FP.TO_U32, FP.TO_S16, FP.TO_U16];
const MODES = [0, 0, 0, ROUND.ZERO, ROUND.UP, ROUND.DOWN, 4, 12, 8];

function operandsOf(op: number): number {
  return op === FP.FMA ? 3 : op <= FP.DIV || TESTS.includes(op as 6) ? 2 : 1;
}

function checkFloat(op: number, emit: (b: IrBuilder, aux: number) => void, wide: boolean): void {
  const pair = new Pair();
  const rng = new Rng(op + 17);
  for (const mode of MODES) {
    pair.load((b) => emit(b, fpAux(op, mode)));
    for (let i = 0; i < 80; i++) {
      const operands = [0, 1, 2].flatMap(() =>
        wide ? [...double(rng), 0, 0] : [single(rng), 0, 0, 0]
      );
      pair.check(operands, rng.chance(0.7), `operation ${op} in mode ${mode}`);
    }
  }
}

for (const op of [...ARITHMETIC, ...TESTS, ...FROM, ...TO, FP.FROM_HALF, FP.TO_HALF]) {
  Deno.test(`single precision operation ${op} agrees with interp`, () => {
    checkFloat(op, (b, aux) => {
      const operands = [A, B, C].slice(0, operandsOf(op)).map((slot) => b.get(slot));
      b.set(RESULT, b.fp32(aux, operands[0], operands[1], operands[2]));
    }, false);
  });
}

for (const op of ARITHMETIC) {
  Deno.test(`double precision operation ${op} agrees with interp`, () => {
    checkFloat(op, (b, aux) => {
      const operands = [A, B, C].slice(0, operandsOf(op)).map((slot) => b.get64(slot));
      b.set64(RESULT, b.fp64(aux, operands[0], operands[1], operands[2]));
    }, true);
  });
}

Deno.test("comparisons and conversions of doubles agree with interp", () => {
  for (const op of TESTS) {
    checkFloat(op, (b, aux) => b.set(RESULT, b.fpTest64(aux, b.get64(A), b.get64(B))), true);
  }
  for (const op of [...TO, FP.CONVERT]) {
    checkFloat(op, (b, aux) => b.set(RESULT, b.fpNarrow(aux, b.get64(A))), true);
  }
  for (const op of [...FROM, FP.CONVERT]) {
    checkFloat(op, (b, aux) => b.set64(RESULT, b.fpWiden(aux, b.get(A))), false);
  }
});

Deno.test("chains of floating-point operations agree with interp", () => {
  const pair = new Pair();
  const rng = new Rng(9);
  pair.load((b) => {
    const x = b.fp64(fpAux(FP.ADD, 0), b.get64(A), b.get64(B));
    const y = b.fp64(fpAux(FP.MUL, 0), x, x);
    b.set64(RESULT, y);
    const z = b.fpNarrow(fpAux(FP.CONVERT, 0), y);
    b.set(RESULT + 8, b.fp32(fpAux(FP.SUB, 0), z, b.get(C)));
    b.set(RESULT + 12, b.lo(x));
  });
  for (let i = 0; i < 300; i++) {
    pair.check([...double(rng), 0, 0, ...double(rng), 0, 0, single(rng), 0, 0, 0], true, "chain");
  }
});

const STANDARD = FP_AUX.FLUSH | FP_AUX.DEFAULT_NAN;
/** Operations of lanes with the number of operands; those of no form run in the unit. */
const LANE_OPERATIONS: readonly (readonly [number, number])[] = [
  ...[FP.ADD, FP.SUB, FP.MUL, FP.DIV, FP.MAX, FP.MIN].map((op) => [op, 2] as const),
  ...[FP.EQUAL, FP.GREATER_EQUAL, FP.GREATER].map((op) => [op, 2] as const),
  ...[FP.RECIPROCAL_STEP, FP.ROOT_STEP].map((op) => [op, 2] as const),
  ...[FP.RECIPROCAL_ESTIMATE, FP.ROOT_ESTIMATE, FP.FROM_HALF, FP.TO_HALF].map((op) =>
    [op, 1] as const
  ),
  ...[FP.RECIPROCAL_FRACTION, FP.ROOT_FRACTION].map((op) => [op, 1] as const),
  [FP.FMA, 3],
  ...[0, 1, 16, 32].flatMap((fraction) => [
    ...FROM.map((op) => [fpAux(op, 0, fraction), 1] as const),
    ...[FP.TO_S32, FP.TO_U32].map((op) => [fpAux(op, ROUND.ZERO, fraction), 1] as const),
  ]),
];

Deno.test("lanes of floating-point vectors agree with interp", () => {
  const pair = new Pair();
  const rng = new Rng(10);
  for (const [aux, count] of LANE_OPERATIONS) {
    pair.load((b) => {
      const operands = [A, B, C].slice(0, count).map((slot) => b.get128(slot));
      b.set128(RESULT, b.vecFp(aux | STANDARD, operands[0], operands[1], operands[2]));
    });
    for (let i = 0; i < 600; i++) {
      const lane = () => {
        if (i % 4 === 0) return single(rng);
        // Whole numbers and zeros, small integers, and numbers of like size: the inline forms.
        if (i % 4 === 1) return rng.chance(0.3) ? 0 : 0x3f000000 + (rng.below(16) << 20);
        if (i % 4 === 2) return rng.below(0x2000000) - 0x1000000;
        return (rng.chance(0.5) ? -0x80000000 : 0) | 0x3f000000 + rng.below(0x8000000);
      };
      const text = `lanes of operation ${aux.toString(16)}`;
      pair.check(Array.from({ length: 12 }, lane), rng.chance(0.7), text);
    }
  }
});

Deno.test("every entry of the estimates' tables agrees with interp", () => {
  const pair = new Pair();
  const estimates = [FP.RECIPROCAL_ESTIMATE, FP.ROOT_ESTIMATE];
  for (const op of [...estimates, FP.RECIPROCAL_FRACTION, FP.ROOT_FRACTION]) {
    pair.load((b) => b.set128(RESULT, b.vecFp(op | STANDARD, b.get128(A))));
    // Of fractions the top nine bits count; of singles eight, with an even and an odd exponent.
    const step = estimates.includes(op as 24) ? 1 << 15 : 1 << 23;
    const first = estimates.includes(op as 24) ? 0x3f000000 : 0;
    for (let i = 0; i < 512; i += 4) {
      const lanes = [0, 1, 2, 3].map((lane) => (first + (i + lane) * step + 77 * lane) | 0);
      pair.check([...lanes, 0, 0, 0, 0, 0, 0, 0, 0], true, `estimate ${op}`);
    }
  }
});
