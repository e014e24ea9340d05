/**
 * Inline forms of the floating-point instructions.
 * @module
 */
import { FP } from "../../../ir/fp_aux.ts";
import { VEC } from "../../../ir/vector.ts";
import type { HandlerName } from "../../decode/tables.ts";
import { STANDARD_MODE } from "../../simd/simd_unit.ts";
import { type Inline, splat, type Three, three, two } from "./lanes.ts";

function arithmetic(op: number): Three {
  return (b, n, m) => b.vecFp2(op | STANDARD_MODE, n, m);
}

function accumulate(op: number): Three {
  return (b, n, m, _f, old) =>
    b.vecFp2(op | STANDARD_MODE, old(), b.vecFp2(FP.MUL | STANDARD_MODE, n, m));
}

/** By handler; the others run as reference semantics. */
export const FLOAT_INLINE: Readonly<Partial<Record<HandlerName<"neon_float">, Inline>>> = {
  vadd_f: three(arithmetic(FP.ADD)),
  vsub_f: three(arithmetic(FP.SUB)),
  vmul_f: three(arithmetic(FP.MUL)),
  vmla_f: three(accumulate(FP.ADD)),
  vmls_f: three(accumulate(FP.SUB)),
  vabs_f: two((b, m) => b.vec(VEC.and, m, splat(b, 32, 0x7fffffff))),
  vneg_f: two((b, m) => b.vec(VEC.xor, m, splat(b, 32, -0x80000000))),
};
