import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { CELL, RUN, SAMPLE } from "../testing/records.ts";
import { readResults } from "./reader.ts";
import { RESULTS_FILE, ResultsError } from "./schema.ts";
import { OutDirectoryError, ResultsWriter } from "./writer.ts";

async function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "mttcg-writer-" });
  try {
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("ResultsWriter makes the directory and has each record on disk at once", async () => {
  await inDirectory(async (directory) => {
    const nested = `${directory}/a/b`;
    const { writer } = await ResultsWriter.open(nested, false);
    writer.append(RUN);
    assertEquals((await readResults(nested)).runs, [RUN]);
    writer.append(CELL, SAMPLE);
    assertEquals((await readResults(nested)).samples, [SAMPLE]);
    writer.close();
  });
});

Deno.test("ResultsWriter refuses to write over results unless told to resume", async () => {
  await inDirectory(async (directory) => {
    const { writer } = await ResultsWriter.open(directory, false);
    writer.append(RUN);
    writer.close();
    await assertRejects(() => ResultsWriter.open(directory, false), ResultsError, "--resume");
    const again = await ResultsWriter.open(directory, true);
    again.writer.append({ ...RUN, resumed: true });
    again.writer.close();
    assertEquals(again.earlier.runs.length, 1);
    assertEquals((await readResults(directory)).runs.length, 2);
  });
});

Deno.test("ResultsWriter cuts off a torn line when it resumes", async () => {
  await inDirectory(async (directory) => {
    const { writer } = await ResultsWriter.open(directory, false);
    writer.append(RUN, CELL);
    writer.close();
    const path = `${directory}/${RESULTS_FILE}`;
    await Deno.writeTextFile(path, JSON.stringify(SAMPLE).slice(0, 60), { append: true });
    const again = await ResultsWriter.open(directory, true);
    again.writer.append(SAMPLE);
    again.writer.close();
    const results = await readResults(directory);
    assertEquals(results.torn, "");
    assertEquals(results.samples, [SAMPLE]);
  });
});

Deno.test("ResultsWriter leaves a foreign file as it is", async () => {
  await inDirectory(async (directory) => {
    const path = `${directory}/${RESULTS_FILE}`;
    await Deno.writeTextFile(path, "my notes\n");
    await assertRejects(() => ResultsWriter.open(directory, true), ResultsError, "another out");
    assertEquals(await Deno.readTextFile(path), "my notes\n");
  });
});

Deno.test("ResultsWriter refuses a second writer by the name of the first", async () => {
  await inDirectory(async (directory) => {
    const { writer } = await ResultsWriter.open(directory, false);
    for (const resume of [false, true]) {
      await assertRejects(() => ResultsWriter.open(directory, resume), ResultsError, "just begun");
    }
    writer.append(RUN);
    const holder = `process ${RUN.pid}, since ${RUN.started}`;
    for (const resume of [false, true]) {
      await assertRejects(() => ResultsWriter.open(directory, resume), ResultsError, holder);
    }
    writer.append(CELL, SAMPLE);
    writer.close();
    assertEquals((await readResults(directory)).samples, [SAMPLE]);
    (await ResultsWriter.open(directory, true)).writer.close();
  });
});

Deno.test("ResultsWriter writes nothing that the reader would refuse", async () => {
  await inDirectory(async (directory) => {
    const { writer } = await ResultsWriter.open(directory, false);
    writer.append(RUN, CELL);
    writer.append({ ...SAMPLE, startSeconds: -1.98 });
    writer.append({ ...SAMPLE, repeat: 1, throughput: Infinity });
    writer.append({ ...SAMPLE, repeat: 2, throughput: 5 });
    writer.close();
    const { samples, failures } = await readResults(directory);
    assertStringIncludes(samples[0].warnings[0], "startSeconds");
    assertEquals(failures.map(({ repeat, failure }) => [repeat, failure]), [
      [1, "guest-error"],
      [2, "guest-error"],
    ]);
    assertStringIncludes(failures[1].message, "throughput is 5");
  });
});

Deno.test("ResultsWriter explains a directory that is a file", async () => {
  await inDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/taken`, "");
    const error = await assertRejects(
      () => ResultsWriter.open(`${directory}/taken`, false),
      OutDirectoryError,
    );
    assertStringIncludes(error.message, "Cannot write");
    assertStringIncludes(error.message, RESULTS_FILE);
  });
});

/** Appends to the results in the directory given and prints the message of the error. */
const APPEND = `
  const { ResultsWriter } = await import(${JSON.stringify(import.meta.resolve("./writer.ts"))});
  const { writer } = await ResultsWriter.open(Deno.args[0], false);
  try {
    writer.append(${JSON.stringify(RUN)});
  } catch (error) {
    console.log(error.name, error.message);
  }
`;

Deno.test({
  name: "ResultsWriter explains a full disk",
  // A file of this device takes no byte; elsewhere there is no such device.
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await inDirectory(async (directory) => {
      await Deno.symlink("/dev/full", `${directory}/${RESULTS_FILE}`);
      // Deno opens devices for programs with every permission only.
      const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["eval", "--no-check", APPEND, directory],
      }).output();
      const text = new TextDecoder().decode(stdout);
      assertMatch(text, /^OutDirectoryError .*the disk is full/, new TextDecoder().decode(stderr));
    });
  },
});

Deno.test("readResults says how to get results where there are none", async () => {
  await inDirectory(async (directory) => {
    await assertRejects(() => readResults(directory), ResultsError, "deno task bench --out");
  });
});
