/**
 * Decides whether a thread may spin before it sleeps: what it waits for usually comes from another
 * vCPU within microseconds, sooner than the kernel wakes a sleeper, but only if that vCPU has a host
 * core to run on.
 * @module
 */
import { GLOBAL, type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { STOPPED } from "./running.ts";

/** Longest spin in ms: about what it costs to sleep and to be woken. */
export const SPIN_MS = 0.03;
/** After spins for nothing a thread sleeps at once this often, twice as often each time. */
const LONGEST_REST = 256;
/** Looks at what is waited for between two looks at the clock, which cost more. */
const LOOKS = 32;

/** The machine's spinning threads are counted in one word, so that they leave cores to the others. */
export class SpinGate {
  readonly #i32: Int32Array;
  readonly #layout: MachineLayout;
  readonly #spinners: number;
  readonly #cores: number;
  /** Calls that still rest, and how many do after the next failure. */
  #resting = 0;
  #rest = 1;

  /** One a thread; `i32` views the whole shared memory, `cores` are those of the host. */
  constructor(
    i32: Int32Array,
    layout: MachineLayout,
    cores: number = navigator.hardwareConcurrency,
  ) {
    this.#i32 = i32;
    this.#layout = layout;
    this.#spinners = (layout.global + GLOBAL.SPINNERS) >>> 2;
    this.#cores = cores;
  }

  /**
   * Spins until `done` says so, for SPIN_MS at most; gives what it said last. Does not spin, and
   * gives false, where the vCPUs that run and the threads that spin would be more than the cores,
   * and where spinning was no use lately: others may be using the host's cores.
   */
  spin(done: () => boolean): boolean {
    if (this.#resting > 0) {
      this.#resting--;
      return false;
    }
    const seen = this.#spinAmongFew(done);
    this.#rest = seen ? 1 : Math.min(2 * this.#rest, LONGEST_REST);
    this.#resting = seen ? 0 : this.#rest;
    return seen;
  }

  /** Whether more vCPUs run than the host has cores. */
  get crowded(): boolean {
    return this.#running > this.#cores;
  }

  get #running(): number {
    let running = 0;
    for (let n = 0; n < this.#layout.vcpus; n++) {
      const word = (vcpuBase(this.#layout, n) + VCPU.RUNNING) >>> 2;
      if (Atomics.load(this.#i32, word) !== STOPPED) running++;
    }
    return running;
  }

  #spinAmongFew(done: () => boolean): boolean {
    const i32 = this.#i32;
    const spinners = Atomics.add(i32, this.#spinners, 1) + 1;
    let seen = false;
    if (this.#running + spinners <= this.#cores) {
      const end = performance.now() + SPIN_MS;
      do {
        for (let n = 0; n < LOOKS && !seen; n++) seen = done();
      } while (!seen && performance.now() < end);
    }
    Atomics.sub(i32, this.#spinners, 1);
    return seen;
  }
}
