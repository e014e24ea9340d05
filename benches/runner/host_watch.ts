/**
 * What else goes on while a run is measured: load, stolen time, CPU time of everybody.
 *
 * Deno gives /proc only to processes with every permission, so a small shell loop reads it. It waits
 * for a line, answers with one and starts no process, so it takes no time from what is measured.
 * @module
 */
import type { HostConditions } from "../results/types.ts";
import { linesOf } from "./lines.ts";
import type { Executor, RawRun, RunRequest } from "./raw_run.ts";

/** Clock ticks a second in /proc/stat; fixed by the kernel's interface. */
const TICKS_A_SECOND = 100;

/** Ctrl-C reaches every process of the terminal; the loop ends with its input. */
const LOOP = `trap '' INT HUP
while read -r ask; do line=; read -r line 2>/dev/null </proc/stat; echo "$line"; done`;

/** CPU time of a machine since it was started. */
export interface CpuTimes {
  /** Time that was neither idle nor waited for a disk nor was stolen. */
  readonly busySeconds: number;
  /** Time that a hypervisor took. */
  readonly stolenSeconds: number;
}

/** Reads the first line of /proc/stat; null when it is none. */
export function parseCpuTimes(line: string): CpuTimes | null {
  const words = line.trim().split(/\s+/);
  // proc(5): user, nice, system, idle, iowait, irq, softirq, steal; guest time is part of user time.
  const [user, nice, system, , , irq, softirq, steal] = words.slice(1).map(Number);
  const busySeconds = (user + nice + system + irq + softirq) / TICKS_A_SECOND;
  const stolenSeconds = steal / TICKS_A_SECOND;
  const known = words[0] === "cpu" && Number.isFinite(busySeconds) &&
    Number.isFinite(stolenSeconds);
  return known ? { busySeconds, stolenSeconds } : null;
}

/** Answers what the machine's processors have done. */
export class HostWatch {
  readonly #child: Deno.ChildProcess | null;
  readonly #asks: WritableStreamDefaultWriter<Uint8Array> | null;
  readonly #answers: AsyncGenerator<string> | null;

  /** Starts the loop; without a shell nothing is known. */
  constructor() {
    try {
      this.#child = new Deno.Command("sh", {
        args: ["-c", LOOP],
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      this.#child = null;
    }
    this.#asks = this.#child?.stdin.getWriter() ?? null;
    this.#answers = this.#child === null ? null : linesOf(this.#child.stdout);
  }

  /** Null where the kernel does not tell, or the loop has gone. */
  async look(): Promise<CpuTimes | null> {
    if (this.#asks === null || this.#answers === null) return null;
    try {
      await this.#asks.write(new TextEncoder().encode("\n"));
      const answer = await this.#answers.next();
      return answer.done ? null : parseCpuTimes(answer.value);
    } catch {
      // Somebody ended the loop: the run goes on without it.
      return null;
    }
  }

  /** Ends the loop. */
  async close(): Promise<void> {
    await this.#asks?.close().catch(() => {});
    await this.#answers?.return(undefined);
    await this.#child?.status;
  }
}

/** What went on between two looks. */
export function conditionsBetween(
  started: Date,
  before: CpuTimes | null,
  after: CpuTimes | null,
): HostConditions {
  const difference = (name: keyof CpuTimes) =>
    // Some kernels let stolen time go back a little; nothing is known then.
    before === null || after === null || after[name] < before[name]
      ? null
      : Number((after[name] - before[name]).toFixed(2));
  return {
    started: started.toISOString(),
    loadAverage: Deno.loadavg()[0],
    stolenSeconds: difference("stolenSeconds"),
    busySeconds: difference("busySeconds"),
  };
}

/** An executor whose runs say what went on beside them. */
export class WatchedExecutor implements Executor {
  readonly #inner: Executor;
  readonly #watch: Pick<HostWatch, "look">;

  /** `watch` is shared; closing the executor leaves it open. */
  constructor(inner: Executor, watch: Pick<HostWatch, "look">) {
    this.#inner = inner;
    this.#watch = watch;
  }

  async run(request: RunRequest): Promise<RawRun> {
    const before = await this.#watch.look();
    const started = new Date();
    const raw = await this.#inner.run(request);
    return { ...raw, host: conditionsBetween(started, before, await this.#watch.look()) };
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
