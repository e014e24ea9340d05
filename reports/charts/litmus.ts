import type { Tables } from "../data/cells.ts";
import {
  litmusControl,
  type LitmusField,
  litmusFields,
  type LitmusStatus,
  silentControl,
} from "../data/litmus.ts";
import { distinct } from "../data/slices.ts";
import { type Look, matrix } from "./matrix.ts";
import type { Chart, Drawing, Missing } from "./types.ts";

type Looks = readonly (Look & { readonly state: LitmusStatus })[];

/** In the order of the legend; of several tests the first state that any has is shown. */
const LOOKS: Looks = [
  { state: "forbidden, seen", colour: "#c8401f", ink: "#ffffff" },
  { state: "no evidence", colour: "#e2b33c", ink: "#3a2a00" },
  { state: "forbidden, not seen", colour: "#4ba987", ink: "#06251a" },
  { state: "kept by the host", colour: "#b7bcc4", ink: "#1b1f24" },
  { state: "allowed, seen", colour: "#2f7ed8", ink: "#ffffff" },
  { state: "allowed, not seen", colour: "#9db8d9", ink: "#10233b" },
  { state: "not run", colour: "#80868f33", ink: "#80868f" },
];

function share(part: number, whole: number): string {
  const percent = 100 * part / whole;
  return percent < 0.1 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}

/** What stands in a field: a share where something showed, the upper bound of a zero otherwise. */
function signOf(row: Pick<Row, "state" | "forbidden" | "relaxed" | "instances" | "bound">): string {
  switch (row.state) {
    case "forbidden, seen":
      return share(row.forbidden, row.instances);
    case "allowed, seen":
      return share(row.relaxed, row.instances);
    case "not run":
      return "–";
    case "no evidence":
      return "?";
    default:
      return row.bound === null ? "0" : `<${row.bound.toExponential(0)}`;
  }
}

interface Row {
  readonly subject: string;
  readonly name: string;
  readonly state: LitmusStatus;
  readonly tests: string;
  readonly forbidden: number;
  readonly relaxed: number;
  readonly instances: number;
  readonly bound: number | null;
}

/** One row for some tests of one subject: the worst state, and the tests that have it. */
function rowOf(name: string, fields: readonly LitmusField[]): Row {
  const { state } = LOOKS.find((look) => fields.some((one) => one.status === look.state))!;
  const these = fields.filter((one) => one.status === state);
  const total = (of: (field: LitmusField) => number) =>
    these.reduce((sum, one) => sum + of(one), 0);
  const bounds = these.flatMap((one) => one.bound ?? []);
  return {
    subject: fields[0]!.subject,
    name,
    state,
    tests: these.map((one) => one.test).join(", "),
    forbidden: total((one) => one.forbidden),
    relaxed: total((one) => one.relaxed),
    instances: total((one) => one.instances),
    bound: bounds.length > 0 ? Math.max(...bounds) : null,
  };
}

const READ =
  "Forbidden by the ARMv7 model and seen is an error of the scheme, with its share; forbidden and not " +
  "seen has the 95 % upper bound of a zero: 3 divided by the instances. `kept by the host`: this processor " +
  "cannot show it even where barriers do nothing.";

function drawBy(by: "shape" | "test", read: string): (tables: Tables) => Drawing | Missing {
  return (tables) => {
    const fields = litmusFields(tables);
    if (fields.length === 0) {
      return { missing: "No litmus test was run: run the default or the litmus experiment." };
    }
    const silent = silentControl(litmusControl(tables));
    const subjects = distinct(fields.map((one) => one.subject));
    const names = distinct(fields.map((one) => one[by]));
    const rows = subjects.flatMap((subject) =>
      names.map((name) =>
        rowOf(name, fields.filter((one) => one.subject === subject && one[by] === name))
      )
    ).map((row) => ({ ...row, sign: signOf(row) }));
    const used = new Set(rows.map((row) => row.state));
    const forbidden = distinct(
      fields.filter((one) => one.status === "forbidden, seen").map((one) => one.subject),
    );
    const details = [
      { field: "subject", title: "Barriers" },
      { field: "state", title: "Verdict" },
      ...(by === "shape" ? [{ field: "tests", title: "Tests" }] : []),
      { field: "forbidden", title: "Forbidden seen" },
      { field: "bound", title: "Upper bound" },
      { field: "relaxed", title: "Allowed seen" },
      { field: "instances", title: "Instances" },
    ];
    const columns = [{ field: "name", title: by === "shape" ? "Shape" : "Test" }, ...details];
    return {
      rows,
      columns,
      read,
      interval: "Counts over all repeats and numbers of vCPUs; a zero carries its upper bound.",
      alt: `Matrix of litmus ${by}s by barriers scheme; ` +
        (silent !== ""
          ? "no evidence: no control showed a forbidden outcome."
          : forbidden.length === 0
          ? "no forbidden outcome was seen."
          : `forbidden outcomes were seen under ${forbidden.join(", ")}.`),
      notes: silent === "" ? [] : [
        `No evidence: ${silent} That the others showed none says nothing about them.`,
      ],
      spec: (frame) =>
        matrix({
          columns: subjects,
          rows: names,
          columnField: "subject",
          rowField: "name",
          looks: LOOKS.filter((look) => used.has(look.state)),
          tooltip: columns,
          step: 20,
        }, frame),
    };
  };
}

/** Which reorderings show under each barriers scheme, by shape. */
export const LITMUS: Chart = {
  id: "litmus",
  section: "barriers",
  title: "Litmus shapes by barriers strategy",
  draw: drawBy(
    "shape",
    `A field is a shape and has the worst verdict of its tests, which are named in the table. ${READ}`,
  ),
};

/** The same, test by test. */
export const LITMUS_TEST_CHART: Chart = {
  id: "litmus-tests",
  section: "barriers",
  title: "Litmus tests by barriers strategy",
  draw: drawBy("test", `A field is a shape with what is between its accesses. ${READ}`),
};
