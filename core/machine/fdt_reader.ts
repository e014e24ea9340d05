/**
 * Reads flattened device trees. Source: Devicetree Specification 0.4, chapter 5.
 * @module
 */
import { FDT_MAGIC, FDT_TOKEN, type FdtNode, writeFdt } from "./fdt.ts";

/**
 * Parses a device tree blob.
 * @throws SyntaxError that names the offset and what is wrong there.
 */
export function readFdt(bytes: Uint8Array): FdtNode {
  return new Reader(bytes).root();
}

/**
 * The blob with properties of its node /chosen replaced, memory reservations and boot CPU as they
 * were.
 * @throws SyntaxError as {@linkcode readFdt} does.
 */
export function withChosen(bytes: Uint8Array, properties: FdtNode["properties"]): Uint8Array {
  const reader = new Reader(bytes);
  const root = reader.root();
  const found = root.children.find(({ name }) => name === "chosen");
  const chosen: FdtNode = {
    name: "chosen",
    properties: { ...found?.properties, ...properties },
    children: found?.children ?? [],
  };
  const others = root.children.filter((child) => child !== found);
  const whole = { ...root, children: [...others, chosen] };
  return writeFdt(whole, reader.bootCpu, reader.reservations());
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #data: DataView;
  readonly #strings: number;
  readonly #end: number;
  #at: number;
  /** Hardware number of the boot CPU. */
  readonly bootCpu: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
    this.#at = 0;
    if (this.#u32(0, "magic") !== FDT_MAGIC) throw this.#error(0, "has no device tree magic");
    const total = this.#u32(4, "totalsize");
    if (total > bytes.length) {
      throw this.#error(4, `says ${total} bytes, but there are only ${bytes.length}`);
    }
    this.#end = total;
    const version = this.#u32(20, "version");
    const compatible = this.#u32(24, "last_comp_version");
    if (version < 16 || compatible > 17) {
      throw this.#error(
        20,
        `has version ${version}, compatible to ${compatible}; 17 is understood`,
      );
    }
    this.#at = this.#u32(8, "off_dt_struct");
    this.bootCpu = version >= 2 ? this.#u32(28, "boot_cpuid_phys") : 0;
    this.#strings = this.#u32(12, "off_dt_strings");
  }

  #error(at: number, what: string): SyntaxError {
    return new SyntaxError(`Device tree blob ${what} (offset ${at})`);
  }

  #u32(at: number, what: string): number {
    if (at + 4 > this.#end) throw this.#error(at, `ends within ${what}`);
    return this.#data.getUint32(at);
  }

  #next(what: string): number {
    const value = this.#u32(this.#at, what);
    this.#at += 4;
    return value;
  }

  #text(at: number, what: string): string {
    const end = this.#bytes.subarray(0, this.#end).indexOf(0, at);
    if (at > this.#end || end < 0) throw this.#error(at, `has no end of ${what}`);
    return new TextDecoder().decode(this.#bytes.subarray(at, end));
  }

  #token(): number {
    while (true) {
      const token = this.#next("the structure");
      if (token !== FDT_TOKEN.NOP) return token;
    }
  }

  /** The memory reservations with the pair of zeros that ends them. */
  reservations(): Uint8Array {
    const start = this.#u32(16, "off_mem_rsvmap");
    let end = start;
    for (let zero = false; !zero; end += 16) {
      zero = [0, 4, 8, 12].every((at) => this.#u32(end + at, "the memory reservations") === 0);
    }
    return this.#bytes.slice(start, end);
  }

  root(): FdtNode {
    if (this.#token() !== FDT_TOKEN.BEGIN_NODE) throw this.#error(this.#at - 4, "has no root node");
    const root = this.#node(0);
    if (this.#token() !== FDT_TOKEN.END) {
      throw this.#error(this.#at - 4, "goes on after the root node");
    }
    return root;
  }

  #node(depth: number): FdtNode {
    // Deeper than any real tree; a hostile one must not use up the stack.
    if (depth > 64) throw this.#error(this.#at, "nests more than 64 nodes");
    const start = this.#at;
    const name = this.#text(start, "a node's name");
    this.#at = start + ((new TextEncoder().encode(name).length + 4) & ~3);
    const properties: Record<string, Uint8Array> = {};
    const children: FdtNode[] = [];
    while (true) {
      const token = this.#token();
      if (token === FDT_TOKEN.END_NODE) return { name, properties, children };
      if (token === FDT_TOKEN.BEGIN_NODE) children.push(this.#node(depth + 1));
      else if (token === FDT_TOKEN.PROPERTY) {
        const length = this.#next("a property's length");
        const nameAt = this.#strings + this.#next("a property's name");
        if (this.#at + length > this.#end) throw this.#error(this.#at, "ends within a property");
        properties[this.#text(nameAt, "a property's name")] = this.#bytes.slice(
          this.#at,
          this.#at + length,
        );
        this.#at += (length + 3) & ~3;
      } else throw this.#error(this.#at - 4, `has token ${token}, which is none`);
    }
  }
}

/** Finds a node by path ("/cpus/cpu@0"); undefined when there is none. */
export function findNode(root: FdtNode, path: string): FdtNode | undefined {
  let node: FdtNode | undefined = root;
  for (const part of path.split("/").filter((part) => part !== "")) {
    node = node?.children.find((child) => child.name === part);
  }
  return node;
}

/** A property's 32-bit cells; undefined when it is missing or not made of cells. */
export function readCells(node: FdtNode, property: string): number[] | undefined {
  const bytes = node.properties[property];
  if (bytes === undefined || bytes.length % 4 !== 0) return undefined;
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => data.getUint32(i * 4));
}

/** A property's strings; undefined when it is missing. */
export function readStrings(node: FdtNode, property: string): string[] | undefined {
  const bytes = node.properties[property];
  if (bytes === undefined) return undefined;
  return new TextDecoder().decode(bytes).replace(/\0$/, "").split("\0");
}
