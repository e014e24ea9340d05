/**
 * The `aux` word of the floating-point operations: which operation, in which mode. Operands and
 * results are bit patterns of IEEE 754 binary32 and binary64 numbers or of integers.
 *
 * Every operation adds its exceptions to the vCPU's cumulative word (VCPU.FP_FLAGS). A result that
 * is not a number is the first operand that is a signalling one, else the first that is a quiet
 * one, made quiet; else, and in default-NaN mode always, the positive quiet one without payload.
 * @module
 */

/** Operations. */
export const FP = {
  ADD: 0,
  SUB: 1,
  MUL: 2,
  DIV: 3,
  SQRT: 4,
  /** a * b + c, rounded once. */
  FMA: 5,
  /** Ordering of a and b in bits 31-28: less 8, equal 6, greater 2, unordered 3. */
  COMPARE: 6,
  /** The same; any NaN is an invalid operation, not just a signalling one. */
  COMPARE_SIGNAL: 7,
  /** Between the two formats; the row gives the direction. */
  CONVERT: 8,
  /** Integer / 2^fraction to floating point. */
  FROM_S32: 9,
  FROM_U32: 10,
  /** Floating point * 2^fraction to an integer, saturating; the 16-bit ones extend to 32 bits. */
  TO_S32: 11,
  TO_U32: 12,
  TO_S16: 13,
  TO_U16: 14,
  /** Low 16 bits as binary16 to binary32, and back. */
  FROM_HALF: 15,
  TO_HALF: 16,
  /** Singles only, and to nearest whatever the mode says, from here on. Of zeros +0 is larger. */
  MAX: 17,
  MIN: 18,
  /** All ones when the comparison holds, else 0; only EQUAL takes quiet NaNs without an exception. */
  EQUAL: 19,
  GREATER_EQUAL: 20,
  GREATER: 21,
  /** 2 - a * b and (3 - a * b) / 2, each step rounded; infinity * 0 counts as 0. */
  RECIPROCAL_STEP: 22,
  ROOT_STEP: 23,
  /** 1 / a and 1 / sqrt(a) to eight bits; in the mode that flushes, with default NaNs. */
  RECIPROCAL_ESTIMATE: 24,
  ROOT_ESTIMATE: 25,
  /** The same of an unsigned integer as a fraction of 2^32, as one of 2^31; at most all ones. */
  RECIPROCAL_FRACTION: 26,
  ROOT_FRACTION: 27,
} as const;

/** Rounding modes, as in FPSCR bits 22-23. */
export const ROUND = { NEAREST: 0, UP: 1, DOWN: 2, ZERO: 3 } as const;

/** Fields of the aux word. */
export const FP_AUX = {
  OP_MASK: 0x3f,
  /** Mode, FPSCR bits 22-26: rounding, flush-to-zero, default NaN, alternative half precision. */
  MODE_SHIFT: 6,
  MODE_MASK: 0x7c0,
  ROUND_MASK: 0xc0,
  FLUSH: 0x100,
  DEFAULT_NAN: 0x200,
  ALTERNATIVE_HALF: 0x400,
  FRACTION_SHIFT: 12,
  FRACTION_MASK: 0x3f000,
} as const;

const ALL_BITS = 0x3ffff;
const OPERATIONS = Object.entries(FP).map(([name, code]) => [name.toLowerCase(), code] as const);
const ROUND_NAMES = ["rn", "rp", "rm", "rz"];
const FLAG_NAMES = [
  ["fz", FP_AUX.FLUSH],
  ["dn", FP_AUX.DEFAULT_NAN],
  ["ahp", FP_AUX.ALTERNATIVE_HALF],
] as const;

/** Puts an aux word together; `mode` is FPSCR bits 22-26 moved to bit 0. */
export function fpAux(op: number, mode: number, fraction = 0): number {
  return op | mode << FP_AUX.MODE_SHIFT | fraction << FP_AUX.FRACTION_SHIFT;
}

/** Whether `aux` names an operation and has no unknown bits. */
export function isFpAux(aux: number): boolean {
  return (aux & FP_AUX.OP_MASK) < OPERATIONS.length && (aux & ~ALL_BITS) === 0;
}

/** Suffixes of a listing, e.g. `.add.rz.fz`. */
export function fpText(aux: number): string {
  const op = OPERATIONS.find(([, code]) => code === (aux & FP_AUX.OP_MASK))?.[0];
  let text = `.${op ?? `op${aux & FP_AUX.OP_MASK}`}`;
  const round = (aux & FP_AUX.ROUND_MASK) >> FP_AUX.MODE_SHIFT;
  if (round !== ROUND.NEAREST) text += `.${ROUND_NAMES[round]}`;
  for (const [name, bit] of FLAG_NAMES) if (aux & bit) text += `.${name}`;
  const fraction = (aux & FP_AUX.FRACTION_MASK) >> FP_AUX.FRACTION_SHIFT;
  return fraction === 0 ? text : `${text}.frac${fraction}`;
}

/**
 * Reads what {@linkcode fpText} gives.
 * @throws SyntaxError on an unknown suffix.
 */
export function parseFp(suffixes: readonly string[]): number {
  let aux = 0;
  for (const s of suffixes) {
    const op = OPERATIONS.find(([name]) => name === s);
    const flag = FLAG_NAMES.find(([name]) => name === s);
    const fraction = /^frac(\d+)$/.exec(s);
    if (op) aux |= op[1];
    else if (flag) aux |= flag[1];
    else if (ROUND_NAMES.includes(s)) aux |= ROUND_NAMES.indexOf(s) << FP_AUX.MODE_SHIFT;
    else if (fraction) aux |= Number(fraction[1]) << FP_AUX.FRACTION_SHIFT;
    else throw new SyntaxError(`Unknown floating-point suffix .${s}; see core/ir/fp_aux.ts`);
  }
  return aux;
}
