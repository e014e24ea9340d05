/**
 * Keeps docs/adding_a_strategy.md true: its scheme is taken from the page, registered beside the
 * others and run through the same rules.
 */
import { assertEquals } from "@std/assert";
import { ATOMICS } from "../strategies/atomics/registry.ts";
import { findByName } from "../strategies/registry.ts";
import { Rig } from "../strategies/testing/rig.ts";
import { RULES } from "../strategies/testing/rules.ts";
import type { AtomicsStrategy } from "../strategies/types.ts";

const page = await Deno.readTextFile(new URL("./adding_a_strategy.md", import.meta.url));
const [source, registryLine] = [...page.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]);
/** The folder that the page puts the file into: its imports are relative to it. */
const folder = new URL("../strategies/atomics/", import.meta.url);

/** The page's module, from a file outside the tree. */
async function pageModule(): Promise<Record<string, AtomicsStrategy>> {
  const text = source.replaceAll(
    /from "(\..*?)"/g,
    (_, path) => `from ${JSON.stringify(new URL(path, folder).href)}`,
  );
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, text);
    return await import(`file://${file}`);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("the walk-through's scheme registers by the line that the page gives", async () => {
  const exported = await pageModule();
  const name = registryLine.trim().replace(",", "");
  const scheme = exported[name];
  const file = /`strategies\/atomics\/(.*?)\.ts`/.exec(page)?.[1];
  assertEquals(file, scheme.name.replaceAll("-", "_"), "files are named after their scheme");
  assertEquals(findByName("atomics", [...ATOMICS, scheme], scheme.name), scheme);
  assertEquals(ATOMICS.some((other) => other.name === scheme.name), false, "a name of its own");
});

Deno.test("the walk-through's scheme keeps the rules", async (t) => {
  const [atomics] = Object.values(await pageModule());
  for (const backend of ["interp", "wasm"] as const) {
    for (const rule of RULES) {
      await t.step(`${rule.name} (${backend})`, () => {
        rule.check(new Rig({ atomics, backend, parallel: true }), atomics.constraints);
      });
    }
  }
});

Deno.test("the walk-through names every constraint", () => {
  for (const constraint of Object.keys(ATOMICS[0].constraints)) {
    assertEquals(page.includes(`\`${constraint}\``), true, constraint);
  }
});
