/**
 * Groups of consecutive words against the interpreter, which makes each access for itself.
 */
import { assert, assertEquals } from "@std/assert";
import { IrBuilder, type V32 } from "../../ir/builder.ts";
import { EXIT } from "../../ir/ops.ts";
import { PAGE_SIZE } from "../../memory/vcpu_layout.ts";
import { InterpRunner } from "../interp/runner.ts";
import { TEST_LAYOUT, TestHost } from "../testing/host.ts";
import { ModuleBuilder } from "./module.ts";
import { WasmRunner } from "./runner.ts";
import { siteOf } from "./testing/units.ts";
import { moduleText } from "./wat.ts";

const ALIGNED_WORD = 0x22;
const SLOT = 0x20;

const ALIGNED_DOUBLEWORD = 0x23;
const UNALIGNED_DOUBLEWORD = 0x03;
/** Of the vector state. */
const VECTOR_SLOT = 0x240;

/** A block that loads or stores `count` doublewords from `address`, as VLDM, VSTM and VLD1 do. */
function wide(host: TestHost, kind: "load" | "store", address: number, memop: number) {
  const b = new IrBuilder(host.helpers);
  b.begin(0x8000);
  b.insn(0x8000, 4);
  const base = b.const(address - 8);
  const places = Array.from({ length: 4 }, (_, i) => b.add(base, b.const(8 + 8 * i)));
  if (kind === "load") {
    const values = places.map((place) => b.guestLoad64(place, memop));
    values.forEach((value, i) => b.set64(VECTOR_SLOT + 8 * i, value));
  } else {
    const values = places.map((_, i) => b.get64(VECTOR_SLOT + 8 * i));
    places.forEach((place, i) => b.guestStore64(place, values[i], memop));
  }
  b.exit(EXIT.YIELD);
  return siteOf(b.finish(), 1);
}

/** A block that loads or stores `count` words from `address`, as LDM and STM do. */
function transfer(host: TestHost, kind: "load" | "store", address: number, count: number) {
  const b = new IrBuilder(host.helpers);
  b.begin(0x8000);
  b.insn(0x8000, 4);
  const base = b.const(address - 8);
  const places = Array.from({ length: count }, (_, i) => b.add(base, b.const(8 + 4 * i)));
  if (kind === "load") {
    const values: V32[] = places.map((place) => b.guestLoad(place, ALIGNED_WORD));
    values.forEach((value, i) => b.set(SLOT + 4 * i, value));
  } else {
    const values = places.map((_, i) => b.get(SLOT + 4 * i));
    places.forEach((place, i) => b.guestStore(place, values[i], ALIGNED_WORD));
  }
  b.exit(EXIT.YIELD);
  return siteOf(b.finish(), 1);
}

const page = (n: number): number => TEST_LAYOUT.guestBase + n * PAGE_SIZE;

/** Start addresses: see TestHost for what is on each page. */
const PLACES: Readonly<Record<string, number>> = {
  "inside a page": page(0) + 0x100,
  "up to the end of a page": page(1) - 20,
  "across two pages": page(1) - 8,
  "into a page that the TLB does not hold": page(4) - 8,
  "into a page with a write flag": page(5) - 4,
  "into a device": page(6) - 12,
  "into a page that faults": page(7) - 8,
  "at an address that is not aligned": page(0) + 0x102,
};

type Kind = "load" | "store";
type Transfer = (host: TestHost, kind: Kind, address: number) => ReturnType<typeof transfer>;
const TRANSFERS: Readonly<Record<string, Transfer>> = {
  "five words": (host, kind, address) => transfer(host, kind, address, 5),
  "four doublewords": (host, kind, address) => wide(host, kind, address, ALIGNED_DOUBLEWORD),
  "four doublewords, aligned or not,": (host, kind, address) =>
    wide(host, kind, address, UNALIGNED_DOUBLEWORD),
};
const CASES = Object.entries(PLACES).flatMap(([where, address]) =>
  (["load", "store"] as const).flatMap((kind) =>
    Object.entries(TRANSFERS).map(([what, make]) => ({ where, address, kind, what, make }))
  )
);

for (const { where, address, kind, what, make } of CASES) {
  Deno.test(`a ${kind} of ${what} ${where} does what interp does`, () => {
    const reference = new TestHost(7);
    const host = new TestHost(7);
    const site = make(host, kind, address);
    for (const each of [reference, host]) each.enter(site.block);
    const expected = new InterpRunner(reference).runBlock(reference.env, site.block);
    const runner = new WasmRunner(host, 8);
    runner.addModule(new ModuleBuilder({ helpers: host.helpers }).build([[site]]), [1]);
    const result = runner.run(host.env, 1);
    // The group takes the slow path for all words or for none.
    host.log.length = 0;
    reference.log.length = 0;
    assertEquals(host.outcome(result), reference.outcome(expected));
  });
}

for (const [what, make] of Object.entries(TRANSFERS)) {
  Deno.test(`a load of ${what} takes one TLB lookup`, () => {
    const host = new TestHost(1);
    const site = make(host, "load", page(0));
    const text = moduleText(
      new ModuleBuilder({ helpers: host.helpers }).build([[site]]),
      host.helpers,
    );
    assertEquals(text.match(/i32\.load offset=0x1000/g)?.length, 1);
    assert(text.includes("i32.load offset=0x10"), text);
  });
}
