/**
 * Reads ELF executables for 32-bit little-endian ARM: what to load where, and the entry point.
 * Source: System V ABI, chapter 4 and 5.
 * @module
 */

/** Bytes for physical memory; `memoryBytes` beyond `bytes` are zero. */
export interface ElfSegment {
  /** Physical address of the first byte. */
  readonly physical: number;
  /** The bytes of the file. */
  readonly bytes: Uint8Array;
  /** Size in memory. */
  readonly memoryBytes: number;
}

/** What an executable asks for. */
export interface ElfImage {
  /** What to load, in the order of the file. */
  readonly segments: readonly ElfSegment[];
  /** Physical entry address; bit 0 set for Thumb. */
  readonly entry: number;
}

/** A file that is not what it should be; the message names file and field. */
export class ImageError extends Error {
  /** Tells it from other errors. */
  override readonly name = "ImageError";
}

const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46] as const;
const HEADER_BYTES = 52;
const PROGRAM_HEADER_BYTES = 32;
const PT_LOAD = 1;
const PF_X = 1;

/** Whether the bytes start as an ELF file does. */
export function isElf(file: Uint8Array): boolean {
  return file.length >= 4 && ELF_MAGIC.every((byte, i) => file[i] === byte);
}

interface Field {
  readonly name: string;
  readonly offset: number;
  readonly size: 1 | 2 | 4;
  /** Values that are accepted, with what they mean. */
  readonly accept: Readonly<Record<number, string>>;
}

/** Header fields that must have one of a few values. */
const CHECKED: readonly Field[] = [
  { name: "EI_CLASS", offset: 4, size: 1, accept: { 1: "32-bit" } },
  { name: "EI_DATA", offset: 5, size: 1, accept: { 1: "little-endian" } },
  { name: "EI_VERSION", offset: 6, size: 1, accept: { 1: "current" } },
  // A position-independent one goes where it is linked, as on QEMU; it relocates itself.
  {
    name: "e_type",
    offset: 16,
    size: 2,
    accept: { 2: "executable", 3: "position-independent executable" },
  },
  { name: "e_machine", offset: 18, size: 2, accept: { 40: "ARM" } },
  { name: "e_version", offset: 20, size: 4, accept: { 1: "current" } },
  { name: "e_phentsize", offset: 42, size: 2, accept: { [PROGRAM_HEADER_BYTES]: "32 bytes" } },
];

/**
 * Reads an executable. `name` is the file's name for messages.
 * @throws ImageError that names the file, the field and its value.
 */
export function readElf(file: Uint8Array, name: string): ElfImage {
  const fail = (what: string): never => {
    throw new ImageError(`${name}: ${what}`);
  };
  if (!isElf(file)) fail("is no ELF file (the first four bytes are not 7f 45 4c 46)");
  if (file.length < HEADER_BYTES) {
    fail(`ends within the ELF header: ${file.length} of ${HEADER_BYTES} bytes`);
  }
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const u16 = (at: number): number => data.getUint16(at, true);
  const u32 = (at: number): number => data.getUint32(at, true);
  for (const { name: field, offset, size, accept } of CHECKED) {
    const value = size === 1 ? file[offset] : size === 2 ? u16(offset) : u32(offset);
    if (!(value in accept)) {
      const wanted = Object.entries(accept).map(([number, what]) => `${number} (${what})`);
      fail(
        `ELF field ${field} is ${value}, not ${
          wanted.join(" or ")
        }; give a bare-metal ARM executable`,
      );
    }
  }
  const tableAt = u32(28);
  const count = u16(44);
  if (count === 0) fail("ELF field e_phnum is 0: the file has nothing to load");
  if (tableAt + count * PROGRAM_HEADER_BYTES > file.length) {
    fail(
      `ELF fields e_phoff ${tableAt} and e_phnum ${count} point behind the end of the file ` +
        `(${file.length} bytes)`,
    );
  }

  const segments: ElfSegment[] = [];
  let entry = u32(24);
  let entryMapped = false;
  for (let i = 0; i < count; i++) {
    const at = tableAt + i * PROGRAM_HEADER_BYTES;
    if (u32(at) !== PT_LOAD) continue;
    const [offset, virtual, physical, fileBytes, memoryBytes, flags] = [4, 8, 12, 16, 20, 24].map(
      (field) => u32(at + field),
    );
    const of = `of program header ${i}`;
    if (offset + fileBytes > file.length) {
      fail(
        `ELF fields p_offset ${offset} and p_filesz ${fileBytes} ${of} point behind the end of the ` +
          `file (${file.length} bytes)`,
      );
    }
    if (memoryBytes < fileBytes) {
      fail(`ELF field p_memsz ${memoryBytes} ${of} is less than p_filesz ${fileBytes}`);
    }
    if (physical + memoryBytes > 0x1_0000_0000) {
      fail(`ELF fields p_paddr ${physical} and p_memsz ${memoryBytes} ${of} pass 4 GiB`);
    }
    if (memoryBytes === 0) continue;
    // The entry is a virtual address; the machine starts without translation.
    const inside = u32(24) >= virtual && u32(24) < virtual + fileBytes;
    if (!entryMapped && inside && (flags & PF_X) !== 0) {
      entry = (u32(24) - virtual + physical) >>> 0;
      entryMapped = true;
    }
    const bytes = file.subarray(offset, offset + fileBytes);
    segments.push({ physical, bytes, memoryBytes });
  }
  if (segments.length === 0) {
    fail("ELF file has no program header of type PT_LOAD: nothing to load");
  }
  return { segments, entry };
}
