/**
 * Outcomes of the litmus tests by barriers scheme, against what the ARMv7 memory model allows.
 * @module
 */
import type { Outcome } from "../../benches/results/types.ts";
import { type Expectation, EXPECTATIONS } from "../../workloads/litmus/expectation.ts";
import type { Cell, Tables } from "./cells.ts";
import { distinct, groupsOf, type Member } from "./slices.ts";

/** What became of a test. */
export type LitmusStatus =
  /** An outcome showed that the model forbids: an error. */
  | "forbidden, seen"
  /** None showed, in a test that can show one on this host. */
  | "forbidden, not seen"
  /** None showed, but nothing says that this test would have shown one. */
  | "no evidence"
  /** None showed, and none can on this host, whatever becomes of barriers. */
  | "kept by the host"
  /** The model forbids nothing here, and reordering showed. */
  | "allowed, seen"
  /** The model forbids nothing here, and no reordering showed. */
  | "allowed, not seen"
  | "not run";

/** One test under one subject. */
export interface LitmusField {
  /** Barriers scheme, or a mode of QEMU. */
  readonly subject: string;
  /** Name of the test. */
  readonly test: string;
  /** Name of its shape. */
  readonly shape: string;
  /** What became of it. */
  readonly status: LitmusStatus;
  /** Instances with an outcome that the model forbids. */
  readonly forbidden: number;
  /** Instances with one that needs reordering and is allowed. */
  readonly relaxed: number;
  /** Instances that were run. */
  readonly instances: number;
  /** Share of forbidden outcomes that may have been missed: 95 % upper bound where none was seen, else null. */
  readonly bound: number | null;
}

/** How the negative control did: the scheme that ignores barriers. */
export interface LitmusControl {
  /** Tests that it can fail on this host and was given. */
  readonly tests: readonly string[];
  /** Of these, those that it failed. */
  readonly fired: readonly string[];
  /** Instances of these tests. */
  readonly instances: number;
}

/** The "rule of three": with `n` trials and no event, its chance is below 3/n with 95 % confidence. */
export function upperBound(instances: number): number {
  return 3 / instances;
}

const BY_NAME = new Map(EXPECTATIONS.map((one) => [one.test, one]));
const ORDER = new Map(EXPECTATIONS.map((one, index) => [one.test, index]));

/** Outcomes of one subject by test. */
type Seen = ReadonlyMap<string, readonly Outcome[]>;

interface LitmusSubject {
  readonly subject: string;
  readonly seen: Seen;
}

function seenIn(cells: readonly Cell[]): Seen {
  const outcomes = cells.flatMap((cell) =>
    [...cell.samples, ...cell.failures].flatMap((one) => one.outcomes)
  );
  return Map.groupBy(outcomes, (one) => one.name);
}

function sum(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((total, one) => total + one.count, 0);
}

function forbiddenIn(outcomes: readonly Outcome[]): number {
  return sum(outcomes.filter((one) => one.fields.allowed === 0));
}

function relaxedIn(outcomes: readonly Outcome[]): number {
  return sum(outcomes.filter((one) => one.fields.weak === 1 && one.fields.allowed === 1));
}

function litmusCells({ cells }: Tables): Cell[] {
  return cells.filter((cell) => cell.record.workload === "litmus");
}

function isPeer({ cell }: Member): boolean {
  return cell.record.subject.engine === "qemu";
}

function subjectsOf(tables: Tables): LitmusSubject[] {
  const members = groupsOf(litmusCells(tables), "barriers")
    .flatMap((group) => [...group.ours, ...group.peers]);
  const bySubject = [...Map.groupBy(members, (one) => one.series)];
  bySubject.sort(([, a], [, b]) => Number(isPeer(a[0]!)) - Number(isPeer(b[0]!)));
  return bySubject.map(([subject, some]) => ({
    subject,
    seen: seenIn(distinct(some.map(({ cell }) => cell))),
  }));
}

/** Whether this host shows a forbidden outcome of the test when barriers are ignored. */
function canShow(test: Expectation, { run }: Tables): boolean {
  return test.forbidden.length > 0 &&
    (run.machine.architecture !== "x86_64" || test.shownByTso.length > 0);
}

/** Outcomes of the cells whose scheme says that it does not keep the order. */
function controlSeen(tables: Tables): Seen {
  return seenIn(litmusCells(tables).filter((cell) => cell.record.prediction.check !== "pass"));
}

/** The negative control of the litmus tests, or null where no litmus test was run at all. */
export function litmusControl(tables: Tables): LitmusControl | null {
  if (seenIn(litmusCells(tables)).size === 0) return null;
  const seen = controlSeen(tables);
  const tests = EXPECTATIONS.filter((one) => canShow(one, tables) && seen.has(one.test));
  return {
    tests: tests.map((one) => one.test),
    fired: tests.map((one) => one.test).filter((name) => forbiddenIn(seen.get(name)!) > 0),
    instances: tests.reduce((total, one) => total + sum(seen.get(one.test)!), 0),
  };
}

/** What a control that did not fire means, in a sentence; empty when it fired. */
export function silentControl(control: LitmusControl | null): string {
  if (control === null || control.fired.length > 0) return "";
  return control.tests.length === 0
    ? "No scheme that ignores barriers ran a litmus test that could fail here."
    : `The schemes that ignore barriers showed no forbidden outcome in ${control.instances} ` +
      "instances.";
}

/** Shapes in which the subject itself showed reordering: it ran its threads at the same time. */
function reorderedShapes({ seen }: LitmusSubject): Set<string> {
  const names = [...seen].filter(([, outcomes]) => relaxedIn(outcomes) > 0).map(([name]) => name);
  return new Set(names.flatMap((name) => BY_NAME.get(name)?.shape ?? []));
}

/** A field for every test that any subject ran, for every barriers scheme and QEMU. */
export function litmusFields(tables: Tables): LitmusField[] {
  const subjects = subjectsOf(tables);
  const names = distinct(subjects.flatMap(({ seen }) => [...seen.keys()]))
    .sort((a, b) => (ORDER.get(a) ?? ORDER.size) - (ORDER.get(b) ?? ORDER.size));
  const control = controlSeen(tables);
  return subjects.flatMap((subject) => {
    const reordered = reorderedShapes(subject);
    return names.map((name): LitmusField => {
      const outcomes = subject.seen.get(name) ?? [];
      const test = BY_NAME.get(name);
      const [forbidden, relaxed] = [forbiddenIn(outcomes), relaxedIn(outcomes)];
      const instances = sum(outcomes);
      const shape = test?.shape ?? name;
      const shown = forbiddenIn(control.get(name) ?? []) > 0 || reordered.has(shape);
      const status: LitmusStatus = instances === 0
        ? "not run"
        : forbidden > 0
        ? "forbidden, seen"
        : test === undefined || test.forbidden.length === 0
        ? relaxed > 0 ? "allowed, seen" : "allowed, not seen"
        : !canShow(test, tables)
        ? "kept by the host"
        : shown
        ? "forbidden, not seen"
        : "no evidence";
      const zero = instances > 0 && forbidden === 0 && (test?.forbidden.length ?? 0) > 0;
      return {
        subject: subject.subject,
        test: name,
        shape,
        status,
        forbidden,
        relaxed,
        instances,
        bound: zero ? upperBound(instances) : null,
      };
    });
  });
}
