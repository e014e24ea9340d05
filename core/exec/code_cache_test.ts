import { assertEquals } from "@std/assert";
import { IrBuilder } from "../ir/builder.ts";
import { EXIT } from "../ir/ops.ts";
import { testHelperTable } from "../ir/testing/test_helpers.ts";
import { planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { PAGE_SIZE } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { CodeCache } from "./code_cache.ts";
import { JUMP_PLACES, planCodeCache } from "./code_cache_layout.ts";

const RAM_BASE = 0x4000_0000;
const FLAGS = 0;

/** An empty cache, and a way to put blocks of one instruction into it. */
function fixture() {
  const layout = planMachine(
    {
      vcpus: 1,
      ramBase: RAM_BASE,
      ramBytes: 0x10000,
      strategyBytes: 64,
      tbCount: 64,
      codeCaches: 1,
    },
    (tbCount) => planCodeCache(tbCount).bytes,
  );
  const cache = new CodeCache(viewsOf(allocateShared(layout.totalBytes)), layout, 0);
  cache.reset();
  const insert = (physical: number): number => {
    const b = new IrBuilder(testHelperTable());
    b.begin(physical);
    b.insn(physical, 4);
    b.exit(EXIT.LOOKUP);
    return cache.insert({ ...b.finish(), guestBytes: 4 }, physical, physical, FLAGS, 0);
  };
  return { cache, insert, env: vcpuBase(layout, 0) };
}

Deno.test("a store to any block of a region drops its head, on other pages too", () => {
  const [near, other] = [RAM_BASE + 0x40, RAM_BASE + 0x2080];
  for (const written of [RAM_BASE, near, other]) {
    const { cache, insert } = fixture();
    const ids = [RAM_BASE, near, other].map(insert);
    assertEquals(cache.publishRegion(new Uint8Array(8), ids[0], ids), true);
    cache.invalidate(written, 4);
    assertEquals(cache.isValid(ids[0]), false, written.toString(16));
    assertEquals(cache.find(RAM_BASE, FLAGS, 0), 0);
    assertEquals(ids.slice(1).map((id) => cache.isValid(id)), [
      written !== near,
      written !== other,
    ]);
  }
});

Deno.test("a store beside the blocks of a region leaves it alone", () => {
  const { cache, insert } = fixture();
  const ids = [RAM_BASE, RAM_BASE + 0x2080].map(insert);
  cache.publishRegion(new Uint8Array(8), ids[0], ids);
  cache.invalidate(RAM_BASE + 0x2000, 0x80);
  cache.invalidate(RAM_BASE + 0x2084, 4);
  assertEquals(ids.map((id) => cache.isValid(id)), [true, true]);
});

Deno.test("a thread finds the regions that were published since it looked", () => {
  const { cache, insert } = fixture();
  const heads = [0, 0x100, 0x200].map((at) => insert(RAM_BASE + at));
  const records = heads.map((head) => {
    cache.publishRegion(new Uint8Array(8), head, [head]);
    return cache.lastRegion;
  });
  assertEquals(cache.regionsAfter(0), records);
  assertEquals(cache.regionsAfter(records[0]), records.slice(1));
  assertEquals(cache.regionsAfter(records[2]), []);
  assertEquals(cache.module(records[1]).ids, [heads[1]]);
});

for (const addresses of [1, JUMP_PLACES, JUMP_PLACES + 3]) {
  Deno.test(`a dropped block leaves the jump cache at ${addresses} addresses`, () => {
    const { cache, insert, env } = fixture();
    const dropped = insert(RAM_BASE + 0x40);
    const kept = insert(RAM_BASE + 0x80);
    const pages = Array.from({ length: addresses }, (_, n) => 0xb6f0_0000 + n * PAGE_SIZE | 0);
    for (const page of pages) {
      cache.jumpCachePut(env, page + 0x40, FLAGS, dropped);
      cache.jumpCachePut(env, page + 0x80, FLAGS, kept);
    }
    const found = () =>
      pages.flatMap((page) => [0x40, 0x80].map((at) => cache.jumpCacheGet(env, page + at, FLAGS)));
    assertEquals(found(), pages.flatMap(() => [dropped, kept]));
    cache.invalidate(RAM_BASE + 0x40, 4);
    assertEquals(found(), pages.flatMap(() => [0, kept]));
  });
}

Deno.test("a block is linked to one on its own page only", () => {
  const { cache, insert } = fixture();
  const [from, near, other] = [0, 0x40, 0x1000].map((at) => insert(RAM_BASE + at));
  assertEquals(cache.link(from, 0, other), false);
  assertEquals(cache.link(from, 0, near), true);
});
