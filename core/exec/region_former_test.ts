import { assertEquals } from "@std/assert";
import { IrBuilder } from "../ir/builder.ts";
import { testHelperTable } from "../ir/testing/test_helpers.ts";
import { planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { CodeCache } from "./code_cache.ts";
import { planCodeCache } from "./code_cache_layout.ts";
import { RegionFormer } from "./region_former.ts";

const RAM_BASE = 0x4000_0000;
const FLAGS = 0;
/** Two RAM pages, and where the guest has them. */
const PAGE_A = RAM_BASE;
const PAGE_B = RAM_BASE + 0x3000;
const AT_A = 0xb6f0_0000;
const AT_B = 0xb700_5000;

/**
 * A block at A + 0x10 that jumps to B + 0x20 as long as r0 is not 0, and one there that jumps to the
 * place `back` on A.
 */
function fixture(back = 0x10) {
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
  const views = viewsOf(allocateShared(layout.totalBytes));
  const cache = new CodeCache(views, layout, 0);
  cache.reset();
  const env = vcpuBase(layout, 0);
  const insert = (physical: number, to: number): number => {
    const place = physical & 0xfff;
    const b = new IrBuilder(testHelperTable());
    b.begin(place);
    b.insn(place, 4);
    b.if(b.get(0), () => {
      b.set(VCPU.PC, b.codeAddr(to));
      b.gotoPtr();
    });
    b.gotoTb(0, place);
    return cache.insert(b.finish(), physical, physical, FLAGS, 0);
  };
  const a = insert(PAGE_A + 0x10, AT_B + 0x20 - AT_A);
  const b = insert(PAGE_B + 0x20, AT_A + back - AT_B);
  cache.jumpCachePut(env, (AT_A + 0x10) | 0, FLAGS, a);
  cache.jumpCachePut(env, (AT_B + 0x20) | 0, FLAGS, b);
  return { former: new RegionFormer(cache, views), cache, env, insert, a, b };
}

Deno.test("a region over two pages has a base for each and looks at the jump cache between them", () => {
  const { former, env, a, b } = fixture();
  const region = former.form({ env, id: a, pc: (AT_A + 0x10) | 0 })!;
  assertEquals([region.head, region.members.toSorted()], [a, [a, b].toSorted()]);
  assertEquals(region.sites.map(({ page }) => page), [0, 1]);
  const edges = region.sites.map(({ edges }) => edges);
  assertEquals(edges, [
    [
      { pc: 0x20, node: 1, guard: { flags: FLAGS, otherPage: true, id: b } },
      { pc: 0x10, node: 0, guard: null },
    ],
    [
      { pc: 0x10, node: 0, guard: { flags: FLAGS, otherPage: true, id: a } },
      { pc: 0x20, node: 1, guard: null },
    ],
  ]);
});

Deno.test("no region is formed around a block that the cache has dropped and numbered anew", () => {
  const { former, env, a } = fixture();
  assertEquals(former.form({ env, id: a, pc: (AT_A + 0x40) | 0 }), null);
});

Deno.test("a page of the guest is one RAM page in all of a region", () => {
  const { former, cache, env, insert, a, b } = fixture(0x40);
  // The vCPU is in another address space by now, where A's address belongs to something else.
  const other = insert(RAM_BASE + 0x5040, 0x40);
  cache.jumpCachePut(env, (AT_A + 0x40) | 0, FLAGS, other);
  const wish = { env, id: a, pc: (AT_A + 0x10) | 0 };
  assertEquals(former.form(wish)!.members, [a, b]);
  const same = insert(PAGE_A + 0x40, 0x40);
  assertEquals(former.form(wish)!.members.toSorted(), [a, b, same].toSorted());
});
