/**
 * Exclusive sections: work that runs while no vCPU is inside translated code.
 *
 * A vCPU is *running* from {@linkcode ExclusiveSections.execStart} to
 * {@linkcode ExclusiveSections.execEnd}. In between it owns its softmmu TLB, jump cache and
 * registers; outside, an exclusive section (or work done on the vCPU's behalf, see run_on_cpu.ts)
 * may change them. So everything that reads or fills them (block lookup, instruction fetch,
 * interrupt delivery) belongs inside, everything that sleeps outside. While running, a vCPU holds
 * no lock across a point where it may wait for an exclusive section.
 *
 * The protocol follows QEMU's start_exclusive and cpu_exec_start; docs/spin/exclusive.pml is its
 * model, and each step here carries the step's name there.
 * @module
 */
import { COUNTER } from "../memory/counters.ts";
import { GLOBAL, type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { FutexMutex } from "./futex_mutex.ts";
import { requestExit } from "./kick.ts";
import { CLAIMED, RUNNING, STOPPED } from "./running.ts";

/** Words of the GLOBAL.EXCLUSIVE area; each has a cache line of its own. */
const LIST_LOCK = 0x00;
/** 0: no section; n + 1: a section that still waits for n running vCPUs. */
const PENDING = 0x40;
/** Counts finished sections; those who wait for a section's end sleep on it. */
const RESUME = 0x80;
/** Number of vCPUs that wait, or run a section, inside a helper of translated code. */
const SUSPENDED = 0xc0;

/** Rounds of spinning before a section's owner sleeps: a vCPU's way to the next block head. */
const SPINS = 100;

/** Work that waits for a vCPU (run_on_cpu.ts); called only when the vCPU's WORK word is not 0. */
export interface PendingWork {
  /** The vCPU is running on this thread and may change its own state. False: call again later. */
  whileRunning(env: number): boolean;
  /** The vCPU has just stopped. */
  whenStopped(env: number): void;
}

/** Exclusive sections of one machine, as seen by one thread. */
export class ExclusiveSections {
  readonly #i32: Int32Array;
  readonly #f64: Float64Array;
  readonly #layout: MachineLayout;
  readonly #mutex: FutexMutex;
  readonly #lock: number;
  readonly #pending: number;
  readonly #resume: number;
  readonly #suspended: number;
  readonly #work: PendingWork | undefined;
  /** Nesting depth of sections that this thread runs. */
  #depth = 0;

  /** One a thread; `work` is asked before a vCPU runs on and after it stopped. */
  constructor(views: Views, layout: MachineLayout, work?: PendingWork) {
    this.#i32 = views.i32;
    this.#f64 = views.f64;
    this.#layout = layout;
    this.#mutex = new FutexMutex(views.i32);
    const area = layout.global + GLOBAL.EXCLUSIVE;
    this.#lock = area + LIST_LOCK;
    this.#pending = (area + PENDING) >>> 2;
    this.#resume = (area + RESUME) >>> 2;
    this.#suspended = (area + SUSPENDED) >>> 2;
    this.#work = work;
  }

  /** Whether this thread is inside an exclusive section of its own. */
  get inside(): boolean {
    return this.#depth > 0;
  }

  /**
   * Whether a vCPU stands inside a helper of translated code although it counts as stopped: memory
   * is quiet then, but the blocks it will return to must stay. Ask inside a section.
   */
  get anySuspended(): boolean {
    return Atomics.load(this.#i32, this.#suspended) !== 0;
  }

  /**
   * The vCPU at `env`, which runs a helper of translated code, counts as stopped until
   * {@linkcode ExclusiveSections.resume}: others may hold exclusive sections meanwhile.
   */
  suspend(env: number): void {
    Atomics.add(this.#i32, this.#suspended, 1);
    this.execEnd(env);
  }

  /** Ends {@linkcode ExclusiveSections.suspend}. */
  resume(env: number): void {
    this.execStart(env);
    Atomics.sub(this.#i32, this.#suspended, 1);
  }

  /**
   * The vCPU is about to run translated code; waits while an exclusive section is pending. Clear
   * the EXIT_REQUEST word before this call, never between it and `execEnd`: a request that arrives
   * after must be seen by the translated code.
   */
  execStart(env: number): void {
    for (;;) {
      this.#enter(env);
      if (this.#work === undefined || Atomics.load(this.#i32, (env + VCPU.WORK) >>> 2) === 0) {
        return;
      }
      if (this.#work.whileRunning(env)) return;
      this.execEnd(env);
    }
  }

  /** The vCPU has left translated code. */
  execEnd(env: number): void {
    this.#leave(env);
    if (this.#work !== undefined && Atomics.load(this.#i32, (env + VCPU.WORK) >>> 2) !== 0) {
      this.#work.whenStopped(env);
    }
  }

  /**
   * Runs `work` while no vCPU is running. `env` is the vCPU on whose behalf this thread calls, 0
   * for none; it may be running (a helper of translated code calls): then it counts as stopped
   * until its turn comes, and it is running again on return. Other sections may run before and
   * after this one meanwhile, so probe guest addresses inside `work` and leave translated code
   * soon after. A section inside a section runs at once. Hold no lock that a running vCPU may want.
   */
  exclusively(env: number, work: () => void): void {
    if (this.#depth > 0) {
      work();
      return;
    }
    const i32 = this.#i32;
    const wasRunning = env !== 0 && Atomics.load(i32, (env + VCPU.RUNNING) >>> 2) === RUNNING;
    const start = performance.now();
    if (wasRunning) {
      Atomics.add(i32, this.#suspended, 1);
      this.#leave(env);
    }
    this.#start();
    if (env !== 0) {
      const counters = (env + VCPU.COUNTERS) >>> 3;
      this.#f64[counters + COUNTER.stopTheWorlds]++;
      this.#f64[counters + COUNTER.stopTheWorldNs] += (performance.now() - start) * 1e6;
    }
    this.#depth = 1;
    try {
      work();
    } finally {
      this.#depth = 0;
      this.#end();
      if (wasRunning) this.resume(env);
    }
  }

  /**
   * Runs `body` as if the vCPU were running and this thread were its own, when it is stopped.
   * False, with nothing done, when it is running or claimed already. Waits for the end of a
   * pending exclusive section.
   */
  onBehalf(env: number, body: () => void): boolean {
    for (;;) {
      if (!this.#tryEnter(env, CLAIMED)) return false;
      if (this.#admitted(env)) break;
    }
    try {
      body();
    } finally {
      this.#leave(env);
      // Its own thread may be waiting in #enter.
      Atomics.notify(this.#i32, (env + VCPU.RUNNING) >>> 2);
    }
    return true;
  }

  #tryEnter(env: number, state: number): boolean {
    return Atomics.compareExchange(this.#i32, (env + VCPU.RUNNING) >>> 2, STOPPED, state) ===
      STOPPED;
  }

  #enter(env: number): void {
    const running = (env + VCPU.RUNNING) >>> 2;
    do {
      while (!this.#tryEnter(env, RUNNING)) Atomics.wait(this.#i32, running, CLAIMED);
    } while (!this.#admitted(env));
  }

  /**
   * The vCPU's RUNNING word has just been set. True when no section is pending; else steps back,
   * waits for the section's end and gives false.
   */
  #admitted(env: number): boolean {
    const i32 = this.#i32;
    if (Atomics.load(i32, this.#pending) === 0) return true;
    const running = (env + VCPU.RUNNING) >>> 2;
    this.#mutex.lock(this.#lock);
    if (Atomics.load(i32, this.#pending) === 0) {
      this.#mutex.unlock(this.#lock);
      return true;
    }
    if (this.#depth > 0) {
      this.#mutex.unlock(this.#lock);
      throw new Error("A vCPU was started inside an exclusive section; end the section first");
    }
    Atomics.store(i32, running, STOPPED);
    Atomics.notify(i32, running);
    this.#uncount(env);
    this.#idle();
    this.#mutex.unlock(this.#lock);
    return false;
  }

  #leave(env: number): void {
    const i32 = this.#i32;
    Atomics.store(i32, (env + VCPU.RUNNING) >>> 2, STOPPED);
    if (Atomics.load(i32, this.#pending) === 0) return;
    this.#mutex.lock(this.#lock);
    this.#uncount(env);
    this.#mutex.unlock(this.#lock);
  }

  /** Under the list lock: a section that counted this vCPU need not wait for it any more. */
  #uncount(env: number): void {
    const i32 = this.#i32;
    const waiter = (env + VCPU.HAS_WAITER) >>> 2;
    if (Atomics.load(i32, waiter) === 0) return;
    Atomics.store(i32, waiter, 0);
    if (Atomics.sub(i32, this.#pending, 1) === 2) Atomics.notify(i32, this.#pending);
  }

  /** Under the list lock: waits until no section is pending. */
  #idle(): void {
    const i32 = this.#i32;
    while (Atomics.load(i32, this.#pending) !== 0) {
      const seen = Atomics.load(i32, this.#resume);
      this.#mutex.unlock(this.#lock);
      Atomics.wait(i32, this.#resume, seen);
      this.#mutex.lock(this.#lock);
    }
  }

  #start(): void {
    const i32 = this.#i32;
    this.#mutex.lock(this.#lock);
    this.#idle();
    // From here on nobody is admitted; who got in before shows in its RUNNING word.
    Atomics.store(i32, this.#pending, 1);
    let running = 0;
    for (let index = 0; index < this.#layout.vcpus; index++) {
      const env = vcpuBase(this.#layout, index);
      if (Atomics.load(i32, (env + VCPU.RUNNING) >>> 2) === STOPPED) continue;
      Atomics.store(i32, (env + VCPU.HAS_WAITER) >>> 2, 1);
      requestExit(i32, env);
      running++;
    }
    Atomics.store(i32, this.#pending, running + 1);
    this.#mutex.unlock(this.#lock);
    for (let spins = 0;;) {
      const left = Atomics.load(i32, this.#pending);
      if (left === 1) return;
      if (spins++ > SPINS) Atomics.wait(i32, this.#pending, left);
    }
  }

  #end(): void {
    const i32 = this.#i32;
    this.#mutex.lock(this.#lock);
    Atomics.store(i32, this.#pending, 0);
    Atomics.add(i32, this.#resume, 1);
    this.#mutex.unlock(this.#lock);
    Atomics.notify(i32, this.#resume);
  }
}
