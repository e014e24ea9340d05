/**
 * The process that runs a cell: one request a line on standard input; on standard output a line when
 * it has started, then one raw run a line. It ends when its input does, so that it never outlives the harness.
 * @module
 */
import process from "node:process";
import { WorkerPool } from "../../core/machine/worker_pool.ts";
import { linesOf } from "./lines.ts";
import { failedRun, type RawRun, type RunRequest, type SentRun, shortened } from "./raw_run.ts";

/** The machine is loaded beside the threads that will run it, and before the first request. */
const loadOurs = () => import("./our_machine.ts");

async function perform(request: RunRequest, workers: WorkerPool): Promise<RawRun> {
  switch (request.subject.engine) {
    case "ours":
      return await (await loadOurs()).runOurs(request, workers);
    case "fake":
      return await (await import("./fake_machine.ts")).runFake(request);
    case "qemu":
      return failedRun("unsupported", "QEMU runs in a process of its own, not in this one.");
  }
}

async function measured(request: RunRequest, workers: WorkerPool): Promise<SentRun> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let raw: RawRun;
  try {
    raw = await perform(request, workers);
  } catch (error) {
    const words = error instanceof Error ? error.stack ?? error.message : String(error);
    raw = failedRun("crash", `The machine threw: ${words}`);
  }
  const used = process.cpuUsage(cpu);
  return {
    ...raw,
    console: shortened(raw.console),
    wallSeconds: (performance.now() - start) / 1000,
    cpuSeconds: (used.user + used.system) / 1e6,
    // Linux counts in KiB. It is the largest since the process began.
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    clock: performance.now(),
  };
}

async function writeLine(line: string): Promise<void> {
  let bytes = new TextEncoder().encode(line + "\n");
  while (bytes.length > 0) bytes = bytes.subarray(await Deno.stdout.write(bytes));
}

if (import.meta.main) {
  // Ctrl-C reaches every process of the terminal; the harness alone decides what it means.
  Deno.addSignalListener("SIGINT", () => {});
  const workers = new WorkerPool();
  workers.prepare();
  const loaded = loadOurs();
  let working: Promise<unknown> = loaded.then(() => writeLine("ready"));
  for await (const line of linesOf(Deno.stdin.readable)) {
    const request = JSON.parse(line) as RunRequest;
    working = working.then(async () => writeLine(JSON.stringify(await measured(request, workers))));
  }
  Deno.exit(0);
}
