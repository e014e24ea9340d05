/**
 * Sleep of a vCPU thread on its futex word (see kick.ts), with a spin before it when the last sleeps
 * were short.
 * @module
 */
import { ASLEEP } from "./kick.ts";
import { SPIN_MS, type SpinGate } from "./spin_gate.ts";

/** A wait that was over within this many ms makes the next one begin with a spin. */
const SHORT_MS = 2 * SPIN_MS;

/** The one sleeper on a word. */
export class Sleeper {
  readonly #i32: Int32Array;
  readonly #word: number;
  readonly #gate: SpinGate;
  #spins = false;

  /** `word` indexes `i32`; no other thread sleeps on it. */
  constructor(i32: Int32Array, word: number, gate: SpinGate) {
    this.#i32 = i32;
    this.#word = word;
    this.#gate = gate;
  }

  /** What {@linkcode Sleeper.sleep} compares; read it before looking for something to do. */
  get ticket(): number {
    return Atomics.load(this.#i32, this.#word);
  }

  /** Returns when the thread was woken since `ticket` was read, or after `ms`; gives the ms spent. */
  sleep(ticket: number, ms: number): number {
    const start = performance.now();
    if (!this.#spins || !this.#gate.spin(() => this.ticket !== ticket)) this.#block(ticket, ms);
    const spent = performance.now() - start;
    this.#spins = spent < SHORT_MS;
    return spent;
  }

  /**
   * Wakers notify only who is marked as asleep. They count before they look for the mark, here the
   * mark is set before the count is compared: one of the two sees the other.
   */
  #block(ticket: number, ms: number): void {
    const i32 = this.#i32;
    const word = this.#word;
    if (Atomics.or(i32, word, ASLEEP) === ticket) Atomics.wait(i32, word, ticket | ASLEEP, ms);
    Atomics.and(i32, word, ~ASLEEP);
  }
}
