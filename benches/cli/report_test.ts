/**
 * Damaged, foreign and mixed files through the command: none of them becomes a report.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fixtureText, SMALL_FIXTURE } from "../../reports/testing/fixture.ts";
import { CELL, END, MACHINE, RUN, SAMPLE } from "../testing/records.ts";
import { RESULTS_FILE } from "../results/types.ts";

const REPORT = new URL("./report.ts", import.meta.url).pathname;

async function report(...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-read", "--allow-write", REPORT, ...args],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), errors: decoder.decode(stderr) };
}

async function inDirectory(text: string, body: (directory: string) => Promise<void>) {
  const directory = await Deno.makeTempDir({ prefix: "mttcg report " });
  try {
    await Deno.writeTextFile(`${directory}/${RESULTS_FILE}`, text);
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const lines = (...records: readonly unknown[]) =>
  records.map((one) => JSON.stringify(one) + "\n").join("");

const whole = lines(RUN, CELL, SAMPLE, END);
const OTHER = { ...RUN, resumed: true, machine: { ...MACHINE, cpuModel: "Another" } };

const REFUSED: Readonly<Record<string, readonly [string, RegExp]>> = {
  "foreign": ["a,b\n1,2\n", /not a mttcg-bench record/],
  "of the older schema": [
    whole.replaceAll("mttcg-bench/2", "mttcg-bench/1"),
    /has schema mttcg-bench\/1, .*Measure again/,
  ],
  "torn in the middle": [whole.replace('"ops":2000', '"op'), /line 3 is not JSON.*--repair/],
  "with a false throughput": [
    whole.replace('"throughput":4000', '"throughput":9e9'),
    /line 3, field throughput.*--repair/,
  ],
  "put together from two": [whole + whole, /line 5, field resumed.*--repair/],
  "of two machines": [lines(RUN, CELL, SAMPLE, OTHER, { ...SAMPLE, repeat: 1 }), /--stratum/],
  "with escape sequences": [
    whole.replace('"cell":"default', '"cell":"\\u001b]0;title\\u0007default'),
    /field cell: has control characters/,
  ],
};

for (const [what, [text, words]] of Object.entries(REFUSED)) {
  Deno.test(`report of a file ${what} is refused with what to do, and writes nothing`, () =>
    inDirectory(text, async (directory) => {
      const { code, out, errors } = await report(directory, "--summary");
      assertEquals([code, out], [1, ""]);
      assert(words.test(errors), errors);
      assert(!errors.includes("\x1b") && !errors.includes("    at "), errors);
      assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), [RESULTS_FILE]);
    }));
}

Deno.test("report --repair saves what is whole and tells how to go on", () =>
  inDirectory(whole.replace(/$/, '{"schema":"mttcg-bench/2","\x1b[2J'), async (directory) => {
    const { code, out } = await report("--repair", directory);
    assertEquals(code, 0);
    assertStringIncludes(out, "Dropped line 5: the line has no end");
    assertStringIncludes(out, `Kept 4 records, dropped 1 lines. The original: ${directory}/`);
    assertStringIncludes(out, `deno task report '${directory}'`);
    assertEquals(await Deno.readTextFile(`${directory}/${RESULTS_FILE}`), whole);
    assertStringIncludes((await report("--repair", directory)).out, "nothing was changed");
    assertEquals((await report("--repair", directory, "--summary")).code, 2);
  }));

Deno.test("report follows no link inside its folder and writes over no other results", () =>
  inDirectory(fixtureText({ ...SMALL_FIXTURE, groups: [] }), async (directory) => {
    const elsewhere = `${directory}/mine.txt`;
    await Deno.writeTextFile(elsewhere, "mine");
    await Deno.mkdir(`${directory}/report`);
    await Deno.symlink(elsewhere, `${directory}/report/index.html`);
    const linked = await report(directory);
    assertEquals(linked.code, 1);
    assertStringIncludes(linked.errors, "index.html is a symbolic link");
    assertEquals(await Deno.readTextFile(elsewhere), "mine");
    await Deno.mkdir(`${directory}/a/other`, { recursive: true });
    await Deno.writeTextFile(`${directory}/a/other/${RESULTS_FILE}`, whole);
    const over = await report(directory, "--out", `${directory}/a/other`);
    assertStringIncludes(over.errors, "holds results of another run");
    assertEquals(await Deno.readTextFile(`${directory}/a/other/${RESULTS_FILE}`), whole);
  }));
