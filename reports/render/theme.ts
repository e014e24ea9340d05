/**
 * Vega-Lite configurations of the light and the dark page.
 * @module
 */
import type { Spec } from "../charts/types.ts";

/** Colours of a theme. */
interface Inks {
  readonly background: string;
  readonly text: string;
  readonly faint: string;
  readonly grid: string;
  readonly trouble: string;
}

const LIGHT_INKS: Inks = {
  background: "#ffffff",
  text: "#1c2128",
  faint: "#57606a",
  grid: "#e4e8ed",
  trouble: "#b3361a",
};

const DARK_INKS: Inks = {
  background: "#161b22",
  text: "#e6edf3",
  faint: "#9aa5b1",
  grid: "#2b323b",
  trouble: "#ff8e70",
};

/** The family first in files and page; the page falls back to the system's. */
export const FONT = "Inter";

function config(inks: Inks): Spec {
  return {
    background: inks.background,
    font: `${FONT}, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`,
    padding: { left: 4, top: 4, right: 6, bottom: 4 },
    view: { stroke: null },
    axis: {
      labelColor: inks.text,
      titleColor: inks.faint,
      gridColor: inks.grid,
      domainColor: inks.grid,
      tickColor: inks.grid,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 400,
      titlePadding: 6,
      labelPadding: 5,
      tickSize: 4,
    },
    legend: {
      labelColor: inks.text,
      titleColor: inks.faint,
      labelFontSize: 11,
      columnPadding: 16,
      rowPadding: 4,
    },
    title: { color: inks.text, subtitleColor: inks.faint },
    style: {
      "trouble": { color: inks.trouble },
      "reference": { color: inks.faint, strokeDash: [4, 3], strokeWidth: 1 },
    },
  };
}

/** Configurations by theme. */
export const THEMES: { readonly light: Spec; readonly dark: Spec } = {
  light: config(LIGHT_INKS),
  dark: config(DARK_INKS),
};
