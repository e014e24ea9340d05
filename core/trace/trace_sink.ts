/**
 * Where trace records go: a file or standard error, written by each thread itself, under a lock of
 * the machine. A record is on its way to the file when the call returns, so that nothing is lost
 * however the guest or its thread ends, and records of several vCPUs never mix.
 * @module
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { GLOBAL, type MachineLayout } from "../memory/machine_layout.ts";
import type { Views } from "../memory/views.ts";
import { FutexMutex } from "../smp/futex_mutex.ts";
import type { TraceConfig } from "./trace_config.ts";

const STANDARD_ERROR = 2;

/**
 * Makes the file of a trace new and empty.
 * @throws RangeError that names the file when it cannot be written.
 */
export function createTraceFile(file: string): void {
  try {
    closeSync(openSync(file, "w"));
  } catch (error) {
    throw new RangeError(
      `${file}: cannot be written (${error instanceof Error ? error.message : error}); ` +
        `give another --trace-file`,
    );
  }
}

/** The way of one thread into the trace. */
export class TraceSink {
  readonly #i32: Int32Array;
  readonly #mutex: FutexMutex;
  readonly #lock: number;
  readonly #count: number;
  readonly #limit: number;
  readonly #file: number;

  /** Opens the file of `config` to append to it; it exists already. */
  constructor(config: TraceConfig, views: Views, layout: MachineLayout) {
    this.#i32 = views.i32;
    this.#mutex = new FutexMutex(views.i32);
    this.#lock = layout.global + GLOBAL.TRACE_LOCK;
    this.#count = (layout.global + GLOBAL.TRACE_BYTES) >>> 2;
    this.#limit = config.limitBytes;
    this.#file = config.file === undefined ? STANDARD_ERROR : openSync(config.file, "a");
  }

  /** Whether the limit has been reached: nothing more is written. */
  get full(): boolean {
    return this.#i32[this.#count] >>> 0 >= this.#limit;
  }

  /** Writes a record: whole lines. The one that reaches the limit is replaced by a line that says so. */
  write(record: string): void {
    if (this.full) return;
    const bytes = new TextEncoder().encode(record);
    this.#mutex.lock(this.#lock);
    try {
      const before = this.#i32[this.#count] >>> 0;
      if (before >= this.#limit) return;
      const room = this.#limit - before >= bytes.length;
      this.#i32[this.#count] = room ? before + bytes.length : this.#limit;
      if (room) this.#writeAll(bytes);
      else this.#writeAll(new TextEncoder().encode("trace: the limit is reached\n"));
    } finally {
      this.#mutex.unlock(this.#lock);
    }
  }

  #writeAll(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      try {
        at += writeSync(this.#file, bytes, at, bytes.length - at);
      } catch (error) {
        // A pipe or terminal whose reader is slow: wait for room.
        if ((error as { code?: string }).code !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
      }
    }
  }

  /** Closes the file. */
  close(): void {
    if (this.#file !== STANDARD_ERROR) closeSync(this.#file);
  }
}
