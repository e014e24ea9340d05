import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { PlannedCell } from "../experiments/plan.ts";
import { parseResults } from "../results/reader.ts";
import { CELL, FAILURE, RUN, SAMPLE } from "../testing/records.ts";
import { earlierOf, fitJobs, type Job, orderJobs } from "./jobs.ts";

function planned(count: number, repeats = 4, runsPerProcess = 2): PlannedCell[] {
  return Array.from({ length: count }, (_, at) => ({
    cell: { ...CELL, cell: `cell-${at}` },
    params: {},
    repeats,
    runsPerProcess,
    timeoutSeconds: 1,
    countExclusives: false,
    pair: "",
    optional: false,
  }));
}

const NOTHING = earlierOf(parseResults("", "f"));

/** Jobs without their places. */
function listed(jobs: readonly Job[]): string[] {
  return jobs.map(({ planned, repeats }) => `${planned.cell.cell}: ${repeats}`);
}

function earlier(...records: readonly unknown[]) {
  const cell = { ...CELL, cell: "cell-0" };
  const text = [RUN, cell, ...records].map((record) => JSON.stringify(record) + "\n").join("");
  return earlierOf(parseResults(text, "f"));
}

Deno.test("orderJobs gives the same order for a seed and another for another", () => {
  const cells = planned(20);
  assertEquals(listed(orderJobs(cells, 5, NOTHING)), listed(orderJobs(cells, 5, NOTHING)));
  assertNotEquals(listed(orderJobs(cells, 5, NOTHING)), listed(orderJobs(cells, 6, NOTHING)));
});

Deno.test("orderJobs runs every repeat of every cell once", () => {
  const jobs = orderJobs(planned(10, 5, 2), 1, NOTHING);
  const all = jobs.flatMap(({ planned, repeats }) => repeats.map((at) => planned.cell.cell + at));
  assertEquals(all.length, 50);
  assertEquals(new Set(all).size, 50);
});

Deno.test("orderJobs gives every turn one job of each cell and every job a process", () => {
  const jobs = orderJobs(planned(8, 6, 2), 1, NOTHING);
  for (const [turn, some] of Map.groupBy(jobs, (job) => job.turn)) {
    assertEquals(
      some.map(({ planned }) => planned.cell.cell).sort(),
      [
        ...new Set(jobs.map(({ planned }) => planned.cell.cell)),
      ].sort(),
    );
    assert(turn < 3);
  }
  assertEquals(jobs.map(({ process }) => process), jobs.map((_, at) => at));
});

Deno.test("orderJobs lets a resumed session first bring behind cells up, in new turns", () => {
  const sample = { ...SAMPLE, cell: "cell-0" };
  const known = earlier(
    ...[0, 1, 2].map((at) => ({ ...sample, repeat: at, turn: at, process: 2 * at })),
  );
  const jobs = orderJobs(planned(2, 4, 1), 1, known);
  assertEquals(jobs.slice(0, 3).map(({ planned }) => planned.cell.cell), [
    "cell-1",
    "cell-1",
    "cell-1",
  ]);
  assertEquals(jobs.map(({ turn }) => turn), [3, 4, 5, 6, 6]);
  assertEquals(jobs.map(({ process }) => process), [5, 6, 7, 8, 9]);
});

Deno.test("orderJobs reaches every cell before any cell's next process", () => {
  const jobs = orderJobs(planned(8, 6, 2), 1, NOTHING);
  for (let round = 0; round < 3; round++) {
    const cells = jobs.slice(round * 8, round * 8 + 8).map(({ planned }) => planned.cell.cell);
    assertEquals(new Set(cells).size, 8);
  }
});

Deno.test("orderJobs leaves out finished repeats", () => {
  const sample = { ...SAMPLE, cell: "cell-0" };
  const known = earlier(sample, { ...sample, repeat: 2 });
  assertEquals(listed(orderJobs(planned(1), 1, known)), ["cell-0: 1,3"]);
});

Deno.test("orderJobs tries no hopeless cell again but goes on with wrong ones", () => {
  const failure = { ...FAILURE, cell: "cell-0", repeat: 0 };
  const hopeless = earlier({ ...failure, failure: "timeout" });
  assertEquals(orderJobs(planned(1), 1, hopeless), []);
  assert(listed(orderJobs(planned(1), 1, earlier(failure)))[0] === "cell-0: 1,2");
});

Deno.test("orderJobs lets the cells of a pair follow each other in every round", () => {
  const cells = planned(12, 3, 1).map((one, at) => ({ ...one, pair: `pair-${at % 6}` }));
  const jobs = orderJobs(cells, 3, NOTHING);
  for (let at = 0; at < jobs.length; at += 2) {
    assertEquals(jobs[at].planned.pair, jobs[at + 1].planned.pair);
    assertNotEquals(jobs[at].planned.cell.cell, jobs[at + 1].planned.cell.cell);
    assertEquals(jobs[at].repeats, jobs[at + 1].repeats);
  }
});

Deno.test("fitJobs leaves jobs as they are where the time does for all or for no cell", () => {
  const jobs = orderJobs(planned(4, 3, 1), 1, NOTHING);
  assertEquals(fitJobs(jobs, () => 1, 12), jobs);
  assertEquals(fitJobs(jobs, () => 1, 2), jobs);
});

Deno.test("fitJobs gives whole cells what the time does for, others turns of their own behind", () => {
  const jobs = orderJobs(planned(4, 3, 1), 1, NOTHING).filter(({ turn }) => turn > 0);
  const fitted = fitJobs(jobs, () => 1, 5);
  assertEquals(fitted.length, jobs.length);
  const first = fitted.slice(0, 4), rest = fitted.slice(4);
  assertEquals(new Set(first.map(({ planned }) => planned.cell.cell)).size, 2);
  assertEquals(first.map(({ turn }) => turn), [1, 1, 2, 2]);
  assertEquals(rest.map(({ turn }) => turn), [3, 3, 4, 4]);
  const key = ({ process }: Job) => process;
  assertEquals(fitted.map(key).sort((a, b) => a - b), jobs.map(key).sort((a, b) => a - b));
});

Deno.test("fitJobs keeps what others are compared with first, controls last", () => {
  const mutex = { ...CELL.subject, atomics: "mutex" } as typeof CELL.subject;
  const [control, scheme, qemu, base, again] = planned(5, 1, 1);
  const cells = [
    { ...control, cell: { ...control.cell, subject: mutex, role: "control" as const } },
    { ...scheme, cell: { ...scheme.cell, subject: mutex, role: "scheme" as const } },
    {
      ...qemu,
      cell: { ...qemu.cell, subject: { engine: "qemu" as const, thread: "multi" as const } },
    },
    base,
    { ...again, cell: { ...again.cell, again: base.cell.cell } },
  ];
  const jobs = orderJobs(cells, 1, NOTHING);
  const names = (seconds: number) =>
    fitJobs(jobs, () => 1, seconds).slice(0, seconds).map(({ planned }) => planned.cell.cell)
      .sort();
  assertEquals(names(2), ["cell-3", "cell-4"]);
  assertEquals(names(3), ["cell-2", "cell-3", "cell-4"]);
  assertEquals(names(4), ["cell-1", "cell-2", "cell-3", "cell-4"]);
});
