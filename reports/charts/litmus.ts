import type { Tables } from "../data/cells.ts";
import { type LitmusField, litmusFields, type LitmusStatus } from "../data/litmus.ts";
import { distinct } from "../data/slices.ts";
import { type Look, matrix } from "./matrix.ts";
import type { Chart, Drawing, Missing } from "./types.ts";

type Looks = readonly (Look & { readonly state: LitmusStatus })[];

const LOOKS: Looks = [
  { state: "allowed, seen", colour: "#2f7ed8", ink: "#ffffff" },
  { state: "allowed, not seen", colour: "#9db8d9", ink: "#10233b" },
  { state: "forbidden, not seen", colour: "#4ba987", ink: "#06251a" },
  { state: "forbidden, seen", colour: "#c8401f", ink: "#ffffff" },
  { state: "not seen", colour: "#b7bcc4", ink: "#1b1f24" },
  { state: "not run", colour: "#80868f33", ink: "#80868f" },
];

/** The share of weak outcomes, short enough for a field. */
function sign({ status, weak, instances }: LitmusField): string {
  if (status === "not run") return "–";
  if (weak === 0) return "0";
  const percent = 100 * weak / instances;
  return percent < 0.1 ? "<0.1 %" : `${percent.toFixed(1)} %`;
}

function draw(tables: Tables): Drawing | Missing {
  const fields = litmusFields(tables);
  if (fields.length === 0) {
    return { missing: "No litmus test was run: run the default or the barriers experiment." };
  }
  const rows = fields.map((field) => ({
    subject: field.subject,
    test: field.test,
    state: field.status,
    sign: sign(field),
    weak: field.weak,
    instances: field.instances,
  }));
  const used = new Set(rows.map((row) => row.state));
  const forbidden = fields.filter((field) => field.status === "forbidden, seen");
  return {
    rows,
    columns: [
      { field: "test", title: "Test" },
      { field: "subject", title: "Barriers" },
      { field: "state", title: "Weak outcome" },
      { field: "weak", title: "Seen" },
      { field: "instances", title: "Instances" },
    ],
    read: "Each field says how often the shape's weak outcome showed and whether the ARMv7 model " +
      "allows it: forbidden and seen is an error of the scheme, allowed and not seen only a note. `one DMB`: in thread 0 only.",
    interval: "Counts over all repeats and numbers of vCPUs; a count has no interval.",
    alt: "Matrix of litmus tests by barriers scheme; " +
      (forbidden.length === 0
        ? "no forbidden outcome was seen."
        : `forbidden outcomes were seen under ${
          distinct(forbidden.map((field) => field.subject)).join(", ")
        }.`),
    notes: [],
    spec: (frame) =>
      matrix({
        columns: distinct(rows.map((row) => row.subject)),
        rows: distinct(rows.map((row) => row.test)),
        columnField: "subject",
        rowField: "test",
        looks: LOOKS.filter((look) => used.has(look.state)),
        tooltip: [
          { field: "test", title: "Test" },
          { field: "subject", title: "Barriers" },
          { field: "state", title: "Weak outcome" },
          { field: "weak", title: "Seen" },
          { field: "instances", title: "Instances" },
        ],
        step: 20,
      }, frame),
  };
}

/** Which reorderings show under each barriers scheme. */
export const LITMUS: Chart = {
  id: "litmus",
  section: "barriers",
  title: "Litmus outcomes by barriers strategy",
  draw,
};
