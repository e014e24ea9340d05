import { assert, assertEquals, assertGreater } from "@std/assert";
import Ajv from "ajv";
import { fileSpec, pageSpec } from "../render/spec.ts";
import { renderSvg } from "../render/svg.ts";
import { THEMES } from "../render/theme.ts";
import { FULL_FIXTURE, SMALL_FIXTURE } from "../testing/fixture.ts";
import { fixtureTables, tablesOfGroups } from "../testing/tables.ts";
import { CHARTS } from "./registry.ts";
import { type Chart, type Drawing, type Frame, NARROW, type Spec, WIDE } from "./types.ts";

const GOLDEN = new URL("../testing/golden/", import.meta.url);

function drawn(chart: Chart, tables = fixtureTables(SMALL_FIXTURE)): Drawing {
  const drawing = chart.draw(tables);
  assert(!("missing" in drawing), `${chart.id} is missing: ${JSON.stringify(drawing)}`);
  return drawing;
}

function completed(chart: Chart, drawing: Drawing, frame: Frame): Spec {
  const data = { data: { values: drawing.rows }, config: THEMES.dark };
  return { ...pageSpec(chart, drawing, frame), ...data };
}

async function schemaCheck(): Promise<(spec: Spec) => string> {
  const file = new URL("vega-lite-schema.json", import.meta.resolve("vega-lite"));
  const schema = JSON.parse(await Deno.readTextFile(file));
  const ajv = new Ajv.default({ strict: false, validateFormats: false });
  const validate = ajv.compile(schema);
  return (spec) =>
    validate(spec) ? "" : (validate.errors ?? []).slice(0, 12)
      .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
      .join("\n");
}

Deno.test("every chart's spec is valid under Vega-Lite's own schema in both frames", async (t) => {
  const check = await schemaCheck();
  const tables = fixtureTables(SMALL_FIXTURE);
  for (const chart of CHARTS) {
    await t.step(chart.id, () => {
      const drawing = drawn(chart, tables);
      assertEquals(check(fileSpec(chart, drawing, WIDE)), "");
      assertEquals(check(completed(chart, drawing, NARROW)), "");
    });
  }
});

Deno.test("the schema check refuses a misspelt property", async () => {
  const check = await schemaCheck();
  const chart = CHARTS[0];
  const spec = fileSpec(chart, drawn(chart), WIDE);
  assert(check({ ...spec, vconcatt: [] }) !== "");
});

Deno.test("every chart renders its rows as marks and stays within its frame", async (t) => {
  const tables = fixtureTables(FULL_FIXTURE);
  for (const chart of CHARTS) {
    await t.step(chart.id, async () => {
      const drawing = drawn(chart, tables);
      for (const frame of [WIDE, NARROW]) {
        const { svg, width, warnings } = await renderSvg(completed(chart, drawing, frame));
        assertEquals(warnings, []);
        assert(width <= frame.width + 32, `${frame.name} is ${width} wide`);
        const marks = svg.match(/aria-roledescription="(point|bar|rect mark|text mark)"/g) ?? [];
        // A row with trouble has words in place of a mark; published zeros have no mark.
        const least = drawing.rows.filter((row) => row.value !== 0 && row.share !== 0).length * 0.9;
        assertGreater(marks.length, least, `${marks.length} marks for ${drawing.rows.length} rows`);
        assert(!/NaN|undefined/.test(svg), "a position or a text is not a number");
      }
    });
  }
});

Deno.test("every chart says how to read it and names each column of its table", () => {
  const tables = fixtureTables(SMALL_FIXTURE);
  for (const chart of CHARTS) {
    const drawing = drawn(chart, tables);
    assert(drawing.read.endsWith(".") && drawing.alt.endsWith("."), chart.id);
    assertGreater(drawing.rows.length, 0);
    for (const { field } of drawing.columns.filter((column) => column.field !== "trouble")) {
      assert(drawing.rows.some((row) => field in row), `${chart.id} has no field ${field}`);
    }
  }
});

Deno.test("specs of the small fixture equal the golden ones (UPDATE_GOLDEN=1 renews them)", async (t) => {
  const renew = Deno.env.get("UPDATE_GOLDEN") === "1";
  if (renew) await Deno.mkdir(GOLDEN, { recursive: true });
  const tables = fixtureTables(SMALL_FIXTURE);
  for (const chart of CHARTS) {
    await t.step(chart.id, async () => {
      const text = JSON.stringify(fileSpec(chart, drawn(chart, tables), WIDE), null, 1) + "\n";
      const file = new URL(`${chart.id}.vl.json`, GOLDEN);
      if (renew) await Deno.writeTextFile(file, text);
      assertEquals(JSON.parse(text), JSON.parse(await Deno.readTextFile(file)));
    });
  }
});

Deno.test("a strategy and a workload that no file of the report knows appear in charts", () => {
  const tables = tablesOfGroups([{
    experiment: "mine",
    workload: "brand-new",
    atomics: ["cmpxchg", "brand-new-scheme"],
    vcpus: [1, 2],
    repeats: 4,
  }], false);
  const rows = drawn(CHARTS[0], tables).rows;
  assert(rows.some((row) => row.series === "brand-new-scheme" && row.slice === "brand-new"));
});

Deno.test("F7 shows a published point on the plot's axis as a bound, never as zero", async () => {
  const f7 = CHARTS.find((chart) => chart.id === "f7-atomic-add")!;
  const drawing = drawn(f7, fixtureTables(FULL_FIXTURE));
  const bounds = drawing.rows.filter((row) => row.bound === "at most");
  assertGreater(bounds.length, 0);
  assert(bounds.every((row) => row.value === 1 && String(row.series).startsWith("published: ")));
  assertEquals(drawing.rows.filter((row) => Number(row.value) <= 0), []);
  const { svg } = await renderSvg(completed(f7, drawing, WIDE));
  const labels = svg.match(/aria-label="[^"]*bound: at most[^"]*"/g) ?? [];
  assertEquals(labels.length, bounds.length);
});

Deno.test("charts without their data say what to measure", () => {
  const tables = tablesOfGroups([], false);
  for (const chart of CHARTS) {
    const drawing = chart.draw(tables);
    assert("missing" in drawing && drawing.missing.length > 20, chart.id);
  }
});

Deno.test("relative-qemu says that QEMU was not there when it was not installed", () => {
  const tables = fixtureTables({ ...SMALL_FIXTURE, qemu: false });
  const drawing = CHARTS.find((chart) => chart.id === "relative-qemu")!.draw(tables);
  assert("missing" in drawing && drawing.missing.startsWith("QEMU was not there"));
});
