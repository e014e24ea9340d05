/**
 * Bounded queues of small work items for a vCPU, in the shared memory. Pure data structure: who
 * runs the items when is run_on_cpu.ts's business.
 * @module
 */
import { TLB_REQUEST } from "../memory/tlb.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { FutexMutex } from "./futex_mutex.ts";

/** What an item asks for; each has up to three 32-bit arguments. */
export const WORK = {
  /** TLB maintenance; `a` is a TLB_REQUEST (core/memory/tlb.ts). */
  FLUSH_TLB: 0,
  /** First number of the engine's own kinds. */
  ENGINE: 32,
} as const;

/** One item. */
export interface WorkItem {
  /** A {@linkcode WORK} kind, or WORK.ENGINE and above. */
  readonly kind: number;
  /** First argument, 32 bits; its meaning is the kind's. */
  readonly a: number;
  /** Second argument. */
  readonly b: number;
  /** Third argument. */
  readonly c: number;
}

/** The two queues of a vCPU. */
export const QUEUE = {
  /** Items that need only their vCPU to be stopped or their thread to run them. */
  PLAIN: 0,
  /** Items that need every vCPU to be stopped. */
  SAFE: 1,
} as const;
/** One of {@linkcode QUEUE}. */
export type Queue = (typeof QUEUE)[keyof typeof QUEUE];

/** Items a queue holds before it overflows. */
export const QUEUE_CAPACITY = 64;
const QUEUE_BYTES = 0x800;
// Words of a queue.
const LOCK = 0x00;
const COUNT = 0x04;
const OVERFLOWED = 0x08;
/** Numbers of the last item posted and of the last one done, modulo 2^32. */
const POSTED = 0x0c;
const DONE = 0x10;
const ITEMS = 0x40;
const ITEM_BYTES = 16;

/** What a queue that overflowed asks for in place of its items. */
const DEGRADED: readonly WorkItem[] = [
  { kind: WORK.FLUSH_TLB, a: TLB_REQUEST.ALL, b: 0, c: 0 },
];

/** The work queues of all vCPUs, as seen by one thread. */
export class WorkQueues {
  readonly #i32: Int32Array;
  readonly #mutex: FutexMutex;

  /** `i32` is a view of the whole shared memory. */
  constructor(i32: Int32Array) {
    this.#i32 = i32;
    this.#mutex = new FutexMutex(i32);
  }

  /**
   * Appends an item for the vCPU at `env` and sets the queue's bit of its WORK word; gives the item's
   * number. A full queue forgets its items and asks for a flush of the whole TLB instead.
   */
  post(env: number, queue: Queue, item: WorkItem): number {
    const i32 = this.#i32;
    const base = this.#base(env, queue);
    this.#mutex.lock(base + LOCK);
    const count = i32[(base + COUNT) >>> 2];
    if (count === QUEUE_CAPACITY) {
      i32[(base + OVERFLOWED) >>> 2] = 1;
    } else {
      const at = (base + ITEMS + count * ITEM_BYTES) >>> 2;
      i32[at] = item.kind;
      i32[at + 1] = item.a;
      i32[at + 2] = item.b;
      i32[at + 3] = item.c;
      i32[(base + COUNT) >>> 2] = count + 1;
    }
    const ticket = ++i32[(base + POSTED) >>> 2];
    Atomics.or(i32, (env + VCPU.WORK) >>> 2, 1 << queue);
    this.#mutex.unlock(base + LOCK);
    return ticket;
  }

  /** Whether the queue's bit is set in the vCPU's WORK word. */
  waiting(env: number, queue: Queue): boolean {
    return (Atomics.load(this.#i32, (env + VCPU.WORK) >>> 2) & 1 << queue) !== 0;
  }

  /**
   * Empties the queue into `run`, then publishes that its items are done. For the PLAIN queue the
   * caller has the vCPU to itself, so that nobody can publish a later number before an earlier
   * item has been run.
   */
  drain(env: number, queue: Queue, run: (item: WorkItem) => void): void {
    const i32 = this.#i32;
    const base = this.#base(env, queue);
    this.#mutex.lock(base + LOCK);
    const items = i32[(base + OVERFLOWED) >>> 2] !== 0 ? DEGRADED : this.#items(base);
    i32[(base + COUNT) >>> 2] = 0;
    i32[(base + OVERFLOWED) >>> 2] = 0;
    const last = i32[(base + POSTED) >>> 2];
    Atomics.and(i32, (env + VCPU.WORK) >>> 2, ~(1 << queue));
    this.#mutex.unlock(base + LOCK);
    for (const item of items) run(item);
    Atomics.store(i32, (base + DONE) >>> 2, last);
    Atomics.notify(i32, (base + DONE) >>> 2);
  }

  /** Whether the item with number `ticket` has been run. */
  isDone(env: number, queue: Queue, ticket: number): boolean {
    return (Atomics.load(this.#i32, (this.#base(env, queue) + DONE) >>> 2) - ticket | 0) >= 0;
  }

  /** Sleeps until a drain publishes more items than `isDone` could see when it said no. */
  waitForDone(env: number, queue: Queue, ticket: number): void {
    const index = (this.#base(env, queue) + DONE) >>> 2;
    const seen = Atomics.load(this.#i32, index);
    if ((seen - ticket | 0) < 0) Atomics.wait(this.#i32, index, seen);
  }

  #base(env: number, queue: Queue): number {
    return env + VCPU.WORK_QUEUE + queue * QUEUE_BYTES;
  }

  #items(base: number): WorkItem[] {
    const i32 = this.#i32;
    return Array.from({ length: i32[(base + COUNT) >>> 2] }, (_, n) => {
      const at = (base + ITEMS + n * ITEM_BYTES) >>> 2;
      return { kind: i32[at], a: i32[at + 1], b: i32[at + 2], c: i32[at + 3] };
    });
  }
}
