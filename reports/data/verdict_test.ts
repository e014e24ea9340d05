import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { madeUpTables, schemes } from "../testing/made_up.ts";
import { fastestOf } from "./fastest.ts";
import { findingsOf } from "./findings.ts";
import { slicesOf } from "./slices.ts";
import { familyNotes, judged, judgedAlone } from "./verdict.ts";

/** Six values around `centre`; `shift` gives others with the same spread. */
function around(centre: number, shift = 0, count = 6): number[] {
  return Array.from({ length: count }, (_, at) => centre * (1 + 0.02 * ((at * 5 + shift) % 7 - 3)));
}

const PAIR = schemes({ mutex: around(50, 1), cmpxchg: around(100) });

Deno.test("judgedAlone words a comparison by the base's side", () => {
  const tables = madeUpTables(PAIR);
  const [cmpxchg, mutex] = ["cmpxchg", "mutex"].map((name) =>
    tables.cells.find(({ record }) => record.cell === name)
  );
  assertEquals(judgedAlone(tables, cmpxchg, mutex)?.words, "faster");
  assertEquals(judgedAlone(tables, mutex, cmpxchg)?.words, "slower");
  assertEquals(judgedAlone(tables, mutex, mutex)?.words, "no significant difference");
  assertEquals(judgedAlone(tables, mutex, undefined), null);
  assertEquals(judgedAlone(tables, mutex, cmpxchg)?.cells, ["mutex", "cmpxchg"]);
});

Deno.test("judged says too few samples before no significant difference", () => {
  const tables = madeUpTables(schemes({ mutex: [1, 100], cmpxchg: [100, 1] }));
  const [one, other] = tables.cells;
  const compared = judgedAlone(tables, one, other)!;
  assertEquals([compared.words, compared.interval], ["too few samples", null]);
  const notes = familyNotes([compared]).join(" ");
  assertStringIncludes(notes, "1 of 1 comparisons have too few samples");
  assert(!notes.includes("no significant difference"));
});

Deno.test("judged corrects all items of one call together and keeps those without a pair", () => {
  const values = [100, 104, 97, 103, 99, 101];
  const near = values.map((value, at) => value * (1.02 + (at % 2 ? 0.012 : -0.012)));
  const cells = schemes({
    cmpxchg: values,
    mutex: near,
    ...Object.fromEntries(
      ["hst", "aie", "alat", "plain"].map((name, at) => [name, around(100, at)]),
    ),
  });
  const tables = madeUpTables(cells);
  const base = tables.cells.find(({ record }) => record.cell === "cmpxchg")!;
  const others = tables.cells.filter((cell) => cell !== base);
  const mutex = others.find(({ record }) => record.cell === "mutex")!;
  assertEquals(judgedAlone(tables, mutex, base)?.words, "faster");
  const family = judged(tables, [...others, base], (cell) => cell === base ? null : { cell, base });
  const found = family.find(({ item }) => item === mutex)!.compared!;
  assertEquals(found.words, "no significant difference");
  assertEquals(family.at(-1)!.compared, null);
  assertStringIncludes(
    familyNotes(family.flatMap(({ compared }) => compared ?? [])).join(" "),
    "would differ alone, but not among 5 comparisons (Holm's correction)",
  );
});

Deno.test("a run that was looked at on the way needs more for a verdict", () => {
  const near = schemes({
    cmpxchg: around(100, 0, 5),
    mutex: around(100, 0, 5).map((value, at) => value * (1.05 + 0.02 * (at % 2))),
  });
  const words = (untilClear: boolean) => {
    const tables = madeUpTables(near, { untilClear });
    return judgedAlone(tables, tables.cells[1], tables.cells[0])?.corrected ?? NaN;
  };
  assert(words(true) > 3 * words(false));
});

function fastest(throughputs: Readonly<Record<string, readonly number[]>>) {
  const tables = madeUpTables(schemes(throughputs));
  const found = fastestOf(tables, slicesOf(tables.cells, "atomics")[0].ours);
  return found && [found.first.series, found.tied.map(({ series }) => series)];
}

Deno.test("fastestOf never names a negative control or a control", () => {
  for (const control of ["plain", "cmpxchg-helper"]) {
    assertEquals(
      fastest({ [control]: around(900), cmpxchg: around(100), mutex: around(20, 3) }),
      ["cmpxchg", []],
    );
  }
});

Deno.test("the record's role goes before the registry's, and charts name controls", () => {
  const { cells } = madeUpTables(schemes({ cmpxchg: around(100), "cmpxchg-helper": around(90) }));
  const series = (some: typeof cells) => slicesOf(some, "atomics")[0].ours.map((m) => m.series);
  assertEquals(series(cells), ["cmpxchg", "cmpxchg-helper (control)"]);
  const told = cells.map((cell) => ({
    ...cell,
    record: { ...cell.record, role: "control" as const },
  }));
  assertEquals(series(told), ["cmpxchg (control)", "cmpxchg-helper (control)"]);
});

Deno.test("fastestOf leaves out schemes with too few samples and says so when none is left", () => {
  assertEquals(
    fastest({ alat: around(900, 0, 4), cmpxchg: around(100), mutex: around(20, 3) }),
    ["cmpxchg", []],
  );
  assertEquals(fastest({ alat: around(900, 0, 4), cmpxchg: around(100, 0, 2) }), null);
});

Deno.test("fastestOf names those that cannot be told apart from the first", () => {
  assertEquals(
    fastest({ cmpxchg: around(100), alat: around(99.9, 3), mutex: around(20, 1) }),
    ["cmpxchg", ["alat"]],
  );
});

Deno.test("findings say which scheme is fastest, or that it cannot be told, never an A/A cell", () => {
  const clear = schemes({ cmpxchg: around(100), mutex: around(20, 3) });
  const again = {
    record: { ...clear[0].record, cell: "again", again: "cmpxchg" },
    throughputs: around(130, 2),
  };
  const words = (cells: Parameters<typeof madeUpTables>[0]) =>
    findingsOf(madeUpTables(cells)).join("\n");
  assertStringIncludes(words([...clear, again]), "fastest is `cmpxchg`, over the next 5.0");
  assertStringIncludes(
    words(schemes({ cmpxchg: around(100), mutex: around(20, 3), alat: around(900, 0, 4) })),
    "Too few processes to rank `alat`.",
  );
  assertStringIncludes(
    words(schemes({ cmpxchg: around(100), mutex: around(100, 3) })),
    "cannot be told apart at the top",
  );
  assertStringIncludes(
    words(schemes({ cmpxchg: [1], mutex: [2] })),
    "no scheme has the 5 processes that a verdict needs",
  );
});
