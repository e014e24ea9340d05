/**
 * SVG as PNG. The font comes with the packages: text must not depend on the machine's fonts.
 * @module
 */
import { initWasm, Resvg } from "@resvg/resvg-wasm";
import font from "@expo-google-fonts/inter/package.json" with { type: "json" };
import { FONT } from "./theme.ts";

const WEIGHTS = ["400Regular", "500Medium", "600SemiBold", "700Bold"];

/** Pixels of the file to a pixel of the chart. */
const ZOOM = 1.5;

interface Rasteriser {
  readonly fonts: Uint8Array[];
}

let prepared: Promise<Rasteriser> | undefined;

async function prepare(): Promise<Rasteriser> {
  const wasm = await Deno.readFile(new URL(import.meta.resolve("@resvg/resvg-wasm/index_bg.wasm")));
  await initWasm(wasm);
  // The package's description is imported above: that makes Deno fetch the package at all.
  const files = WEIGHTS.map((weight) =>
    new URL(import.meta.resolve(`${font.name}/${weight}/Inter_${weight}.ttf`))
  );
  return { fonts: await Promise.all(files.map((file) => Deno.readFile(file))) };
}

/** Renders an SVG, enlarged so that it stays sharp. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  prepared ??= prepare();
  const { fonts } = await prepared;
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    font: {
      fontBuffers: fonts,
      loadSystemFonts: false,
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
    },
  });
  try {
    const rendered = image.render();
    try {
      return rendered.asPng();
    } finally {
      rendered.free();
    }
  } finally {
    image.free();
  }
}
