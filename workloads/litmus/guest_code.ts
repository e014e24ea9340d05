/**
 * The guest's code and table for the litmus tests, as C: every distinct thread becomes a function
 * that walks over the instances of a batch, with its accesses in one piece of assembly, so that the
 * compiler puts nothing between them.
 *
 * @module
 */

import {
  type Access,
  isSplit,
  type Link,
  type LitmusTest,
  loadOf,
  observableName,
  type Shape,
} from "./shape.ts";
import { verdictsOf } from "./verdicts.ts";

/** Bits of an outcome's key that one observable takes: two for a word, two for each byte of a split one. */
export function keyBits(test: LitmusTest, index: number): number {
  const load = loadOf(test, test.observables[index]!);
  return load !== undefined && load.byte === undefined && isSplit(test.shape, load.location)
    ? 4
    : 2;
}

/** An outcome as the guest counts it; the first observable is in the low bits. */
export function keyOf(test: LitmusTest, outcome: string): number {
  let [key, shift] = [0, 0];
  for (const [index, text] of outcome.split(",").entries()) {
    const value = Number(text);
    const bits = keyBits(test, index);
    key |= (bits === 2 ? value & 3 : value & 3 | (value >> 8 & 3) << 2) << shift;
    shift += bits;
  }
  if (shift > 8) throw new RangeError(`Litmus test ${test.name} observes more than 8 bits.`);
  return key;
}

/** Locations by number, as the guest has them. */
const LOCATIONS = ["x", "y", "z"];

/** Names of a thread's locations in its code. */
const PLACES = ["a", "b", "c"];

/** The assembly of one thread, and what it needs. */
interface Thread {
  readonly locations: readonly string[];
  readonly values: readonly number[];
  readonly registers: number;
  readonly lines: readonly string[];
}

/** Instructions of `link`, from the register `from`, before an access; `offset` names what an address adds. */
function linkLines(link: Link | undefined, from: string): string[] {
  switch (link) {
    case "dmb":
      return ["dmb ish"];
    case "dmb.st":
      return ["dmb ishst"];
    case "addr":
    case "data":
      return [`eor %[t], ${from}, ${from}`];
    case "ctrl":
      return [`cmp ${from}, #1`, "bne 1f", "1:"];
    case "ctrlisb":
      return [`cmp ${from}, #1`, "bne 1f", "1: isb"];
    default:
      return [];
  }
}

/** Locations of a thread in the order of their first use. */
function firstUses(accesses: readonly Access[]): string[] {
  return [...new Set(accesses.map((one) => one.location))];
}

function accessLines(access: Access, link: Link | undefined, register: string): string[] {
  const { kind, location, byte, value } = access;
  const narrow = byte === undefined ? "" : "b";
  const setUp: string[] = [];
  let address = byte ? `[%[${location}], #${byte}]` : `[%[${location}]]`;
  let stored = `%[v${value}]`;
  if (link === "addr") {
    if (byte) setUp.push(`add %[t], %[t], #${byte}`);
    address = `[%[${location}], %[t]]`;
  } else if (link === "data") {
    setUp.push(`add %[t], %[t], %[v${value}]`);
    stored = "%[t]";
  }
  if (kind === "R") return [...setUp, `ldr${narrow} ${register}, ${address}`];
  if (kind === "W") return [...setUp, `str${narrow} ${stored}, ${address}`];
  // LDREX takes no offset register.
  const base = link === "addr" ? [`add %[t], %[t], %[${location}]`] : [];
  const at = link === "addr" ? "[%[t]]" : `[%[${location}]]`;
  return [
    ...setUp,
    ...base,
    `2: ldrex ${register}, ${at}`,
    `strex %[f], ${stored}, ${at}`,
    "cmp %[f], #0",
    "bne 2b",
  ];
}

/** The thread with its locations renamed in the order of their first use, so that equal threads share their code. */
function threadOf(named: readonly Access[], links: readonly Link[]): Thread {
  const order = firstUses(named);
  const accesses = named.map((one) => ({
    ...one,
    location: PLACES[order.indexOf(one.location)]!,
  }));
  let registers = 0;
  let last = "";
  const lines = accesses.flatMap((access, index) => {
    const link = index === 0 ? undefined : links[index - 1];
    const before = linkLines(link, last);
    const register = `%[r${registers}]`;
    if (access.kind !== "W") registers++;
    if (access.kind !== "W") last = register;
    return [...before, ...accessLines(access, link, register)];
  });
  const values = accesses.filter((one) => one.kind !== "R").map((one) => one.value);
  return {
    locations: [...new Set(accesses.map((one) => one.location))],
    values: [...new Set(values)].sort(),
    registers,
    lines,
  };
}

function threadFunction(thread: Thread, number: number): string {
  const { locations, values, registers, lines } = thread;
  const text = lines.join("\n");
  const names = Array.from({ length: registers }, (_, index) => `r${index}`);
  const written = [...names, ...["t", "f"].filter((name) => text.includes(`%[${name}]`))];
  const inputs = [
    ...locations.map((name) => `[${name}] "r"(${name})`),
    ...values.map((value) => `[v${value}] "r"(${value})`),
  ];
  return [
    `static void thread_${number}(struct run *run) {`,
    `  WALK(run) {`,
    ...locations.map((name, index) => `    volatile u32 *${name} = LOCATION(${index});`),
    ...(written.length > 0 ? [`    u32 ${written.join(", ")};`] : []),
    `    asm volatile(`,
    ...lines.map((line) => `        "${line}\\n"`),
    `        : ${written.map((name) => `[${name}] "=&r"(${name})`).join(", ")}`,
    `        : ${inputs.join(", ")}`,
    `        : "memory", "cc");`,
    ...names.map((name, index) => `    RESULT(${index}) = ${name};`),
    `  }`,
    `}`,
  ].join("\n");
}

/** `0x...` words with a bit set for each key. */
function keySet(keys: Iterable<number>): string {
  const words = new Uint32Array(8);
  for (const key of keys) words[key >> 5]! |= 1 << (key & 31);
  const last = words.findLastIndex((word) => word !== 0);
  const texts = [...words.slice(0, last + 1)].map((word) => `0x${word.toString(16)}`);
  return `{${texts.join(", ")}}`;
}

function sourcesOf(test: LitmusTest): string[] {
  return test.observables.map((observable, index) => {
    const bits = keyBits(test, index);
    if (observable.kind === "final") {
      return `{FINAL, ${LOCATIONS.indexOf(observable.location)}, ${bits}}`;
    }
    const accesses = test.shape.threads[observable.thread]!;
    const register = accesses.slice(0, observable.access).filter((one) => one.kind !== "W").length;
    return `{${observable.thread}, ${register}, ${bits}}`;
  });
}

function testRow(
  test: LitmusTest,
  shapes: readonly Shape[],
  links: readonly string[],
  threads: readonly number[],
): string {
  const verdicts = verdictsOf(test);
  const keys = (outcomes: ReadonlySet<string>) =>
    keySet([...outcomes].map((outcome) => keyOf(test, outcome)));
  const names = test.observables.map((one) => observableName(test, one)).join(",");
  const uses = test.shape.threads.map((accesses) =>
    `{${firstUses(accesses).map((name) => LOCATIONS.indexOf(name)).join(", ")}}`
  ).join(", ");
  return [
    `  {${shapes.indexOf(test.shape)}, ${links.indexOf(test.links)}, ${
      JSON.stringify(test.name)
    }, ${JSON.stringify(names)},`,
    `   ${threads.length}, {${threads.map((number) => `thread_${number}`).join(", ")}}, {${uses}},`,
    `   ${test.observables.length}, {${sourcesOf(test).join(", ")}},`,
    `   ${keys(verdicts.sequential)},`,
    `   ${keys(verdicts.armv7)}},`,
  ].join("\n");
}

/** Words that choose tests by their links, in the order in which they first appear. */
export function linkWords(tests: readonly LitmusTest[]): string[] {
  return [...new Set(tests.map((test) => test.links))];
}

/** The text of `programs/litmus_tests.h`. */
export function guestCode(tests: readonly LitmusTest[]): string {
  const shapes = [...new Set(tests.map((test) => test.shape))];
  const links = linkWords(tests);
  const functions: string[] = [];
  const numbers = new Map<string, number>();
  const rows = tests.map((test) => {
    const threads = test.shape.threads.map((accesses, index) => {
      const thread = threadOf(accesses, test.linksOf[index]!);
      const key = JSON.stringify(thread);
      if (!numbers.has(key)) {
        numbers.set(key, functions.length);
        functions.push(threadFunction(thread, functions.length));
      }
      return numbers.get(key)!;
    });
    return testRow(test, shapes, links, threads);
  });
  const choices = (words: readonly string[]) => JSON.stringify([...words, "all"].join("|"));
  return [
    "/* Made by `deno task litmus` from workloads/litmus/shapes.ts: do not edit. */",
    "",
    `#define SHAPES ${shapes.length}u`,
    `#define SHAPE_CHOICES ${choices(shapes.map((shape) => shape.name))}`,
    `#define LINKS ${links.length}u`,
    `#define LINK_CHOICES ${choices(links)}`,
    `#define TESTS ${tests.length}u`,
    "",
    ...functions,
    "",
    "/* Outcomes that need no reordering, then those that ARMv7 allows, as sets of keys. */",
    "static const struct test tests[TESTS] = {",
    ...rows,
    "};",
    "",
  ].join("\n");
}
