import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CELL, END, RUN, SAMPLE } from "../testing/records.ts";
import { readResults } from "./reader.ts";
import { repairResults, sortLines } from "./repair.ts";
import { RESULTS_FILE, ResultsError } from "./schema.ts";
import { ResultsWriter } from "./writer.ts";

const lines = (...records: readonly unknown[]) =>
  records.map((one) => (typeof one === "string" ? one : JSON.stringify(one)) + "\n").join("");

async function inDirectory(text: string, body: (directory: string) => Promise<void>) {
  const directory = await Deno.makeTempDir({ prefix: "mttcg-repair-" });
  try {
    await Deno.writeTextFile(`${directory}/${RESULTS_FILE}`, text);
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const second = { ...SAMPLE, repeat: 1 };

Deno.test("repairResults keeps what is whole, the original aside, and says what was dropped", () => {
  const damaged = lines(RUN, CELL, SAMPLE, "\0\0\0", { ...second, throughput: 9 }, second, END) +
    '{"schema":"mtt';
  return inDirectory(damaged, async (directory) => {
    await assertRejects(() => readResults(directory), ResultsError, "--repair");
    const { kept, dropped, original } = await repairResults(directory);
    assertEquals(kept, 5);
    assertEquals(dropped.map(({ line }) => line), [4, 5, 8]);
    assertStringIncludes(dropped[0].why, "not JSON");
    assertStringIncludes(dropped[1].why, "field throughput: is 9");
    assertStringIncludes(dropped[2].why, "no end");
    assertEquals(await Deno.readTextFile(original!), damaged);
    assertEquals((await readResults(directory)).samples, [SAMPLE, second]);
    assertEquals((await repairResults(directory)).original, null);
  });
});

Deno.test("repairResults keeps every damaged original", () =>
  inDirectory(lines(RUN, "x"), async (directory) => {
    const first = (await repairResults(directory)).original;
    await Deno.writeTextFile(`${directory}/${RESULTS_FILE}`, lines(RUN, "y"));
    const other = (await repairResults(directory)).original;
    assertEquals(await Deno.readTextFile(first!), lines(RUN, "x"));
    assertEquals(await Deno.readTextFile(other!), lines(RUN, "y"));
  }));

Deno.test("repairResults saves nothing without a head and leaves the file as it was", () => {
  const text = lines(CELL, SAMPLE);
  return inDirectory(text, async (directory) => {
    await assertRejects(() => repairResults(directory), ResultsError, "Nothing of");
    assertEquals(await Deno.readTextFile(`${directory}/${RESULTS_FILE}`), text);
    assertEquals([...Deno.readDirSync(directory)].length, 1);
  });
});

Deno.test("repairResults refuses a file that a run is writing", () =>
  inDirectory("", async (directory) => {
    const { writer } = await ResultsWriter.open(directory, false);
    writer.append(RUN);
    await assertRejects(() => repairResults(directory), ResultsError, "process 4321");
    writer.close();
  }));

Deno.test("sortLines drops another run and all after it, for nobody knows what measured them", () => {
  const { kept, dropped } = sortLines(lines(RUN, CELL, SAMPLE, RUN, CELL, second), "f");
  assertEquals(kept.length, 3);
  assertEquals(dropped.map(({ line }) => line), [4, 5, 6]);
  assertStringIncludes(dropped[2].why, "begins on line 4");
  const torn = JSON.stringify({ ...RUN, resumed: true }).slice(0, 90);
  assertEquals(sortLines(lines(RUN, CELL, torn, second), "f").kept.length, 2);
});
