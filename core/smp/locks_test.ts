import { assertEquals, assertThrows } from "@std/assert";
import { FutexMutex } from "./futex_mutex.ts";
import { Spinlock } from "./spinlock.ts";

function memory(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(64));
}

Deno.test("FutexMutex tells its observer of each acquisition and for whom", () => {
  const seen: [number, boolean, number][] = [];
  const mutex = new FutexMutex(memory(), (...what) => seen.push(what));
  mutex.lock(8, 0x1000);
  assertEquals(mutex.tryLock(8, 0x1000), false);
  mutex.unlock(8);
  assertEquals(mutex.tryLock(8, 0x2000), true);
  assertEquals(seen, [[0x1000, false, 0], [0x2000, false, 0]]);
});

Deno.test("FutexMutex refuses to unlock a free lock", () => {
  const mutex = new FutexMutex(memory());
  assertThrows(() => mutex.unlock(8), Error, "Lock at 8 was unlocked while free");
});

Deno.test("locks at different addresses are independent", () => {
  const i32 = memory();
  const mutex = new FutexMutex(i32);
  const spin = new Spinlock(i32);
  mutex.lock(0);
  spin.lock(4);
  mutex.lock(8);
  assertEquals([...i32.subarray(0, 3)], [1, 1, 1]);
  spin.unlock(4);
  mutex.unlock(0);
  assertEquals([...i32.subarray(0, 3)], [0, 0, 1]);
});
