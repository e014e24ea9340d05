/**
 * Threads that outlive a machine: a Worker takes some 100 ms to load its modules, more than a short
 * run, so that a caller who runs several machines in turn may hand the idle ones on.
 * @module
 */

/** Entry of a vCPU thread. */
export const VCPU_WORKER: URL = new URL("./vcpu_worker.ts", import.meta.url);

/** Entry of the timer thread. */
export const TIMER_WORKER: URL = new URL("./timer_worker.ts", import.meta.url);

/** Idle Workers by module. Its owner closes it; each machine takes and gives back. */
export class WorkerPool {
  readonly #idle = new Map<string, Worker[]>();

  /** An idle Worker of a module, or a new one. */
  take(module: URL): Worker {
    return this.#idle.get(module.href)?.pop() ?? new Worker(module, { type: "module" });
  }

  /**
   * Starts the threads that every machine has, so that they load while the caller does: who knows
   * that a machine will be wanted need not know which.
   */
  prepare(): void {
    for (const module of [VCPU_WORKER, TIMER_WORKER]) {
      this.give(module, new Worker(module, { type: "module" }));
    }
  }

  /** Takes back a Worker that waits for its next message; one that failed must be ended instead. */
  give(module: URL, worker: Worker): void {
    worker.onmessage = null;
    worker.onerror = null;
    const idle = this.#idle.get(module.href) ?? [];
    this.#idle.set(module.href, [...idle, worker]);
  }

  /** Ends every idle Worker. */
  close(): void {
    for (const worker of [...this.#idle.values()].flat()) worker.terminate();
    this.#idle.clear();
  }
}
