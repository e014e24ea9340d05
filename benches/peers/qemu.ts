/**
 * QEMU as a peer: the same image, the same boot arguments, in the same session.
 * @module
 */
import { MeasuredPartWatch } from "../runner/measured_part.ts";
import { ProcWatch } from "../runner/proc_watch.ts";
import {
  endedEarly,
  type Executor,
  failedRun,
  type RawRun,
  type RunRequest,
  shortened,
} from "../runner/raw_run.ts";

/** As the shell finds it. */
export const QEMU_PROGRAM = "qemu-system-arm";

/** First line of `qemu-system-arm --version`; null when it is not installed. */
export async function qemuVersion(): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(QEMU_PROGRAM, { args: ["--version"] })
      .output();
    return success ? new TextDecoder().decode(stdout).split("\n")[0].trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** The remedy that messages name. */
export const INSTALL_QEMU: string =
  `${QEMU_PROGRAM} is not installed: install Debian's package qemu-system-arm to have QEMU beside ours`;

/** Arguments of QEMU for a request. */
export function qemuArguments(request: RunRequest): string[] {
  if (request.subject.engine !== "qemu") throw new TypeError("Not a QEMU subject");
  return [
    ...["-M", "virt", "-cpu", "cortex-a15"],
    ...["-accel", `tcg,thread=${request.subject.thread}`],
    ...["-smp", `${request.vcpus}`, "-m", `${request.memoryMiB}`],
    ...["-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio"],
    // Threads then carry the vCPU's number in their names.
    ...["-name", "mttcg,debug-threads=on"],
    ...["-kernel", request.image, "-append", request.append],
    ...(request.initrd === undefined ? [] : ["-initrd", request.initrd]),
  ];
}

/** Everything that a stream says; `onPiece` is told of each piece as it comes. */
async function textOf(
  stream: ReadableStream<Uint8Array>,
  onPiece: (piece: string) => void = () => {},
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    const piece = decoder.decode(bytes, { stream: true });
    onPiece(piece);
    text += piece;
  }
  return text;
}

/** Runs each request in a QEMU process of its own. */
export class QemuProcess implements Executor {
  readonly #onTree: ((bytes: number) => void) | undefined;
  #child: Deno.ChildProcess | null = null;
  #closed = false;

  /** `onTree` is told the resident size of the whole tree now and then. */
  constructor(onTree?: (bytes: number) => void) {
    this.#onTree = onTree;
  }

  async run(request: RunRequest): Promise<RawRun> {
    if (this.#closed) return failedRun("crash", "The run was given up before it began.");
    const start = performance.now();
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(QEMU_PROGRAM, {
        args: qemuArguments(request),
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return failedRun("unsupported", INSTALL_QEMU);
      throw error;
    }
    this.#child = child;
    const watch = new ProcWatch(child.pid, this.#onTree);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      this.#kill();
    }, request.timeoutSeconds * 1000);
    const marks = new MeasuredPartWatch();
    const [text, errors, status] = await Promise.all([
      textOf(child.stdout, (piece) => marks.see(piece)),
      textOf(child.stderr),
      child.status,
    ]);
    clearTimeout(timer);
    this.#child = null;
    const wallSeconds = (performance.now() - start) / 1000;
    const measuredPart = marks.part;
    const { threads, peakRssBytes } = watch.seen(measuredPart);
    await watch.close();
    const console = shortened(text);
    const seen = { measuredPart, threads, peakRssBytes };
    const raw = { ...failedRun("power-off", "", console, wallSeconds), ...seen };
    if (late) {
      const message = `QEMU did not power off within ${request.timeoutSeconds} s and was killed.`;
      return { ...raw, end: "timeout", message };
    }
    if (!status.success) {
      return { ...raw, ...endedEarly("QEMU", status, errors.slice(-1000)) };
    }
    return raw;
  }

  #kill(): void {
    try {
      this.#child?.kill("SIGKILL");
    } catch {
      // It ended in between.
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#kill();
    return Promise.resolve();
  }
}
