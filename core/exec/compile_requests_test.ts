import { assertEquals } from "@std/assert";
import { GLOBAL, planMachine } from "../memory/machine_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { FutexMutex } from "../smp/futex_mutex.ts";
import { CodeCache, type RegionRequest } from "./code_cache.ts";
import { MAX_REGION_REQUESTS, planCodeCache } from "./code_cache_layout.ts";
import { CompileRequests } from "./compile_requests.ts";

const ENV = 0x10000;

function fixture() {
  const layout = planMachine(
    {
      ...{ vcpus: 1, ramBase: 0x4000_0000, ramBytes: 0x10000 },
      ...{ strategyBytes: 64, tbCount: 64, codeCaches: 1 },
    },
    (tbCount) => planCodeCache(tbCount).bytes,
  );
  const views = viewsOf(allocateShared(layout.totalBytes));
  const cache = new CodeCache(views, layout, 0);
  cache.reset();
  const requests = new CompileRequests(views.i32, layout, cache, new FutexMutex(views.i32));
  /** What a compiling thread finds; it stops after its first look. */
  const served = (): [asker: number, regions: readonly RegionRequest[]] | null => {
    let found: [number, readonly RegionRequest[]] | null = null;
    let looks = 0;
    const word = (layout.global + GLOBAL.COMPILER_WAKE) >>> 2;
    requests.serve((asker, regions) => found = [asker, regions], () => {
      // Nothing comes any more, so the wait must not last.
      if (looks === 0) setWake(views.i32, word);
      return looks++ === 1;
    });
    return found;
  };
  return { requests, served };
}

/** As a request between the look at the word and the wait does. */
function setWake(i32: Int32Array, word: number): void {
  Atomics.add(i32, word, 1);
}

/** A wish for the region around block `id`, found at an address of its own. */
function region(env: number, id: number): RegionRequest {
  return { env, id, pc: 0x8000 + 4 * id };
}

Deno.test("CompileRequests takes nothing before the thread is there", () => {
  const { requests, served } = fixture();
  assertEquals([requests.takeQueue(ENV), requests.takeRegion(region(ENV, 3))], [false, false]);
  assertEquals(served(), null);
});

Deno.test("CompileRequests hands the asker and the regions over once", () => {
  const { requests, served } = fixture();
  served();
  assertEquals([requests.takeQueue(ENV), requests.takeRegion(region(ENV, 3))], [true, true]);
  assertEquals(requests.takeRegion(region(2 * ENV, 4)), true);
  assertEquals(served(), [ENV, [region(ENV, 3), region(2 * ENV, 4)]]);
  assertEquals(served(), null);
});

Deno.test("CompileRequests forgets regions beyond the room for them", () => {
  const { requests, served } = fixture();
  served();
  for (let id = 1; id <= MAX_REGION_REQUESTS + 3; id++) {
    requests.takeRegion(region(ENV, id));
  }
  const [asker, regions] = served()!;
  assertEquals([asker, regions.length, regions.at(-1)!.id], [
    0,
    MAX_REGION_REQUESTS,
    MAX_REGION_REQUESTS,
  ]);
});
