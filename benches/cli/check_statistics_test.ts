import { assert, assertEquals } from "@std/assert";
import { WORLDS } from "../stats/simulation/worlds.ts";
import { statisticsTables } from "./check_statistics.ts";

Deno.test("check-statistics prints every world in every table, the same for a seed", () => {
  const lines = [...statisticsTables({ simulations: 10, seed: 2 })];
  const text = lines.join("\n");
  const tables = lines.filter((line) => /n = 2\b/.test(line)).length;
  for (const { name } of WORLDS) {
    const rows = lines.filter((line) => new RegExp(`^${name} +[-\\d]`).test(line));
    assertEquals(rows.length, tables, name);
  }
  for (const words of ["Coverage", "called different", "any false verdict", "of 1.3 found"]) {
    assert(text.includes(words), words);
  }
  assert(!/NaN|undefined/.test(text));
  assertEquals([...statisticsTables({ simulations: 10, seed: 2 })], lines);
});
