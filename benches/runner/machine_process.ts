/**
 * Runs requests in a fresh Deno process.
 * @module
 */
import { linesOf } from "./lines.ts";
import { ProcWatch } from "./proc_watch.ts";
import {
  endedEarly,
  type Executor,
  failedRun,
  type RawRun,
  received,
  type RunRequest,
  type SentRun,
} from "./raw_run.ts";

/**
 * V8 flags of a cell's process. Deno's V8 checks the bounds of every WebAssembly access in code; the
 * machine's memory reserves all that a 32-bit address can reach, so the processor does it as well
 * (docs/rationale.md). Translated code never calls itself, so it needs no checks of the stack either, and
 * there is nothing to inline in it (docs/performance.md).
 */
export const CELL_FLAGS: readonly string[] = [
  "--no-wasm-bounds-checks",
  "--no-wasm-stack-checks",
  "--no-wasm-inlining",
];

/** Time a cell process has beyond its run's own limit before it is killed. */
const GRACE_SECONDS = 3;

/** Time that it has to start: on a busy machine that takes long, and says nothing about the cell. */
const START_SECONDS = 30;

/** Time an asked process has to end by itself. */
const END_SECONDS = 0.5;

/** Characters of the process's error output that a message quotes. */
const ERROR_TAIL = 1000;

const CELL_MAIN = import.meta.resolve("./cell_main.ts");

/** No process for cells can be started: there is nothing to measure with. */
export class StartError extends Error {
  /** Tells it from other errors. */
  override name = "StartError";
}

/** Starts this very Deno, which need not be the one that PATH names, nor in PATH at all. */
function spawnOwn(args: readonly string[]): Deno.ChildProcess {
  const deno = Deno.execPath();
  try {
    const piped = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    return new Deno.Command(deno, { args: [...args], ...piped }).spawn();
  } catch (error) {
    const remedy = error instanceof Deno.errors.NotCapable
      ? `start with \`deno task bench\`, or add --allow-run=${deno}`
      : "install Deno again";
    throw new StartError(
      `Cannot start ${deno} for the cells: ${(error as Error).message}; ${remedy}`,
    );
  }
}

/** A cell's process. */
export class MachineProcess implements Executor {
  readonly #child: Deno.ChildProcess;
  readonly #requests: WritableStreamDefaultWriter<Uint8Array>;
  readonly #replies: AsyncGenerator<string>;
  readonly #watch: ProcWatch;
  readonly #errors: Promise<void>;
  #errorText = "";
  #closed: Promise<void> | undefined;
  /** Its first line, which says that it has started. */
  #ready: Promise<unknown> | undefined;
  /** When the process was started, until its first run. */
  #started: number | undefined = performance.now();
  /** Ran into its limit: whatever it still says belongs to no request. */
  #dead = false;

  /** Starts the process; `onTree` is told the resident size of the whole tree now and then. */
  constructor(onTree?: (bytes: number) => void) {
    const flags = CELL_FLAGS.length > 0 ? [`--v8-flags=${CELL_FLAGS.join(",")}`] : [];
    this.#child = spawnOwn([
      ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
      ...["--allow-read", "--allow-sys", ...flags, CELL_MAIN],
    ]);
    this.#requests = this.#child.stdin.getWriter();
    this.#replies = linesOf(this.#child.stdout);
    this.#errors = this.#collectErrors();
    this.#watch = new ProcWatch(this.#child.pid, onTree);
  }

  async #collectErrors(): Promise<void> {
    for await (const line of linesOf(this.#child.stderr)) {
      this.#errorText = `${this.#errorText}${line}\n`.slice(-ERROR_TAIL);
    }
  }

  /** From now on the process waits for the harness: its first run says nothing about starting. */
  forgetStart(): void {
    this.#started = undefined;
  }

  async run(request: RunRequest): Promise<RawRun> {
    if (this.#dead) return failedRun("crash", "The cell's process had ended before this run.");
    this.#watch.begin();
    const start = performance.now();
    const reply = await this.#exchange(request);
    if (typeof reply === "object") {
      const { threads } = this.#watch.seen(reply.measuredPart);
      const started = this.#started;
      this.#started = undefined;
      if (started === undefined || !reply.began) return { ...reply, threads };
      return { ...reply, threads, startSeconds: (reply.began - started) / 1000 };
    }
    this.#dead = true;
    const wallSeconds = (performance.now() - start) / 1000;
    if (reply === "late") {
      await this.close();
      return failedRun(
        "timeout",
        `The cell's process gave no answer in ${wallSeconds.toFixed(1)} s and was killed.`,
        "",
        wallSeconds,
      );
    }
    const status = await this.#child.status;
    await this.#errors;
    const { end, message } = endedEarly("The cell's process", status, this.#errorText);
    return failedRun(end, message, "", wallSeconds);
  }

  /** Its next line, unless that takes longer than `seconds`. */
  async #next(seconds: number): Promise<IteratorResult<string> | "late"> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(() => resolve("late"), seconds * 1000);
    });
    try {
      return await Promise.race([this.#replies.next(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #exchange(request: RunRequest): Promise<RawRun | "late" | "ended"> {
    try {
      await this.#requests.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
      this.#ready ??= this.#next(START_SECONDS);
      if (await this.#ready === "late") return "late";
      const reply = await this.#next(request.timeoutSeconds + GRACE_SECONDS);
      if (reply === "late") return "late";
      return reply.done ? "ended" : received(JSON.parse(reply.value) as SentRun, performance.now());
    } catch {
      // A broken pipe or half a line: the process is gone, its exit code says more.
      return "ended";
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    this.#dead = true;
    const kill = setTimeout(() => this.#signal("SIGKILL"), END_SECONDS * 1000);
    await this.#requests.close().catch(() => {});
    await this.#child.status;
    clearTimeout(kill);
    await this.#watch.close();
    await this.#errors;
    await this.#replies.return(undefined);
  }

  #signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It ended in between.
    }
  }
}
