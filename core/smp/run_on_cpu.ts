/**
 * Work across vCPUs: asynchronous on one vCPU, synchronous on all, and safe work that needs the
 * whole machine to stand still.
 *
 * A vCPU's items are run by its own thread, when it starts or stops running, or on its behalf by
 * the thread that waits for them while it is stopped (asleep, powered off, its thread not even
 * started, or its turn on a shared thread not come). Both sides claim the vCPU through its RUNNING
 * word, so an item never runs beside the vCPU's translated code; and after posting, one looks at
 * RUNNING, after stopping, one looks at WORK, so one of the two sees the item.
 * @module
 */
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { ExclusiveSections } from "./exclusive.ts";
import { requestExit } from "./kick.ts";
import { RUNNING } from "./running.ts";
import { SpinGate } from "./spin_gate.ts";
import { QUEUE, type WorkItem, WorkQueues } from "./work_queue.ts";

/**
 * Does one item for the vCPU at `env`, possibly on another thread than its own: it changes nothing
 * but shared memory, takes no lock that is held across an exclusive section, and posts no work.
 */
export type WorkHandler = (env: number, item: WorkItem) => void;

/** Cross-vCPU work of one machine, as seen by one thread; owns the thread's exclusive sections. */
export class RunOnCpu {
  /** The thread's exclusive sections, which also run the queued work. */
  readonly sections: ExclusiveSections;
  readonly #i32: Int32Array;
  readonly #layout: MachineLayout;
  readonly #queues: WorkQueues;
  readonly #gate: SpinGate;
  readonly #handler: WorkHandler;

  /** One a thread; `handler` does the items. */
  constructor(views: Views, layout: MachineLayout, handler: WorkHandler) {
    this.#i32 = views.i32;
    this.#layout = layout;
    this.#handler = handler;
    this.#queues = new WorkQueues(views.i32);
    this.#gate = new SpinGate(views.i32, layout);
    this.sections = new ExclusiveSections(views, layout, {
      whileRunning: (env) => {
        if (this.#queues.waiting(env, QUEUE.SAFE)) return false;
        this.#drain(env);
        return true;
      },
      whenStopped: (env) => this.#settle(env),
    });
  }

  /**
   * async_run_on_cpu: `item` is done before the vCPU at `target` next runs translated code. Never
   * waits. When the caller is the target and runs a helper, that is after the helper's block.
   */
  post(target: number, item: WorkItem): void {
    this.#queues.post(target, QUEUE.PLAIN, item);
    if (this.#isRunning(target)) requestExit(this.#i32, target);
  }

  /**
   * Does `item` on every vCPU that is `wanted` and returns when all have done it. `env` is the
   * calling vCPU (0 for none); it counts as stopped while it waits, so two callers, or a caller and
   * an exclusive section, cannot wait for each other. Hold no lock that a running vCPU may want.
   */
  runOnAll(env: number, item: WorkItem, wanted: (target: number) => boolean = () => true): void {
    const { vcpus } = this.#layout;
    if (this.sections.inside) {
      for (let n = 0; n < vcpus; n++) {
        const target = vcpuBase(this.#layout, n);
        if (wanted(target)) this.#handler(target, item);
      }
      return;
    }
    const wasRunning = env !== 0 && this.#isRunning(env);
    if (wasRunning) this.sections.suspend(env);
    const posted: { target: number; ticket: number }[] = [];
    for (let n = 0; n < vcpus; n++) {
      const target = vcpuBase(this.#layout, n);
      if (!wanted(target)) continue;
      if (this.sections.onBehalf(target, () => this.#drainAnd(target, item))) {
        // Who found the vCPU claimed has left an item and counts on this thread to see it.
        this.#settlePlain(target);
        continue;
      }
      posted.push({ target, ticket: this.#queues.post(target, QUEUE.PLAIN, item) });
      if (this.#isRunning(target)) requestExit(this.#i32, target);
    }
    const allDone = (): boolean =>
      posted.every(({ target, ticket }) => this.#queues.isDone(target, QUEUE.PLAIN, ticket));
    if (!allDone()) {
      // Whoever leaves translated code for it is back within microseconds.
      this.#gate.spin(allDone);
      for (const { target, ticket } of posted) this.#awaitDone(target, ticket);
    }
    if (wasRunning) this.sections.resume(env);
  }

  /**
   * async_safe_run_on_cpu: `item` is done for the vCPU at `target` inside an exclusive section,
   * soon: by the target when it is running, else by this thread before it returns. `env` is the
   * calling vCPU (0 for none). Only TLB maintenance may be posted to a target that can fall
   * QUEUE_CAPACITY items behind: that is what an overflowing queue degrades to.
   */
  postSafe(env: number, target: number, item: WorkItem): void {
    this.#queues.post(target, QUEUE.SAFE, item);
    if (this.#isRunning(target)) requestExit(this.#i32, target);
    else this.#settleSafe(env, target);
  }

  #awaitDone(target: number, ticket: number): void {
    while (!this.#queues.isDone(target, QUEUE.PLAIN, ticket)) {
      this.#settlePlain(target);
      this.#queues.waitForDone(target, QUEUE.PLAIN, ticket);
    }
  }

  #isRunning(env: number): boolean {
    return Atomics.load(this.#i32, (env + VCPU.RUNNING) >>> 2) === RUNNING;
  }

  #drain(env: number): void {
    this.#queues.drain(env, QUEUE.PLAIN, (item) => this.#handler(env, item));
  }

  /** Earlier items first: the vCPU is this thread's own or claimed. */
  #drainAnd(env: number, item: WorkItem): void {
    if (this.#queues.waiting(env, QUEUE.PLAIN)) this.#drain(env);
    this.#handler(env, item);
  }

  #settle(env: number): void {
    this.#settlePlain(env);
    this.#settleSafe(env, env);
  }

  /** Drains the PLAIN queue of a stopped vCPU; leaves it to whoever has it when it is not. */
  #settlePlain(env: number): void {
    while (this.#queues.waiting(env, QUEUE.PLAIN)) {
      if (!this.sections.onBehalf(env, () => this.#drain(env))) return;
    }
  }

  #settleSafe(env: number, target: number): void {
    if (!this.#queues.waiting(target, QUEUE.SAFE)) return;
    this.sections.exclusively(env, () => {
      this.#queues.drain(target, QUEUE.SAFE, (item) => this.#handler(target, item));
    });
  }
}
