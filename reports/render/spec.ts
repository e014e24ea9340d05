/**
 * A chart as a whole Vega-Lite spec.
 * @module
 */
import type { Chart, Drawing, Frame, Spec } from "../charts/types.ts";
import { wrapped } from "../charts/text.ts";
import { THEMES } from "./theme.ts";

/** Version of Vega-Lite that the specs are written for. */
const SCHEMA_URL = "https://vega.github.io/schema/vega-lite/v6.json";

/** Without the marks of code, and with a number kept beside its per cent sign. */
function plain(text: string): string {
  return text.replaceAll("`", "").replaceAll(" %", "\u00a0%");
}

/** The spec that stands by itself in a file: data inline, title and how to read it on top. */
export function fileSpec(chart: Chart, drawing: Drawing, frame: Frame): Spec {
  return {
    $schema: SCHEMA_URL,
    description: `${chart.title}. ${drawing.alt}`,
    title: {
      text: chart.title,
      subtitle: wrapped(plain(`${drawing.read} ${drawing.interval}`), 140),
      anchor: "start",
      frame: "bounds",
      fontSize: 16,
      subtitleFontSize: 11,
      subtitleLineHeight: 15,
      subtitlePadding: 6,
      offset: 16,
    },
    data: { values: drawing.rows },
    config: THEMES.light,
    ...drawing.spec(frame),
  };
}

/** The spec that the page completes with data and theme: its title is in the page's own text. */
export function pageSpec(chart: Chart, drawing: Drawing, frame: Frame): Spec {
  return { $schema: SCHEMA_URL, description: chart.title, ...drawing.spec(frame) };
}
