import { assertEquals } from "@std/assert";
import { ACCESS, type Access } from "../../memory/guest_mmu.ts";
import { swapBytes } from "../../memory/host_access.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM, CP, reg } from "../state.ts";
import { MODE, PSR } from "./psr.ts";
import { SCTLR } from "./sctlr.ts";
import { Fixture } from "./testing/fixture.ts";

const TABLE = 0x40004000;
const SECOND = 0x40001000;
/** The address under test: index 0x123 of the first level, 0x45 of the second. */
const VA = 0x12345678;
const FIRST_ENTRY = TABLE + 0x123 * 4;
const SECOND_ENTRY = SECOND + 0x45 * 4;

/** MMU on, domain 0 client. */
function fixture(sctlr = 0): Fixture {
  const f = new Fixture();
  f.set(CP.SCTLR, SCTLR.M | sctlr);
  f.set(CP.TTBR0, TABLE);
  f.set(CP.DACR, 1);
  return f;
}

function translate(f: Fixture, access: Access = ACCESS.LOAD, mmuIndex = 0) {
  return { ...f.mmu.translate(f.env, VA | 0, access, mmuIndex) };
}

const AP_FULL = 3;
const section = (base: number, ap = AP_FULL, more = 0) =>
  base | (ap & 3) << 10 | (ap & 4) << 13 | 2 | more;
const small = (base: number, ap = AP_FULL, more = 0) =>
  base | (ap & 3) << 4 | (ap & 4) << 7 | 2 | more;
const large = (base: number, ap = AP_FULL, more = 0) =>
  base | (ap & 3) << 4 | (ap & 4) << 7 | 1 | more;

/** Puts a leaf where VA's walk finds it. */
function map(f: Fixture, leaf: { section: number } | { page: number; domain?: number }): void {
  if ("section" in leaf) {
    f.setWord(FIRST_ENTRY, leaf.section);
  } else {
    f.setWord(FIRST_ENTRY, SECOND | (leaf.domain ?? 0) << 5 | 1);
    f.setWord(SECOND_ENTRY, leaf.page);
  }
}

Deno.test("memory is flat, normal and open while the MMU is off", () => {
  const f = new Fixture();
  const t = translate(f, ACCESS.FETCH, 1);
  assertEquals([t.physical, t.writable, t.executable, t.device, t.fault], [
    VA,
    true,
    true,
    false,
    0,
  ]);
});

Deno.test("each descriptor type gives its physical address", () => {
  const f = fixture();
  map(f, { section: section(0x40000000) });
  assertEquals(translate(f).physical, 0x40045678);
  map(f, { section: section(0x40000000, AP_FULL, 1 << 18) });
  assertEquals(translate(f).physical, 0x40345678);
  map(f, { section: section(0x40300000, AP_FULL, 1 << 18 | 0xa << 5) });
  assertEquals(translate(f).physical, 0xa3_40345678, "bits 39-36 and 35-32 of a supersection");
  map(f, { page: small(0x40007000) });
  assertEquals(translate(f).physical, 0x40007678);
  map(f, { page: large(0x40010000) });
  assertEquals(translate(f).physical, 0x40015678);
});

Deno.test("supersections are in domain 0", () => {
  const f = fixture();
  map(f, { section: section(0x40000000, AP_FULL, 1 << 18 | 5 << 5) });
  assertEquals(translate(f).domain, 0);
});

Deno.test("a missing descriptor is a translation fault of its level", () => {
  const f = fixture();
  assertEquals(translate(f).fault, 5);
  map(f, { page: 0, domain: 7 });
  const t = translate(f);
  assertEquals([t.fault, t.domain], [7, 7]);
});

Deno.test("tables outside RAM are external aborts of the walk", () => {
  const f = fixture();
  f.set(CP.TTBR0, 0);
  assertEquals(translate(f).fault, 0xc);
  f.set(CP.TTBR0, TABLE);
  f.setWord(FIRST_ENTRY, 0x00001001);
  assertEquals(translate(f).fault, 0xe);
});

/** Rights by AP[2:0]: privileged read and write, user read and write. */
const RIGHTS: readonly (readonly [number, boolean, boolean, boolean, boolean])[] = [
  [0, false, false, false, false],
  [1, true, true, false, false],
  [2, true, true, true, false],
  [3, true, true, true, true],
  [4, false, false, false, false],
  [5, true, false, false, false],
  [6, true, false, true, false],
  [7, true, false, true, false],
];

for (const kind of ["section", "small", "large"] as const) {
  const fault = kind === "section" ? 13 : 15;
  const leaf = (ap: number, xn: boolean) => {
    switch (kind) {
      case "section":
        return { section: section(0x40000000, ap, xn ? 0x10 : 0) };
      case "small":
        return { page: small(0x40007000, ap, xn ? 1 : 0) };
      case "large":
        return { page: large(0x40010000, ap, xn ? 0x8000 : 0) };
    }
  };

  Deno.test(`permissions of a ${kind} follow AP, execution also XN`, () => {
    const f = fixture();
    for (const [ap, readable, writable, userReadable, userWritable] of RIGHTS) {
      for (const xn of [false, true]) {
        map(f, leaf(ap, xn));
        const faults = (access: Access, index: number) => translate(f, access, index).fault;
        const expected = (allowed: boolean) => (allowed ? 0 : fault);
        assertEquals(
          [
            faults(ACCESS.LOAD, 0),
            faults(ACCESS.STORE, 0),
            faults(ACCESS.FETCH, 0),
            faults(ACCESS.LOAD, 1),
            faults(ACCESS.STORE, 1),
            faults(ACCESS.FETCH, 1),
          ],
          [
            expected(readable),
            expected(writable),
            expected(readable && !xn),
            expected(userReadable),
            expected(userWritable),
            expected(userReadable && !xn),
          ],
          `AP ${ap} XN ${xn}`,
        );
      }
    }
  });

  Deno.test(`the domain of a ${kind} decides before its permissions`, () => {
    const domain = 9;
    const f = fixture();
    const mapped = leaf(0, true);
    if ("section" in mapped) map(f, { section: mapped.section | domain << 5 });
    else map(f, { ...mapped, domain });
    const outcome = (field: number) => {
      f.set(CP.DACR, field << (2 * domain));
      const t = translate(f, ACCESS.STORE, 1);
      return [t.fault, t.domain];
    };
    const domainFault = kind === "section" ? 9 : 11;
    assertEquals(outcome(0), [domainFault, domain]);
    assertEquals(outcome(2), [domainFault, domain]);
    assertEquals(outcome(1), [fault, domain]);
    assertEquals(outcome(3), [0, domain]);
    assertEquals(translate(f, ACCESS.FETCH, 1).fault, 0, "a manager may execute XN memory");
  });

  Deno.test(`the access flag of a ${kind} is checked when SCTLR.AFE says so`, () => {
    const f = fixture(SCTLR.AFE);
    const flagFault = kind === "section" ? 3 : 6;
    const outcome = (ap: number, index: number) => {
      map(f, leaf(ap, false));
      return [translate(f, ACCESS.LOAD, index).fault, translate(f, ACCESS.STORE, index).fault];
    };
    assertEquals(outcome(0, 0), [flagFault, flagFault]);
    assertEquals(outcome(1, 0), [0, 0]);
    assertEquals(outcome(1, 1), [fault, fault]);
    assertEquals(outcome(3, 1), [0, 0]);
    assertEquals(outcome(5, 0), [0, fault]);
    assertEquals(outcome(5, 1), [fault, fault]);
    assertEquals(outcome(7, 1), [0, fault]);
  });
}

Deno.test("PXN forbids execution to privileged code only", () => {
  const f = fixture();
  const executable = () => [0, 1].map((i) => translate(f, ACCESS.FETCH, i).fault === 0);
  map(f, { section: section(0x40000000, AP_FULL, 1) });
  assertEquals(executable(), [false, true]);
  map(f, { page: small(0x40007000) });
  f.setWord(FIRST_ENTRY, SECOND | 4 | 1);
  assertEquals(executable(), [false, true]);
});

Deno.test("WXN and UWXN take execution from writable memory", () => {
  const executable = (sctlr: number, ap: number) => {
    const f = fixture(sctlr);
    map(f, { section: section(0x40000000, ap) });
    return [0, 1].map((i) => translate(f, ACCESS.FETCH, i).fault === 0);
  };
  assertEquals(executable(SCTLR.WXN, 3), [false, false]);
  assertEquals(executable(SCTLR.WXN, 2), [false, true]);
  assertEquals(executable(SCTLR.WXN, 7), [true, true]);
  assertEquals(executable(SCTLR.UWXN, 3), [false, true]);
  assertEquals(executable(SCTLR.UWXN, 1), [true, false]);
});

Deno.test("TTBCR.N splits the address space and PD0, PD1 close its parts", () => {
  const f = fixture();
  const other = 0x40008000;
  f.set(CP.TTBR1, other);
  f.setWord(other + 0x123 * 4, section(0x40100000));
  map(f, { section: section(0x40000000) });
  const at = (ttbcr: number) => {
    f.set(CP.TTBCR, ttbcr);
    const t = translate(f);
    return t.fault !== 0 ? t.fault : t.physical;
  };
  assertEquals(at(0), 0x40045678);
  assertEquals(at(3), 0x40045678, "0x12345678 is below 2^29");
  assertEquals(at(4), 0x40145678, "and above 2^28");
  assertEquals(at(0x13), 5);
  assertEquals(at(0x23), 0x40045678);
  assertEquals(at(0x24), 5);
  // With N the first table shrinks, so its base has more bits: 2 KiB here.
  f.set(CP.TTBR0, 0x40005800);
  f.setWord(0x40005800 + 0x123 * 4, section(0x40200000));
  assertEquals(at(3), 0x40245678);
});

Deno.test("tables are read big-endian when SCTLR.EE says so", () => {
  const f = fixture(SCTLR.EE);
  f.setWord(FIRST_ENTRY, swapBytes(SECOND | 1, 4));
  f.setWord(SECOND_ENTRY, swapBytes(small(0x40007000), 4));
  assertEquals(translate(f).physical, 0x40007678);
});

Deno.test("nG marks a translation as one address space's own", () => {
  const f = fixture();
  const nonGlobal = (leaf: Parameters<typeof map>[1]) => {
    map(f, leaf);
    return translate(f).nonGlobal;
  };
  assertEquals(nonGlobal({ section: section(0x40000000) }), false);
  assertEquals(nonGlobal({ section: section(0x40000000, AP_FULL, 1 << 17) }), true);
  assertEquals(nonGlobal({ page: small(0x40007000) }), false);
  assertEquals(nonGlobal({ page: small(0x40007000, AP_FULL, 1 << 11) }), true);
});

Deno.test("TEX, C and B tell device from normal memory, with and without remap", () => {
  const device = (sctlr: number, tex: number, cb: number, prrr = 0) => {
    const f = fixture(sctlr);
    f.set(CP.PRRR, prrr);
    map(f, { section: section(0x40000000, AP_FULL, tex << 12 | cb << 2) });
    const bySection = translate(f).device;
    map(f, { page: small(0x40007000, AP_FULL, tex << 6 | cb << 2) });
    assertEquals(translate(f).device, bySection);
    return bySection;
  };
  const found: number[] = [];
  for (let i = 0; i < 32; i++) if (device(0, i >>> 2, i & 3)) found.push(i);
  assertEquals(found, [0, 1, 8], "strongly-ordered, shared device, non-shared device");
  const remapped: number[] = [];
  for (let i = 0; i < 8; i++) if (device(SCTLR.TRE, i >>> 2, i & 3, 0x00098aa4)) remapped.push(i);
  assertEquals(remapped, [0, 1, 6], "fields 0 and 1 of PRRR; 2 is normal memory");
});

Deno.test("a data abort fills DFSR and DFAR and a prefetch abort IFSR and IFAR", () => {
  const pc = 0x40000100;
  const f = fixture();
  map(f, { page: 0, domain: 5 });
  f.mmu.raiseAbort(f.env, pc, VA, ACCESS.STORE, f.mmu.translate(f.env, VA, ACCESS.STORE, 1));
  assertEquals([f.get(CP.DFSR), f.get(CP.DFAR)], [0x800 | 5 << 4 | 7, VA]);
  assertEquals([f.get(ARM.PC), f.get(reg(14)), f.get(ARM.CPSR) & PSR.MODE], [
    0x10,
    pc + 8,
    MODE.ABT,
  ]);
  assertEquals(f.left(), true);
  f.mmu.raiseAbort(f.env, pc, VA, ACCESS.FETCH, f.mmu.translate(f.env, VA, ACCESS.FETCH, 1));
  assertEquals([f.get(CP.IFSR), f.get(CP.IFAR), f.get(ARM.PC)], [7, VA, 0xc]);
});

Deno.test("alignment and external aborts have their own status codes", () => {
  const f = fixture();
  f.mmu.raiseAlignment(f.env, 0x40000100, VA, ACCESS.LOAD);
  assertEquals([f.get(CP.DFSR), f.get(CP.DFAR)], [1, VA]);
  f.mmu.raiseExternal(f.env, 0x40000100, VA, ACCESS.STORE);
  assertEquals([f.get(CP.DFSR), f.get(VCPU.PC)], [0x808, 0x10]);
  f.mmu.raiseExternal(f.env, VA, VA, ACCESS.FETCH);
  assertEquals(f.get(CP.IFSR), 8);
});
