/**
 * Flattened device trees: writer and reader. Source: Devicetree Specification 0.4, chapter 5.
 * @module
 */

/** A node: its properties in order and its children. */
export interface FdtNode {
  /** Node name with its unit address; empty for the root. */
  readonly name: string;
  /** Property values by name, as their bytes in the tree (numbers are big-endian). */
  readonly properties: Readonly<Record<string, Uint8Array>>;
  /** Child nodes. */
  readonly children: readonly FdtNode[];
}

/** A node while it is built. Property values are given as what they mean. */
export type FdtValue = number | string | readonly number[] | readonly string[] | true | Uint8Array;

const MAGIC = 0xd00dfeed;
const BEGIN_NODE = 1;
const END_NODE = 2;
const PROPERTY = 3;
const NOP = 4;
const END = 9;
const HEADER_BYTES = 40;
/** The empty memory reservation list: one pair of zeros. */
const RESERVATION_BYTES = 16;

/**
 * Makes a node. A number or list of numbers becomes 32-bit cells, a string or list of strings is
 * zero-terminated, `true` is an empty property, bytes stay as they are.
 */
export function fdtNode(
  name: string,
  properties: Readonly<Record<string, FdtValue>>,
  children: readonly FdtNode[] = [],
): FdtNode {
  const encoded: Record<string, Uint8Array> = {};
  for (const [key, value] of Object.entries(properties)) encoded[key] = encodeValue(value);
  return { name, properties: encoded, children };
}

function encodeValue(value: FdtValue): Uint8Array {
  if (value === true) return new Uint8Array(0);
  if (value instanceof Uint8Array) return value;
  if (typeof value === "number") return cells([value]);
  if (typeof value === "string") return new TextEncoder().encode(`${value}\0`);
  const numbers = value.filter((item) => typeof item === "number");
  if (numbers.length === value.length) return cells(numbers);
  return new TextEncoder().encode(value.map((item) => `${item}\0`).join(""));
}

function cells(values: readonly number[]): Uint8Array {
  const data = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => data.setUint32(i * 4, value));
  return new Uint8Array(data.buffer);
}

/** Grows as it is written; all numbers are big-endian. */
class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(4096);
  length = 0;

  #reserve(count: number): void {
    if (this.length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  u32(value: number): void {
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setUint32(this.length, value);
    this.length += 4;
  }

  /** Appends and pads with zeros to a multiple of 4. */
  padded(bytes: Uint8Array): void {
    const padded = (bytes.length + 3) & ~3;
    this.#reserve(padded);
    this.#bytes.set(bytes, this.length);
    this.length += padded;
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.length);
  }
}

/** Serialises a tree; `bootCpu` is the boot CPU's hardware number. */
export function writeFdt(root: FdtNode, bootCpu: number = 0): Uint8Array<ArrayBuffer> {
  const structure = new ByteWriter();
  const names = new Map<string, number>();
  let namesLength = 0;
  const write = (node: FdtNode): void => {
    structure.u32(BEGIN_NODE);
    structure.padded(new TextEncoder().encode(`${node.name}\0`));
    for (const [name, value] of Object.entries(node.properties)) {
      let at = names.get(name);
      if (at === undefined) {
        at = namesLength;
        names.set(name, at);
        namesLength += new TextEncoder().encode(name).length + 1;
      }
      structure.u32(PROPERTY);
      structure.u32(value.length);
      structure.u32(at);
      structure.padded(value);
    }
    node.children.forEach(write);
    structure.u32(END_NODE);
  };
  write(root);
  structure.u32(END);

  const strings = new TextEncoder().encode([...names.keys()].map((name) => `${name}\0`).join(""));
  const structAt = HEADER_BYTES + RESERVATION_BYTES;
  const stringsAt = structAt + structure.length;
  const total = (stringsAt + strings.length + 7) & ~7;
  const out = new Uint8Array(total);
  const header = [
    MAGIC,
    total,
    structAt,
    stringsAt,
    HEADER_BYTES,
    17,
    16,
    bootCpu,
    strings.length,
    structure.length,
  ];
  out.set(cells(header));
  out.set(structure.take(), structAt);
  out.set(strings, stringsAt);
  return out;
}

/**
 * Parses a device tree blob.
 * @throws SyntaxError that names the offset and what is wrong there.
 */
export function readFdt(bytes: Uint8Array): FdtNode {
  return new Reader(bytes).root();
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #data: DataView;
  readonly #strings: number;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
    this.#at = 0;
    if (this.#u32(0, "magic") !== MAGIC) throw this.#error(0, "has no device tree magic");
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
      if (token !== NOP) return token;
    }
  }

  root(): FdtNode {
    if (this.#token() !== BEGIN_NODE) throw this.#error(this.#at - 4, "has no root node");
    const root = this.#node(0);
    if (this.#token() !== END) throw this.#error(this.#at - 4, "goes on after the root node");
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
      if (token === END_NODE) return { name, properties, children };
      if (token === BEGIN_NODE) children.push(this.#node(depth + 1));
      else if (token === PROPERTY) {
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
