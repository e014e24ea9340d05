/**
 * Random state of the floating-point extension: registers full of corner values, FPSCR in its usual
 * and in unusual states, the extension open or closed.
 * @module
 */
import type { Rng } from "../../ir/testing/rng.ts";
import { VECTOR_WORDS } from "./unicorn.ts";

/** FPSCR and registers, and FPEXC, which says whether they can be used. */
export interface VectorState {
  /** FPSCR (word 0) and d0 to d31 (from word 2 on). */
  readonly file: Uint32Array<ArrayBuffer>;
  readonly fpexc: number;
}

const SINGLES = [0, 1, 0x7fffff, 0x800000, 0x3f800000, 0x40000000, 0x3f000000, 0x4b000001]
  .concat([0x4f000000, 0x4effffff, 0x5f000000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7fa00001])
  .concat([0x7fffffff, 0x33800000, 0x00ffffff, 0x477fe000, 0x38800000, 0x33000001, 0x47800000]);
const DOUBLE_HIGHS = [0, 0x00080000, 0x00100000, 0x3ff00000, 0x3ff80000, 0x40000000, 0x41dfffff]
  .concat([0x41e00000, 0x41f00000, 0x43f00000, 0x7fefffff, 0x7ff00000, 0x7ff80000, 0x7ff40000])
  .concat([0x38100000, 0x36a00000, 0x3e500000, 0x47efffff, 0x380fffff]);
const CORNER_BYTES = [0, 1, 2, 7, 8, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xf0, 0xfe, 0xff];

const FPEXC_EN = 0x40000000;

/** The 8 bytes of a register, of one of several tastes. */
function randomRegister(rng: Rng, taste: number): [number, number] {
  const sign = () => rng.chance(0.5) ? -0x80000000 : 0;
  switch (rng.chance(0.8) ? taste : rng.below(5)) {
    case 0:
      return [rng.pick(SINGLES) | sign(), rng.pick(SINGLES) | sign()];
    case 1:
      return [rng.pick([0, 0, 1, -1, rng.word()]), rng.pick(DOUBLE_HIGHS) | sign()];
    case 2: {
      const near = () => 0x3f000000 + rng.below(0x2000000) | sign();
      return [near(), near()];
    }
    case 3: {
      const word = () => [0, 8, 16, 24].reduce((w, s) => w | rng.pick(CORNER_BYTES) << s, 0);
      return [word(), word()];
    }
    default:
      return [rng.word(), rng.chance(0.5) ? rng.word() : 0x3fe00000 + rng.below(0x4000000)];
  }
}

/** A random state. */
export function randomVectors(rng: Rng): VectorState {
  const file = new Uint32Array(VECTOR_WORDS);
  const taste = rng.below(5);
  for (let n = 0; n < 32; n++) file.set(randomRegister(rng, taste), 2 + 2 * n);
  const mode = rng.chance(0.5) ? 0 : rng.below(32) << 22;
  const shortVectors = rng.chance(0.02) ? rng.word() & 0x370000 : 0;
  const flags = rng.chance(0.5) ? 0x10 : rng.word() & 0x0800009f;
  file[0] = mode | shortVectors | flags | rng.word() & 0xf0000000;
  return {
    file,
    fpexc: rng.chance(0.98) ? FPEXC_EN : 0,
  };
}
