import { assertEquals } from "@std/assert";
import type { AtomicsExpansion, SyncExpansion } from "../expansion.ts";
import { expandSync } from "./expand.ts";
import { parseBlock } from "../parser.ts";
import { printBlock } from "../printer.ts";
import { randomBlock } from "../testing/random_ir.ts";
import { Rng } from "../testing/rng.ts";
import { testHelperTable } from "../testing/test_helpers.ts";
import { verify } from "../verifier.ts";

const helpers = testHelperTable();

/** A made-up scheme whose operations are easy to tell apart in a listing. */
const atomics: AtomicsExpansion = {
  loadExclusive: (x, address, memop) => {
    x.b.set(x.perVcpu, address);
    return x.b.guestLoad(address, memop);
  },
  loadExclusive64: (x, address, memop) => x.b.guestLoad64(address, memop),
  storeExclusive: (x, address, value, memop) => {
    x.b.guestStore(address, value, memop);
    return x.b.call("test_read", address);
  },
  storeExclusive64: (x, address, value, memop) => {
    x.b.guestStore64(address, value, memop);
    return x.b.const(0);
  },
  clearExclusive: (x) => x.b.set(x.perVcpu, x.b.const(x.shared)),
  atomicSwap: (x, address, value, memop) => {
    const old = x.b.guestLoad(address, memop);
    x.b.guestStore(address, value, memop);
    return old;
  },
};

function sync(
  parallel: boolean,
  sequentialAccesses = false,
  extra: Partial<AtomicsExpansion> = {},
): SyncExpansion {
  const context = { shared: 0x4000, perVcpu: 0x800, parallel };
  return {
    atomics: { ...atomics, ...extra },
    atomicsContext: context,
    barriers: {
      memoryBarrier: (x, kinds) => x.b.callVoid("test_note", x.b.const(kinds), x.b.const(0)),
      sequentialAccesses,
    },
    barriersContext: context,
    leaveAfterLoadExclusive: false,
    leaveAfterStoreExclusive: false,
  };
}

function expand(lines: string, temps: number, s: SyncExpansion): string {
  const text = `block 0x8000 insns=0 bytes=0 temps=${temps} {\n${lines}\n}`;
  const result = expandSync(parseBlock(text, { helpers }), helpers, s);
  verify(result, { helpers, expanded: true });
  return printBlock(result, { helpers }).split("\n").slice(1, -2).map((l) => l.slice(2)).join("\n");
}

Deno.test("expandSync replaces exclusives and renumbers temporaries", () => {
  const lines =
    "v0 = get state[0x0]\nv1 = load_exclusive.u32 v0\nv2 = store_exclusive.u32 v0, v1\n" +
    "if v2 {\n  clear_exclusive\n} else {\n  v3 = atomic_swap.u8 v0, v1\n  set state[0x4], v3\n}\ngoto_ptr";
  assertEquals(
    expand(lines, 4, sync(true)),
    `v0 = get state[0x0]
set state[0x800], v0
v1 = guest_load.u32 v0
guest_store.u32 v0, v1
v2 = call test_read(v0)
if v2 {
  v3 = const 0x4000
  set state[0x800], v3
} else {
  v4 = guest_load.u8 v0
  guest_store.u8 v0, v1
  set state[0x4], v4
}
goto_ptr`,
  );
});

Deno.test("expandSync drops every barrier when vCPUs do not run in parallel", () => {
  assertEquals(expand("memory_barrier all|dsb\ngoto_ptr", 0, sync(false)), "goto_ptr");
});

Deno.test("expandSync gives the strategy the barrier's kinds without the DSB bit", () => {
  assertEquals(
    expand("memory_barrier ld_ld|st_ld|dsb\nmemory_barrier dsb\ngoto_ptr", 0, sync(true)),
    "v0 = const 3\nv1 = const 0\ncall test_note(v0, v1)\ngoto_ptr",
  );
});

Deno.test("expandSync makes guest accesses sequential only when asked and in parallel", () => {
  const lines = "v0 = const 64\nv1 = guest_load.u32 v0\nw2 = load_exclusive64.u64 v0\n" +
    "guest_store.u16 v0, v1\nguest_store64.u64 v0, w2\nv3 = probe.u32 v0\ngoto_ptr";
  const plain = lines.replace("load_exclusive64", "guest_load64");
  assertEquals(expand(lines, 4, sync(true, false)), plain);
  assertEquals(expand(lines, 4, sync(false, true)), plain);
  const sequential = plain.replace(/(guest_\w+\.u\d+)/g, "$1.seq");
  assertEquals(expand(lines, 4, sync(true, true)), sequential);
});

Deno.test("expandSync sends plain accesses through the hooks the scheme has", () => {
  const hooked = sync(true, true, {
    guestStore: (x, address, value, memop) => {
      x.b.set(x.perVcpu, value);
      x.b.guestStore(address, value, memop);
    },
    guestLoad64: (x, address, memop) => {
      x.b.fence();
      return x.b.guestLoad64(address, memop);
    },
  });
  assertEquals(
    expand(
      "v0 = const 64\nguest_store.u8 v0, v0\nw1 = guest_load64.u64 v0\nguest_store64.u64 v0, w1\ngoto_ptr",
      2,
      hooked,
    ),
    `v0 = const 64
set state[0x800], v0
guest_store.u8.seq v0, v0
fence
w1 = guest_load64.u64.seq v0
guest_store64.u64.seq v0, w1
goto_ptr`,
  );
});

Deno.test("expandSync gives valid blocks without abstract operations for random blocks", () => {
  for (let seed = 0; seed < 200; seed++) {
    const block = randomBlock(new Rng(seed), {
      helpers,
      size: 80,
      slots: [0, 8],
      guestBase: 0,
      guestMask: 0xfff,
      hostBase: 0x2000,
      hostBytes: 0x100,
      abstract: true,
    });
    const result = expandSync(block, helpers, sync(seed % 2 === 0, seed % 3 === 0));
    verify(result, { helpers, expanded: true });
    assertEquals([result.pc, result.guestInsns, result.guestBytes], [
      block.pc,
      block.guestInsns,
      block.guestBytes,
    ]);
  }
});

Deno.test("expandSync copies a block without abstract operations unchanged", () => {
  for (let seed = 0; seed < 50; seed++) {
    const block = randomBlock(new Rng(seed), {
      helpers,
      size: 80,
      slots: [0, 8],
      guestBase: 0,
      guestMask: 0xfff,
      hostBase: 0x2000,
      hostBytes: 0x100,
    });
    const result = expandSync(block, helpers, sync(false));
    assertEquals(printBlock(result, { helpers }), printBlock(block, { helpers }));
  }
});
