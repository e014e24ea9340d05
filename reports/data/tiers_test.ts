import { assertEquals, assertStringIncludes } from "@std/assert";
import { SAMPLE } from "../../benches/testing/records.ts";
import type { Tiers } from "../../benches/results/types.ts";
import { ours } from "../testing/made_up.ts";
import { madeUpTables, schemes } from "../testing/made_up.ts";
import { cellNotes, notesIn } from "./cell_notes.ts";
import type { Cell, Tables } from "./cells.ts";
import { samplesCsv } from "./samples_csv.ts";
import { sharesOf, tierGaps, tierWords } from "./tiers.ts";
import { warningsOf } from "./warnings.ts";

function tiers(region: number, first = 1 - region): Tiers {
  return { insns: 1e6, interpreter: 1 - region - first, first, region, compileSeconds: 0.02 };
}

/** Timed cells, each with a share of regions. */
function cells(regions: Readonly<Record<string, number>>): { tables: Tables; cells: Cell[] } {
  const steady = [100, 101, 99, 100, 102];
  const tables = madeUpTables(
    schemes(Object.fromEntries(Object.keys(regions).map((name) => [name, steady]))),
  );
  const told = tables.cells.map((cell) => ({
    ...cell,
    samples: cell.samples.map((one) => ({ ...one, tiers: tiers(regions[cell.record.cell]) })),
  }));
  return { tables: { ...tables, cells: told }, cells: told };
}

Deno.test("sharesOf takes medians over the samples that tell", () => {
  const samples = [0.2, 0.9, 0.8].map((region) => ({ ...SAMPLE, tiers: tiers(region) }));
  assertEquals(sharesOf({ samples: [SAMPLE, ...samples] })?.region, 0.8);
  assertEquals(sharesOf({ samples: [SAMPLE] }), null);
});

Deno.test("tierWords leaves out what hardly ran", () => {
  const words = (of: Tiers) => tierWords({ samples: [{ ...SAMPLE, tiers: of }] });
  assertEquals(words(tiers(0.97, 0.028)), "regions 97 %, first tier 3 %; 20 ms of making code");
  assertEquals(tierWords({ samples: [SAMPLE] }), "");
});

Deno.test("cells that ran in different tiers get a warning that names them", () => {
  const { tables } = cells({ plain: 0.95, cmpxchg: 0.9, hst: 0.4 });
  const [warning] = warningsOf(tables).filter(({ kind }) => kind === "different-tiers");
  assertEquals(warning.cells, ["hst", "plain"]);
  // What regions did not run the first tier did: as far apart, named once.
  assertStringIncludes(warning.message, "In 1 comparison the sides ran in different tiers");
  assertStringIncludes(warning.message, "regions 40 % and 95 % (hst and plain)");
});

Deno.test("cells within ten points of each other get none, nor do those of other vCPUs or backends", () => {
  assertEquals(tierGaps(cells({ plain: 0.95, cmpxchg: 0.86 }).cells), []);
  const [one, other] = cells({ plain: 0.95, cmpxchg: 0.1 }).cells;
  const changed = (record: Partial<Cell["record"]>) => [
    one,
    { ...other, record: { ...other.record, ...record } },
  ];
  assertEquals(tierGaps([one, other]).length, 1);
  assertEquals(tierGaps(changed({ vcpus: 4 })), []);
  assertEquals(tierGaps(changed({ params: { counters: 2 } })), []);
  const interp = { ...ours("cmpxchg"), backend: "interp" } as Cell["record"]["subject"];
  assertEquals(tierGaps(changed({ subject: interp })), []);
});

Deno.test("one scheme at different numbers of vCPUs is compared as well, forced code or not", () => {
  const [one, other] = cells({ plain: 0.95, cmpxchg: 0.1 }).cells;
  const { subject } = one.record;
  const alone = { ...subject, parallelCode: "forced" } as Cell["record"]["subject"];
  const record = { ...other.record, vcpus: 1, subject: alone };
  assertEquals(tierGaps([one, { ...other, record }]).length, 1);
});

Deno.test("results.csv and the notes of a row have the shares", () => {
  const { tables, cells: [cell] } = cells({ plain: 0.75 });
  const results = { ...tables.results, samples: cell.samples };
  const [head, line] = samplesCsv({ ...tables, results }).split("\n").map((one) => one.split(","));
  const value = (name: string) => line[head.indexOf(name)];
  assertEquals(
    ["measured_insns", "interpreter_share", "first_tier_share", "region_share", "compile_seconds"]
      .map(value),
    ["1000000", "0", "0.25", "0.75", "0.02"],
  );
  const notes = cellNotes(cell);
  assertEquals(notesIn([notes]).map(({ field }) => field), ["tiers"]);
  assertEquals(notesIn([{ tiers: "" }]), []);
});
