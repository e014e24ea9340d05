import { assert, assertEquals } from "@std/assert";
import type { Outcome } from "../../benches/results/types.ts";
import { LITMUS } from "../charts/litmus.ts";
import { SMALL_FIXTURE } from "../testing/fixture.ts";
import { fixtureTables, tablesOfGroups } from "../testing/tables.ts";
import { ATOMICS, BARRIERS, SCHEDULING } from "../../strategies/mod.ts";
import { coloursOf } from "../charts/colours.ts";
import { THROUGHPUT_ATOMICS } from "../charts/throughput_atomics.ts";
import { NOT_MEASURED, type Tables, tablesOf } from "./cells.ts";
import { matrixWords } from "./conditions.ts";
import { correctnessMatrix } from "./correctness.ts";
import { toCsv } from "./csv.ts";
import { findingsOf } from "./findings.ts";
import { litmusControl, litmusFields, silentControl } from "./litmus.ts";
import { samplesCsv } from "./samples_csv.ts";
import { fullestOf, slicesOf } from "./slices.ts";
import { unsettledOf } from "./settling.ts";
import { warningsOf } from "./warnings.ts";

const ADD = { workload: "atomic-add", params: { counters: 1 }, vcpus: [2], repeats: 5 } as const;

Deno.test("tablesOf never times a cell with a wrong result", () => {
  const tables = tablesOfGroups([{ ...ADD, experiment: "scaling", atomics: ["plain", "cmpxchg"] }]);
  const [plain, cmpxchg] = tables.cells;
  assert(plain.samples.length + plain.failures.length === 5 && plain.failures.length > 0);
  assertEquals([plain.throughput, plain.measures, plain.trouble], [null, [], "wrong result"]);
  assertEquals([cmpxchg.throughput?.samples, cmpxchg.trouble], [5, ""]);
});

Deno.test("tablesOf orders cells as the registries do, whatever the file's order", () => {
  const atomics = ["hst", "mutex", "made-up", "plain"];
  const tables = tablesOfGroups([
    {
      ...ADD,
      experiment: "F7",
      params: { counters: 1024 },
      vcpus: [2, 1],
      atomics,
      qemu: ["multi"],
    },
    { ...ADD, experiment: "F7", params: { counters: 128 }, vcpus: [1], atomics: ["aie"] },
  ]);
  const names = tables.cells.map(({ record: { subject, vcpus } }) =>
    `${subject.engine === "ours" ? subject.atomics : subject.engine} ${vcpus}`
  );
  const sorted = ["plain", "mutex", "hst", "made-up", "qemu"];
  assertEquals(names, [
    "aie 1",
    ...sorted.map((name) => `${name} 1`),
    ...sorted.map((name) => `${name} 2`),
  ]);
});

Deno.test("tablesOf does not time an experiment about checks nor a conformance workload", () => {
  const tables = tablesOfGroups([
    { ...ADD, experiment: "correctness", atomics: ["cmpxchg"] },
    { ...ADD, experiment: "scaling", workload: "aba-stack", atomics: ["pico-st"] },
  ], false);
  assertEquals(tables.cells.map((cell) => cell.throughput), [null, null]);
});

Deno.test("slicesOf keeps one axis apart from the others and fullestOf drops repetitions", () => {
  const atomics = ["cmpxchg", "mutex", "hst"];
  const slices = slicesOf(
    tablesOfGroups([
      { ...ADD, experiment: "a", atomics, barriers: ["none", "typed"], qemu: ["multi"] },
      { ...ADD, experiment: "b", atomics: ["cmpxchg", "mutex"] },
    ]).cells,
    "atomics",
  );
  assertEquals(slices.map((slice) => slice.ours.map((one) => one.series)), [
    atomics,
    atomics,
    ["cmpxchg", "mutex"],
  ]);
  assertEquals(slices.map((slice) => slice.peers.length), [1, 1, 0]);
  assertEquals(new Set(slices.map((slice) => slice.label)).size, 3);
  assertEquals(fullestOf(slices).map((slice) => slice.label), [
    "atomic-add, counters 1 · none, thread-per-vcpu, wasm",
    "atomic-add, counters 1 · typed, thread-per-vcpu, wasm",
  ]);
});

Deno.test("correctnessMatrix tells predicted failures from wrong results", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  const status = (subject: string, test: string) =>
    correctnessMatrix(tables).find((one) => one.subject === subject && one.test === test)?.status;
  assertEquals(status("cmpxchg", "store-between"), "fails as predicted");
  assertEquals(status("pico-st", "store-between"), "pass");
  assertEquals(status("mutex", "store-between"), "not run");
  assertEquals(status("plain", "atomic-add, counters 1"), "fails as predicted");
  const pessimists = tables.cells.map((cell) => ({
    ...cell,
    record: { ...cell.record, prediction: { check: "fail", because: "It must." } as const },
  }));
  const optimists = tables.cells.map((cell) => ({
    ...cell,
    record: { ...cell.record, prediction: { check: "pass", because: "" } as const },
  }));
  const statuses = (cells: typeof pessimists | typeof optimists) =>
    new Set(correctnessMatrix({ ...tables, cells }).map((one) => one.status));
  assert(statuses(pessimists).has("passes unexpectedly") && !statuses(pessimists).has("pass"));
  assert(statuses(optimists).has("wrong") && !statuses(optimists).has("fails as predicted"));
});

Deno.test("litmusFields separates allowed from forbidden, seen from not seen", () => {
  const fields = litmusFields(fixtureTables(SMALL_FIXTURE));
  const field = (subject: string, test: string) =>
    fields.find((one) => one.subject === subject && one.test === test);
  const status = (subject: string, test: string) => field(subject, test)?.status;
  assertEquals(status("typed", "SB"), "allowed, seen");
  assertEquals(status("typed", "SB+dmbs"), "forbidden, not seen");
  assertEquals(status("none", "SB+dmbs"), "forbidden, seen");
  assertEquals(status("typed", "LB"), "allowed, not seen");
  assertEquals(status("typed", "MP+dmbs"), "kept by the host");
  assertEquals(status("typed", "CoRR"), "kept by the host");
  assertEquals(field("typed", "SB+dmbs")?.bound, 3 / 5120);
  assertEquals(field("none", "SB+dmbs")?.bound, null);
  assertEquals(field("typed", "SB")?.bound, null);
});

/** Tables whose litmus outcomes are as `outcomes` makes them. */
function withOutcomes(tables: Tables, outcomes: (one: Outcome) => Outcome): Tables {
  const cells = tables.cells.map((cell) => ({
    ...cell,
    samples: cell.samples.map((one) => ({ ...one, outcomes: one.outcomes.map(outcomes) })),
    failures: cell.failures.map((one) => ({ ...one, outcomes: one.outcomes.map(outcomes) })),
  }));
  return { ...tables, cells };
}

Deno.test("a litmus control that does not fire makes everything no evidence, with a warning on top", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  assertEquals(silentControl(litmusControl(tables)), "");
  assert(warningsOf(tables).every((one) => one.kind !== "silent-control"));
  const silent = withOutcomes(tables, (one) => ({
    ...one,
    fields: { ...one.fields, weak: 0, allowed: 1 },
  }));
  const [first] = warningsOf(silent);
  assertEquals(first?.kind, "silent-control");
  assert(/showed no forbidden outcome in \d+ instances/.test(first.message), first.message);
  const fields = litmusFields(silent).filter((one) => one.test === "SB+dmbs");
  assertEquals(new Set(fields.map((one) => one.status)), new Set(["no evidence"]));
  const drawing = LITMUS.draw(silent);
  assert(!("missing" in drawing));
  assert(drawing.alt.includes("no evidence") && drawing.notes[0]?.startsWith("No evidence"));
  assert(findingsOf(silent).some((one) => one.startsWith("Memory order: no evidence.")));
});

Deno.test("litmus tests without any control are no evidence either", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  const cells = tables.cells.filter((cell) => cell.record.prediction.check === "pass");
  const alone = { ...tables, cells };
  assert(silentControl(litmusControl(alone)).startsWith("No scheme that ignores barriers ran"));
  assertEquals(warningsOf(alone)[0]?.kind, "silent-control");
  // Without any litmus test there is nothing to warn of.
  const none = { ...tables, cells: cells.filter((one) => one.record.workload !== "litmus") };
  assert(warningsOf(none).every((one) => one.kind !== "silent-control"));
});

Deno.test("a subject that shows reordering itself needs no control for that shape", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  const cells = tables.cells.filter((cell) => cell.record.prediction.check === "pass");
  const fields = litmusFields({ ...tables, cells });
  const status = (test: string) =>
    fields.find((one) => one.subject === "typed" && one.test === test)?.status;
  assertEquals(status("SB+dmbs"), "forbidden, not seen");
  assertEquals(status("R+dmbs"), "no evidence");
});

Deno.test("on a host that is not TSO every forbidden outcome needs evidence", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  const machine = { ...tables.run.machine, architecture: "aarch64" };
  const fields = litmusFields({ ...tables, run: { ...tables.run, machine } });
  assertEquals(fields.filter((one) => one.status === "kept by the host"), []);
  assertEquals(
    fields.find((one) => one.subject === "typed" && one.test === "MP+dmbs")?.status,
    "no evidence",
  );
});

Deno.test("warningsOf names kind, cells and remedy of what a reader should mind", () => {
  const tables = fixtureTables({ ...SMALL_FIXTURE, qemu: false });
  const warnings = warningsOf(tables);
  const kinds = warnings.map((one) => one.kind);
  for (const kind of ["qemu-missing", "dirty-tree", "few-repeats", "overcommit"] as const) {
    assert(kinds.includes(kind), `${kind} is not in ${kinds.join(", ")}`);
  }
  assert(!kinds.includes("wrong-result") && !kinds.includes("interrupted"));
  assert(warnings.every((one) => one.remedy.endsWith(".") && one.message.endsWith(".")));
  const killed = { ...tables, results: { ...tables.results, endOf: new Map() } };
  assert(warningsOf(killed).some((one) => one.kind === "interrupted"));
});

Deno.test("findingsOf sums up in sentences", () => {
  const findings = findingsOf(fixtureTables(SMALL_FIXTURE)).join("\n");
  assert(/Correctness: of \d+ scheme and test pairs/.test(findings), findings);
  assert(findings.includes("forbidden outcomes were seen under `none`"), findings);
});

Deno.test("toCsv lets no text begin as a formula and leaves numbers numbers", () => {
  const values = ["=1+1", "+cmd", "-x", "@a", "\ta", "-5", "+1.5e3", "x=1"];
  const rows = values.map((value) => ({ value }));
  assertEquals(
    toCsv(["value"], [...rows, { value: -7 }]).split("\n").slice(1, -1),
    ["'=1+1", "'+cmd", "'-x", "'@a", "'\ta", "-5", "+1.5e3", "x=1", "-7"],
  );
});

Deno.test("a cell that was not reached is named as not measured, and counted in the header", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  const gone = tables.cells.find(({ record, failures }) =>
    record.experiment === "F7" && record.subject.engine === "ours" && failures.length === 0
  )!;
  const left = tables.results.samples.filter(({ cell }) => cell !== gone.record.cell);
  const cut = tablesOf({ ...tables.results, samples: left });
  const found = cut.cells.find(({ record }) => record === gone.record);
  assertEquals(found?.trouble, NOT_MEASURED);
  assertEquals(matrixWords(cut), `${cut.cells.length - 1} of ${cut.cells.length} cells`);
  const drawing = THROUGHPUT_ATOMICS.draw(cut);
  assert("rows" in drawing && drawing.rows.some((row) => row.trouble === NOT_MEASURED));
});

Deno.test("coloursOf gives a name its colour whatever stands beside it", () => {
  const all = [...ATOMICS, ...BARRIERS, ...SCHEDULING].map(({ name }) => name);
  const names = [...all, "unheard-of", "hst · typed"];
  const together = coloursOf(names);
  for (const [at, name] of names.entries()) assertEquals(coloursOf([name]), [together[at]]);
  assertEquals(coloursOf(names.toReversed()), together.toReversed());
});

Deno.test("toCsv quotes commas, quotes and line breaks and leaves null empty", () => {
  const rows = [{ a: 'x,"y"', b: null }, { a: "1\n2", b: 3 }];
  assertEquals(toCsv(["a", "b"], rows), 'a,b\n"x,""y""",\n"1\n2",3\n');
});

Deno.test("samplesCsv has a line for each run, failures included", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  const lines = samplesCsv(tables).trimEnd().split("\n");
  const { samples, failures } = tables.results;
  assertEquals(lines.length, 1 + samples.length + failures.length);
  assert(lines.some((line) => line.includes("failed-correctness")));
});

Deno.test("a cell whose guest was not settled is named, with how many of its runs", () => {
  const atomics = ["cmpxchg", "hst"];
  const { cells, ...rest } = tablesOfGroups([{ ...ADD, experiment: "scaling", atomics }], false);
  const unsettled = unsettledOf(cells);
  assertEquals(unsettled.map(({ runs }) => runs), [1]);
  const warnings = warningsOf({ cells, ...rest }).filter(({ kind }) => kind === "unsettled");
  assertEquals(warnings.map((one) => one.cells), [[unsettled[0].cell.record.cell]]);
  assert(warnings[0].message.includes("/hst/") && warnings[0].message.includes("(1 of 5)"));
});

Deno.test("guests that settled, and those that do not warm up, are not called unsettled", () => {
  const { cells } = tablesOfGroups(
    [{ ...ADD, experiment: "scaling", atomics: ["cmpxchg"] }],
    false,
  );
  const settled = cells.map((cell) => ({
    ...cell,
    samples: cell.samples.map((one) => ({ ...one, segments: [], settled: true })),
  }));
  assertEquals([unsettledOf(cells), unsettledOf(settled)], [[], []]);
});
