import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { FdtNode } from "./fdt.ts";
import { virtDtb, virtTree } from "./virt_dtb.ts";
import { findNode, readCells, readFdt, readStrings } from "./fdt_reader.ts";

async function installed(command: string): Promise<boolean> {
  try {
    const args = ["--version"];
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const hasDtc = await installed("dtc");
const hasQemu = await installed("qemu-system-arm");
if (!hasDtc) console.warn("dtc is not installed: validation of the device tree is skipped");
if (!hasQemu) console.warn("qemu-system-arm is not installed: tree comparison is skipped");

Deno.test("virtDtb describes memory, command line and ramdisk", () => {
  const tree = readFdt(virtDtb({
    vcpus: 4,
    ramBytes: 0x8000000,
    bootargs: "console=ttyAMA0",
    initrd: { start: 0x44000000, end: 0x44000123 },
  }));
  assertEquals(readCells(findNode(tree, "/memory@40000000")!, "reg"), [
    0,
    0x40000000,
    0,
    0x8000000,
  ]);
  const chosen = findNode(tree, "/chosen")!;
  assertEquals(readStrings(chosen, "bootargs"), ["console=ttyAMA0"]);
  assertEquals(readStrings(chosen, "stdout-path"), ["/pl011@9000000"]);
  assertEquals(readCells(chosen, "linux,initrd-start"), [0x44000000]);
  assertEquals(readCells(chosen, "linux,initrd-end"), [0x44000123]);
  assertEquals(findNode(tree, "/cpus")!.children.map((cpu) => readCells(cpu, "reg")![0]), [
    0,
    1,
    2,
    3,
  ]);
});

Deno.test({
  name: "virtDtb passes dtc's checks",
  ignore: !hasDtc,
  fn: async () => {
    const file = await Deno.makeTempFile({ suffix: ".dtb" });
    try {
      await Deno.writeFile(file, virtDtb({ vcpus: 2, ramBytes: 0x8000000, bootargs: "x" }));
      const { success, stdout, stderr } = await new Deno.Command("dtc", {
        args: ["-I", "dtb", "-O", "dts", "-Wno-simple_bus_reg", file],
      }).output();
      assert(success);
      // Warnings are about style, and the same for QEMU's tree.
      const complaints = new TextDecoder().decode(stderr).split("\n").filter((line) =>
        /error/i.test(line)
      );
      assertEquals(complaints, []);
      assertStringIncludes(new TextDecoder().decode(stdout), "arm,cortex-a15-gic");
    } finally {
      await Deno.remove(file);
    }
  },
});

/** Nodes of QEMU's tree for hardware that this machine does not have. */
const ABSENT = new Set(["platform-bus@c000000", "pcie@10000000", "pmu", "flash@0"]);
/** Children of these are left out as well: message-signalled interrupts, CPU topology. */
const ABSENT_CHILDREN = new Set(["v2m@8020000", "cpu-map"]);
/** Properties that hold references to nodes, which are numbered freely: only their size counts. */
const FREE = new Set(["clocks", "interrupt-parent", "gpios"]);
/** The numbers themselves (QEMU's CPU topology refers to CPUs, too) and random seeds. */
const LEFT_OUT = new Set(["phandle", "rng-seed", "kaslr-seed"]);

/** A tree in a form that can be compared: "path:property" to its bytes. */
function flatten(node: FdtNode, path: string, into: Map<string, string>): Map<string, string> {
  for (const [name, value] of Object.entries(node.properties)) {
    const cells = readCells(node, name);
    const text = FREE.has(name)
      ? `${value.length} bytes`
      : cells?.join(" ") ?? [...value].join(",");
    if (!LEFT_OUT.has(name)) into.set(`${path}:${name}`, text);
  }
  for (const child of node.children) {
    if (ABSENT.has(child.name) || ABSENT_CHILDREN.has(child.name)) continue;
    flatten(child, `${path}/${child.name}`, into);
  }
  return into;
}

for (const vcpus of [1, 2, 8]) {
  Deno.test({
    name: `virtTree is QEMU's tree for the devices we have, ${vcpus} CPUs`,
    ignore: !hasQemu,
    fn: async () => {
      const file = await Deno.makeTempFile({ suffix: ".dtb" });
      try {
        const { success } = await new Deno.Command("qemu-system-arm", {
          args: ["-M", `virt,dumpdtb=${file}`, "-cpu", "cortex-a15", "-smp", String(vcpus)]
            .concat(["-m", "256", "-display", "none", "-nic", "none"]),
          stdout: "null",
          stderr: "null",
        }).output();
        assert(success);
        const theirs = flatten(readFdt(await Deno.readFile(file)), "", new Map());
        const ours = flatten(virtTree({ vcpus, ramBytes: 256 << 20 }), "", new Map());
        const differ = [...new Set([...ours.keys(), ...theirs.keys()])]
          .filter((key) => ours.get(key) !== theirs.get(key))
          .map((key) => `${key}: ours ${ours.get(key)}, QEMU's ${theirs.get(key)}`);
        assertEquals(differ, []);
      } finally {
        await Deno.remove(file);
      }
    },
  });
}
