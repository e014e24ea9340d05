/**
 * Worker of the console ring's test: pushes its bytes, taking turns with the others by a lock.
 * @module
 */
import { FutexMutex } from "../../smp/futex_mutex.ts";
import { ConsoleRing } from "../console_ring.ts";
import { deviceBench } from "./bench.ts";

/** What the worker is told. */
export interface RingJob {
  readonly memory: WebAssembly.Memory;
  /** Address of the lock. */
  readonly lock: number;
  /** High bits of every byte that it sends; the low four count up. */
  readonly mark: number;
  readonly count: number;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<RingJob>) => void) | null;
  postMessage(message: string): void;
};

scope.onmessage = ({ data: { memory, lock, mark, count } }): void => {
  const { views, layout } = deviceBench(2, memory);
  const ring = new ConsoleRing(views, layout.console, layout.global);
  const mutex = new FutexMutex(views.i32);
  for (let i = 0; i < count; i++) {
    mutex.lock(lock);
    ring.push(mark | (i & 15));
    mutex.unlock(lock);
  }
  scope.postMessage("done");
};
