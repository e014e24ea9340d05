/**
 * Watches a process tree from outside: resident sizes and thread times from /proc.
 *
 * Deno gives /proc only to processes with every permission, so a small shell loop reads it. It looks
 * four times a second and costs about one hundredth of a processor. It also ends the child when the
 * harness is killed.
 * @module
 */
import type { ThreadSample } from "../results/types.ts";
import { linesOf } from "./lines.ts";
import type { MeasuredPart } from "./measured_part.ts";

const PAGE_BYTES = 4096;
/** Clock ticks a second in /proc/PID/stat; fixed by the kernel's interface. */
const TICKS_A_SECOND = 100;
const PERIOD_SECONDS = 0.25;

/**
 * $0 is watched, $1 the harness. A harness that is killed cannot end its children: the loop, which
 * outlives it because it ignores broken pipes, does so then.
 */
const LOOP = `trap '' PIPE; while kill -0 $0 2>/dev/null; do
kill -0 $1 2>/dev/null || { kill -9 $0; exit; }
cat /proc/[0-9]*/stat 2>/dev/null; echo tree
cat /proc/$0/task/*/stat 2>/dev/null; echo threads
sleep ${PERIOD_SECONDS} >/dev/null; done`;

/** One line of a stat file. */
export interface ProcStat {
  /** Process or thread id. */
  readonly pid: number;
  /** Of the process or thread. */
  readonly name: string;
  /** Id of the parent process. */
  readonly parent: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Resident size. */
  readonly rssBytes: number;
}

/** Parses a line of /proc/PID/stat; undefined when it is none. */
export function parseStat(line: string): ProcStat | undefined {
  const match = /^(\d+) \((.*)\) \S (.*)$/.exec(line);
  if (match === null) return undefined;
  // The list begins with field 4 of proc(5): ppid, then pgrp, ...; utime is 14, stime 15, rss 24.
  const fields = match[3].split(" ").map(Number);
  return {
    pid: Number(match[1]),
    name: match[2],
    parent: fields[0],
    cpuSeconds: (fields[10] + fields[11]) / TICKS_A_SECOND,
    rssBytes: fields[20] * PAGE_BYTES,
  };
}

/** Resident size of `root` and all its descendants. */
export function treeRss(processes: readonly ProcStat[], root: number): number {
  const inTree = new Set([root]);
  let grown = true;
  while (grown) {
    grown = false;
    for (const { pid, parent } of processes) {
      if (inTree.has(parent) && !inTree.has(pid)) {
        inTree.add(pid);
        grown = true;
      }
    }
  }
  return processes.reduce((sum, one) => inTree.has(one.pid) ? sum + one.rssBytes : sum, 0);
}

/** A look at a thread. */
interface Look {
  /** In ms of `performance.now()`. */
  readonly at: number;
  readonly cpuSeconds: number;
}

interface WatchedThread {
  readonly name: string;
  readonly looks: Look[];
}

/** What was seen since the last `begin`. */
export interface Watched {
  /** Null when no look fell into the time. */
  readonly peakRssBytes: number | null;
  /** Those that used time. */
  readonly threads: readonly ThreadSample[];
}

/** A watch over one child of the harness. */
export class ProcWatch {
  readonly #pid: number;
  readonly #child: Deno.ChildProcess | null;
  readonly #ended: Promise<void>;
  readonly #onTree: (bytes: number) => void;
  #peak = 0;
  #threads = new Map<number, WatchedThread>();

  /**
   * Begins to watch `pid`; `onTree` is told the resident size of the harness with everything below
   * it at each look. Without a shell it sees nothing.
   */
  constructor(pid: number, onTree: (bytes: number) => void = () => {}) {
    this.#pid = pid;
    this.#onTree = onTree;
    try {
      this.#child = new Deno.Command("sh", {
        args: ["-c", LOOP, `${pid}`, `${Deno.pid}`],
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      this.#child = null;
    }
    this.#ended = this.#read();
  }

  async #read(): Promise<void> {
    if (this.#child === null) return;
    let stats: ProcStat[] = [];
    for await (const line of linesOf(this.#child.stdout)) {
      if (line === "tree") {
        this.#peak = Math.max(this.#peak, treeRss(stats, this.#pid));
        this.#onTree(treeRss(stats, Deno.pid));
        stats = [];
      } else if (line === "threads") {
        this.#lookAtThreads(stats);
        stats = [];
      } else {
        const stat = parseStat(line);
        if (stat !== undefined) stats.push(stat);
      }
    }
    await this.#child.status;
  }

  #lookAtThreads(stats: readonly ProcStat[]): void {
    const at = performance.now();
    for (const { pid, name, cpuSeconds } of stats) {
      const thread = this.#threads.get(pid) ?? { name, looks: [] };
      thread.looks.push({ at, cpuSeconds });
      this.#threads.set(pid, thread);
    }
  }

  /** Forgets what was seen: a run begins. */
  begin(): void {
    this.#peak = 0;
    this.#threads = new Map();
  }

  /**
   * What was seen since `begin`, of threads only what fell into `part` where there is one. Threads
   * that used no time are left out, and all of them when fewer than two looks fell into it.
   */
  seen(part: MeasuredPart | null = null): Watched {
    const { from, to } = part ?? { from: -Infinity, to: Infinity };
    const threads = [...this.#threads.values()].flatMap(({ name, looks }) => {
      const inPart = looks.filter(({ at }) => from <= at && at <= to);
      if (inPart.length < 2) return [];
      const first = inPart[0];
      const last = inPart[inPart.length - 1];
      const cpuSeconds = last.cpuSeconds - first.cpuSeconds;
      const windowSeconds = (last.at - first.at) / 1000;
      return cpuSeconds > 0 && windowSeconds > 0 ? [{ name, cpuSeconds, windowSeconds }] : [];
    });
    return { peakRssBytes: this.#peak === 0 ? null : this.#peak, threads };
  }

  /** Stops watching. */
  async close(): Promise<void> {
    try {
      this.#child?.kill("SIGKILL");
    } catch {
      // It has ended by itself, with the process it watched.
    }
    await this.#ended;
  }
}
