/**
 * The line that tells how far a run is: rewritten on a terminal, now and then a new one elsewhere.
 * @module
 */
import { printable } from "../results/printable.ts";
import type { Progress } from "../runner/runner.ts";

/** Seconds between lines where they cannot be rewritten. */
const PLAIN_PERIOD = 10;

/** `2 min 5 s`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The text for one state. */
export function progressText(
  { running, jobsDone, jobs, secondsLeft, budgetLeft = Infinity }: Progress,
): string {
  if (running === "") return `${jobsDone} of ${jobs} done`;
  const left = jobsDone === 0
    ? ""
    : secondsLeft > budgetLeft
    ? `, the time budget ends in ${duration(budgetLeft)}`
    : `, ${duration(secondsLeft)} left`;
  return printable(`${jobsDone + 1} of ${jobs}${left}: ${running}`);
}

/** Where the line goes. */
export interface LineOutput {
  /** Whether lines can be rewritten. */
  readonly terminal: boolean;
  /** Width. */
  readonly columns: number;
  /** Writes as it is. */
  write(text: string): void;
}

/** The progress line on an output. */
export class ProgressLine {
  readonly #output: LineOutput;
  #lastAt = -Infinity;
  #open = false;

  /** Writes nothing until the first `show`. */
  constructor(output: LineOutput) {
    this.#output = output;
  }

  /** Shows a state; `now` in seconds. */
  show(progress: Progress, now: number = performance.now() / 1000): void {
    const text = progressText(progress);
    if (this.#output.terminal) {
      this.#output.write(`\r${text.slice(0, this.#output.columns - 1)}\x1b[K`);
      this.#open = true;
    } else if (now - this.#lastAt >= PLAIN_PERIOD || progress.running === "") {
      this.#output.write(`${text}\n`);
      this.#lastAt = now;
    }
  }

  /** Ends a rewritten line, so that other text may follow. */
  end(): void {
    if (this.#open) this.#output.write("\n");
    this.#open = false;
  }
}

/** Standard error as an output. */
export function standardError(): LineOutput {
  const terminal = Deno.stderr.isTerminal();
  return {
    terminal,
    columns: terminal ? Deno.consoleSize().columns : 80,
    write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
  };
}
