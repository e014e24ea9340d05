/**
 * Which cells stand beside a published figure, and the rows of its values.
 * @module
 */
import type { Cell, Tables } from "../data/cells.ts";
import type { Row } from "../data/csv.ts";
import { distinct, groupsOf, type Member } from "../data/slices.ts";
import { type Compared, comparisonsOf, judged } from "../data/verdict.ts";
import { cited, type PublishedFigure, type PublishedValue } from "../published/types.ts";
import { type DotRow, dotRow } from "./dots.ts";
import type { Column, Missing } from "./types.ts";

/** A figure's guests: what each is called in rows, its workload and the experiment that has it. */
export function dhrystoneGuests(figure: PublishedFigure): readonly FigureGuest[] {
  return [
    { name: "", workload: "dhrystone", experiment: figure.id },
    { name: ", Linux", workload: "linux-dhrystone", experiment: `${figure.id}-linux` },
  ];
}

/** One of {@linkcode dhrystoneGuests}. */
export interface FigureGuest {
  /** Put behind the name of a row. */
  readonly name: string;
  /** Name of the guest program. */
  readonly workload: string;
  /** Name of the experiment that repeats the figure with it. */
  readonly experiment: string;
}

/** The figure's own experiment where it was run, else other timed cells of the workload. */
export function figureMembers(
  tables: Tables,
  figure: PublishedFigure,
  workload: string,
  experiment: string = figure.id,
): { readonly members: readonly Member[]; readonly notes: readonly string[] } {
  const cells = tables.cells.filter((cell) =>
    cell.record.workload === workload && cell.throughput !== null
  );
  const own = cells.filter((cell) => cell.record.experiment === experiment);
  const chosen = own.length > 0 ? own : cells;
  const from = distinct(chosen.map((cell) => cell.record.experiment));
  return {
    members: groupsOf(chosen).flatMap((group) => [...group.ours, ...group.peers]),
    notes: [
      `Published: ${figure.workload}; ${cited(figure.source)}; hardware ${figure.hardware}.`,
      ...figure.differs,
      ...(own.length > 0 || from.length === 0 ? [] : [
        `Measured in experiment ${from.join(", ")}, not at the figure's size: ` +
        `\`deno task reproduce ${experiment}\` has it.`,
      ]),
    ],
  };
}

/** The answer when nothing was measured for a figure. */
export function notMeasured(figure: PublishedFigure): Missing {
  return { missing: `Not measured: run \`deno task reproduce ${figure.id}\`.` };
}

/** Rows of the published values; `name` gives what a row is called. */
export function publishedRows(
  figure: PublishedFigure,
  name: (value: PublishedValue) => string = () => "published",
): (DotRow & Row)[] {
  return figure.values.map((one) =>
    dotRow(
      one.part,
      0,
      name(one),
      {
        centre: one.value,
        interval: one.range === null ? null : { low: one.range[0], high: one.range[1] },
        samples: 0,
      },
      "",
    )
  );
}

/** A ratio that a figure shows; a cell is undefined where it was not measured. */
export interface FigureRatio {
  /** What its row is called. */
  readonly name: string;
  /** Above the line. */
  readonly cell: Cell | undefined;
  /** Below the line. */
  readonly base: Cell | undefined;
}

/** Rows of the measured ratios, judged as one family. */
export function measuredRows(
  tables: Tables,
  wanted: readonly FigureRatio[],
): { readonly rows: (DotRow & Row)[]; readonly comparisons: readonly Compared[] } {
  const results = judged(
    tables,
    wanted,
    ({ cell, base }) => cell === undefined || base === undefined ? null : { cell, base },
  );
  return {
    rows: results.flatMap(({ item, compared }) =>
      compared === null ? [] : [
        dotRow("", 0, item.name, { ...compared, centre: compared.ratio }, "", {
          verdict: compared.words,
        }),
      ]
    ),
    comparisons: comparisonsOf(results),
  };
}

/** Columns of a figure's table; `value` is the title of the value's column. */
export function figureColumns(value: string): Column[] {
  return [
    { field: "series", title: "What" },
    { field: "value", title: value },
    { field: "low", title: "95 % from" },
    { field: "high", title: "95 % to" },
    { field: "samples", title: "Samples" },
    { field: "verdict", title: "Verdict" },
  ];
}
