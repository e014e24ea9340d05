/**
 * Floating-point operations by row of the opcode table.
 * @module
 */
import { SHAPE } from "../../fp/unit.ts";
import { lanes } from "./fp_lanes.ts";
import { scalarOperation } from "./fp_scalar.ts";
import type { Handler } from "./lowering.ts";

/** Floating-point operations where they stand. */
export const FP_STATEMENTS: Readonly<Record<string, Handler>> = {
  vec_fp1: lanes,
  vec_fp2: lanes,
  vec_fp3: lanes,
  fp1_32: scalarOperation(SHAPE.ONE_SIZE_32),
  fp2_32: scalarOperation(SHAPE.ONE_SIZE_32),
  fp3_32: scalarOperation(SHAPE.ONE_SIZE_32),
  fp1_64: scalarOperation(SHAPE.ONE_SIZE_64),
  fp2_64: scalarOperation(SHAPE.ONE_SIZE_64),
  fp3_64: scalarOperation(SHAPE.ONE_SIZE_64),
  fp_narrow: scalarOperation(SHAPE.NARROW),
  fp_widen: scalarOperation(SHAPE.WIDEN),
  fp_test64: scalarOperation(SHAPE.TEST_64),
};
