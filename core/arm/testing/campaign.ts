/**
 * A run of many random cases.
 * @module
 */
import { Rng } from "../../ir/testing/rng.ts";
import { randomCase, type TestCase } from "./case.ts";
import { Differ, type Difference } from "./differ.ts";
import { explain, unpredictable, writesPc } from "./explained.ts";
import {
  INSTRUCTION_SETS,
  type InstructionSet,
  type InstructionSetName,
  sizeOf,
  type TestEncoding,
} from "./instruction_set.ts";

/** What to run. */
export interface CampaignOptions {
  /** Number of cases. */
  readonly count: number;
  readonly seed: number;
  readonly instructionSet: InstructionSetName;
  /** Instructions in a case; those of a longer case only compute, load and store. */
  readonly length: number;
  /**
   * Take any words instead of words made from the rows: most are UNDEFINED, and both sides
   * must agree on which.
   */
  readonly anyWord?: boolean;
  /** Which rows, by handler and group; all without. */
  readonly wanted?: (handler: string, group: string) => boolean;
}

/** Cases of one handler that differ without explanation. */
export interface Failure {
  readonly handler: string;
  count: number;
  /** Text of the first one, and the IR of its blocks before and after the passes. */
  readonly example: string;
  readonly listing: string;
}

/** What a campaign found. */
export interface CampaignResult {
  readonly cases: number;
  /** Number of cases of each handler (of the first instruction). */
  readonly perHandler: ReadonlyMap<string, number>;
  readonly failures: readonly Failure[];
  /** Explained differences by reason. */
  readonly explained: ReadonlyMap<string, number>;
}

/**
 * Rows that are not compared: the registers behind them differ from machine to machine. They have
 * unit tests of their own.
 */
const SKIPPED_GROUPS: ReadonlySet<string> = new Set(["coprocessor"]);
/** Groups whose instructions fall through to the next one. */
const STRAIGHT_GROUPS: ReadonlySet<string> = new Set([
  "data_processing",
  "multiply",
  "divide",
  "saturating",
  "parallel",
  "packing",
  "bits",
  "load_store",
  "load_store_multiple",
  "sync",
]);

/** Handlers of these groups that do not; the oracle forgets the IT state at ISB. */
const NOT_STRAIGHT = /^(ldm_eret|isb)$/;

/** Runs random cases; needs the oracle. The rows take turns, so that each gets its share. */
export function runCampaign(options: CampaignOptions): CampaignResult {
  const rng = new Rng(options.seed);
  const set = INSTRUCTION_SETS[options.instructionSet];
  const rows = set.encodings.filter(({ row }) =>
    !SKIPPED_GROUPS.has(row[3]) && (options.wanted?.(row[1], row[3]) ?? true) &&
    (options.length === 1 || STRAIGHT_GROUPS.has(row[3]) && !NOT_STRAIGHT.test(row[1]))
  );
  if (options.anyWord) rows.splice(0, rows.length, ...set.anyWord);
  if (rows.length === 0) throw new RangeError("No encoding row is wanted; choose another pattern");
  const perHandler = new Map<string, number>();
  const failures = new Map<string, Failure>();
  const explained = new Map<string, number>();
  const differ = new Differ();
  try {
    for (let i = 0; i < options.count; i++) {
      const encodings = chooseRows(rng, set, rows, i, options.length);
      const test = options.length === 1
        ? randomCase(rng, encodings, set.thumb)
        : randomCase(rng, encodings, set.thumb, (e, word) => continues(set, e, word));
      // A special case of the row may have come out of its random fields.
      const exact = {
        ...test,
        encodings: encodings.map((e, k) => matching(set, test.words[k], e)),
      };
      const handler = exact.encodings[0].row[1];
      if (SKIPPED_GROUPS.has(exact.encodings[0].row[3])) continue;
      perHandler.set(handler, (perHandler.get(handler) ?? 0) + 1);
      const difference = differ.run(exact);
      if (difference === null) continue;
      const reason = explain(exact, difference);
      if (reason !== null) explained.set(reason, (explained.get(reason) ?? 0) + 1);
      else noteFailure(failures, set, exact, difference, differ);
    }
  } finally {
    differ.close();
  }
  return { cases: options.count, perHandler, failures: [...failures.values()], explained };
}

function chooseRows(
  rng: Rng,
  set: InstructionSet,
  rows: readonly TestEncoding[],
  i: number,
  length: number,
): TestEncoding[] {
  const first = rows[i % rows.length];
  const rest = Array.from({ length: length - 1 }, () => rng.pick(rows));
  // The rows of a longer Thumb case begin with IT now and then; it is not among the straight ones.
  const it = length > 1 && rng.chance(0.5)
    ? set.encodings.find(({ row }) => row[1] === "it")
    : null;
  return it ? [it, first, ...rest] : [first, ...rest];
}

/** Whether what comes after the instruction in a longer case can be compared. */
function continues(set: InstructionSet, encoding: TestEncoding, word: number): boolean {
  const exact = matching(set, word, encoding);
  return unpredictable(exact, word, set.thumb) === null && !writesPc(exact, word, set.thumb);
}

function matching(set: InstructionSet, word: number, otherwise: TestEncoding): TestEncoding {
  return set.match(word, otherwise) ?? otherwise;
}

function noteFailure(
  failures: Map<string, Failure>,
  set: InstructionSet,
  test: TestCase,
  difference: Difference,
  differ: Differ,
): void {
  const handler = test.encodings[0].row[1];
  const known = failures.get(handler);
  if (known) known.count++;
  else {failures.set(handler, {
      handler,
      count: 1,
      example: describe(set, test, difference),
      listing: listingOf(test, differ),
    });}
}

/** What is needed to run the case again and to see how it differs. */
function describe(set: InstructionSet, test: TestCase, difference: Difference): string {
  const code = Array.from(test.words, (word, i) => {
    const encoding = test.encodings[i];
    const at = test.encodings.slice(0, i).reduce((sum, e) => sum + sizeOf(e), test.pc);
    const digits = word.toString(16).padStart(2 * sizeOf(encoding), "0");
    return `  ${at.toString(16)}: ${digits} ${set.disassemble(word, encoding, at)}`;
  });
  const file = Array.from(test.file, (word) => word.toString(16)).join(" ");
  const lines = difference.lines.slice(0, 12).map((line) => `  ${line}`);
  return [...code, `  cpsr r0-r15 spsr: ${file}`, ...lines].join("\n");
}

function listingOf(test: TestCase, differ: Differ): string {
  const { subject } = differ;
  subject.listing = [];
  differ.run(test);
  const text = subject.listing.join("");
  subject.listing = null;
  return text;
}
