/**
 * The last column of the encoding tables: what a row says of its fields besides their bits. It makes
 * encodings that differ in form only look the same to their handler. Words, in order:
 *
 * - `n!15`: the row does not match when field n is 15
 * - `n=13`, `n=d`, `S=flags`: the field is a constant, another field, or a derived value (below)
 * - `v<2`: the field is shifted left
 * - `v|x<11`, `i|2`: another shifted field, or a constant, is put into the field
 * - `v~8`: the field is a signed number of so many bits
 * @module
 */
import { inItBlock } from "./it_state.ts";
import type { FieldLetter, Fields } from "./row.ts";

/** Fields while they are put together. */
export type MutableFields = Record<FieldLetter, number>;

/** Changes fields; `it` is the IT state at the instruction. */
export type Adjust = (f: MutableFields, it: number) => void;

/** A parsed column. */
export interface Details {
  /** Field values with which the row does not match. */
  readonly exclusions: readonly { readonly letter: FieldLetter; readonly value: number }[];
  /** Changes of the fields, in order. */
  readonly adjust: readonly Adjust[];
}

/** Derived values by name. */
const DERIVED: Readonly<Record<string, (f: Fields, it: number) => number>> = {
  /** 16-bit data processing sets the flags outside of IT blocks. */
  flags: (_f, it) => inItBlock(it) ? 0 : 1,
  /** The register after Rt. */
  next: (f) => (f.t + 1) & 15,
  /** 16-bit LDM writes its base back unless it is loaded. */
  unloaded: (f) => (f.g >>> f.n & 1) ^ 1,
  /** Branch offset of 25 bits, from imm10:imm11 in v, S in x and J1, J2 in M, N. */
  far: (f) => {
    const i1 = 1 ^ f.M ^ f.x;
    const i2 = 1 ^ f.N ^ f.x;
    return (f.x << 23 | i1 << 22 | i2 << 21 | f.v) << 8 >> 7;
  },
};

function assignment(letter: FieldLetter, source: string): Adjust | undefined {
  if (/^\d+$/.test(source)) {
    const value = Number(source);
    return (f) => f[letter] = value;
  }
  const derived = DERIVED[source];
  if (derived !== undefined) return (f, it) => f[letter] = derived(f, it);
  if (source.length !== 1) return undefined;
  return (f) => f[letter] = f[source as FieldLetter];
}

function insertion(letter: FieldLetter, source: string): Adjust {
  if (/^\d+$/.test(source)) {
    const value = Number(source);
    return (f) => f[letter] |= value;
  }
  const from = source[0] as FieldLetter;
  const shift = Number(source.slice(2));
  return (f) => f[letter] |= f[from] << shift;
}

function adjustment(letter: FieldLetter, operator: string, operand: string): Adjust | undefined {
  switch (operator) {
    case "=":
      return assignment(letter, operand);
    case "|":
      return insertion(letter, operand);
    case "<": {
      const shift = Number(operand);
      return (f) => f[letter] <<= shift;
    }
    default: {
      const unused = 32 - Number(operand);
      return (f) => f[letter] = f[letter] << unused >> unused;
    }
  }
}

/**
 * Parses a column; `name` is its row's.
 * @throws RangeError when a word of it is not understood.
 */
export function parseDetails(text: string, name: string): Details {
  const exclusions: { letter: FieldLetter; value: number }[] = [];
  const adjust: Adjust[] = [];
  for (const word of text.split(" ").filter((w) => w !== "")) {
    const match = word.match(/^([A-Za-z])([!=<|~])(\w+(?:<\d+)?)$/);
    const letter = match?.[1] as FieldLetter;
    if (match?.[2] === "!") {
      exclusions.push({ letter, value: Number(match[3]) });
      continue;
    }
    const change = match && adjustment(letter, match[2], match[3]);
    if (!change) throw new RangeError(`Encoding row ${name} has the unknown detail ${word}`);
    adjust.push(change);
  }
  return { exclusions, adjust };
}
