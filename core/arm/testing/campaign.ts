/**
 * A run of many random cases against the oracle: the rows of the tables take turns.
 * @module
 */
import type { TestCase } from "./case.ts";
import { Differ, type Difference } from "./differ.ts";
import { explain } from "./explained.ts";
import {
  type CampaignRow,
  CASE_KINDS,
  type CaseKind,
  makeCase,
  straightRows,
} from "./fuzz_case.ts";
import { instructionSetOf, sizeOf, type Table, TABLES } from "./instruction_set.ts";
import { FILE_CPSR } from "./subject.ts";
import type { Tier } from "./subject_engine.ts";

/** What to run. */
export interface CampaignOptions {
  /** Number of cases. */
  readonly count: number;
  /** Number of the first case, 0 by default. */
  readonly first?: number;
  readonly seed: number;
  readonly tier: Tier;
  /** The tables whose rows take turns; all without. */
  readonly tables?: readonly Table[];
  /** Which rows, by handler and group; all without. */
  readonly wanted?: (handler: string, group: string) => boolean;
  /** How cases are made; all ways without. */
  readonly kinds?: readonly CaseKind[];
  /** Is told now and then how many cases are done. */
  readonly onProgress?: (done: number) => void;
}

/** Cases of one handler that differ without explanation. */
export interface Failure {
  readonly handler: string;
  count: number;
  /** Number of the first such case. */
  readonly index: number;
  /** Text of it, and the IR of its blocks before and after the passes. */
  readonly example: string;
  readonly listing: string;
}

/** Cases of one row. */
export interface RowCount {
  readonly table: string;
  /** Bits of the row. */
  readonly bits: string;
  readonly handler: string;
  /** Cases with an instruction of the row whose whole outcome was equal. */
  same: number;
  /** Cases with one that differed, with or without explanation. */
  different: number;
}

/** What a campaign found. */
export interface CampaignResult {
  /** Cases that were run. */
  readonly cases: number;
  /** Cases left out, because their words cannot be compared. */
  readonly skipped: number;
  /** Every row of the tables. */
  readonly rows: readonly RowCount[];
  readonly failures: readonly Failure[];
  /** Explained differences by reason. */
  readonly explained: ReadonlyMap<string, number>;
}

/**
 * The oracle keeps state that cannot be set from outside: when it stopped in an IT block, it does not
 * stop at some later faults. Such a difference is gone with an oracle that has just been started.
 */
export const SPOILT: string =
  "the oracle was left in another state by an earlier case; a new one agrees";
const PROGRESS_PERIOD = 500;

/**
 * Runs random cases; needs the oracle.
 * @throws RangeError when no row is wanted.
 */
export function runCampaign(options: CampaignOptions): CampaignResult {
  const campaign = new Campaign(options);
  try {
    const first = options.first ?? 0;
    for (let i = 0; i < options.count; i++) {
      campaign.run(first + i);
      if (i % PROGRESS_PERIOD === 0) options.onProgress?.(i);
    }
    return campaign.result;
  } finally {
    campaign.close();
  }
}

class Campaign {
  readonly #options: CampaignOptions;
  readonly #kinds: readonly CaseKind[];
  readonly #turns: readonly CampaignRow[];
  readonly #straight: ReadonlyMap<boolean, CampaignRow["encoding"][]>;
  readonly #counts: ReadonlyMap<CampaignRow["encoding"], RowCount>;
  readonly #differ: Differ;
  readonly #failures: Map<string, Failure> = new Map();
  readonly #explained: Map<string, number> = new Map();
  #cases = 0;
  #skipped = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#kinds = options.kinds ?? CASE_KINDS;
    const tables = options.tables ?? TABLES;
    const rows = tables.flatMap((table) => table.rows.map((encoding) => ({ table, encoding })));
    this.#turns = rows.filter(({ encoding: { row } }) => options.wanted?.(row[1], row[3]) ?? true);
    if (this.#turns.length === 0) {
      throw new RangeError("No encoding row is wanted; choose another pattern");
    }
    const straight = straightRows(tables);
    const of = (thumb: boolean) =>
      straight.filter(({ table }) => table.set.thumb === thumb).map(({ encoding }) => encoding);
    this.#straight = new Map([[false, of(false)], [true, of(true)]]);
    this.#counts = new Map(
      rows.map(({ table, encoding }) => [encoding, {
        table: table.name,
        bits: encoding.row[0],
        handler: encoding.row[1],
        same: 0,
        different: 0,
      }]),
    );
    this.#differ = new Differ(options.tier);
  }

  get result(): CampaignResult {
    return {
      cases: this.#cases,
      skipped: this.#skipped,
      rows: [...this.#counts.values()],
      failures: [...this.#failures.values()],
      explained: this.#explained,
    };
  }

  close(): void {
    this.#differ.close();
  }

  run(index: number): void {
    const row = this.#turns[index % this.#turns.length];
    const { seed, tier } = this.#options;
    const straight = this.#straight.get(row.table.set.thumb)!;
    const test = makeCase(row, straight, index, { seed, tier, kinds: this.#kinds });
    if (test === null) {
      this.#skipped++;
      return;
    }
    this.#cases++;
    const { difference, reason } = this.#outcome(test);
    for (const encoding of new Set(test.encodings)) {
      const count = this.#counts.get(encoding);
      if (count) count[difference === null ? "same" : "different"]++;
    }
    if (difference === null) return;
    if (reason === null) this.#fail(index, test, difference);
    else this.#explained.set(reason, (this.#explained.get(reason) ?? 0) + 1);
  }

  /** How the sides differ, and why that is right if it is. */
  #outcome(test: TestCase): { difference: Difference | null; reason: string | null } {
    const difference = this.#differ.run(test);
    if (difference === null) return { difference, reason: null };
    const reason = explain(test, difference);
    if (reason !== null) return { difference, reason };
    this.#differ.renewOracle();
    const again = this.#differ.run(test);
    if (again === null) return { difference, reason: SPOILT };
    return { difference: again, reason: explain(test, again) };
  }

  #fail(index: number, test: TestCase, difference: Difference): void {
    const handler = test.encodings[test.encodings.length - 1].row[1];
    const known = this.#failures.get(handler);
    if (known) {
      known.count++;
      return;
    }
    this.#failures.set(handler, {
      handler,
      count: 1,
      index,
      example: describe(test, difference),
      listing: listingOf(test, this.#differ),
    });
  }
}

/** The code, the state that it starts in, and how the outcomes differ. */
function describe(test: TestCase, difference: Difference): string {
  const set = instructionSetOf(test.file[FILE_CPSR]);
  const code = Array.from(test.words, (word, i) => {
    const encoding = test.encodings[i];
    const at = test.encodings.slice(0, i).reduce((sum, e) => sum + sizeOf(e), test.pc);
    const digits = word.toString(16).padStart(2 * sizeOf(encoding), "0");
    return `  ${at.toString(16)}: ${digits} ${set.disassemble(word, encoding, at)}`;
  });
  const hex = (words: Uint32Array) => Array.from(words, (word) => word.toString(16)).join(" ");
  const vectors = test.vectors === null ? [] : [
    `  fpexc ${test.vectors.fpexc.toString(16)} fpscr - d0-d31: ${hex(test.vectors.file)}`,
  ];
  const lines = difference.lines.slice(0, 12).map((line) => `  ${line}`);
  return [...code, `  cpsr r0-r15 spsr: ${hex(test.file)}`, ...vectors, ...lines].join("\n");
}

function listingOf(test: TestCase, differ: Differ): string {
  const { subject } = differ;
  subject.listing = [];
  differ.run(test);
  const text = subject.listing.join("");
  subject.listing = null;
  return text;
}
