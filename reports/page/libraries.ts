/**
 * The browser builds of Vega, Vega-Lite and vega-embed, to be put into the page.
 * @module
 */
import "vega-embed";

const FILES = [
  ["vega", "vega.min.js"],
  ["vega-lite", "vega-lite.min.js"],
  ["vega-embed", "vega-embed.min.js"],
] as const;

/** Their sources, in the order in which they must run. */
export function librarySources(): Promise<string[]> {
  return Promise.all(FILES.map(([name, file]) =>
    // The builds stand beside the module that the package exports.
    Deno.readTextFile(new URL(file, import.meta.resolve(name)))
  ));
}
