import type { Tables } from "../data/cells.ts";
import { correctnessMatrix, type MatrixField, type Status } from "../data/correctness.ts";
import { distinct } from "../data/slices.ts";
import { type Look, matrix } from "./matrix.ts";
import type { Chart, Drawing, Missing } from "./types.ts";

type Looks = readonly (Look & { readonly state: Status; readonly sign: string })[];

const LOOKS: Looks = [
  { state: "pass", colour: "#4ba987", ink: "#06251a", sign: "✓" },
  { state: "fails as predicted", colour: "#e3b341", ink: "#2e2300", sign: "P" },
  { state: "passes unexpectedly", colour: "#b07cc6", ink: "#ffffff", sign: "!" },
  { state: "no result", colour: "#6f7680", ink: "#ffffff", sign: "?" },
  { state: "wrong", colour: "#c8401f", ink: "#ffffff", sign: "✗" },
  { state: "not run", colour: "#80868f33", ink: "#80868f", sign: "–" },
];

function signOf({ status, runs, failed }: MatrixField): string {
  const { sign } = LOOKS.find((look) => look.state === status)!;
  return failed > 0 ? `${sign} ${failed}/${runs}` : sign;
}

function draw(tables: Tables): Drawing | Missing {
  const fields = correctnessMatrix(tables);
  if (fields.every((field) => field.status === "not run")) {
    return { missing: "No test of correctness was run: run the correctness experiment." };
  }
  const rows = fields.map((field) => ({
    subject: field.subject,
    test: field.test,
    state: field.status,
    sign: signOf(field),
    runs: field.runs,
    failed: field.failed,
    detail: field.detail,
  }));
  const used = new Set(rows.map((row) => row.state));
  const wrong = rows.filter((row) => row.state === "wrong");
  return {
    rows,
    columns: [
      { field: "subject", title: "Subject" },
      { field: "test", title: "Test" },
      { field: "state", title: "Result" },
      { field: "runs", title: "Runs" },
      { field: "failed", title: "Failed checks" },
      { field: "detail", title: "What happened" },
    ],
    read:
      "✓ every run was right; P fails as the scheme's declared constraints predict (failed/all " +
      "runs); ✗ failed against the prediction; ! passed though it must fail; ? ended without a result.",
    interval: "Counts over all repeats and numbers of vCPUs; a count has no interval.",
    alt: `Matrix of atomics schemes by test: ${
      wrong.length === 0
        ? "no scheme failed against its prediction."
        : `wrong results for ${
          distinct(wrong.map((row) => `${row.subject} on ${row.test}`)).join("; ")
        }.`
    }`,
    notes: [],
    spec: (frame) =>
      matrix({
        columns: distinct(rows.map((row) => row.test)),
        rows: distinct(rows.map((row) => row.subject)),
        columnField: "test",
        rowField: "subject",
        looks: LOOKS.filter((look) => used.has(look.state)),
        tooltip: [
          { field: "subject", title: "Subject" },
          { field: "test", title: "Test" },
          { field: "state", title: "Result" },
          { field: "runs", title: "Runs" },
          { field: "failed", title: "Failed checks" },
          { field: "detail", title: "Details" },
        ],
        step: 26,
      }, frame),
  };
}

/** Which scheme is right where. */
export const CORRECTNESS: Chart = {
  id: "correctness",
  section: "correctness",
  title: "Correctness of each strategy",
  draw,
};
