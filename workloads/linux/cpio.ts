/**
 * Archives in the "newc" form of cpio: what the Linux kernel unpacks as its first file system.
 * @module
 */

/** One file, directory, device or link. Parents come before their contents. */
export type CpioEntry =
  | { readonly kind: "directory"; readonly path: string }
  | {
    readonly kind: "file";
    readonly path: string;
    readonly data: Uint8Array;
    readonly executable?: boolean;
  }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | {
    readonly kind: "device";
    readonly path: string;
    readonly major: number;
    readonly minor: number;
  };

const MAGIC = "070701";
const HEADER_BYTES = 110;
const TRAILER = "TRAILER!!!";

/** File type bits and permissions of `st_mode`. */
const MODE = { directory: 0o040755, file: 0o100644, link: 0o120777, device: 0o020600 } as const;

interface Header {
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly size: number;
  readonly major: number;
  readonly minor: number;
  readonly nameBytes: number;
}

function headerText(h: Header): string {
  // Owner, group and time are 0, and so are the archive's own device and the check sum.
  const fields = [h.inode, h.mode, 0, 0, h.links, 0, h.size, 0, 0, h.major, h.minor];
  fields.push(h.nameBytes, 0);
  return MAGIC + fields.map((field) => field.toString(16).padStart(8, "0")).join("");
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array(-bytes & 3);
}

function contents(entry: CpioEntry): Uint8Array {
  if (entry.kind === "file") return entry.data;
  if (entry.kind === "link") return new TextEncoder().encode(entry.target);
  return new Uint8Array(0);
}

function checkPath(path: string): void {
  const words = path.split("/");
  if (words.some((word) => word === "" || word === "." || word === "..")) {
    throw new RangeError(
      `"${path}" is no path of an archive member; write it without a leading slash, "." and ".."`,
    );
  }
}

/**
 * Makes an archive. The same entries give the same bytes: owner and time are 0, inodes are counted.
 * @throws RangeError for a path that is absolute or has empty, "." or ".." words.
 */
export function writeCpio(entries: readonly CpioEntry[]): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const add = (name: string, mode: number, inode: number, entry?: CpioEntry): void => {
    const nameBytes = new TextEncoder().encode(name + "\0");
    const data = entry === undefined ? new Uint8Array(0) : contents(entry);
    const device = entry?.kind === "device" ? entry : { major: 0, minor: 0 };
    const header = headerText({
      inode,
      mode,
      links: entry?.kind === "directory" ? 2 : 1,
      size: data.length,
      major: device.major,
      minor: device.minor,
      nameBytes: nameBytes.length,
    });
    parts.push(new TextEncoder().encode(header), nameBytes);
    parts.push(padding(HEADER_BYTES + nameBytes.length), data, padding(data.length));
  };
  entries.forEach((entry, index) => {
    checkPath(entry.path);
    const executable = entry.kind === "file" && entry.executable === true ? 0o111 : 0;
    add(entry.path, MODE[entry.kind] | executable, index + 1, entry);
  });
  add(TRAILER, 0, 0);
  return joined(parts);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
