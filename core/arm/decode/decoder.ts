/**
 * Builds a decoder from encoding rows. Candidates are found by bits 27-20 and 7-4 of the word; each
 * short list is made when it is first asked for, most fixed bits first.
 * @module
 */
import { FIELD_LETTERS, type FieldLetter, type Fields } from "./row.ts";

/** A row of a table with string names; the tables themselves have narrower types. */
type Row = readonly [string, string, string, string, string];

/** One run of bits of a field. */
interface FieldPart {
  readonly letter: FieldLetter;
  /** Position of the lowest bit of the run in the word. */
  readonly shift: number;
  readonly mask: number;
  /** Position of the run in the field's value. */
  readonly position: number;
}

/** A row prepared for matching. */
export interface Encoding<R extends Row = Row> {
  readonly row: R;
  /** Fixed bits of the word and their values. */
  readonly mask: number;
  readonly value: number;
  /** Number of fixed bits. */
  readonly specificity: number;
  /** Whether bits 31-28 are a condition, which must not be 1111. */
  readonly conditional: boolean;
  readonly parts: readonly FieldPart[];
}

/** A decoded instruction. */
export interface Decoded<R extends Row = Row> {
  readonly encoding: Encoding<R>;
  readonly fields: Fields;
}

const NO_FIELDS: Fields = Object.freeze(
  Object.fromEntries([...FIELD_LETTERS].map((letter) => [letter, 0])),
) as Fields;

/**
 * Prepares a row.
 * @throws RangeError when its bits are not 32 of `0`, `1`, `-` and field letters.
 */
export function encodingOf<R extends Row>(row: R): Encoding<R> {
  const bits = row[0];
  if (bits.length !== 32) {
    throw new RangeError(`Encoding row ${row[1]} has ${bits.length} bits; write 32`);
  }
  let mask = 0;
  let value = 0;
  let specificity = 0;
  const parts: FieldPart[] = [];
  const widths = new Map<string, number>();
  // From bit 0 up, so that the lowest run of a letter gets the lowest position.
  for (let bit = 0; bit < 32;) {
    const char = bits[31 - bit];
    if (char === "0" || char === "1") {
      mask |= 1 << bit;
      if (char === "1") value |= 1 << bit;
      specificity++;
      bit++;
      continue;
    }
    let length = 1;
    while (bit + length < 32 && bits[31 - bit - length] === char) length++;
    if (char !== "-") {
      if (!FIELD_LETTERS.includes(char)) {
        throw new RangeError(`Encoding row ${row[1]} has the unknown field letter ${char}`);
      }
      const position = widths.get(char) ?? 0;
      parts.push({
        letter: char as FieldLetter,
        shift: bit,
        mask: 2 ** length - 1,
        position,
      });
      widths.set(char, position + length);
    }
    bit += length;
  }
  return {
    row,
    mask: mask >>> 0,
    value: value >>> 0,
    specificity,
    conditional: bits.startsWith("cccc"),
    parts,
  };
}

/** Values of an encoding's fields in `word`. */
export function fieldsOf(encoding: Encoding, word: number): Fields {
  const fields: Record<FieldLetter, number> = { ...NO_FIELDS };
  for (const part of encoding.parts) {
    fields[part.letter] |= ((word >>> part.shift) & part.mask) << part.position;
  }
  return fields;
}

/** Bits that the candidate lists are indexed by: 27-20, 7-4, and whether the condition is 1111. */
const INDEX_BITS = 0x0ff0_00f0;
const CONDITION_BITS = 0xf000_0000;
const LISTS = 1 << 13;

function indexOf(word: number): number {
  return (word >>> 28 === 15 ? 0x1000 : 0) | (word >>> 16) & 0xff0 | (word >>> 4) & 0xf;
}

/** A decoder of 32-bit words. */
export class Decoder<R extends Row> {
  /** All encodings, most fixed bits first. */
  readonly encodings: readonly Encoding<R>[];
  readonly #lists: (readonly Encoding<R>[] | undefined)[] = new Array(LISTS);

  constructor(rows: readonly R[]) {
    this.encodings = rows.map(encodingOf<R>).sort((a, b) => b.specificity - a.specificity);
  }

  /** The encoding that matches `word`, or null when the word is UNDEFINED. */
  match(word: number): Encoding<R> | null {
    const index = indexOf(word);
    const list = this.#lists[index] ??= this.#candidates(index);
    for (const encoding of list) {
      if ((word & encoding.mask) >>> 0 === encoding.value) return encoding;
    }
    return null;
  }

  /** Decodes `word`; null when it is UNDEFINED. */
  decode(word: number): Decoded<R> | null {
    const encoding = this.match(word);
    return encoding && { encoding, fields: fieldsOf(encoding, word) };
  }

  #candidates(index: number): readonly Encoding<R>[] {
    const unconditional = index >= 0x1000;
    const word = ((index & 0xff0) << 16 | (index & 0xf) << 4 | (unconditional ? 0xf << 28 : 0)) >>>
      0;
    const known = (INDEX_BITS | (unconditional ? CONDITION_BITS : 0)) >>> 0;
    return this.encodings.filter((e) =>
      e.conditional !== unconditional && ((word ^ e.value) & e.mask & known) === 0
    );
  }
}
