/**
 * Locks in IR and those of core/smp are the same locks: one side waits for the other.
 */
import { assert, assertEquals } from "@std/assert";
import { COUNTER } from "../../core/memory/counters.ts";
import { VCPU } from "../../core/memory/vcpu_layout.ts";
import { vcpuBase } from "../../core/memory/machine_layout.ts";
import { allocateShared, viewsOf } from "../../core/memory/views.ts";
import { FutexMutex, MUTEX } from "../../core/smp/futex_mutex.ts";
import { SPINLOCK, Spinlock } from "../../core/smp/spinlock.ts";
import type { LockOrder } from "../testing/lock_worker.ts";
import { rigLayout } from "../testing/rig.ts";
import { findAtomics } from "./registry.ts";

/** How long the lock is held once somebody waits, in ms. */
const HELD_MS = 20;

const KINDS = {
  mutex: { lock: FutexMutex, waiting: MUTEX.CONTENDED as number },
  spinlock: { lock: Spinlock, waiting: SPINLOCK.HELD as number },
  "spinlock-yield": { lock: Spinlock, waiting: SPINLOCK.HELD as number },
} as const;

for (const [scheme, { lock, waiting }] of Object.entries(KINDS)) {
  for (const backend of ["interp", "wasm"] as const) {
    Deno.test(`a helper of ${scheme} (${backend}) waits for who holds the lock in TypeScript`, async () => {
      const layout = rigLayout(findAtomics(scheme), 1);
      const memory = allocateShared(layout.totalBytes);
      const { i32, f64 } = viewsOf(memory);
      const word = layout.strategy >>> 2;
      const counter = (name: keyof typeof COUNTER) =>
        f64[((vcpuBase(layout, 0) + VCPU.COUNTERS) >>> 3) + COUNTER[name]];
      const locks = new lock(i32);
      locks.lock(layout.strategy);
      const worker = new Worker(new URL("../testing/lock_worker.ts", import.meta.url), {
        type: "module",
      });
      try {
        let done = false;
        const ended = new Promise<void>((resolve, reject) => {
          worker.onmessage = () => {
            done = true;
            resolve();
          };
          worker.onerror = (event) => {
            event.preventDefault();
            reject(new Error(event.message));
          };
        });
        const order: LockOrder = { memory, scheme, backend };
        worker.postMessage(order);
        const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
        while (counter("lockContended") === 0 || i32[word] !== waiting) await pause(1);
        await pause(HELD_MS);
        assertEquals(done, false, "it got a lock that was held");
        locks.unlock(layout.strategy);
        await ended;
        assertEquals(i32[word], 0, "it gave the lock back");
        assertEquals([counter("lockAcquisitions"), counter("lockContended")], [1, 1]);
        assert(counter("lockWaitNs") > HELD_MS * 1e6 / 2, `waited ${counter("lockWaitNs")} ns`);
      } finally {
        worker.terminate();
      }
    });
  }
}
