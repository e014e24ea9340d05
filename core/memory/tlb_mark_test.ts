import { assertEquals } from "@std/assert";
import { planMachine, vcpuBase } from "./machine_layout.ts";
import { setPageFlag } from "./page_state.ts";
import type { RefillJob } from "./testing/refill_worker.ts";
import { resetTlb } from "./tlb.ts";
import { markWriteTags } from "./tlb_mark.ts";
import { PAGE_SIZE, TLB_FLAG, TLB_WRITE, tlbOffset } from "./vcpu_layout.ts";
import { allocateShared, viewsOf } from "./views.ts";

const RAM_PAGES = 16;
const ROUNDS = 300;

Deno.test("marks made while the owner refills and flushes are never lost", async () => {
  const layout = planMachine({
    vcpus: 1,
    ramBase: 0,
    ramBytes: RAM_PAGES * PAGE_SIZE,
    strategyBytes: 64,
    tbCount: 1,
    codeCaches: 1,
  }, () => 64);
  const memory = allocateShared(layout.totalBytes);
  const views = viewsOf(memory);
  const env = vcpuBase(layout, 0);
  resetTlb(views, env);
  const worker = new Worker(new URL("./testing/refill_worker.ts", import.meta.url), {
    type: "module",
  });
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  worker.onmessage = ({ data }) => (data === "started" ? started : ended).resolve();
  worker.postMessage({ memory, layout } satisfies RefillJob);
  await started.promise;
  // Word 0 of the strategy's state is the hand-shake: 1 asks the owner to pause, 2 says it has.
  const word = layout.strategy >>> 2;
  const lost: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const page = layout.ram + (round % RAM_PAGES) * PAGE_SIZE;
    const on = round % (2 * RAM_PAGES) < RAM_PAGES;
    setPageFlag(views, layout, page, "code", on);
    markWriteTags(views, layout, page, "code", on);
    Atomics.store(views.i32, word, 1);
    while (Atomics.load(views.i32, word) !== 2) { /* the owner polls this between refills */ }
    for (let n = 0; n < RAM_PAGES; n++) {
      const tag = views.i32[(env + tlbOffset(0, n * PAGE_SIZE) + TLB_WRITE) >>> 2];
      const flagged = views.i32[(layout.pages >>> 2) + n] !== 0;
      if ((tag & TLB_FLAG.INVALID) === 0 && flagged && (tag & TLB_FLAG.CODE) === 0) {
        lost.push(`round ${round} page ${n}`);
      }
    }
    Atomics.store(views.i32, word, 0);
  }
  Atomics.store(views.i32, word, 3);
  await ended.promise;
  worker.terminate();
  assertEquals(lost, []);
});
