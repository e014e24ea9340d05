import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readResults } from "../results/reader.ts";
import { RESULTS_FILE } from "../results/schema.ts";
import { parseStat, type ProcStat } from "../runner/proc_watch.ts";

const BENCH = new URL("./bench.ts", import.meta.url).pathname;

/** A bench of made-up subjects: real processes, no guest. */
function spawnBench(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-read", "--allow-write", "--allow-sys"],
      ...[`--allow-run=${Deno.execPath()},sh,git,qemu-system-arm`, BENCH, "--no-report", ...args],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

interface Ended {
  readonly code: number;
  readonly signal: string | null;
  readonly out: string;
  readonly errors: string;
}

async function ended(child: Deno.ChildProcess): Promise<Ended> {
  const { code, signal, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, signal, out: decoder.decode(stdout), errors: decoder.decode(stderr) };
}

async function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "mttcg-bench-" });
  try {
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Waits until the results file holds at least `count` samples or failures. */
async function untilRecords(directory: string, count: number): Promise<void> {
  for (let tries = 0; tries < 1600; tries++) {
    const text = await Deno.readTextFile(`${directory}/${RESULTS_FILE}`).catch(() => "");
    if ((text.match(/"kind":"(sample|failure)"/g) ?? []).length >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`No ${count} records in time`);
}

/** All processes of the machine. */
async function processes(): Promise<ProcStat[]> {
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", "cat /proc/[0-9]*/stat 2>/dev/null"],
  }).output();
  const lines = new TextDecoder().decode(stdout).split("\n");
  return lines.map(parseStat).filter((stat) => stat !== undefined);
}

/** The cell process of a bench, once there is one. */
async function cellProcessOf(bench: Deno.ChildProcess): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const cell = (await processes()).find((one) => one.parent === bench.pid && one.name === "deno");
    if (cell) return cell.pid;
  }
  throw new Error("The bench has no cell process");
}

/** Waits until a process is gone; false when it stays. */
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 500; tries++) {
    if (!(await processes()).some((one) => one.pid === pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

const HARNESS = ["--experiment", "harness", "--quick"];

Deno.test("bench records every way a run can end, prints the table, and says so in its exit code", async () => {
  await inDirectory(async (directory) => {
    const { code, out } = await ended(spawnBench(...HARNESS, "--out", directory));
    assertEquals(code, 3);
    assertStringIncludes(out, "fake-steady");
    assertStringIncludes(out, "WRONG (1/1)");
    assertStringIncludes(out, `Results: ${directory}/${RESULTS_FILE}`);
    const { runs, cells, samples, failures, ends } = await readResults(directory);
    assertEquals(cells.size, 11);
    assertEquals(runs[0].cells, 11);
    assertEquals(samples.length, 2);
    const kinds = Map.groupBy(failures, ({ failure }) => failure);
    assertEquals(
      Object.fromEntries([...kinds].map(([kind, { length }]) => [kind, length])),
      { "failed-correctness": 2, "guest-error": 4, "crash": 2, "timeout": 1 },
    );
    assertEquals([ends[0].reason, ends[0].cellsLeft], ["complete", 0]);
  });
});

Deno.test("bench leaves whole lines when killed and goes on where it was", async () => {
  await inDirectory(async (directory) => {
    const first = spawnBench(...HARNESS, "--seed", "3", "--repeat", "2", "--out", directory);
    const output = ended(first);
    await untilRecords(directory, 4);
    const cell = await cellProcessOf(first);
    first.kill("SIGKILL");
    assertEquals((await output).signal, "SIGKILL");
    assert(await gone(cell), "a child whose bench was killed ends by itself");
    const before = await readResults(directory);
    assertEquals(before.ends, []);
    await Deno.writeTextFile(`${directory}/${RESULTS_FILE}`, '{"schema":"mtt', { append: true });

    const second = await ended(spawnBench("--out", directory, "--resume"));
    assertEquals(second.code, 3, second.errors);
    const after = await readResults(directory);
    assertEquals(after.runs.map(({ resumed }) => resumed), [false, true]);
    assertEquals(after.runs[1].commandLine, before.runs[0].commandLine);
    const ids = [...after.samples, ...after.failures].map(({ cell, repeat }) => cell + repeat);
    assertEquals(new Set(ids).size, ids.length, "no repeat is measured twice");
    assertEquals(after.ends[0].cellsLeft, 0);
  });
});

Deno.test("bench does again what a signal ended, and refuses a second run on its directory", async () => {
  await inDirectory(async (directory) => {
    const child = spawnBench("--experiment", "harness", "--repeat", "2", "--out", directory);
    const output = ended(child);
    await untilRecords(directory, 1);
    const second = await ended(spawnBench(...HARNESS, "--out", directory));
    assertEquals(second.code, 1);
    assertStringIncludes(second.errors, `is being written by another run (process ${child.pid}, `);
    Deno.kill(await cellProcessOf(child), "SIGKILL");
    const { code, errors } = await output;
    assertEquals(code, 3, errors);
    const { setAside, failures, samples, ends } = await readResults(directory);
    assert(setAside.length <= 1 && setAside.every(({ failure }) => failure === "interrupted"));
    const crashed = failures.filter(({ failure }) => failure === "crash");
    assert(crashed.every(({ message }) => message.includes("made-up")), "no cell is blamed");
    assertEquals([ends[0].reason, ends[0].cellsLeft], ["complete", 0]);
    for (const record of [...samples, ...failures]) {
      assert(!Number.isNaN(Date.parse(record.host.started)));
    }
  });
});

Deno.test("bench tries hopeless cells again with --retry only, and the report counts them once", async () => {
  await inDirectory(async (directory) => {
    const first = await ended(spawnBench(...HARNESS, "--workloads", "harness", "--out", directory));
    assertEquals(first.code, 3, first.errors);
    const before = await readResults(directory);
    const again = await ended(spawnBench("--out", directory, "--resume", "--retry"));
    assertEquals(again.code, 3, again.errors);
    const after = await readResults(directory);
    const hopeless = ["crash", "timeout"];
    const count = (failures: typeof before.failures) =>
      failures.filter(({ failure }) => hopeless.includes(failure)).length;
    assertEquals(count(after.failures), count(before.failures));
    assertEquals(after.setAside.length, count(before.failures));
    assertEquals(after.runs[1].retried.length, count(before.failures));
    const alone = await ended(spawnBench("--retry", "--out", directory));
    assertStringIncludes(alone.errors, "--retry goes with --resume");
  });
});

Deno.test("bench ends cleanly at Ctrl-C, leaves no child and says how to go on", async () => {
  await inDirectory(async (directory) => {
    const child = spawnBench("--experiment", "harness", "--repeat", "50", "--out", directory);
    const output = ended(child);
    await untilRecords(directory, 3);
    const cell = await cellProcessOf(child);
    child.kill("SIGINT");
    const { code, errors } = await output;
    assertEquals(code, 130);
    assertStringIncludes(errors, `Go on with: deno task bench --out ${directory} --resume`);
    const { ends, failures } = await readResults(directory);
    assertEquals(ends[0].reason, "interrupted");
    assert(ends[0].cellsLeft > 0);
    assert(failures.every(({ message }) => !message.includes("signal")), "no child blamed");
    assert(await gone(cell), "no child outlives the bench");
  });
});

Deno.test("bench refuses to resume with another plan, and without a directory", async () => {
  await inDirectory(async (directory) => {
    const other = await ended(spawnBench("--out", directory, "--resume", "--seed", "4"));
    assertEquals(other.code, 2);
    assertStringIncludes(other.errors, "leave out --seed");
    const nowhere = await ended(spawnBench("--resume"));
    assertEquals(nowhere.code, 2);
    assertStringIncludes(nowhere.errors, "--resume needs --out DIR");
    const empty = await ended(spawnBench("--resume", "--out", directory));
    assertEquals(empty.code, 1);
    assertStringIncludes(empty.errors, `There is no ${directory}/${RESULTS_FILE}`);
  });
});

Deno.test("bench explains an out directory that cannot be written before it measures", async () => {
  await inDirectory(async (directory) => {
    await Deno.writeTextFile(`${directory}/file`, "");
    const { code, errors } = await ended(spawnBench(...HARNESS, "--out", `${directory}/file/x`));
    assertEquals(code, 1);
    assertStringIncludes(errors, `Cannot write ${directory}/file/x/${RESULTS_FILE}`);
    assert(!errors.includes("    at "), "a message, not a stack");
  });
});

Deno.test("bench answers unknown names with near ones", async () => {
  const { code, errors } = await ended(spawnBench("--atomics", "cmpxhg"));
  assertEquals(code, 2);
  assertStringIncludes(errors, 'Unknown value of --atomics "cmpxhg". Did you mean cmpxchg?');
});
