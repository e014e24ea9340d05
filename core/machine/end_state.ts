/**
 * How a machine ends, in the shared memory: the first cause wins, every thread is told.
 * @module
 */
import { GLOBAL, type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import type { Views } from "../memory/views.ts";
import { kick } from "../smp/kick.ts";

/** Causes; GLOBAL.END holds 1 + the cause. */
export const END = {
  /** The guest switched the machine off; detail 0. */
  POWER_OFF: 0,
  /** The guest asked for a reset. */
  RESET: 1,
  /** The guest did something it cannot go on from; the text says what and where. */
  GUEST_FAULT: 2,
  /** The time that the user gave ran out. */
  TIMEOUT: 3,
  /** A thread of ours threw; detail is the vCPU's number, -1 another thread. */
  THREAD_ERROR: 4,
  /** The user stopped the machine. */
  STOPPED: 5,
} as const;
/** One of {@linkcode END}. */
export type EndCause = (typeof END)[keyof typeof END];

/** What {@linkcode endOf} reports. */
export interface MachineEnd {
  /** Why it ended. */
  readonly cause: EndCause;
  /** As the cause says; 0 where it says nothing. */
  readonly detail: number;
  /** Empty unless the cause has something to say. */
  readonly text: string;
}

/**
 * Ends the machine, unless it has ended; says whether this call did it. Asks every vCPU to leave
 * translated code and wakes every sleeper. Text beyond ERROR_TEXT_BYTES - 4 bytes is cut.
 */
export function endMachine(
  views: Views,
  layout: MachineLayout,
  cause: EndCause,
  detail: number = 0,
  text: string = "",
): boolean {
  const { i32 } = views;
  const word = (offset: number): number => (layout.global + offset) >>> 2;
  if (Atomics.compareExchange(i32, word(GLOBAL.END_CLAIM), 0, 1) !== 0) return false;
  writeText(views, layout.global + GLOBAL.ERROR_TEXT, text);
  Atomics.store(i32, word(GLOBAL.END_DETAIL), detail);
  Atomics.store(i32, word(GLOBAL.END), 1 + cause);
  for (let vcpu = 0; vcpu < layout.vcpus; vcpu++) kick(i32, vcpuBase(layout, vcpu));
  for (const wake of [GLOBAL.MAIN_WAKE, GLOBAL.TIMER_WAKE, GLOBAL.COMPILER_WAKE]) {
    Atomics.add(i32, word(wake), 1);
    Atomics.notify(i32, word(wake));
  }
  return true;
}

/** Whether the machine has ended. */
export function hasEnded(i32: Int32Array, layout: MachineLayout): boolean {
  return Atomics.load(i32, (layout.global + GLOBAL.END) >>> 2) !== 0;
}

/** How the machine ended; undefined while it runs. */
export function endOf(views: Views, layout: MachineLayout): MachineEnd | undefined {
  const end = Atomics.load(views.i32, (layout.global + GLOBAL.END) >>> 2);
  if (end === 0) return undefined;
  return {
    cause: end - 1 as EndCause,
    detail: Atomics.load(views.i32, (layout.global + GLOBAL.END_DETAIL) >>> 2),
    text: readText(views, layout.global + GLOBAL.ERROR_TEXT),
  };
}

function writeText(views: Views, address: number, text: string): void {
  // encodeInto never splits a character, so that a cut text is still UTF-8.
  const bytes = new Uint8Array(GLOBAL.ERROR_TEXT_BYTES - 4);
  const { written } = new TextEncoder().encodeInto(text, bytes);
  views.u8.set(bytes.subarray(0, written), address + 4);
  views.u32[address >>> 2] = written;
}

function readText(views: Views, address: number): string {
  const length = Math.min(views.u32[address >>> 2], GLOBAL.ERROR_TEXT_BYTES - 4);
  // The decoder takes no shared memory.
  return new TextDecoder().decode(views.u8.slice(address + 4, address + 4 + length));
}
