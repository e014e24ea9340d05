import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { qemuVersion } from "./qemu.ts";
import { firstBlock, qemuListing } from "./qemu_listing.ts";

const noQemu = await qemuVersion() === null;

Deno.test("firstBlock waits for the end of the host code, and leaves the prologue out", () => {
  const whole =
    "PROLOGUE: x\n\n----\nIN: \n0x0: nop\n\nOP:\n a\n\nOUT: [size=1]\n0x1: ret\n\n----\n";
  assertEquals(firstBlock(whole), "IN: \n0x0: nop\n\nOP:\n a\n\nOUT: [size=1]\n0x1: ret\n");
  for (const part of ["", "PROLOGUE: x\n\n", whole.slice(0, whole.indexOf("\n\n----\n", 20))]) {
    assertEquals(firstBlock(part), undefined);
  }
});

Deno.test({
  name: "qemuListing has QEMU's guest code, operations and host code of exactly the given code",
  ignore: noQemu,
  fn: async () => {
    const directory = await Deno.makeTempDir();
    try {
      const listing = await qemuListing(Uint8Array.fromHex("0000a0e304109fe5"), directory);
      assertStringIncludes(listing!, "0x40200004:  e59f1004  ldr");
      assertStringIncludes(listing!, "OP after optimization and liveness analysis:");
      assertMatch(listing!, /qemu_ld/);
      assertMatch(listing!, /\nOUT: \[size=\d+\]/);
      assertEquals([...Deno.readDirSync(directory)], []);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
