import { assert, assertEquals, assertGreater } from "@std/assert";
import { F1 } from "./f1.ts";
import { F2 } from "./f2.ts";
import { F3 } from "./f3.ts";
import { F7 } from "./f7.ts";
import { cited } from "./types.ts";

const FIGURES = [F1, F2, F3, F7];

Deno.test("every published figure names its source with year, place and figure", () => {
  for (const { id, source, hardware, workload, differs } of FIGURES) {
    assert(source.year >= 2009 && source.year <= 2026, `${id}: ${source.year}`);
    for (const text of [source.title, source.place, source.figure, hardware, workload]) {
      assertGreater(text.length, 2, id);
    }
    assert(cited(source).includes(`${source.place}, ${source.year}`), id);
    assertGreater(differs.length, 0, id);
    assert(differs.every((sentence) => sentence.endsWith(".")), id);
  }
});

Deno.test("a published value is a number within its range, or a bound, and never zero", () => {
  for (const { id, values } of FIGURES) {
    for (const { value, range, atMost } of values) {
      assert(Number.isFinite(value) && value > 0, id);
      if (range !== null) assert(range[0] <= value && value <= range[1], id);
      if (atMost) assertEquals(range, null, id);
    }
  }
});
