import { assertEquals } from "@std/assert";
import type { AtomicsStrategy } from "../../core/exec/strategy.ts";
import { ATOMICS, BARRIERS, findAtomics, findBarriers } from "../../strategies/mod.ts";
import { SameCodeFinder, sameCodeOf } from "./same_code.ts";

const OURS = { engine: "ours", barriers: "typed", backend: "wasm" } as const;

Deno.test("schemes that compare values make plain's code where nothing runs in parallel", () => {
  const of = (atomics: string, scheduling: string, vcpus: number) =>
    sameCodeOf({ ...OURS, atomics, scheduling }, vcpus).atomics;
  for (const atomics of ["cmpxchg", "mutex", "spinlock", "hashed-locks", "alat", "aie"]) {
    assertEquals(of(atomics, "thread-per-vcpu", 1), "plain", atomics);
    assertEquals(of(atomics, "round-robin", 4), "plain", atomics);
    assertEquals(of(atomics, "thread-per-vcpu", 2), undefined, atomics);
  }
  for (const atomics of ["plain", "hst", "tlb-excl", "pico-st", "global-lock"]) {
    assertEquals(of(atomics, "thread-per-vcpu", 1), undefined, atomics);
  }
});

Deno.test("one vCPU with parallel code forced makes the code of several", () => {
  for (const { name: atomics } of ATOMICS) {
    const subject = { ...OURS, atomics, scheduling: "thread-per-vcpu" };
    const alone = sameCodeOf({ ...subject, parallelCode: "forced" }, 1);
    assertEquals(alone, sameCodeOf(subject, 2), atomics);
    assertEquals(alone.barriers, undefined, atomics);
  }
});

Deno.test("every barrier scheme makes the code of none where nothing runs in parallel", () => {
  for (const { name: barriers } of BARRIERS) {
    const subject = { ...OURS, atomics: "hst", barriers, scheduling: "thread-per-vcpu" };
    const expected = barriers === "none" ? undefined : "none";
    assertEquals(sameCodeOf(subject, 1).barriers, expected, barriers);
    assertEquals(sameCodeOf(subject, 2).barriers, undefined, barriers);
  }
});

Deno.test("one operation that differs makes a scheme's code its own", () => {
  const plain = findAtomics("plain");
  const barriers = findBarriers("typed");
  const twin: AtomicsStrategy = { ...plain, name: "twin" };
  const others: AtomicsStrategy[] = [
    {
      ...plain,
      name: "last store",
      expansion: {
        ...plain.expansion,
        guestStore64: (x, address, value, memop) => {
          x.b.set(x.perVcpu, x.b.const(1));
          x.b.guestStore64(address, value, memop);
        },
      },
    },
    {
      ...plain,
      name: "leaves",
      constraints: { ...plain.constraints, stopsTheWorld: ["store-exclusive"] },
    },
  ];
  const finder = new SameCodeFinder([plain, twin, ...others], [barriers]);
  assertEquals(finder.find({ atomics: twin, barriers }, false), { atomics: "plain" });
  for (const atomics of others) {
    assertEquals(finder.find({ atomics, barriers }, false), {}, atomics.name);
  }
});
