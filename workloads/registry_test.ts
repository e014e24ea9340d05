import { assertEquals, assertThrows } from "@std/assert";
import { parseExpected } from "./expected.ts";
import {
  bootArguments,
  expectedUrl,
  findWorkload,
  imageUrl,
  sourceUrl,
  standardArguments,
  workloads,
} from "./registry.ts";

Deno.test("every workload has a source, a small ELF image without debug sections, and expected output", async () => {
  for (const workload of workloads) {
    const image = await Deno.readFile(imageUrl(workload));
    assertEquals([...image.slice(0, 5)], [0x7f, 0x45, 0x4c, 0x46, 1], workload.name);
    assertEquals(image.length < 64 * 1024, true, `${workload.name} is ${image.length} bytes`);
    const text = new TextDecoder("latin1").decode(image);
    assertEquals(text.includes(".debug"), false, workload.name);
    assertEquals(/\/(home|work|tmp)\//.test(text), false, `${workload.name} holds a path`);
    assertEquals((await Deno.stat(sourceUrl(workload))).isFile, true);
    parseExpected(await Deno.readTextFile(expectedUrl(workload)), workload.name);
  }
});

Deno.test("workload names are unique and variants' arguments are parameters", () => {
  assertEquals(new Set(workloads.map((one) => one.name)).size, workloads.length);
  for (const workload of workloads) {
    assertEquals(workload.variants.length > 0, true, workload.name);
    for (const variant of workload.variants) {
      for (const size of ["quick", "full"] as const) {
        bootArguments(workload, standardArguments(workload, size, variant.name), 2);
      }
    }
  }
});

Deno.test("bootArguments puts the vCPU count first and keeps the order of the arguments", () => {
  const workload = findWorkload("atomic-add")!;
  assertEquals(
    bootArguments(workload, { counters: "128", iterations: "5" }, 4),
    "vcpus=4 counters=128 iterations=5",
  );
});

Deno.test("bootArguments names what is wrong with an argument and what would be right", () => {
  const workload = findWorkload("lock-kinds")!;
  assertThrows(() => bootArguments(workload, { sort: "wfe" }, 1), RangeError, "kind, iterations");
  assertThrows(() => bootArguments(workload, { kind: "mcs" }, 1), RangeError, "none, llsc, wfe");
  assertThrows(() => bootArguments(workload, { iterations: "-1" }, 1), RangeError, "decimal");
});

Deno.test("standardArguments merges a variant's fixed and sized arguments", () => {
  const workload = findWorkload("memory")!;
  assertEquals(standardArguments(workload, "quick"), { kind: "memcpy", iterations: "1500" });
  assertEquals(standardArguments(workload, "full", "chase"), { kind: "chase", iterations: "1500" });
  assertThrows(() => standardArguments(workload, "quick", "simd"), RangeError, "memcpy, memset");
});

Deno.test("findWorkload answers undefined for an unknown name", () => {
  assertEquals(findWorkload("whetstone"), undefined);
});
