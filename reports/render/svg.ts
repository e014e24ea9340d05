/**
 * Vega-Lite specs as SVG, without a browser.
 * @module
 */
import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Spec } from "../charts/types.ts";

/** A rendered chart. */
export interface Rendered {
  /** The document. */
  readonly svg: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** What Vega-Lite and Vega think is wrong with the spec. */
  readonly warnings: readonly string[];
}

/** Mean width of a character of the report's font in font sizes. */
const CHARACTER = 0.56;

interface TextMetrics {
  width: (item: { readonly fontSize?: number }, text: unknown) => number;
}

// Without a canvas Vega takes each character to be 0.8 font sizes wide, which spreads legends out.
// The typings leave the object out; replacing its function is how other renderers do it too.
const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
textMetrics.width = (item, text) => String(text ?? "").length * (item.fontSize ?? 11) * CHARACTER;

/** Renders a spec; throws an Error for one that Vega-Lite cannot compile. */
export async function renderSvg(spec: Spec): Promise<Rendered> {
  const warnings: string[] = [];
  const logger = vega.logger(vega.Warn);
  logger.warn = (...words: readonly unknown[]) => {
    warnings.push(words.join(" "));
    return logger;
  };
  const compiled = compile(spec as unknown as TopLevelSpec, { logger });
  const view = new vega.View(vega.parse(compiled.spec), { renderer: "none", logger });
  try {
    const svg = await view.toSVG();
    const size = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg);
    if (size === null) throw new Error("Vega made an SVG without a size");
    const [width, height] = [Math.ceil(Number(size[1])), Math.ceil(Number(size[2]))];
    return { svg, width, height, warnings: [...new Set(warnings)] };
  } finally {
    view.finalize();
  }
}
