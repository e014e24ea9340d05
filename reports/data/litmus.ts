/**
 * Outcomes of the litmus tests by barriers scheme, against what the ARMv7 memory model allows.
 * @module
 */
import type { Outcome } from "../../benches/results/types.ts";
import type { Cell, Tables } from "./cells.ts";
import { distinct, groupsOf, type Member } from "./slices.ts";

/** Which threads of a shape run their DMB, as the workload prints it. */
export type Dmb = "0" | "1" | "first";

const WITH_BARRIERS: readonly Dmb[] = ["1"];
const WITH_FIRST: readonly Dmb[] = ["1", "first"];
const ALWAYS: readonly Dmb[] = ["0", "1", "first"];

/**
 * In which modes the model forbids a shape's weak outcome. The guest prints only outcomes that it
 * saw, so the rest must be known here; a test compares the table with the guest's source.
 */
export const FORBIDDEN: Readonly<Record<string, readonly Dmb[]>> = {
  "SB": WITH_BARRIERS,
  "MP": WITH_BARRIERS,
  "LB": WITH_BARRIERS,
  "S": WITH_BARRIERS,
  "R": WITH_BARRIERS,
  "2+2W": WITH_BARRIERS,
  "CoRR": ALWAYS,
  "CoWW": ALWAYS,
  "CoRW": ALWAYS,
  "CoWR": ALWAYS,
  "WRC": WITH_BARRIERS,
  "ISA2": WITH_BARRIERS,
  "IRIW": WITH_BARRIERS,
  "MP+addr": WITH_FIRST,
  "S+data": WITH_FIRST,
  "LB+data": ALWAYS,
  "WRC+addr": WITH_BARRIERS,
};

/** What became of a shape's weak outcome. */
export type LitmusStatus =
  | "allowed, seen"
  | "allowed, not seen"
  | "forbidden, not seen"
  | "forbidden, seen"
  | "not seen"
  | "not run";

/** One shape, in one mode, under one scheme. */
export interface LitmusField {
  /** Barriers scheme, or a mode of QEMU. */
  readonly subject: string;
  /** Shape and barriers in words. */
  readonly test: string;
  /** What became of the weak outcome. */
  readonly status: LitmusStatus;
  /** Instances whose outcome was the weak one, or any other that the model forbids. */
  readonly weak: number;
  /** Instances that were run. */
  readonly instances: number;
}

const MODE_WORDS: Readonly<Record<string, string>> = {
  "0": "no DMB",
  "1": "DMB",
  "first": "one DMB",
};

interface Test {
  readonly shape: string;
  readonly dmb: string;
}

function testsOf(outcomes: readonly Outcome[]): Test[] {
  const keys = distinct(outcomes.map((one) => JSON.stringify([one.name, `${one.fields.dmb}`])));
  return keys.map((key) => JSON.parse(key)).map(([shape, dmb]) => ({ shape, dmb }));
}

function outcomesOf(cells: readonly Cell[]): Outcome[] {
  return cells.flatMap((cell) =>
    [...cell.samples, ...cell.failures].flatMap((one) => one.outcomes)
  );
}

function fieldOf(subject: string, test: Test, all: readonly Outcome[]): LitmusField {
  const mine = all.filter((one) => one.name === test.shape && `${one.fields.dmb}` === test.dmb);
  const sum = (some: readonly Outcome[]) => some.reduce((total, one) => total + one.count, 0);
  const forbidden = sum(mine.filter((one) => one.fields.allowed === 0));
  const weak = sum(mine.filter((one) => one.fields.weak === 1));
  const modes = FORBIDDEN[test.shape];
  const status = mine.length === 0
    ? "not run"
    : forbidden > 0
    ? "forbidden, seen"
    : weak > 0
    ? "allowed, seen"
    : modes === undefined
    ? "not seen"
    : (modes as readonly string[]).includes(test.dmb)
    ? "forbidden, not seen"
    : "allowed, not seen";
  return {
    subject,
    test: `${test.shape}, ${MODE_WORDS[test.dmb] ?? test.dmb}`,
    status,
    weak: Math.max(weak, forbidden),
    instances: sum(mine),
  };
}

function isPeer({ cell }: Member): boolean {
  return cell.record.subject.engine === "qemu";
}

/** A field for every shape and mode that any subject ran, for every barriers scheme and QEMU. */
export function litmusFields(tables: Tables): LitmusField[] {
  const cells = tables.cells.filter((cell) => cell.record.workload === "litmus");
  const members = groupsOf(cells, "barriers").flatMap((group) => [...group.ours, ...group.peers]);
  const tests = testsOf(outcomesOf(cells));
  const order = Object.keys(FORBIDDEN);
  const place = (test: Test) => {
    const known = order.indexOf(test.shape);
    return (known < 0 ? order.length : known) * 4 + ["0", "first", "1"].indexOf(test.dmb);
  };
  tests.sort((a, b) => place(a) - place(b));
  const bySubject = Map.groupBy(members, (one) => one.series);
  const ours = [...bySubject].sort(([, a], [, b]) => Number(isPeer(a[0])) - Number(isPeer(b[0])));
  return ours.flatMap(([subject, some]) => {
    const outcomes = outcomesOf(some.map(({ cell }) => cell));
    return tests.map((test) => fieldOf(subject, test, outcomes));
  });
}
