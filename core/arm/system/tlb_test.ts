import { assertEquals } from "@std/assert";
import { MEMOP } from "../../memory/memop.ts";
import {
  applyTlbRequest,
  flushAll,
  flushDomains,
  flushNonGlobal,
  flushPage,
  mayHold,
  TLB_REQUEST,
} from "../../memory/tlb.ts";
import type { SoftMmu } from "../../memory/softmmu.ts";
import { jumpCacheOffset, TLB_FLAG, TLB_READ, tlbOffset, VCPU } from "../../memory/vcpu_layout.ts";
import { CP } from "../state.ts";
import { cpKey } from "./cp_register.ts";
import { returnTo } from "./exceptions.ts";
import { MODE } from "./psr.ts";
import { SCTLR } from "./sctlr.ts";
import { Fixture } from "./testing/fixture.ts";

const PC = 0x40000100;
const TABLE = 0x40004000;
const SECOND = 0x40001000;
const WORD = 2;
const CLIENT = 1;
const MANAGER = 3;

/** A guest with pages 1 (global), 2 (not global) in domain 0, and a section at 1 MiB in domain 1. */
function guest(): { f: Fixture; cached: (address: number) => boolean; touch: () => void } {
  const f = new Fixture();
  const s = f.softmmu();
  f.set(CP.SCTLR, SCTLR.M);
  f.set(CP.TTBR0, TABLE);
  f.set(CP.DACR, CLIENT | CLIENT << 2);
  f.setWord(TABLE, SECOND | 1);
  f.setWord(TABLE + 4, 0x40000000 | 1 << 5 | 3 << 10 | 0x1000 | 0xc | 0x10 | 2);
  f.setWord(SECOND + 4, 0x40008000 | 0x7e);
  f.setWord(SECOND + 8, 0x40009000 | 0x87e);
  // Executable at page 3.
  f.setWord(SECOND + 12, 0x4000a000 | 0x7e);
  return {
    f,
    cached: (address) => {
      const tag = f.get(tlbOffset(0, address) + TLB_READ);
      return (tag & TLB_FLAG.INVALID) === 0 && (tag & ~0xfff) === (address & ~0xfff);
    },
    touch: () => {
      for (const address of [0x1000, 0x2000, 0x100000]) s.slowLoad(f.env, PC, address, WORD);
    },
  };
}

const PAGES = [0x1000, 0x2000, 0x100000];

/** Enters a block at `address`, which has been fetched from, into the jump cache. */
function enterJump(f: Fixture, s: SoftMmu, address: number, spans: boolean = false): void {
  s.noteJump(f.env, address, spans);
  f.set(jumpCacheOffset(address), address);
}

Deno.test("whole flush drops everything and is free when nothing was filled", () => {
  const { f, cached, touch } = guest();
  touch();
  assertEquals(PAGES.map(cached), [true, true, true]);
  const s = f.softmmu();
  s.translateFetch(f.env, 0x1000);
  enterJump(f, s, 0x1000);
  flushAll(f.views, f.env);
  assertEquals(PAGES.map(cached), [false, false, false]);
  assertEquals(f.get(jumpCacheOffset(0x1000)), 0);
  f.set(jumpCacheOffset(0x1000), 1);
  flushAll(f.views, f.env);
  assertEquals(f.get(jumpCacheOffset(0x1000)), 1, "nothing to flush, nothing touched");
});

Deno.test("page flush drops the page in both modes and leaves the others", () => {
  const { f, cached, touch } = guest();
  touch();
  f.softmmu().slowLoad(f.env, PC, 0x1000, WORD | 1 << MEMOP.MMU_SHIFT);
  const user = () => f.get(tlbOffset(1, 0x1000) + TLB_READ);
  assertEquals(user(), 0x1000);
  flushPage(f.views, f.env, 0x1ffc);
  assertEquals([user(), ...PAGES.map(cached)], [-1, false, true, true]);
  // Page 0x101 of another 4 MiB has the same index.
  flushPage(f.views, f.env, 0x400000 + 0x2000);
  assertEquals(cached(0x2000), true);
});

Deno.test("page flush empties the jump cache of an executable page only", () => {
  const { f } = guest();
  const s = f.softmmu();
  s.translateFetch(f.env, 0x3000);
  s.slowLoad(f.env, PC, 0x2000, WORD);
  f.setWord(SECOND + 16, 0x4000b000 | 0x7f);
  s.slowLoad(f.env, PC, 0x4000, WORD);
  const inside = [0x3000, 0x3ffe, 0x3804].map(jumpCacheOffset);
  const entered = [0x3000, 0x3ffe, 0x3804];
  for (const address of entered) enterJump(f, s, address);
  flushPage(f.views, f.env, 0x4000);
  assertEquals(inside.map((o) => f.get(o)), entered, "the other page has no block there");
  flushPage(f.views, f.env, 0x3000);
  assertEquals(inside.map((o) => f.get(o)), [0, 0, 0]);
});

Deno.test("page flush drops all of a larger translation, data and code", () => {
  const section = 0x40000000 | 3 << 10 | 0x1000 | 0xc | 2;
  const sizes: [name: string, bytes: number, map: (f: Fixture) => void][] = [
    ["large page", 0x10000, (f) => {
      f.setWord(TABLE + 32, SECOND | 1);
      for (let n = 0; n < 16; n++) f.setWord(SECOND + 4 * (0xc0 + n), 0x40010000 | 0x107d);
    }],
    ["section", 0x100000, (f) => f.setWord(TABLE + 32, section)],
    ["supersection", 0x1000000, (f) => {
      for (let n = 16; n < 32; n++) f.setWord(TABLE + 4 * n, section | 0x40000);
    }],
  ];
  for (const [name, bytes, map] of sizes) {
    const { f, cached } = guest();
    map(f);
    const s = f.softmmu();
    const base = bytes > 0x100000 ? 0x1000000 : bytes === 0x10000 ? 0x8c0000 : 0x800000;
    const [first, last] = [base, base + bytes - 0x1000];
    s.translateFetch(f.env, first + 0x1000);
    s.slowLoad(f.env, PC, first, WORD);
    s.slowLoad(f.env, PC, 0x2000, WORD);
    enterJump(f, s, first + 0x1010);
    assertEquals(mayHold(f.views, f.env, last), true, name);
    const held = () => [cached(first), cached(first + 0x1000), cached(0x2000)];
    flushPage(f.views, f.env, base + bytes);
    assertEquals(held(), [true, true, true], name);
    flushPage(f.views, f.env, last);
    assertEquals(held(), [false, false, true], name);
    assertEquals(f.get(jumpCacheOffset(first + 0x1010)), 0, name);
  }
});

/** A guest whose pages 2 (of one address space only, not executable) to 4 have been fetched from. */
function spanningGuest() {
  const { f } = guest();
  const s = f.softmmu();
  f.setWord(SECOND + 16, 0x4000b000 | 0x7e);
  for (const page of [0x2000, 0x3000, 0x4000]) s.translateFetch(f.env, page);
  return { f, s };
}

Deno.test("a block over two pages leaves the jump cache with either", () => {
  for (const [page, left] of [[0x2000, true], [0x3000, false], [0x4000, false], [0x5000, true]]) {
    const { f, s } = spanningGuest();
    enterJump(f, s, 0x3ffe, true);
    assertEquals(mayHold(f.views, f.env, 0x4000), true);
    flushPage(f.views, f.env, page as number);
    assertEquals(f.get(jumpCacheOffset(0x3ffe)), left ? 0x3ffe : 0, (page as number).toString(16));
  }
});

Deno.test("a block over two pages goes with the address space of either", () => {
  for (const [address, left] of [[0x1ffe, false], [0x2ffe, false], [0x3ffe, true]]) {
    const { f, s } = spanningGuest();
    s.translateFetch(f.env, 0x1000);
    enterJump(f, s, address as number, true);
    flushNonGlobal(f.views, f.env);
    assertEquals(f.get(jumpCacheOffset(address as number)), left ? address : 0);
  }
});

Deno.test("page flush empties the jump cache when the page's entry was evicted before", () => {
  const { f } = guest();
  const s = f.softmmu();
  s.translateFetch(f.env, 0x3000);
  enterJump(f, s, 0x3000);
  // The page 4 MiB up takes the entry.
  f.setWord(TABLE + 16, SECOND | 1);
  s.slowLoad(f.env, PC, 0x403000, WORD);
  flushPage(f.views, f.env, 0x3000);
  assertEquals(f.get(jumpCacheOffset(0x3000)), 0);
});

Deno.test("selective flushes go by address space and by domain", () => {
  const { f, cached, touch } = guest();
  touch();
  flushNonGlobal(f.views, f.env);
  assertEquals(PAGES.map(cached), [true, false, true]);
  touch();
  flushDomains(f.views, f.env, 1 << 1);
  assertEquals(PAGES.map(cached), [true, true, false]);
});

/** Guest addresses of 512 pages from 0x200000; those that `nonGlobal` chooses are not global. */
function manyPages(f: Fixture, nonGlobal: (n: number) => boolean): number[] {
  const second = 0x40002000;
  f.setWord(TABLE + 8, second | 1);
  f.setWord(TABLE + 12, second + 0x400 | 1);
  return Array.from({ length: 512 }, (_, n) => {
    f.setWord(second + 4 * n, 0x40010000 + 4096 * (n & 7) | Number(nonGlobal(n)) << 11 | 0x7e);
    return 0x200000 + 4096 * n;
  });
}

/** Pages, of those given, that have a TLB entry, and those that have a block in the jump cache. */
function held(f: Fixture, pages: readonly number[]): [number[], number[]] {
  return [
    pages.filter((page) => f.get(tlbOffset(0, page) + TLB_READ) === page),
    pages.filter((page) => f.get(jumpCacheOffset(page)) === page),
  ];
}

for (const [length, step] of [[4, 2], [256, 2], [258, 2], [512, 2], [512, 50], [140, 1]]) {
  Deno.test(`flushes after ${length} fills, of which 1 in ${step} is not global, drop just those`, () => {
    const { f } = guest();
    const s = f.softmmu();
    const nonGlobal = (n: number) => n % step === 0;
    const pages = manyPages(f, nonGlobal).slice(0, length);
    const fill = () => {
      for (const page of pages) {
        s.translateFetch(f.env, page);
        enterJump(f, s, page);
      }
    };
    flushAll(f.views, f.env);
    fill();
    assertEquals(held(f, pages), [pages, pages]);
    const global = pages.filter((_, n) => !nonGlobal(n));
    flushNonGlobal(f.views, f.env);
    assertEquals(held(f, pages), [global, global]);
    fill();
    flushAll(f.views, f.env);
    assertEquals(held(f, pages), [[], []]);
    assertEquals(pages.some((page) => mayHold(f.views, f.env, page)), false);
    // The logs start anew.
    fill();
    flushAll(f.views, f.env);
    assertEquals(held(f, pages), [[], []]);
  });
}

Deno.test("an address space's flush spares a global page that has taken an entry", () => {
  const { f, cached } = guest();
  const s = f.softmmu();
  f.setWord(TABLE + 16, SECOND | 1);
  flushAll(f.views, f.env);
  s.slowLoad(f.env, PC, 0x2000, WORD);
  f.setWord(SECOND + 8, 0x40009000 | 0x7e);
  s.slowLoad(f.env, PC, 0x402000, WORD);
  flushNonGlobal(f.views, f.env);
  assertEquals(cached(0x402000), true);
});

Deno.test("jump cache loses an address space's blocks with it and keeps the global ones", () => {
  const { f } = guest();
  const s = f.softmmu();
  f.setWord(SECOND + 16, 0x4000b000 | 0x87e);
  for (const address of [0x3000, 0x4000]) {
    s.translateFetch(f.env, address);
    enterJump(f, s, address);
  }
  flushNonGlobal(f.views, f.env);
  assertEquals([0x3000, 0x4000].map((a) => f.get(jumpCacheOffset(a))), [0x3000, 0]);
});

Deno.test("other vCPUs are asked to flush only what they may hold", () => {
  const { f } = guest();
  const s = f.softmmu();
  const holds = (request: number) => mayHold(f.views, f.env, request);
  flushAll(f.views, f.env);
  const requests = [0x1000, 0x3000, TLB_REQUEST.NON_GLOBAL, TLB_REQUEST.ALL];
  assertEquals(requests.map(holds), [false, false, false, false]);
  s.slowLoad(f.env, PC, 0x1000, WORD);
  assertEquals(requests.map(holds), [true, false, false, true]);
  s.translateFetch(f.env, 0x3000);
  enterJump(f, s, 0x3000);
  // The page 4 MiB up takes the entry: the block stays in the jump cache.
  f.setWord(TABLE + 16, SECOND | 1);
  s.slowLoad(f.env, PC, 0x403000, WORD);
  s.slowLoad(f.env, PC, 0x2000, WORD);
  assertEquals(requests.map(holds), [true, true, true, true]);
  assertEquals(f.get(VCPU.TLB_REFILL), 0);
  f.set(VCPU.TLB_REFILL, 1);
  assertEquals(holds(0x7000), true, "an entry may just be coming");
});

Deno.test("TLB of user code survives what software PAN does in the kernel", () => {
  const { f } = guest();
  const s = f.softmmu();
  const dacr = (value: number) => f.call("arm_cp_write", PC, cpKey(15, 0, 3, 0, 0), value);
  const go = (mode: number) => returnTo(f.cx, f.env, PC, mode);
  const tags = () => [0, 1, 2].map((mode) => f.get(tlbOffset(mode, 0x100000) + TLB_READ) >>> 0);
  dacr(CLIENT | CLIENT << 2);
  go(MODE.USR);
  for (const mode of [0, 1, 2]) s.slowLoad(f.env, PC, 0x100000, WORD | mode << MEMOP.MMU_SHIFT);
  go(MODE.SVC);
  dacr(CLIENT);
  assertEquals(tags(), [0xffffffff, 0x100000, 0xffffffff], "privileged code must not see it");
  dacr(CLIENT | CLIENT << 2);
  go(MODE.USR);
  assertEquals(tags()[1], 0x100000);
  go(MODE.SVC);
  dacr(CLIENT);
  go(MODE.USR);
  assertEquals(tags()[1], 0xffffffff, "user code lost the domain as well");
});

Deno.test("rights that many pages lose at once are lost by every one", () => {
  const { f } = guest();
  const s = f.softmmu();
  const dacr = (value: number) => f.call("arm_cp_write", PC, cpKey(15, 0, 3, 0, 0), value);
  const pages = Array.from({ length: 100 }, (_, n) => 0x100000 + 4096 * n);
  dacr(CLIENT | CLIENT << 2);
  for (const address of pages) s.slowLoad(f.env, PC, address, WORD);
  dacr(CLIENT);
  const held = pages.filter((a) => f.get(tlbOffset(0, a) + TLB_READ) !== -1);
  assertEquals(held, []);
});

Deno.test("a DACR write drops the domains that lose rights and no others", () => {
  const { f, cached, touch } = guest();
  const write = (value: number) => f.call("arm_cp_write", PC, cpKey(15, 0, 3, 0, 0), value);
  touch();
  write(CLIENT | MANAGER << 2);
  assertEquals(PAGES.map(cached), [true, true, true]);
  write(CLIENT | CLIENT << 2);
  assertEquals(PAGES.map(cached), [true, true, false]);
  touch();
  write(CLIENT);
  assertEquals(PAGES.map(cached), [true, true, false]);
  write(CLIENT | CLIENT << 2);
  touch();
  assertEquals(PAGES.map(cached), [true, true, true]);
});

Deno.test("rights that a DACR write grants are found at the next access", () => {
  const { f } = guest();
  const s = f.softmmu();
  f.setWord(SECOND + 4, 0x40008000 | 0x24e | 0x10);
  s.slowLoad(f.env, PC, 0x1000, WORD);
  s.slowStore(f.env, PC, 0x1000, 5, WORD);
  assertEquals(f.left(), true, "read-only for a client");
  f.call("arm_cp_write", PC, cpKey(15, 0, 3, 0, 0), MANAGER);
  s.slowStore(f.env, PC, 0x1000, 5, WORD);
  assertEquals([f.left(), f.word(0x40008000)], [false, 5]);
});

Deno.test("a change of address space drops what is not global", () => {
  const { f, cached, touch } = guest();
  const write = (crn: number, op2: number, value: number) =>
    f.call("arm_cp_write", PC, cpKey(15, 0, crn, 0, op2), value);
  touch();
  write(13, 1, 0x100);
  assertEquals(PAGES.map(cached), [true, true, true], "the ASID is the low byte");
  write(13, 1, 0x101);
  assertEquals(PAGES.map(cached), [true, false, true]);
  touch();
  write(2, 0, TABLE | 0x4a);
  assertEquals(PAGES.map(cached), [true, false, true]);
});

Deno.test("SCTLR writes flush only when translation changes", () => {
  const { f, cached, touch } = guest();
  const write = (value: number) => f.call("arm_cp_write", PC, cpKey(15, 0, 1, 0, 0), value);
  write(SCTLR.M);
  touch();
  write(SCTLR.M | SCTLR.A | SCTLR.I);
  assertEquals(PAGES.map(cached), [true, true, true]);
  write(SCTLR.M | SCTLR.AFE);
  assertEquals(PAGES.map(cached), [false, false, false]);
});

Deno.test("queued requests do what their word says", () => {
  const { f, cached, touch } = guest();
  touch();
  applyTlbRequest(f.views, f.env, 0x1000);
  assertEquals(PAGES.map(cached), [false, true, true]);
  applyTlbRequest(f.views, f.env, TLB_REQUEST.NON_GLOBAL);
  assertEquals(PAGES.map(cached), [false, false, true]);
  applyTlbRequest(f.views, f.env, TLB_REQUEST.ALL);
  assertEquals(PAGES.map(cached), [false, false, false]);
});
