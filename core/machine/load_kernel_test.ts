import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ImageError, readElf } from "./elf.ts";
import { fdtNode, writeFdt } from "./fdt.ts";
import { type LoadedKernel, loadKernel, type LoadOptions } from "./load_kernel.ts";
import { findNode, readCells, readFdt, readStrings } from "./fdt_reader.ts";

const MIB = 0x10_0000;

interface Segment {
  readonly virtual: number;
  readonly physical: number;
  readonly bytes: readonly number[];
  readonly memoryBytes?: number;
}

/** Builds an ELF executable for ARM. */
function elf(entry: number, segments: readonly Segment[]): Uint8Array<ArrayBuffer> {
  const dataAt = 52 + 32 * segments.length;
  const total = segments.reduce((sum, { bytes }) => sum + bytes.length, dataAt);
  const file = new Uint8Array(total);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  const header: readonly (readonly [at: number, size: 2 | 4, value: number])[] = [
    [16, 2, 2],
    [18, 2, 40],
    [20, 4, 1],
    [24, 4, entry],
    [28, 4, 52],
    [40, 2, 52],
    [42, 2, 32],
    [44, 2, segments.length],
  ];
  for (const [at, size, value] of header) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  let offset = dataAt;
  segments.forEach(({ virtual, physical, bytes, memoryBytes }, i) => {
    const fields = [1, offset, virtual, physical, bytes.length, memoryBytes ?? bytes.length, 5, 4];
    fields.forEach((value, field) => view.setUint32(52 + 32 * i + 4 * field, value, true));
    file.set(bytes, offset);
    offset += bytes.length;
  });
  return file;
}

const OPTIONS: LoadOptions = { name: "guest.elf", vcpus: 2, ramBytes: 256 * MIB };

function load(file: Uint8Array, more: Partial<LoadOptions> = {}): LoadedKernel {
  return loadKernel(file, { ...OPTIONS, ...more });
}

/** One segment of two words at a physical address. */
function elfAt(physical: number): Uint8Array<ArrayBuffer> {
  return elf(physical, [{ virtual: physical, physical, bytes: [1, 2, 3, 4, 5, 6, 7, 8] }]);
}

Deno.test("loadKernel starts an ELF file at its entry with the tree at the start of RAM", () => {
  const kernel = load(elfAt(0x40100000), { bootargs: "a=b" });
  assertEquals([kernel.kind, kernel.entry, kernel.registers], ["elf", 0x40100000, [0, 0, 0]]);
  assertEquals(kernel.deviceTree, 0x40000000);
  assertEquals(kernel.loads.map(({ physical }) => physical), [0x40100000, 0x40000000]);
  assertEquals([...kernel.loads[0].bytes], [1, 2, 3, 4, 5, 6, 7, 8]);
  const tree = readFdt(kernel.loads[1].bytes);
  assertEquals(readStrings(findNode(tree, "/chosen")!, "bootargs"), ["a=b"]);
});

Deno.test("loadKernel hands no tree to an ELF file that starts in the first MiB", () => {
  for (const at of [0x40000000, 0x40010000, 0x400ffffc]) {
    const kernel = load(elfAt(at));
    assertEquals([kernel.deviceTree, kernel.loads.length], [undefined, 1], at.toString(16));
  }
});

Deno.test("loadKernel moves a virtual entry to its physical address and keeps the Thumb bit", () => {
  const bytes = [0, 0, 0, 0, 0, 0, 0, 0];
  const file = elf(0xc0200005, [{ virtual: 0xc0200000, physical: 0x40200000, bytes }]);
  assertEquals(load(file).entry, 0x40200005);
});

Deno.test("loadKernel skips program headers that load nothing", () => {
  const file = elf(0x40200000, [
    { virtual: 0, physical: 0, bytes: [1], memoryBytes: 1 },
    { virtual: 0x40200000, physical: 0x40200000, bytes: [2], memoryBytes: 4096 },
  ]);
  // PT_NOTE instead of PT_LOAD.
  new DataView(file.buffer).setUint32(52, 4, true);
  const kernel = load(file);
  assertEquals(kernel.loads.map(({ physical }) => physical), [0x40200000, 0x40000000]);
});

/** RAM, image and ramdisk size; addresses of ramdisk and tree. Observed on QEMU 7.2. */
const PLACES: readonly (readonly [number, number, number | undefined, number, number])[] = [
  [256 * MIB, 8, undefined, 0, 0x48000000],
  [256 * MIB, 8, 100_000, 0x48000000, 0x48019000],
  [128 * MIB, 8, 100_000, 0x44000000, 0x44019000],
  [64 * MIB, 8, 4096, 0x42000000, 0x42001000],
];

Deno.test("loadKernel places a Linux image, ramdisk and tree as QEMU does", () => {
  for (const [ramBytes, imageBytes, initrdBytes, initrdAt, treeAt] of PLACES) {
    const initrd = initrdBytes === undefined ? {} : { initrd: new Uint8Array(initrdBytes) };
    const kernel = load(new Uint8Array(imageBytes), { ramBytes, ...initrd });
    assertEquals(kernel.kind, "raw");
    assertEquals([kernel.entry, kernel.deviceTree], [0x40010000, treeAt]);
    assertEquals(kernel.registers, [0, 0xffffffff, treeAt]);
    const chosen = findNode(readFdt(kernel.loads.at(-1)!.bytes), "/chosen")!;
    if (initrdBytes === undefined) {
      assertEquals(readCells(chosen, "linux,initrd-start"), undefined);
    } else {
      assertEquals(kernel.loads[1].physical, initrdAt);
      assertEquals(readCells(chosen, "linux,initrd-start"), [initrdAt]);
      assertEquals(readCells(chosen, "linux,initrd-end"), [initrdAt + initrdBytes]);
    }
  }
});

Deno.test("loadKernel puts the tree behind an image that passes the middle of RAM", () => {
  const kernel = load(new Uint8Array(40 * MIB), { ramBytes: 64 * MIB });
  assertEquals(kernel.deviceTree, 0x40010000 + 40 * MIB);
});

Deno.test("loadKernel recognises a zImage", () => {
  const file = new Uint8Array(64);
  new DataView(file.buffer).setUint32(0x24, 0x016f2818, true);
  assertEquals(load(file).kind, "zimage");
});

const TREE = writeFdt(
  fdtNode("", { model: "given" }, [fdtNode("chosen", { bootargs: "old", "stdout-path": "/uart" })]),
  3,
  Uint8Array.from([...Array(15).fill(1), 2, ...Array(16).fill(0)]),
);

Deno.test("loadKernel hands over a given device tree unchanged", () => {
  const deviceTree = TREE;
  assertEquals(load(new Uint8Array(8), { deviceTree }).loads[1].bytes, deviceTree);
  assertEquals(load(elfAt(0x40200000), { deviceTree }).loads[1].bytes, deviceTree);
});

Deno.test("loadKernel tells a given device tree the command line and the ramdisk's place", () => {
  const initrd = new Uint8Array(100);
  const { loads } = load(new Uint8Array(8), { deviceTree: TREE, bootargs: "new", initrd });
  const root = readFdt(loads[2].bytes);
  assertEquals(readStrings(root, "model"), ["given"]);
  const chosen = findNode(root, "/chosen")!;
  assertEquals(readStrings(chosen, "bootargs"), ["new"]);
  assertEquals(readStrings(chosen, "stdout-path"), ["/uart"]);
  assertEquals(readCells(chosen, "linux,initrd-start"), [loads[1].physical]);
  assertEquals(readCells(chosen, "linux,initrd-end"), [loads[1].physical + 100]);
  // Boot CPU and memory reservations stay.
  const words = new DataView(loads[2].bytes.buffer);
  assertEquals(words.getUint32(28), 3);
  assertEquals(words.getUint32(words.getUint32(16) + 12), 0x01010102);
});

/** A tree whose PSCI is that before 0.2, where the numbers of the functions are properties. */
function oldPsci(cpuOn?: number, method = "hvc"): Uint8Array {
  const psci = { compatible: "arm,psci", method, cpu_off: 0x84000002 };
  return writeFdt(fdtNode("", {}, [
    fdtNode("cpus", {}),
    fdtNode("memory@40000000", {}),
    fdtNode("psci", cpuOn === undefined ? psci : { ...psci, cpu_on: cpuOn }),
  ]));
}

Deno.test("loadKernel accepts a tree of PSCI 0.1 that names numbers which are answered", () => {
  const zimage = new Uint8Array(64);
  new DataView(zimage.buffer).setUint32(0x24, 0x016f2818, true);
  for (const cpuOn of [0x84000003, 0x95c1ba60]) {
    assertEquals(load(zimage, { deviceTree: oldPsci(cpuOn) }).kind, "zimage");
  }
});

Deno.test("loadKernel refuses a device tree that is broken, naming its file and field", () => {
  const zimage = new Uint8Array(64);
  new DataView(zimage.buffer).setUint32(0x24, 0x016f2818, true);
  const broken = (at: number, value: number): Uint8Array => {
    const bytes = TREE.slice();
    new DataView(bytes.buffer).setUint32(at, value);
    return bytes;
  };
  const cases: readonly (readonly [Uint8Array, string])[] = [
    [Uint8Array.of(1, 2, 3), "board.dtb: Device tree blob ends within magic"],
    [broken(0, 0), "has no device tree magic"],
    [broken(4, 1 << 20), "says 1048576 bytes, but there are only"],
    [broken(8, 0xffff0), "ends within the structure"],
    [TREE, "has no node /cpus"],
    [oldPsci(0x84000001), "cpu_on of /psci is 0x84000001; PSCI 0.1 has 0x84000003 or 0x95c1ba60"],
    [oldPsci(0x84000003, "smc"), "/psci has the method smc; this board is called by hvc"],
    [oldPsci(), "has no cpu_on in /psci, which PSCI 0.1 needs"],
  ];
  for (const [deviceTree, message] of cases) {
    const options = { deviceTree, deviceTreeName: "board.dtb", bootargs: "x" };
    const error = assertThrows(() => load(zimage, options), ImageError, message);
    assertEquals(error.message.startsWith("board.dtb: "), true, error.message);
    assertStringIncludes(error.message, "or leave --dtb out");
  }
});

function at(offset: number, text: string): Uint8Array {
  const bytes = new Uint8Array(1024);
  bytes.set(new TextEncoder().encode(text), offset);
  return bytes;
}
const bigFile = (bytes: number): Uint8Array => new Uint8Array(bytes);
/** File, options, what the message says. */
const REFUSED: readonly (readonly [string, Uint8Array, Partial<LoadOptions>, string])[] = [
  ["empty", bigFile(0), {}, "is empty"],
  ["U-Boot", Uint8Array.of(0x27, 0x05, 0x19, 0x56, 0), {}, "U-Boot image"],
  ["gzip", Uint8Array.of(0x1f, 0x8b, 8), {}, "gzip file"],
  ["kernel for 64-bit ARM", at(0x38, "ARM\x64"), {}, "kernel for 64-bit ARM; give one for 32-bit"],
  ["kernel for RISC-V", at(0x38, "RSC\x05"), {}, "kernel for RISC-V"],
  ["kernel for x86", at(0x202, "HdrS"), {}, "kernel for x86"],
  ["device tree", TREE, {}, "give it as --dtb"],
  ["ramdisk", at(0, "070701"), {}, "give it as --initrd"],
  ["image too large", bigFile(2 * MIB), { ramBytes: 2 * MIB }, "the kernel image needs 0x40010000"],
  [
    "ramdisk too large",
    bigFile(8),
    { ramBytes: 2 * MIB, initrd: bigFile(2 * MIB) },
    "the initial ramdisk needs 0x40100000 to 0x40300000, but RAM is 0x40000000 to 0x40200000",
  ],
  ["ELF below RAM", elfAt(0x8000), {}, "segment 0 needs 0x8000 to 0x8008"],
  ["ELF above RAM", elfAt(0x5000_0000), {}, "give the machine more memory"],
  [
    "no room for the tree",
    bigFile(64 * MIB - 0x10000),
    { ramBytes: 64 * MIB },
    "the device tree needs",
  ],
];

Deno.test("loadKernel refuses what cannot run, naming the file and the remedy", () => {
  for (const [what, file, options, message] of REFUSED) {
    const error = assertThrows(() => load(file, options), ImageError, message, what);
    assertEquals(error.message.startsWith("guest.elf: "), true, what);
  }
});

/** Field, offset, size, bad value. */
const BROKEN: readonly (readonly [string, number, 1 | 2 | 4, number])[] = [
  ["EI_CLASS is 2", 4, 1, 2],
  ["EI_DATA is 2", 5, 1, 2],
  ["EI_VERSION is 0", 6, 1, 0],
  ["e_type is 1", 16, 2, 1],
  ["e_machine is 62", 18, 2, 62],
  ["e_version is 9", 20, 4, 9],
  ["e_phentsize is 56", 42, 2, 56],
  ["e_phnum is 0", 44, 2, 0],
  ["e_phnum 1000 point behind", 44, 2, 1000],
  ["e_phoff 4294967295", 28, 4, 0xffffffff],
  ["p_offset 4294967295", 52 + 4, 4, 0xffffffff],
  ["p_filesz 4096 of program header 0", 52 + 16, 4, 4096],
  ["p_memsz 1 of program header 0", 52 + 20, 4, 1],
  ["p_paddr 4294967292", 52 + 12, 4, 0xfffffffc],
  ["no program header of type PT_LOAD", 52, 4, 2],
];

Deno.test("a position-independent executable is loaded where it is linked, like any other", () => {
  const fixed = elfAt(0x40200000);
  const independent = fixed.slice();
  independent[16] = 3;
  assertEquals(load(independent, {}), load(fixed, {}));
});

Deno.test("readElf names the field that is broken", () => {
  for (const [message, at, size, value] of BROKEN) {
    const file = elfAt(0x40200000);
    const view = new DataView(file.buffer);
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    assertThrows(() => readElf(file, "guest.elf"), ImageError, message, message);
  }
  assertThrows(() => readElf(elfAt(0).slice(0, 40), "x"), ImageError, "40 of 52 bytes");
  assertThrows(() => readElf(Uint8Array.of(1, 2, 3, 4), "x"), ImageError, "is no ELF file");
});

Deno.test("readElf answers any damage with an ImageError or an image within the file", () => {
  const good = elf(0x40200000, [
    { virtual: 0x40200000, physical: 0x40200000, bytes: [1, 2, 3, 4] },
    { virtual: 0x40300000, physical: 0x40300000, bytes: [5, 6, 7, 8], memoryBytes: 4096 },
  ]);
  const change = fc.tuple(
    fc.nat(good.length - 1),
    fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), (changes, cut) => {
      const file = good.slice(0, good.length - (cut % 40));
      for (const [at, value] of changes) if (at >= 4 && at < file.length) file[at] = value;
      try {
        for (const { physical, bytes, memoryBytes } of readElf(file, "fuzz").segments) {
          assertEquals(bytes.length <= memoryBytes, true);
          assertEquals(physical + memoryBytes <= 0x1_0000_0000, true);
          assertEquals(bytes.byteOffset + bytes.length <= file.byteOffset + file.length, true);
        }
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        assertEquals(error.message.startsWith("fuzz: "), true);
      }
    }),
    { numRuns: 5000 },
  );
});
