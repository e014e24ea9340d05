import { assertEquals } from "@std/assert";
import { MEMOP } from "../../memory/memop.ts";
import { setPageFlag } from "../../memory/page_state.ts";
import { flushAll, resetTlb } from "../../memory/tlb.ts";
import { TLB_FLAG, TLB_WRITE, tlbOffset, VCPU_STRIDE } from "../../memory/vcpu_layout.ts";
import { CP } from "../state.ts";
import { MODE, PSR, writeCpsr } from "./psr.ts";
import { SCTLR } from "./sctlr.ts";
import { DEVICE_BASE, Fixture, RAM_BASE } from "./testing/fixture.ts";

const PC = 0x40000100;
const TABLE = 0x40004000;
const SECOND = 0x40001000;

const BYTE = 0;
const HALF = 1;
const WORD = 2;
const DOUBLE = 3;
const BE = MEMOP.BIG_ENDIAN;
const align = (log2: number) => log2 << MEMOP.ALIGN_SHIFT;

/** MMU on; the pages of 1 MiB at 0 through SECOND, which is empty. */
function mapped(): Fixture {
  const f = new Fixture();
  f.set(CP.SCTLR, SCTLR.M);
  f.set(CP.TTBR0, TABLE);
  f.set(CP.DACR, 1);
  f.setWord(TABLE, SECOND | 1);
  return f;
}

/** Maps virtual page `n` of the first megabyte; TEX=1 C=1 B=1: normal memory. */
function mapPage(f: Fixture, n: number, physical: number, ap = 3, attributes = 0x4c): void {
  f.setWord(SECOND + 4 * n, physical | (ap & 3) << 4 | (ap & 4) << 7 | attributes | 2);
}

Deno.test("loads give every size, sign and byte order", () => {
  const f = new Fixture();
  const s = f.softmmu();
  f.setWord(RAM_BASE, 0x8182f3f4 | 0);
  f.setWord(RAM_BASE + 4, 0x11223344);
  const load = (memop: number, at = RAM_BASE) => s.slowLoad(f.env, PC, at, memop);
  assertEquals(load(BYTE), 0xf4);
  assertEquals(load(BYTE | MEMOP.SIGN), -12);
  assertEquals(load(HALF), 0xf3f4);
  assertEquals(load(HALF | MEMOP.SIGN), 0xf3f4 - 0x10000);
  assertEquals(load(HALF | BE), 0xf4f3);
  assertEquals(load(HALF | BE | MEMOP.SIGN), 0xf4f3 - 0x10000);
  assertEquals(load(WORD), 0x8182f3f4 | 0);
  assertEquals(load(WORD | BE), 0xf4f38281 | 0);
  assertEquals(load(WORD, RAM_BASE + 1), 0x448182f3, "unaligned");
  assertEquals(s.slowLoad64(f.env, PC, RAM_BASE, DOUBLE), 0x11223344_8182f3f4n);
  assertEquals(s.slowLoad64(f.env, PC, RAM_BASE, DOUBLE | BE), 0xf4f38281_44332211n);
  assertEquals(f.left(), false);
});

Deno.test("stores write every size and byte order and nothing beside", () => {
  const f = new Fixture();
  const s = f.softmmu();
  const stored = (memop: number, offset = 0) => {
    f.setWord(RAM_BASE, 0);
    f.setWord(RAM_BASE + 4, 0);
    s.slowStore(f.env, PC, RAM_BASE + offset, 0x81828384 | 0, memop);
    return [f.word(RAM_BASE) >>> 0, f.word(RAM_BASE + 4) >>> 0];
  };
  assertEquals(stored(BYTE), [0x84, 0]);
  assertEquals(stored(HALF), [0x8384, 0]);
  assertEquals(stored(HALF | BE), [0x8483, 0]);
  assertEquals(stored(HALF, 3), [0x84000000, 0x83]);
  assertEquals(stored(WORD), [0x81828384, 0]);
  assertEquals(stored(WORD | BE), [0x84838281, 0]);
  assertEquals(stored(WORD, 1), [0x82838400, 0x81]);
  s.slowStore64(f.env, PC, RAM_BASE, 0x0102030405060708n, DOUBLE | BE);
  assertEquals([f.word(RAM_BASE), f.word(RAM_BASE + 4)], [0x04030201, 0x08070605]);
  s.slowStore64(f.env, PC, RAM_BASE, -2n, DOUBLE);
  assertEquals([f.word(RAM_BASE), f.word(RAM_BASE + 4)], [-2, -1]);
});

Deno.test("a miss fills the TLB and the next access hits", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000);
  f.setWord(0x40008010, 77);
  assertEquals(s.slowLoad(f.env, PC, 0x3010, WORD), 77);
  assertEquals(f.counter("tlbFills"), 1);
  f.setWord(SECOND + 12, 0);
  assertEquals(s.slowLoad(f.env, PC, 0x3010, WORD), 77, "from the TLB");
  assertEquals([f.counter("tlbFills"), f.counter("slowLoads")], [1, 2]);
  flushAll(f.views, f.env);
  s.slowLoad(f.env, PC, 0x3010, WORD);
  assertEquals([f.left(), f.get(CP.DFSR), f.get(CP.DFAR)], [true, 7, 0x3010]);
});

Deno.test("user and privileged accesses have TLBs of their own", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000, 1);
  s.slowLoad(f.env, PC, 0x3000, WORD);
  assertEquals(f.left(), false);
  s.slowLoad(f.env, PC, 0x3000, WORD | 1 << MEMOP.MMU_SHIFT);
  assertEquals([f.left(), f.get(CP.DFSR)], [true, 15]);
});

Deno.test("a load entry does not let a store to a read-only page through", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000, 7);
  s.slowLoad(f.env, PC, 0x3000, WORD);
  s.slowStore(f.env, PC, 0x3004, 1, WORD);
  assertEquals([f.left(), f.get(CP.DFSR), f.get(CP.DFAR)], [true, 0x80f, 0x3004]);
  assertEquals(f.word(0x40008004), 0);
});

Deno.test("a page-crossing access uses both pages' translations", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000);
  mapPage(f, 4, 0x40002000);
  s.slowStore(f.env, PC, 0x3ffe, 0x81828384 | 0, WORD);
  assertEquals([f.word(0x40008ffc) >>> 0, f.word(0x40002000)], [0x83840000, 0x8182]);
  assertEquals(s.slowLoad(f.env, PC, 0x3ffe, WORD), 0x81828384 | 0);
  assertEquals(s.slowLoad(f.env, PC, 0x3fff, HALF | BE), 0x8382);
  s.slowStore64(f.env, PC, 0x3ffd, 0x0102030405060708n, DOUBLE);
  assertEquals(s.slowLoad64(f.env, PC, 0x3ffd, DOUBLE), 0x0102030405060708n);
});

Deno.test("a crossing store stores nothing when its second page faults", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000);
  s.slowStore(f.env, PC, 0x3ffe, -1, WORD);
  assertEquals([f.left(), f.get(CP.DFAR), f.get(CP.DFSR)], [true, 0x4000, 0x807]);
  assertEquals(f.word(0x40008ffc), 0);
});

Deno.test("an access that needs alignment faults before it is translated", () => {
  const f = mapped();
  const s = f.softmmu();
  s.slowLoad(f.env, PC, 0x3002, WORD | align(2));
  assertEquals([f.left(), f.get(CP.DFSR), f.get(CP.DFAR)], [true, 1, 0x3002]);
  mapPage(f, 3, 0x40008000);
  assertEquals(s.slowLoad64(f.env, PC, 0x3004, DOUBLE | align(2)), 0n);
  assertEquals(f.left(), false);
});

Deno.test("unaligned accesses to device memory fault, RAM or not, aligned ones do not", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000, 3, 0);
  mapPage(f, 4, DEVICE_BASE, 3, 0);
  for (const page of [0x3000, 0x4000]) {
    s.slowLoad(f.env, PC, page + 4, WORD);
    s.slowLoad64(f.env, PC, page + 4, DOUBLE);
    assertEquals(f.left(), false);
    s.slowLoad(f.env, PC, page + 2, WORD);
    assertEquals([f.left(), f.get(CP.DFSR)], [true, 1]);
    s.slowStore(f.env, PC, page + 1, 0, HALF);
    assertEquals([f.left(), f.get(CP.DFSR)], [true, 0x801]);
    assertEquals(s.slowLoad(f.env, PC, page + 2, WORD), 0, "also on a hit");
    assertEquals(f.left(), true);
  }
});

Deno.test("devices are read and written through the bus, doublewords as two words", () => {
  const f = new Fixture();
  const s = f.softmmu();
  s.slowStore(f.env, PC, DEVICE_BASE + 4, 0x01020384, WORD);
  assertEquals(s.slowLoad(f.env, PC, DEVICE_BASE + 4, BYTE | MEMOP.SIGN), -0x7c);
  assertEquals(s.slowLoad(f.env, PC, DEVICE_BASE + 4, WORD | BE), 0x84030201 | 0);
  s.slowStore64(f.env, PC, DEVICE_BASE + 8, 0x1122334455667788n, DOUBLE);
  assertEquals([f.device[2], f.device[3]], [0x55667788, 0x11223344]);
  assertEquals(s.slowLoad64(f.env, PC, DEVICE_BASE + 8, DOUBLE), 0x1122334455667788n);
  assertEquals(f.log.slice(0, 3), ["write 4 4", "read 4 1", "read 4 4"]);
  assertEquals([f.counter("mmioAccesses"), f.left()], [7, false]);
});

Deno.test("an address where nothing answers is an external abort, beside a device too", () => {
  const f = new Fixture();
  const s = f.softmmu();
  s.slowLoad(f.env, PC, 0x100, WORD);
  assertEquals([f.left(), f.get(CP.DFSR)], [true, 8]);
  s.slowLoad(f.env, PC, DEVICE_BASE, WORD);
  assertEquals(f.left(), false);
  s.slowStore(f.env, PC, DEVICE_BASE + 0x40, 0, WORD);
  assertEquals([f.left(), f.get(CP.DFSR)], [true, 0x808]);
});

Deno.test("a store to a page with translated code is done, then told", () => {
  const f = new Fixture();
  let seen = 0;
  const s = f.softmmu({
    codeWrite: (_env, host, size) => {
      seen = f.word(f.physicalOf(host));
      f.log.push(`code ${size}`);
    },
  });
  const page = f.hostOf(0x40008000);
  s.slowStore(f.env, PC, 0x40008000, 1, WORD);
  assertEquals(f.log, []);
  setPageFlag(f.views, f.layout, page, "code", true);
  s.markWriteFlag(page, "code", true);
  s.slowStore(f.env, PC, 0x40008000, 2, WORD);
  assertEquals([f.log, seen], [["code 4"], 2]);
});

Deno.test("a code flag that nothing asks for any more leaves the tag at the next store", () => {
  const f = new Fixture();
  const s = f.softmmu();
  const page = f.hostOf(0x40008000);
  setPageFlag(f.views, f.layout, page, "code", true);
  s.slowStore(f.env, PC, 0x40008000, 1, WORD);
  const tag = () => f.get(tlbOffset(0, 0x40008000) + TLB_WRITE);
  assertEquals(tag(), 0x40008000 | TLB_FLAG.CODE);
  setPageFlag(f.views, f.layout, page, "code", false);
  s.slowStore(f.env, PC, 0x40008000, 1, WORD);
  assertEquals([tag(), f.log], [0x40008000, ["codeWrite 40008000 4"]]);
});

Deno.test("the strategy sees every slow store to RAM, the parts of crossing ones, and no other", () => {
  const f = new Fixture();
  const seen: string[] = [];
  const s = f.softmmu({
    slowStore: (_env, host, size, commit) => {
      seen.push(`${f.physicalOf(host).toString(16)} ${size}`);
      commit();
    },
  });
  s.slowStore(f.env, PC, 0x40008000, 2, WORD);
  s.slowStore64(f.env, PC, 0x40008008, 3n, DOUBLE);
  s.slowStore(f.env, PC, 0x4000afff, 0x11223344, WORD);
  s.slowStore(f.env, PC, DEVICE_BASE, 6, WORD);
  assertEquals(seen, ["40008000 4", "40008008 8", "4000afff 1", "4000b000 3"]);
  assertEquals([f.word(0x40008000), f.word(0x40008008)], [2, 3]);
  assertEquals([f.word(0x4000b000), f.device[0]], [0x112233, 6]);
});

Deno.test("the strategy adds flags to the write tags of the pages that it names", () => {
  const f = new Fixture();
  const s = f.softmmu({
    tlbFill: (hostPage) => f.physicalOf(hostPage) === 0x40008000 ? TLB_FLAG.EXCL : 0,
  });
  s.slowLoad(f.env, PC, 0x40008004, WORD);
  s.slowLoad(f.env, PC, 0x40009004, WORD);
  assertEquals(f.get(tlbOffset(0, 0x40008000) + TLB_WRITE), 0x40008000 | TLB_FLAG.EXCL);
  assertEquals(f.get(tlbOffset(0, 0x40009000) + TLB_WRITE), 0x40009000);
});

Deno.test("probe gives the host address of RAM and tells about code before a write", () => {
  const f = new Fixture();
  const s = f.softmmu();
  const probe = (at: number, memop: number) => s.slowProbe(f.env, PC, at, memop);
  const host = f.hostOf(0x40008010);
  assertEquals(probe(0x40008010, WORD), host);
  assertEquals(probe(0x40008010, WORD | MEMOP.WRITE | MEMOP.SOFT), host);
  setPageFlag(f.views, f.layout, f.hostOf(0x40008000), "code", true);
  s.markWriteFlag(f.hostOf(0x40008000), "code", true);
  assertEquals(probe(0x40008010, WORD), host, "a read does not care");
  assertEquals(probe(0x40008010, WORD | MEMOP.WRITE | MEMOP.SOFT), 0);
  assertEquals(f.log, []);
  assertEquals(probe(0x40008010, WORD | MEMOP.WRITE | MEMOP.SOFT | MEMOP.EXCLUSIVE), host);
  assertEquals(probe(0x40008010, WORD | MEMOP.WRITE), host);
  assertEquals(f.log, ["codeWrite 40008010 4", "codeWrite 40008010 4"]);
});

Deno.test("a soft probe gives 0 for devices and crossings, a hard one takes the abort", () => {
  const f = new Fixture();
  const s = f.softmmu();
  const outcome = (at: number, memop: number) => [
    s.slowProbe(f.env, PC, at, memop),
    f.left() ? f.get(CP.DFSR) : 0,
  ];
  assertEquals(outcome(DEVICE_BASE, WORD | MEMOP.SOFT), [0, 0]);
  assertEquals(outcome(DEVICE_BASE, WORD | MEMOP.SOFT | MEMOP.EXCLUSIVE), [0, 8]);
  assertEquals(outcome(DEVICE_BASE, WORD | MEMOP.WRITE), [0, 0x808]);
  assertEquals(outcome(0x40008ffe, WORD | MEMOP.SOFT), [0, 0]);
  assertEquals(outcome(0x40008ffe, WORD), [0, 1]);
  assertEquals(outcome(0x40008002, WORD | align(2) | MEMOP.SOFT), [0, 1]);
  assertEquals(outcome(0x100, WORD | MEMOP.SOFT), [0, 8], "faults as the access would");
});

Deno.test("code is fetched with the current privilege and from RAM only", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000, 1);
  assertEquals(s.translateFetch(f.env, 0x3004), f.hostOf(0x40008004));
  writeCpsr(f.views.i32, f.env, MODE.USR, PSR.MODE);
  assertEquals(s.translateFetch(f.env, 0x3004), 0);
  assertEquals([f.left(), f.get(CP.IFSR), f.get(CP.IFAR)], [true, 15, 0x3004]);
  mapPage(f, 4, DEVICE_BASE);
  assertEquals(s.translateFetch(f.env, 0x4000), 0);
  assertEquals([f.left(), f.get(CP.IFSR)], [true, 8]);
});

Deno.test("marks reach every alias in every vCPU's TLB and no other page", () => {
  const f = mapped();
  const s = f.softmmu();
  mapPage(f, 3, 0x40008000);
  mapPage(f, 4, 0x40008000);
  mapPage(f, 5, 0x40009000);
  const second = f.env + VCPU_STRIDE;
  resetTlb(f.views, second);
  for (const address of [0x3000, 0x4000, 0x5000]) s.slowLoad(f.env, PC, address, WORD);
  s.slowLoad(f.env, PC, 0x3000, WORD | 1 << MEMOP.MMU_SHIFT);
  // The second vCPU runs with its MMU off.
  s.slowLoad(second, PC, 0x40008000, WORD);
  const tag = (env: number, index: number, address: number) =>
    f.views.i32[(env + tlbOffset(index, address) + TLB_WRITE) >>> 2];
  const tags = () => [
    tag(f.env, 0, 0x3000),
    tag(f.env, 1, 0x3000),
    tag(f.env, 0, 0x4000),
    tag(second, 0, 0x40008000),
    tag(f.env, 0, 0x5000),
  ];
  const plain = [0x3000, 0x3000, 0x4000, 0x40008000, 0x5000];
  assertEquals(tags(), plain);
  s.markWriteFlag(f.hostOf(0x40008000), "code", true);
  assertEquals(tags(), plain.map((t, i) => i < 4 ? t | TLB_FLAG.CODE : t));
  s.markWriteFlag(f.hostOf(0x40008000), "code", false);
  assertEquals(tags(), plain);
});

Deno.test("a mark between reading the page's state and writing the tag is not lost", () => {
  const f = new Fixture();
  const page = f.hostOf(0x40008000);
  let marked = false;
  const s = f.softmmu({
    // Called in the middle of the refill: stands for another thread.
    tlbFill: () => {
      if (!marked) {
        marked = true;
        setPageFlag(f.views, f.layout, page, "code", true);
        s.markWriteFlag(page, "code", true);
      }
      return 0;
    },
  });
  s.slowStore(f.env, PC, 0x40008000, 1, WORD);
  assertEquals(f.get(tlbOffset(0, 0x40008000) + TLB_WRITE), 0x40008000 | TLB_FLAG.CODE);
  assertEquals(f.log, ["codeWrite 40008000 4"]);
});
