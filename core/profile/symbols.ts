/**
 * Names of guest addresses: from the symbol table of an ELF file, or from the lines of a kernel's
 * System.map.
 * @module
 */
const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46] as const;
const SHT_SYMTAB = 2;
const STT_NOTYPE = 0;
const STT_FUNC = 2;
const SECTION_BYTES = 40;
const SYMBOL_BYTES = 16;
/** Behind a symbol without a size, addresses this far count as its own. */
const MOST_UNSIZED = 0x10000;

/** A named range of guest addresses. */
export interface GuestSymbol {
  /** As the file has it. */
  readonly name: string;
  /** First address. */
  readonly start: number;
  /** Bytes; 0 where the file does not say. */
  readonly bytes: number;
}

/** Symbols by address. */
export class SymbolTable {
  readonly #symbols: readonly GuestSymbol[];

  /** In any order. */
  constructor(symbols: readonly GuestSymbol[]) {
    this.#symbols = [...symbols].sort((a, b) => a.start - b.start || a.bytes - b.bytes);
  }

  /** Number of symbols. */
  get size(): number {
    return this.#symbols.length;
  }

  /** Symbols of a name; `*` in it stands for any characters, also none. */
  named(pattern: string): readonly GuestSymbol[] {
    const literal = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
    const whole = new RegExp(`^${literal.replaceAll("*", ".*")}$`);
    return this.#symbols.filter(({ name }) => whole.test(name));
  }

  /** Behind the last address of a symbol: where the next one starts when its size is not known. */
  endOf({ start, bytes }: GuestSymbol): number {
    if (bytes > 0) return start + bytes;
    const next = this.#symbols.find((other) => other.start > start)?.start ?? Infinity;
    return Math.min(next, start + MOST_UNSIZED);
  }

  /** The symbol that `address` belongs to. */
  at(address: number): GuestSymbol | undefined {
    let low = 0, high = this.#symbols.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#symbols[middle].start <= address) low = middle + 1;
      else high = middle;
    }
    const found = this.#symbols[low - 1];
    if (found === undefined) return undefined;
    return address < found.start + (found.bytes || MOST_UNSIZED) ? found : undefined;
  }
}

function text(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return new TextDecoder().decode(bytes.subarray(at, end < 0 ? bytes.length : end));
}

function elfSymbols(file: Uint8Array): GuestSymbol[] {
  const data = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const u32 = (at: number): number => data.getUint32(at, true);
  const sections = u32(32);
  const symbols: GuestSymbol[] = [];
  for (let n = 0; n < data.getUint16(48, true); n++) {
    const at = sections + n * SECTION_BYTES;
    if (u32(at + 4) !== SHT_SYMTAB) continue;
    const names = u32(sections + u32(at + 24) * SECTION_BYTES + 16);
    const first = u32(at + 16);
    for (let symbol = first; symbol < first + u32(at + 20); symbol += SYMBOL_BYTES) {
      const type = file[symbol + 12] & 0xf;
      const name = text(file, names + u32(symbol));
      // $a, $t and $d only mark code and data.
      if ((type !== STT_FUNC && type !== STT_NOTYPE) || name === "" || name.startsWith("$")) {
        continue;
      }
      if (data.getUint16(symbol + 14, true) === 0) continue;
      // Bit 0 marks a Thumb function.
      const start = type === STT_FUNC ? (u32(symbol + 4) & ~1) >>> 0 : u32(symbol + 4);
      symbols.push({ name, start, bytes: u32(symbol + 8) });
    }
  }
  return symbols;
}

function mapSymbols(file: Uint8Array): GuestSymbol[] {
  return new TextDecoder().decode(file).split("\n").flatMap((line) => {
    const found = /^([0-9a-f]{8}) [tTwW] (\S+)/.exec(line);
    if (found === null || found[2].startsWith("$")) return [];
    return [{ name: found[2], start: Number.parseInt(found[1], 16), bytes: 0 }];
  });
}

/**
 * The symbols of an ELF file or a System.map; none for other files, or for an ELF file without a
 * symbol table.
 * @throws RangeError when the ELF file points outside itself.
 */
export function readSymbols(file: Uint8Array): SymbolTable {
  const isElf = ELF_MAGIC.every((byte, at) => file[at] === byte);
  return new SymbolTable(isElf ? elfSymbols(file) : mapSymbols(file));
}
