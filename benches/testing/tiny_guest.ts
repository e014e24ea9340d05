/**
 * Guests of a few hand-assembled words, for tests of what a machine says about its guest.
 * @module
 */
import { type MachineOptions, type MachineResult, runMachine } from "../../core/machine/machine.ts";

/** Where a raw image lies and starts, in Supervisor mode with the MMU off. */
export const TINY_BASE = 0x4001_0000;

/** A program of words, with more words or texts at offsets from its start. */
export interface TinyGuest {
  /** Its first instructions. */
  readonly words: readonly number[];
  /** What lies further up, by offset. */
  readonly more?: Readonly<Record<number, readonly number[] | string>>;
}

/** The raw image of a guest. */
export function tinyImage({ words, more = {} }: TinyGuest): Uint8Array {
  const bytes = new Uint8Array(0x400);
  const data = new DataView(bytes.buffer);
  const put = (at: number, list: readonly number[]): void => {
    list.forEach((word, i) => data.setUint32(at + 4 * i, word, true));
  };
  put(0, words);
  for (const [at, what] of Object.entries(more)) {
    if (typeof what === "string") bytes.set(new TextEncoder().encode(what), Number(at));
    else put(Number(at), what);
  }
  return bytes;
}

/** Runs a guest with one vCPU and 64 MiB, unless told otherwise. */
export function runTiny(
  guest: TinyGuest,
  options: Partial<MachineOptions> = {},
): Promise<MachineResult> {
  return runMachine({
    kernel: tinyImage(guest),
    name: "tiny",
    vcpus: 1,
    memoryMiB: 64,
    atomics: "cmpxchg",
    barriers: "typed",
    scheduling: "thread-per-vcpu",
    strategies: new URL("../../strategies/mod.ts", import.meta.url).href,
    ...options,
  });
}
