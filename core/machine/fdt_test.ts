import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type FdtNode, fdtNode, writeFdt } from "./fdt.ts";
import { findNode, readCells, readFdt, readStrings } from "./fdt_reader.ts";

const EXAMPLE: FdtNode = fdtNode("", { model: "example", "#address-cells": 1 }, [
  fdtNode("chosen", { bootargs: "console=ttyAMA0 quiet" }),
  fdtNode("cpus", { "#address-cells": 1 }, [
    fdtNode("cpu@0", { reg: 0, compatible: ["arm,cortex-a15", "arm,armv7"] }),
    fdtNode("cpu@1", { reg: 1, flag: true, bytes: Uint8Array.of(1, 2, 3) }),
  ]),
]);

Deno.test("writeFdt and readFdt round-trip a tree", () => {
  assertEquals(readFdt(writeFdt(EXAMPLE)), EXAMPLE);
});

Deno.test("writeFdt and readFdt round-trip any tree", () => {
  const name = fc.stringMatching(/^[a-z#][a-z0-9,._+-]{0,12}(@[0-9a-f]{1,8})?$/);
  const properties = fc.dictionary(name, fc.uint8Array({ maxLength: 20 }), {
    maxKeys: 5,
    noNullPrototype: true,
  });
  let tree: fc.Arbitrary<FdtNode> = fc.record({ name, properties, children: fc.constant([]) });
  for (let depth = 0; depth < 3; depth++) {
    tree = fc.record({ name, properties, children: fc.array(tree, { maxLength: 3 }) });
  }
  fc.assert(fc.property(tree, (root) => assertEquals(readFdt(writeFdt(root)), root)), {
    numRuns: 200,
  });
});

Deno.test("readFdt rejects damaged blobs with a SyntaxError and nothing else", () => {
  const good = writeFdt(EXAMPLE);
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(damage, fc.nat(good.length), (changes, length) => {
      const bad = good.slice(0, length);
      for (const [at, value] of changes) if (at < length) bad[at] = value;
      try {
        readFdt(bad);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
  assertThrows(() => readFdt(good.slice(0, 100)), SyntaxError, "there are only 100");
  assertThrows(() => readFdt(new Uint8Array(64)), SyntaxError, "no device tree magic");
});

Deno.test("readFdt skips NOPs and stops at deep nesting", () => {
  const blob = writeFdt(fdtNode("", { a: 1 }));
  const view = new DataView(blob.buffer);
  const structure = view.getUint32(8);
  // The property's three words and its value become NOPs.
  for (let i = 0; i < 4; i++) view.setUint32(structure + 8 + 4 * i, 4);
  assertEquals(readFdt(blob), { name: "", properties: {}, children: [] });
  let deep = fdtNode("x", {});
  for (let i = 0; i < 70; i++) deep = fdtNode("x", {}, [deep]);
  assertThrows(() => readFdt(writeFdt(deep)), SyntaxError, "nests more than 64");
});

Deno.test("findNode and the readers find what is there and nothing else", () => {
  const cpu = findNode(EXAMPLE, "/cpus/cpu@1")!;
  assertEquals(readCells(cpu, "reg"), [1]);
  assertEquals(readCells(cpu, "bytes"), undefined);
  assertEquals(readCells(cpu, "none"), undefined);
  assertEquals(readStrings(findNode(EXAMPLE, "cpus/cpu@0")!, "compatible"), [
    "arm,cortex-a15",
    "arm,armv7",
  ]);
  assertEquals(readStrings(cpu, "none"), undefined);
  assertEquals(findNode(EXAMPLE, "/cpus/cpu@2/x"), undefined);
  assertEquals(findNode(EXAMPLE, "/"), EXAMPLE);
});
