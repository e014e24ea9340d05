/**
 * Matrices of states: a coloured field with a sign or a number, so that colour never stands alone.
 * @module
 */
import { labelWidth } from "./panels.ts";
import type { Frame, Spec } from "./types.ts";

/** How a state looks. */
export interface Look {
  /** Value of the data's field `state`. */
  readonly state: string;
  /** Colour of the field. */
  readonly colour: string;
  /** Colour of the sign on it. */
  readonly ink: string;
}

/** What a matrix shows; rows of data have `column`, `row`, `state`, `sign` and the tooltip's fields. */
export interface MatrixOptions {
  /** Values of the field that makes columns, in order; they stand below the axis. */
  readonly columns: readonly string[];
  /** The same for rows, which have them at the left. */
  readonly rows: readonly string[];
  /** Field of the data that says which column. */
  readonly columnField: string;
  /** Field of the data that says which row. */
  readonly rowField: string;
  /** How each state looks, in the order of the legend. */
  readonly looks: readonly Look[];
  /** Fields to show on hovering, with their titles. */
  readonly tooltip: readonly { readonly field: string; readonly title: string }[];
  /** Pixels of a row. */
  readonly step: number;
}

/** Slope, in degrees, of column names that are wider than their column. */
const SLANT = 40;
/** Pixels that a name may stand out of the frame. */
const SPARE = 24;

/** The matrix in a frame. */
export function matrix(options: MatrixOptions, frame: Frame): Spec {
  const narrow = frame.name === "narrow";
  const labels = labelWidth(options.rows, narrow ? 116 : 180);
  const width = Math.min(
    frame.width - labels - (narrow ? 10 : 24),
    options.columns.length * (narrow ? 60 : 110),
  );
  const cell = width / options.columns.length;
  const headers = labelWidth(options.columns, 200);
  const slanted = headers > cell;
  // Upright where the slanted label of the last column would leave the frame: it starts in the middle
  // of its field and goes on to the right.
  const beyond = labelWidth(options.columns.slice(-1), 200) * Math.cos(SLANT * Math.PI / 180) -
    cell / 2;
  const upright = narrow || cell < 40 || beyond > frame.width + SPARE - labels - width;
  const x = {
    field: options.columnField,
    type: "nominal",
    scale: { domain: options.columns, paddingInner: 0.04, paddingOuter: 0 },
    axis: {
      title: null,
      orient: "top",
      ticks: false,
      domain: false,
      grid: false,
      labelLimit: 200,
      labelOverlap: false,
      labelAngle: slanted ? (upright ? -90 : -SLANT) : 0,
      ...(slanted && { labelAlign: "left", labelBaseline: "middle", labelPadding: 8 }),
      ...(slanted && { minExtent: upright ? headers : Math.ceil(headers * 0.72) }),
    },
  };
  const y = {
    field: options.rowField,
    type: "nominal",
    scale: { domain: options.rows, paddingInner: 0.08, paddingOuter: 0 },
    axis: {
      title: null,
      ticks: false,
      domain: false,
      grid: false,
      minExtent: labels,
      maxExtent: labels,
      labelLimit: labels,
    },
  };
  const states = options.looks.map((look) => look.state);
  const range = (of: (look: Look) => string) => ({
    field: "state",
    type: "nominal",
    scale: { domain: states, range: options.looks.map(of) },
  });
  const legend = {
    title: null,
    orient: "bottom",
    columns: narrow ? 1 : Math.min(6, states.length),
    symbolType: "square",
    symbolSize: 130,
    offset: 14,
  };
  return {
    width,
    height: { step: options.step },
    layer: [
      {
        mark: { type: "rect", cornerRadius: 2 },
        encoding: {
          x,
          y,
          color: { ...range((look) => look.colour), legend },
          tooltip: options.tooltip.map((one) => ({ ...one, type: "nominal" })),
        },
      },
      {
        mark: { type: "text", fontSize: narrow ? 9 : 11, fontWeight: 500, tooltip: null },
        encoding: {
          x,
          y,
          text: { field: "sign", type: "nominal" },
          color: { ...range((look) => look.ink), legend: null },
        },
      },
    ],
    resolve: { scale: { color: "independent" } },
  };
}
