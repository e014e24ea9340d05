/**
 * Puts a guest program into memory by the conventions of QEMU's `-kernel` on `-M virt`, so that an
 * image made for it starts the same way here. All of it was observed on QEMU 7.2 (cortex-a15):
 *
 * - An ELF file is loaded at its physical addresses and entered at its entry point (moved from virtual
 *   to physical; bit 0 means Thumb) with all registers 0. A ramdisk is not loaded. The device tree
 *   lies at the start of RAM if the 1 MiB that QEMU's tree takes up ends at or below the lowest
 *   address of the program; otherwise there is none.
 * - Anything else is taken for a Linux image (zImage or raw): loaded 64 KiB into RAM and entered there
 *   with r0 = 0, r1 = 0xffffffff, r2 = device tree. The ramdisk goes to the middle of RAM, but to no
 *   more than 128 MiB from its start and behind the image; the device tree to the next page after it.
 *   (QEMU has a stub of eight words at the start of RAM set these registers; we set them at once.)
 * @module
 */
import { BOARD } from "./board.ts";
import { ImageError, isElf, readElf } from "./elf.ts";
import { fdtNode } from "./fdt.ts";
import { readFdt, withChosen } from "./fdt_reader.ts";
import { checkLinuxTree } from "./tree_check.ts";
import { virtDtb } from "./virt_dtb.ts";

/** Bytes that go to a physical address. RAM is zero elsewhere. */
export interface LoadedBytes {
  /** Physical address of the first byte. */
  readonly physical: number;
  /** What goes there. */
  readonly bytes: Uint8Array;
}

/** A program ready to start. */
export interface LoadedKernel {
  /** What the file was recognised as. */
  readonly kind: "elf" | "zimage" | "raw";
  /** Program, ramdisk and device tree. */
  readonly loads: readonly LoadedBytes[];
  /** Physical address of the first instruction; bit 0 set for Thumb. */
  readonly entry: number;
  /** r0 to r2 at the start; every other register is 0. */
  readonly registers: readonly [r0: number, r1: number, r2: number];
  /** Physical address of the device tree, undefined when there was no room for one. */
  readonly deviceTree: number | undefined;
}

/** What to load besides the program, and into which machine. */
export interface LoadOptions {
  /** Name of the file, for messages. */
  readonly name: string;
  /** Number of vCPUs, for the device tree. */
  readonly vcpus: number;
  /** Bytes of RAM. */
  readonly ramBytes: number;
  /** Kernel command line. */
  readonly bootargs?: string;
  /** Initial ramdisk. */
  readonly initrd?: Uint8Array;
  /**
   * Device tree to hand over instead of the board's own. Its node /chosen gets `bootargs` and the
   * ramdisk's place where there are any.
   */
  readonly deviceTree?: Uint8Array;
  /** Names of the ramdisk's and the device tree's files, for messages. */
  readonly initrdName?: string;
  /** See `initrdName`. */
  readonly deviceTreeName?: string;
}

const MIB = 0x10_0000;
/** Where a Linux image goes, from the start of RAM. */
const IMAGE_OFFSET = 0x1_0000;
const INITRD_LIMIT: number = 128 * MIB;
/** Room that QEMU's device tree takes, whatever is in it. */
const TREE_ROOM = MIB;

/** Position and value of a zImage's magic word. */
const ZIMAGE_MAGIC_AT = 0x24;
const ZIMAGE_MAGIC = 0x016f2818;

interface ForeignFormat {
  readonly magic: readonly number[];
  /** Where the magic stands; 0 unless given. */
  readonly at?: number;
  readonly what: string;
}

/** Formats that are recognised only to be refused with a useful message. */
const FOREIGN: readonly ForeignFormat[] = [
  { magic: [0x27, 0x05, 0x19, 0x56], what: "a U-Boot image; give the zImage inside" },
  { magic: [0x1f, 0x8b], what: "a gzip file; unpack it" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: "an xz file; unpack it" },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], what: "a Zstandard file; unpack it" },
  { magic: [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e], what: "a Debian package; unpack it" },
  { magic: [0x42, 0x5a, 0x68], what: "a bzip2 file; unpack it" },
  { magic: [0xd0, 0x0d, 0xfe, 0xed], what: "a device tree; give it as --dtb" },
  { magic: [0x30, 0x37, 0x30, 0x37, 0x30, 0x31], what: "a cpio archive; give it as --initrd" },
  {
    magic: [0x41, 0x52, 0x4d, 0x64],
    at: 0x38,
    what: "a kernel for 64-bit ARM; give one for 32-bit ARM (Debian's armmp)",
  },
  {
    magic: [0x52, 0x53, 0x43, 0x05],
    at: 0x38,
    what: "a kernel for RISC-V; give one for 32-bit ARM (Debian's armmp)",
  },
  {
    magic: [0x48, 0x64, 0x72, 0x53],
    at: 0x202,
    what: "a kernel for x86; give one for 32-bit ARM (Debian's armmp)",
  },
];

/** Whether the file is a compressed Linux kernel for ARM. */
function isZimage(file: Uint8Array): boolean {
  if (file.length < ZIMAGE_MAGIC_AT + 4) return false;
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return data.getUint32(ZIMAGE_MAGIC_AT, true) === ZIMAGE_MAGIC;
}

/**
 * Lays a program out in memory.
 * @throws ImageError when the file is broken, not for this machine, or does not fit into RAM.
 */
export function loadKernel(file: Uint8Array, options: LoadOptions): LoadedKernel {
  if (file.length === 0) throw new ImageError(`${options.name}: is empty; give a guest program`);
  if (isElf(file)) return loadElf(file, options);
  const foreign = FOREIGN.find(({ magic, at = 0 }) =>
    magic.every((byte, i) => file[at + i] === byte)
  );
  if (foreign !== undefined && !isZimage(file)) {
    throw new ImageError(`${options.name}: is ${foreign.what}`);
  }
  return loadImage(file, options);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** Fails unless [start, end) lies in RAM; `name` is the file that it comes from. */
function checkRam(
  options: LoadOptions,
  what: string,
  start: number,
  end: number,
  name: string = options.name,
): void {
  const { base } = BOARD.ram;
  if (start >= base && end <= base + options.ramBytes) return;
  const ram = `RAM is ${hex(base)} to ${hex(base + options.ramBytes)}`;
  const remedy = start >= base ? "; give the machine more memory" : "; link it into RAM";
  throw new ImageError(
    `${name}: ${what} needs ${hex(start)} to ${hex(end)}, but ${ram}${remedy}`,
  );
}

function loadElf(file: Uint8Array, options: LoadOptions): LoadedKernel {
  const { segments, entry } = readElf(file, options.name);
  let lowest = Infinity;
  const loads: LoadedBytes[] = [];
  segments.forEach((segment, i) => {
    const end = segment.physical + segment.memoryBytes;
    checkRam(options, `segment ${i}`, segment.physical, end);
    lowest = Math.min(lowest, segment.physical);
    if (segment.bytes.length > 0) loads.push({ physical: segment.physical, bytes: segment.bytes });
  });
  const at = BOARD.ram.base;
  const registers = [0, 0, 0] as const;
  if (lowest < at + TREE_ROOM) {
    return { kind: "elf", loads, entry, registers, deviceTree: undefined };
  }
  const bytes = deviceTree(options, false);
  checkRam(options, "the device tree", at, at + bytes.length, options.deviceTreeName);
  loads.push({ physical: at, bytes });
  return { kind: "elf", loads, entry, registers, deviceTree: at };
}

function loadImage(file: Uint8Array, options: LoadOptions): LoadedKernel {
  const { base } = BOARD.ram;
  const kernelAt = base + IMAGE_OFFSET;
  const kernelEnd = kernelAt + file.length;
  checkRam(options, "the kernel image", kernelAt, kernelEnd);
  const loads: LoadedBytes[] = [{ physical: kernelAt, bytes: file }];

  const middle = base + Math.min(options.ramBytes / 2, INITRD_LIMIT);
  let next = pageAlign(Math.max(middle, kernelEnd));
  let initrd: { start: number; end: number } | undefined;
  if (options.initrd !== undefined) {
    initrd = { start: next, end: next + options.initrd.length };
    checkRam(options, "the initial ramdisk", initrd.start, initrd.end, options.initrdName);
    loads.push({ physical: initrd.start, bytes: options.initrd });
    next = pageAlign(initrd.end);
  }
  const tree = deviceTree(options, isZimage(file), initrd);
  checkRam(options, "the device tree", next, next + tree.length, options.deviceTreeName);
  loads.push({ physical: next, bytes: tree });
  return {
    kind: isZimage(file) ? "zimage" : "raw",
    loads,
    entry: kernelAt,
    registers: [0, 0xffff_ffff, next],
    deviceTree: next,
  };
}

function pageAlign(address: number): number {
  return Math.ceil(address / 4096) * 4096;
}

/** Where a ramdisk lies. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** The board's tree, or the one that was given with what a guest looks for in /chosen. */
function deviceTree(options: LoadOptions, linux: boolean, initrd?: Place): Uint8Array {
  const given = options.deviceTree;
  if (given === undefined) return virtDtb(treeOptions(options, initrd));
  const chosen = fdtNode("chosen", {
    ...(options.bootargs === undefined ? {} : { bootargs: options.bootargs }),
    ...(initrd === undefined
      ? {}
      : { "linux,initrd-start": initrd.start, "linux,initrd-end": initrd.end }),
  }).properties;
  try {
    const root = readFdt(given);
    if (linux) checkLinuxTree(root);
    return Object.keys(chosen).length === 0 ? given : withChosen(given, chosen);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const name = options.deviceTreeName ?? "device tree";
    throw new ImageError(
      `${name}: ${error.message}; give a blob made by dtc for this board, or leave --dtb out`,
    );
  }
}

function treeOptions(
  options: LoadOptions,
  initrd?: Place,
): Parameters<typeof virtDtb>[0] {
  return {
    vcpus: options.vcpus,
    ramBytes: options.ramBytes,
    ...(options.bootargs === undefined ? {} : { bootargs: options.bootargs }),
    ...(initrd === undefined ? {} : { initrd }),
  };
}
