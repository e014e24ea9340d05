/**
 * Rows that compare each series with a base.
 * @module
 */
import { cellNotes } from "../data/cell_notes.ts";
import type { Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { type Member, memberAt } from "../data/slices.ts";
import {
  type Compared,
  comparisonsOf,
  ends,
  judged,
  type Pair,
  type Words,
} from "../data/verdict.ts";
import type { DotRow } from "./dots.ts";
import type { Column } from "./types.ts";

/** A row of ratios with its verdict. */
export type RatioRow = DotRow & Row & { readonly verdict: string };

/** The verdict's column. */
export const VERDICT: Column = { field: "verdict", title: "Verdict" };

/** Members of a slice and what they are compared with. */
export interface RatioPart {
  /** Heading of the slice. */
  readonly slice: string;
  /** Cells to compare. */
  readonly members: readonly Member[];
  /** Where the base is found. */
  readonly bases: readonly Member[];
}

/** Rows and the comparisons that they show. */
export interface Ratios {
  /** One for each member with a base. */
  readonly rows: readonly RatioRow[];
  /** Of the rows that have a value. */
  readonly comparisons: readonly Compared[];
}

interface Item {
  readonly slice: string;
  readonly member: Member;
  readonly base: Member["cell"];
}

/** What differs between charts of ratios. */
export interface RatioOptions {
  /** Series of the base. */
  readonly base: string;
  /** `throughput` is the member's over the base's; `time` is its inverse. */
  readonly of: "throughput" | "time";
}

const WORDS: Readonly<Record<RatioOptions["of"], Words>> = {
  throughput: { up: "faster", down: "slower" },
  time: { up: "slower", down: "faster" },
};

/**
 * Members over the base at the same number of vCPUs, judged as one family. Members without a base to
 * compare with are left out; those with trouble have no value.
 */
export function ratios(
  tables: Tables,
  parts: readonly RatioPart[],
  { base, of }: RatioOptions,
): Ratios {
  const items = parts.flatMap(({ slice, members, bases }) =>
    members.flatMap((member): Item[] => {
      const against = memberAt(bases, base, member.cell.record.vcpus)?.cell;
      if (member.series === base || against === undefined) return [];
      return against.measures.length === 0 ? [] : [{ slice, member, base: against }];
    })
  );
  const pairOf = ({ member, base }: Item): Pair =>
    // Time an operation is the inverse of throughput.
    of === "throughput" ? { cell: member.cell, base } : { cell: base, base: member.cell };
  const results = judged(tables, items, pairOf, WORDS[of]);
  const rows = results.flatMap(({ item: { slice, member: { series, cell } }, compared }) => {
    if (compared === null && cell.trouble === "") return [];
    return [{
      slice,
      vcpus: cell.record.vcpus,
      series,
      value: compared?.ratio ?? null,
      ...ends(compared?.interval ?? null),
      samples: compared?.samples ?? 0,
      trouble: compared === null ? cell.trouble : "",
      verdict: compared?.words ?? "",
      ...cellNotes(cell),
    }];
  });
  return { rows, comparisons: comparisonsOf(results) };
}
