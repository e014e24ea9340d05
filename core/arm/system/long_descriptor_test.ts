import { assertEquals } from "@std/assert";
import { ACCESS, type Access } from "../../memory/guest_mmu.ts";
import { swapBytes } from "../../memory/host_access.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM, CP } from "../state.ts";
import { raiseBreakpoint } from "./exceptions.ts";
import { SCTLR } from "./sctlr.ts";
import { Fixture } from "./testing/fixture.ts";
import { TTBCR } from "./ttbcr.ts";

const L1 = 0x40004000;
const L2 = 0x40005000;
const L3 = 0x40006000;
/** The address under test: index 1 of level 1, 0x2a of level 2, 0x145 of level 3. */
const VA = 0x45545678;
const ENTRY = [0, L1 + 1 * 8, L2 + 0x2a * 8, L3 + 0x145 * 8];
const LEVELS = [1, 2, 3] as const;
type Level = (typeof LEVELS)[number];
/** Bytes that a leaf of each level maps. */
const BLOCK = [0, 2 ** 30, 2 ** 21, 2 ** 12];

/** High word of descriptors. */
const XN = 1 << 22;
const PXN = 1 << 21;
const TABLE_BITS = { pxn: 1 << 27, xn: 1 << 28, noUser: 1 << 29, readOnly: 1 << 30 } as const;

/** MMU on, long descriptors, MAIR: 0 strongly-ordered, 1 write-back, 2 device, 3 non-cacheable. */
function fixture(sctlr = 0, ttbcr = 0): Fixture {
  const f = new Fixture();
  f.set(CP.SCTLR, SCTLR.M | sctlr);
  f.set(CP.TTBCR, TTBCR.EAE | ttbcr);
  f.set(CP.TTBR0, L1);
  f.set(CP.PRRR, 0x4404ff00 | 0);
  f.set(CP.NMRR, 0x0000bb00);
  return f;
}

function setDescriptor(f: Fixture, physical: number, low: number, high = 0): void {
  f.setWord(physical, low);
  f.setWord(physical + 4, high);
}

interface Leaf {
  readonly physical?: number;
  /** AP[2:1]. */
  readonly ap?: number;
  readonly low?: number;
  readonly high?: number;
}

/** Tables down to a leaf of a level; `tables` are the high words of the tables on the way. */
function map(f: Fixture, level: Level, leaf: Leaf = {}, tables: readonly number[] = []): void {
  if (level > 1) setDescriptor(f, ENTRY[1], L2 | 3, tables[0]);
  if (level > 2) setDescriptor(f, ENTRY[2], L3 | 3, tables[1]);
  const { physical = 0x40000000, ap = 1, low = 1 << 2, high = 0 } = leaf;
  const type = level === 3 ? 3 : 1;
  const base = (physical & -BLOCK[level]) >>> 0;
  setDescriptor(
    f,
    ENTRY[level],
    base | ap << 6 | 0x400 | type | low,
    high | Math.trunc(physical / 2 ** 32),
  );
}

function translate(f: Fixture, access: Access = ACCESS.LOAD, mmuIndex = 0, address = VA) {
  return { ...f.mmu.translate(f.env, address | 0, access, mmuIndex) };
}

const fault = (f: Fixture, access: Access = ACCESS.LOAD, mmuIndex = 0, address = VA): number =>
  translate(f, access, mmuIndex, address).fault;

for (const level of LEVELS) {
  Deno.test(`a level ${level} leaf maps ${BLOCK[level]} bytes at a 40-bit address`, () => {
    const f = fixture();
    map(f, level, { physical: 0x40000000 });
    assertEquals(translate(f).physical, 0x40000000 + VA % BLOCK[level]);
    map(f, level, { physical: 0xa5_c0000000 });
    assertEquals(translate(f).physical, 0xa5_c0000000 + VA % BLOCK[level]);
    // The bits above 39 are not part of it, and the contiguous hint is no more than that.
    map(f, level, { high: 0x0010ff00 });
    assertEquals(translate(f).physical, 0x40000000 + VA % BLOCK[level]);
  });

  Deno.test(`an invalid descriptor at level ${level} is a translation fault of that level`, () => {
    const f = fixture();
    map(f, level);
    for (const low of level === 3 ? [0, 1, 2] : [0, 2]) {
      setDescriptor(f, ENTRY[level], 0x40000400 | low);
      assertEquals(fault(f), 0x04 + level);
    }
  });

  Deno.test(`a table of level ${level} outside RAM is an external abort of the walk`, () => {
    const f = fixture();
    map(f, level);
    if (level === 1) f.set(CP.TTBR0 + 4, 0x01);
    else setDescriptor(f, ENTRY[level - 1], 0x00001003);
    assertEquals(fault(f), 0x14 + level);
  });

  Deno.test(`the access flag of a level ${level} leaf comes before its permissions`, () => {
    const f = fixture();
    map(f, level, { ap: 0 });
    const [low, high] = [f.word(ENTRY[level]), f.word(ENTRY[level] + 4)];
    setDescriptor(f, ENTRY[level], low & ~0x400, high);
    assertEquals(fault(f, ACCESS.LOAD, 1), 0x08 + level);
    setDescriptor(f, ENTRY[level], low, high);
    assertEquals(fault(f, ACCESS.LOAD, 1), 0x0c + level);
  });

  Deno.test(`permissions of a level ${level} leaf follow AP, XN and PXN`, () => {
    const f = fixture();
    for (let bits = 0; bits < 16; bits++) {
      const [ap, xn, pxn] = [bits & 3, (bits & 4) !== 0, (bits & 8) !== 0];
      map(f, level, { ap, high: (xn ? XN : 0) | (pxn ? PXN : 0) });
      const user = (ap & 1) !== 0;
      const writable = (ap & 2) === 0;
      const expected = [true, writable, !xn && !pxn, user, user && writable, user && !xn];
      const found = [0, 1].flatMap((index) =>
        [ACCESS.LOAD, ACCESS.STORE, ACCESS.FETCH].map((access) => fault(f, access, index))
      );
      assertEquals(found, expected.map((may) => may ? 0 : 0x0c + level), `AP ${ap} ${xn} ${pxn}`);
    }
  });
}

for (const at of [0, 1]) {
  Deno.test(`table attributes at level ${at + 1} take rights from all leaves below`, () => {
    const f = fixture();
    const rights = (bits: number) => {
      const tables = [0, 0];
      tables[at] = bits;
      map(f, 3, { ap: 1 }, tables);
      return [0, 1].map((index) =>
        [ACCESS.LOAD, ACCESS.STORE, ACCESS.FETCH]
          .map((access) => fault(f, access, index) === 0 ? "rwx"[access] : "-").join("")
      );
    };
    assertEquals(rights(0), ["rwx", "rwx"]);
    assertEquals(rights(TABLE_BITS.noUser), ["rwx", "---"]);
    assertEquals(rights(TABLE_BITS.readOnly), ["r-x", "r-x"]);
    assertEquals(rights(TABLE_BITS.xn), ["rw-", "rw-"]);
    assertEquals(rights(TABLE_BITS.pxn), ["rw-", "rwx"]);
  });
}

Deno.test("table attributes of one walk do not stay for the next", () => {
  const f = fixture();
  map(f, 3, {}, [TABLE_BITS.readOnly, TABLE_BITS.xn]);
  assertEquals(fault(f, ACCESS.STORE), 0x0f);
  map(f, 1);
  assertEquals([fault(f, ACCESS.STORE), fault(f, ACCESS.FETCH)], [0, 0]);
});

Deno.test("WXN and UWXN take execution from writable memory with long descriptors too", () => {
  const executable = (sctlr: number, ap: number) => {
    const f = fixture(sctlr);
    map(f, 2, { ap });
    return [0, 1].map((index) => fault(f, ACCESS.FETCH, index) === 0);
  };
  assertEquals(executable(SCTLR.WXN, 1), [false, false]);
  assertEquals(executable(SCTLR.WXN, 3), [true, true]);
  assertEquals(executable(SCTLR.UWXN, 1), [false, true]);
  assertEquals(executable(SCTLR.UWXN, 0), [true, false]);
});

Deno.test("T0SZ and T1SZ split the address space and EPD0, EPD1 close its parts", () => {
  const f = fixture();
  const other = 0x40008000;
  f.set(CP.TTBR1, other);
  // Where TTBR1's table is looked up for VA: with all 32 bits, with 31 of them.
  setDescriptor(f, other + 8, 0x40000000 | 0x441, 1);
  map(f, 1);
  const at = (t0: number, t1: number, address = VA, more = 0) => {
    f.set(CP.TTBCR, TTBCR.EAE | t0 | t1 << 16 | more);
    const t = translate(f, ACCESS.LOAD, 0, address);
    return t.fault !== 0 ? t.fault : t.physical >= 2 ** 32 ? "second" : "first";
  };
  assertEquals(at(0, 0), "first");
  assertEquals(at(1, 0), "first", "VA is below 2^31");
  assertEquals(at(2, 0), "second", "and not below 2^30");
  assertEquals(at(0, 1), "first");
  assertEquals(at(0, 1, 0xc5545678), "second");
  assertEquals(at(1, 2), "first");
  assertEquals(at(1, 2, 0xbffffff0), 5, "between 2^31 and the last 2^30");
  assertEquals(at(0, 0, VA, TTBCR.EPD0), 5);
  assertEquals(at(0, 0, VA, TTBCR.EPD1), "first");
  assertEquals(at(2, 0, VA, TTBCR.EPD1), 5);
});

Deno.test("parts of at most 1 GiB are walked from level 2 and their tables may be small", () => {
  const f = fixture(0, 2 | 7 << 16);
  // T1SZ 7: the last 32 MiB, 16 entries at level 2, so the table is aligned to 128 bytes.
  f.set(CP.TTBR1, 0x40005080);
  setDescriptor(f, 0x40005080 + 15 * 8, 0x40600000 | 0x441);
  assertEquals(translate(f, ACCESS.LOAD, 0, 0xfff23456).physical, 0x40723456);
  assertEquals(fault(f, ACCESS.LOAD, 0, 0xffdfffff), 6, "entry 14 is missing, at level 2");
  // T0SZ 2: the first 1 GiB, 512 entries.
  f.set(CP.TTBR0, L2);
  setDescriptor(f, L2 + 511 * 8, 0x40200000 | 0x441);
  assertEquals(translate(f, ACCESS.LOAD, 0, 0x3fe00004).physical, 0x40200004);
});

Deno.test("descriptors are read big-endian when SCTLR.EE says so", () => {
  const f = fixture(SCTLR.EE);
  f.setWord(ENTRY[1] + 4, swapBytes(0x40000000 | 0x441, 4));
  f.setWord(ENTRY[1], swapBytes(0x12, 4));
  assertEquals(translate(f).physical, 0x12_45545678);
});

Deno.test("nG marks a translation as one address space's own", () => {
  const f = fixture();
  for (const level of LEVELS) {
    map(f, level);
    assertEquals(translate(f).nonGlobal, false);
    map(f, level, { low: 1 << 2 | 0x800 });
    assertEquals(translate(f).nonGlobal, true);
  }
});

Deno.test("MAIR tells device from normal memory by attribute index", () => {
  const f = fixture();
  const device = Array.from({ length: 8 }, (_, index) => {
    map(f, 2, { low: index << 2 });
    return translate(f).device;
  });
  assertEquals(device, [true, false, true, false, true, false, true, true]);
});

Deno.test("domains have no say with long descriptors", () => {
  const f = fixture();
  f.set(CP.DACR, 0);
  map(f, 2);
  assertEquals([translate(f).fault, translate(f).domain], [0, 0]);
});

Deno.test("aborts are reported in the long format", () => {
  const f = fixture();
  f.mmu.raiseAbort(f.env, 0x40000100, VA, ACCESS.STORE, translate(f, ACCESS.STORE));
  assertEquals([f.get(CP.DFSR), f.get(CP.DFAR), f.get(ARM.PC)], [0xa05, VA, 0x10]);
  map(f, 3, { high: XN });
  f.mmu.raiseAbort(f.env, VA, VA, ACCESS.FETCH, translate(f, ACCESS.FETCH));
  assertEquals([f.get(CP.IFSR), f.get(CP.IFAR), f.get(ARM.PC)], [0x20f, VA, 0xc]);
  f.mmu.raiseAlignment(f.env, 0x40000100, VA, ACCESS.LOAD);
  assertEquals(f.get(CP.DFSR), 0x221);
  f.mmu.raiseExternal(f.env, 0x40000100, VA, ACCESS.LOAD);
  assertEquals(f.get(CP.DFSR), 0x210);
  raiseBreakpoint(f.cx, f.env, 0x40000100);
  assertEquals(f.get(CP.IFSR), 0x222);
});

Deno.test("an access to a physical address above 4 GiB is an external abort", () => {
  const f = fixture();
  map(f, 3, { physical: 0x1_40000000 });
  f.softmmu().slowLoad(f.env, 0x40000100, VA & ~3, 2);
  assertEquals([f.get(CP.DFSR), f.get(VCPU.PC)], [0x210, 0x10]);
});
