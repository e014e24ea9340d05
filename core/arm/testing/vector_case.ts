/**
 * A case of the differential tester for VFP and Advanced SIMD, and what came of it.
 * @module
 */
import type { Encoding } from "../decode/decoder.ts";
import type { VfpNeonRow } from "../decode/vfp_neon_decoder.ts";
import type { OracleStop } from "./unicorn.ts";

/** One case: words and the state that they start in. */
export interface VectorCase {
  readonly word: number;
  /** Words that follow, in a longer case. */
  readonly more: readonly number[];
  readonly encoding: Encoding<VfpNeonRow>;
  readonly file: Uint32Array<ArrayBuffer>;
  readonly vectors: Uint32Array<ArrayBuffer>;
}

/** State after a case on one side. */
export interface VectorOutcome {
  readonly stop: OracleStop;
  readonly file: Uint32Array<ArrayBuffer>;
  readonly vectors: Uint32Array<ArrayBuffer>;
  readonly misaligned: boolean;
}
