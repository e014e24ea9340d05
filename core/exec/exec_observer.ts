/**
 * What a trace hears of the execution engine. Without an observer the engine asks for one where a
 * block is made or compiled, and nowhere in translated code.
 * @module
 */
import type { Unit } from "../backends/wasm/module.ts";
import type { Stages } from "./translator.ts";

/** Told by the executor of one thread; `env` is the vCPU that it works for. */
export interface ExecObserver {
  /**
   * Whether `entered` is to hear of every block that runs: blocks then return to the run loop, with
   * no chains, jump cache or regions in between.
   */
  readonly everyBlock: boolean;
  /**
   * A block was translated for the page at guest address `page`; its places are offsets there, and
   * `fetch` gives the code word at one.
   */
  translated(
    env: number,
    stages: Stages,
    flags: number,
    page: number,
    fetch: (place: number) => number,
  ): void;
  /** Functions are being compiled: a unit each. */
  compiled(env: number, units: readonly Unit[]): void;
  /** A block of `insns` instructions at the vCPU's pc is about to run in a tier. */
  entered(env: number, insns: number, tier: "interp" | "wasm"): void;
}
