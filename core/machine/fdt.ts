/**
 * Writes flattened device trees. Source: Devicetree Specification 0.4, chapter 5.
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

/** First word of a blob. */
export const FDT_MAGIC = 0xd00dfeed;
/** Words that structure a blob. */
export const FDT_TOKEN = { BEGIN_NODE: 1, END_NODE: 2, PROPERTY: 3, NOP: 4, END: 9 } as const;
const HEADER_BYTES = 40;
/** The empty memory reservation list: one pair of zeros, 8 bytes each. */
const NO_RESERVATIONS = new Uint8Array(16);

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

/**
 * Serialises a tree; `bootCpu` is the boot CPU's hardware number, `reservations` the list of memory
 * reservations with its end.
 */
export function writeFdt(
  root: FdtNode,
  bootCpu: number = 0,
  reservations: Uint8Array = NO_RESERVATIONS,
): Uint8Array<ArrayBuffer> {
  const structure = new ByteWriter();
  const names = new Map<string, number>();
  let namesLength = 0;
  const write = (node: FdtNode): void => {
    structure.u32(FDT_TOKEN.BEGIN_NODE);
    structure.padded(new TextEncoder().encode(`${node.name}\0`));
    for (const [name, value] of Object.entries(node.properties)) {
      let at = names.get(name);
      if (at === undefined) {
        at = namesLength;
        names.set(name, at);
        namesLength += new TextEncoder().encode(name).length + 1;
      }
      structure.u32(FDT_TOKEN.PROPERTY);
      structure.u32(value.length);
      structure.u32(at);
      structure.padded(value);
    }
    node.children.forEach(write);
    structure.u32(FDT_TOKEN.END_NODE);
  };
  write(root);
  structure.u32(FDT_TOKEN.END);

  const strings = new TextEncoder().encode([...names.keys()].map((name) => `${name}\0`).join(""));
  const structAt = HEADER_BYTES + reservations.length;
  const stringsAt = structAt + structure.length;
  const total = (stringsAt + strings.length + 7) & ~7;
  const out = new Uint8Array(total);
  const header = [
    FDT_MAGIC,
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
  out.set(reservations, HEADER_BYTES);
  out.set(structure.take(), structAt);
  out.set(strings, stringsAt);
  return out;
}
