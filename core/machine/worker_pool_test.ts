import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { WorkerPool } from "./worker_pool.ts";

/** A module that answers each message with how many it has had. */
const COUNTING = new URL(
  `data:text/javascript,let n=0;self.onmessage=()=>self.postMessage(++n)`,
);

function ask(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<number>) => resolve(data);
    worker.postMessage(null);
  });
}

Deno.test("WorkerPool hands an idle Worker of the same module on, and only that", async () => {
  const pool = new WorkerPool();
  const first = pool.take(COUNTING);
  assertEquals(await ask(first), 1);
  pool.give(COUNTING, first);
  assert(first.onmessage === null);
  const other = pool.take(new URL(COUNTING.href + "//other"));
  assertNotEquals(other, first);
  const again = pool.take(COUNTING);
  assertEquals(await ask(again), 2);
  const fresh = pool.take(COUNTING);
  assertEquals(await ask(fresh), 1);
  for (const worker of [again, fresh, other]) pool.give(COUNTING, worker);
  pool.close();
});
