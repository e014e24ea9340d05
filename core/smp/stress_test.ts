import { assertEquals } from "@std/assert";
import { stress, WORDS } from "./testing/stress.ts";

// Eight threads, on a machine that may have two cores: holders are descheduled all the time.
const VCPUS = 8;

for (const scenario of ["mutex", "spinlock"]) {
  Deno.test(`${scenario} keeps a plain counter exact with 8 threads`, async () => {
    const rounds = 10_000;
    const { views, layout } = await stress(scenario, VCPUS, rounds);
    assertEquals(views.i32[(layout.strategy + WORDS.TOTAL) >>> 2], VCPUS * rounds);
    assertEquals(views.i32[(layout.strategy + WORDS.LOCK) >>> 2], 0);
  });
}

Deno.test("ExclusiveSections keep translated code and other sections out with 8 threads", async () => {
  const rounds = 300;
  const { views, layout } = await stress("exclusive", VCPUS, rounds);
  assertEquals(views.i32[(layout.strategy + WORDS.ERRORS) >>> 2], 0);
  assertEquals(views.i32[(layout.strategy + WORDS.TOTAL) >>> 2], VCPUS * rounds);
});

Deno.test("RunOnCpu does every item once, beside no translated code, with 8 threads", async () => {
  const rounds = 200;
  const { views, layout } = await stress("work", VCPUS, rounds);
  const words = views.i32.subarray(layout.strategy >>> 2);
  assertEquals(words[WORDS.ERRORS >>> 2], 0);
  assertEquals(words[WORDS.TOTAL >>> 2], VCPUS * rounds / 4, "safe items");
  const done = Array.from({ length: VCPUS }, (_, n) => words[(WORDS.DONE >>> 2) + n]);
  // Each vCPU is a target of every runOnAll; posts of its neighbour may still be queued at the end.
  for (const count of done) {
    const synchronous = VCPUS * rounds / 2;
    assertEquals(count >= synchronous && count <= synchronous + rounds / 4, true, `${done}`);
  }
});
