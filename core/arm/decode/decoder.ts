/**
 * Builds a decoder from encoding rows. Candidates are found by some bits of the word; each short
 * list is made when it is first asked for, most fixed bits first. A thread's start is not the time to
 * read a thousand rows: of each only the fixed bits are read when the first word is decoded, the rest
 * when it becomes a candidate.
 * @module
 */
import { type Adjust, type MutableFields, parseDetails } from "./details.ts";
import { conditionOf } from "./it_state.ts";
import { type EncodingRow, FIELD_LETTERS, type FieldLetter, type Fields } from "./row.ts";

/** One run of bits of a field. */
export interface FieldPart {
  /** The field. */
  readonly letter: FieldLetter;
  /** Its place in FIELD_LETTERS. */
  readonly index: number;
  /** Position of the lowest bit of the run in the word. */
  readonly shift: number;
  /** The bits of the run, at position 0. */
  readonly mask: number;
  /** Position of the run in the field's value. */
  readonly position: number;
}

/** Bits of a word that must not have a value. */
export interface Exclusion {
  /** The bits that are looked at. */
  readonly mask: number;
  /** What they must not be. */
  readonly value: number;
}

/** A row prepared for matching. */
export interface Encoding<R extends EncodingRow = EncodingRow> {
  /** The row it was made from. */
  readonly row: R;
  /** Mask of the fixed bits. */
  readonly mask: number;
  /** Values of the fixed bits; 0 elsewhere. */
  readonly value: number;
  /** Number of fixed bits. */
  readonly specificity: number;
  /** Whether bits 31-28 are a condition, which must not be 1111. */
  readonly conditional: boolean;
  /** Where the fields' bits are. */
  readonly parts: readonly FieldPart[];
  /** Field values with which the row does not match. */
  readonly exclusions: readonly Exclusion[];
  /** What the row says of its fields besides their bits. */
  readonly adjust: readonly Adjust[];
}

/** A decoded instruction. */
export interface Decoded<R extends EncodingRow = EncodingRow> {
  /** The encoding that matched. */
  readonly encoding: Encoding<R>;
  /** Values of its fields; 0 for those that it lacks. */
  readonly fields: Fields;
}

/** Values of the fields of the word that is being decoded, in the order of FIELD_LETTERS. */
const SCRATCH = new Int32Array(FIELD_LETTERS.length);

const CONDITION = FIELD_LETTERS.indexOf("c");

/** Fields from {@linkcode SCRATCH}. Named stores: a good part of translation is spent here. */
class ScratchFields implements MutableFields {
  n = SCRATCH[0];
  d = SCRATCH[1];
  m = SCRATCH[2];
  s = SCRATCH[3];
  t = SCRATCH[4];
  a = SCRATCH[5];
  l = SCRATCH[6];
  h = SCRATCH[7];
  g = SCRATCH[8];
  c = SCRATCH[9];
  S = SCRATCH[10];
  v = SCRATCH[11];
  z = SCRATCH[12];
  y = SCRATCH[13];
  r = SCRATCH[14];
  P = SCRATCH[15];
  U = SCRATCH[16];
  W = SCRATCH[17];
  i = SCRATCH[18];
  b = SCRATCH[19];
  w = SCRATCH[20];
  M = SCRATCH[21];
  N = SCRATCH[22];
  x = SCRATCH[23];
  R = SCRATCH[24];
  D = SCRATCH[25];
  k = SCRATCH[26];
  o = SCRATCH[27];
  q = SCRATCH[28];
  A = SCRATCH[29];
  I = SCRATCH[30];
  F = SCRATCH[31];
  e = SCRATCH[32];
}

/**
 * Prepares a row.
 * @throws RangeError when its bits are not 16 or 32 of `0`, `1`, `-` and field letters, or its
 * details are not understood.
 */
export function encodingOf<R extends EncodingRow>(row: R): Encoding<R> {
  const bits = row[0];
  const size = bits.length;
  if (size !== 16 && size !== 32) {
    throw new RangeError(`Encoding row ${row[1]} has ${size} bits; write 16 or 32`);
  }
  let mask = 0;
  let value = 0;
  let specificity = 0;
  const parts: FieldPart[] = [];
  const widths = new Map<string, number>();
  // From bit 0 up, so that the lowest run of a letter gets the lowest position.
  for (let bit = 0; bit < size;) {
    const char = bits[size - 1 - bit];
    if (char === "0" || char === "1") {
      mask |= 1 << bit;
      if (char === "1") value |= 1 << bit;
      specificity++;
      bit++;
      continue;
    }
    let length = 1;
    while (bit + length < size && bits[size - 1 - bit - length] === char) length++;
    if (char !== "-") {
      if (!FIELD_LETTERS.includes(char)) {
        throw new RangeError(`Encoding row ${row[1]} has the unknown field letter ${char}`);
      }
      const position = widths.get(char) ?? 0;
      parts.push({
        letter: char as FieldLetter,
        index: FIELD_LETTERS.indexOf(char),
        shift: bit,
        mask: 2 ** length - 1,
        position,
      });
      widths.set(char, position + length);
    }
    bit += length;
  }
  const details = parseDetails(row[5] ?? "", row[1]);
  return {
    row,
    mask: mask >>> 0,
    value: value >>> 0,
    specificity,
    conditional: bits.startsWith("cccc"),
    parts,
    exclusions: details.exclusions.map(({ letter, value }) =>
      exclusionOf(row, parts, letter, value)
    ),
    adjust: details.adjust,
  };
}

function exclusionOf(
  row: EncodingRow,
  parts: readonly FieldPart[],
  letter: FieldLetter,
  value: number,
): Exclusion {
  let mask = 0;
  let bits = 0;
  for (const part of parts.filter((p) => p.letter === letter)) {
    mask |= part.mask << part.shift;
    bits |= ((value >>> part.position) & part.mask) << part.shift;
  }
  if (mask === 0) {
    throw new RangeError(`Encoding row ${row[1]} excludes a value of ${letter}, which it lacks`);
  }
  return { mask: mask >>> 0, value: bits >>> 0 };
}

/** Values of an encoding's fields in `word`, which stands at a place with the IT state `it`. */
export function fieldsOf(encoding: Encoding, word: number, it = 0): Fields {
  SCRATCH.fill(0);
  SCRATCH[CONDITION] = conditionOf(it);
  for (const { index, shift, mask, position } of encoding.parts) {
    const bits = ((word >>> shift) & mask) << position;
    SCRATCH[index] = position === 0 ? bits : SCRATCH[index] | bits;
  }
  const fields = new ScratchFields();
  for (const adjust of encoding.adjust) adjust(fields, it);
  return fields;
}

/** Whether `word` is an instruction of this encoding. */
export function matches(encoding: Encoding, word: number): boolean {
  return (word & encoding.mask) >>> 0 === encoding.value &&
    encoding.exclusions.every(({ mask, value }) => (word & mask) >>> 0 !== value);
}

/** How a decoder sorts words into lists of candidates. */
export interface Indexing {
  /** Number of lists. */
  readonly lists: number;
  /** Number of the list of a word. */
  readonly indexOf: (word: number) => number;
  /** The bits that are the same in all words of a word's list. */
  readonly knownBits: (word: number) => number;
}

/** The fixed bits of a row: all that is needed to leave it out. */
interface Pattern<R extends EncodingRow> {
  readonly row: R;
  readonly mask: number;
  readonly value: number;
  readonly conditional: boolean;
  /** The whole encoding, once it was asked for. */
  encoding: Encoding<R> | undefined;
}

function patternOf<R extends EncodingRow>(row: R): Pattern<R> {
  const [bits] = row;
  return {
    row,
    mask: Number.parseInt(bits.replace(/0/g, "1").replace(/[^1]/g, "0"), 2),
    value: Number.parseInt(bits.replace(/[^1]/g, "0"), 2),
    conditional: bits.startsWith("cccc"),
    encoding: undefined,
  };
}

function wholeOf<R extends EncodingRow>(pattern: Pattern<R>): Encoding<R> {
  return pattern.encoding ??= encodingOf(pattern.row);
}

function byFixedBits(a: Encoding, b: Encoding): number {
  return b.specificity - a.specificity;
}

/** A decoder of instruction words of one size. */
export class Decoder<R extends EncodingRow> {
  readonly #rows: () => readonly R[];
  readonly #indexing: Indexing;
  #patterns: readonly Pattern<R>[] | undefined;
  #lists: (readonly Encoding<R>[] | undefined)[] | undefined;

  /** Nothing of the rows is read before the first word; {@linkcode encodingOf} says what may be wrong. */
  constructor(rows: () => readonly R[], indexing: Indexing) {
    this.#rows = rows;
    this.#indexing = indexing;
  }

  /** All encodings, most fixed bits first. */
  get encodings(): readonly Encoding<R>[] {
    return this.#all().map(wholeOf).sort(byFixedBits);
  }

  /** The encoding that matches `word`, or null when the word is UNDEFINED. */
  match(word: number): Encoding<R> | null {
    this.#lists ??= new Array(this.#indexing.lists);
    const list = this.#lists[this.#indexing.indexOf(word)] ??= this.#candidates(word);
    for (const encoding of list) {
      if (matches(encoding, word)) return encoding;
    }
    return null;
  }

  /** Decodes `word`, which stands at a place with the IT state `it`; null when it is UNDEFINED. */
  decode(word: number, it = 0): Decoded<R> | null {
    const encoding = this.match(word);
    return encoding && { encoding, fields: fieldsOf(encoding, word, it) };
  }

  #all(): readonly Pattern<R>[] {
    return this.#patterns ??= this.#rows().map(patternOf);
  }

  #candidates(word: number): readonly Encoding<R>[] {
    const known = this.#indexing.knownBits(word);
    return this.#all()
      .filter((one) =>
        !(one.conditional && word >>> 28 === 15) && ((word ^ one.value) & one.mask & known) === 0
      )
      .map(wholeOf)
      .sort(byFixedBits);
  }
}
