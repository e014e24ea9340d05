/**
 * Colours: the same strategy has the same colour in every chart. All of them keep a contrast of 3:1
 * against the light and the dark page, and every chart also names what it shows in words.
 * @module
 */

import type { StrategyInfo } from "../../core/exec/strategy.ts";
import { ATOMICS, BARRIERS, SCHEDULING } from "../../strategies/mod.ts";

/** Families have a hue: comparing values blue, locks orange to brown, reservations green to violet. */
const KNOWN: Readonly<Record<string, string>> = {
  // Null strategies are grey.
  "plain": "#8a8f98",
  "none": "#8a8f98",
  "round-robin": "#8a8f98",
  "interp": "#8a8f98",
  "cmpxchg": "#2f7ed8",
  "thread-per-vcpu": "#2f7ed8",
  "wasm": "#2f7ed8",
  "typed": "#2f7ed8",
  "alat": "#1f97b8",
  "mutex": "#c8661b",
  "spinlock": "#d9822b",
  "spinlock-yield": "#c9791f",
  "hashed-locks": "#b08413",
  "global-lock": "#a0623d",
  "locked-rmw": "#c8661b",
  "tlb-excl": "#8b6bd6",
  "aie": "#b45bc4",
  "fence": "#8b6bd6",
  "pico-st": "#d1495b",
  "sequential": "#d1495b",
  "hst": "#1f9d6b",
  "hst-weak": "#6a9a2d",
  // Controls are greys of their own, darker than the null strategies'.
  "cmpxchg-helper": "#6f757e",
  "cmpxchg-store-hook": "#767c85",
  "cmpxchg-block-exit": "#7d838c",
  "QEMU multi": "#d64f94",
  "QEMU single": "#b3789a",
  "QEMU": "#d64f94",
  "ours": "#2f7ed8",
  "published": "#b08413",
};

/** For schemes added later, in the order of their registry. */
const SPARE = ["#4f8f8b", "#7d86c9", "#a87f9c", "#7f9445", "#c27a6b", "#5c93ad"];

const GREY = "#8a8f98";

/** Registered schemes that have no colour above: controls are grey, others have a spare one each. */
const REGISTERED: ReadonlyMap<string, string> = new Map(
  [ATOMICS, BARRIERS, SCHEDULING].flatMap((registry) =>
    registry.filter(({ name }) => !(name in KNOWN)).map((scheme, at) =>
      [
        scheme.name,
        isControl(scheme) ? GREY : SPARE[at % SPARE.length],
      ] as const
    )
  ),
);

function isControl(scheme: StrategyInfo): boolean {
  return scheme.role !== "scheme";
}

/** A spare colour that depends on the name alone. */
function spare(name: string): string {
  let sum = 0;
  for (let at = 0; at < name.length; at++) sum = (sum * 31 + name.charCodeAt(at)) >>> 0;
  return SPARE[sum % SPARE.length];
}

function colourOf(name: string): string | undefined {
  return KNOWN[name] ?? REGISTERED.get(name);
}

/** The colours of a chart's series: of the same name the same, whatever else the chart shows. */
export function coloursOf(series: readonly string[]): string[] {
  return series.map((name) =>
    colourOf(name) ?? colourOf(name.split(/ · |[:,]| here| \(/)[0]) ?? spare(name)
  );
}
