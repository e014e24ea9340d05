/**
 * Reads the text form of a block that `printBlock` writes. Empty lines and `;` comments are
 * skipped. The parser checks the syntax; `verify` checks the meaning.
 * @module
 */
import type { IrBlock } from "./block.ts";
import { INSN_WORDS, NO_TEMP, OP, type OpRow, OPS } from "./ops.ts";
import type { PrintOptions } from "./printer.ts";
import { parseFp } from "./fp_aux.ts";
import { parseVec } from "./vector.ts";
import { parseBarrier, parseExit, parseNumber, parseSlot, parseSuffixes } from "./text.ts";

/**
 * Parses one block. Round trip: for a block in which every temporary is assigned,
 * `parseBlock(printBlock(block, o), o)` equals the block.
 * @throws SyntaxError with the line number and text.
 */
export function parseBlock(text: string, options: PrintOptions = {}): IrBlock {
  const parser = new Parser(options);
  for (const [i, raw] of text.split("\n").entries()) {
    const line = raw.replace(/;.*$/, "").trim();
    if (line === "") continue;
    try {
      parser.line(line);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new SyntaxError(`Line ${i + 1}: ${error.message} in "${line}"`);
    }
  }
  return parser.finish();
}

const HEAD = /^block (0x[0-9a-f]+) insns=(\d+) bytes=(\d+) temps=(\d+) \{$/;
const BODY = /^(?:([vwq])(\d+) = )?([a-z_0-9]+)((?:\.\w+)*)(?: (.*))?$/;

class Parser {
  readonly #options: PrintOptions;
  readonly #code: number[] = [];
  /** Indices of the open `if`, `else` or `loop` instructions. */
  readonly #open: number[] = [];
  /** For each open loop: the indices of its breaks. */
  readonly #breaks: number[][] = [];
  #head: RegExpExecArray | null = null;
  #types = new Uint8Array(0);
  #closed = false;

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  line(line: string): void {
    if (this.#closed) throw new SyntaxError("Text after the block's end");
    if (this.#head === null) {
      this.#head = HEAD.exec(line);
      if (this.#head === null) throw new SyntaxError("Expected a block header");
      this.#types = new Uint8Array(Number(this.#head[4]));
    } else if (line === "}") this.#close();
    else if (line === "} else {") this.#else();
    else this.#instruction(line);
  }

  finish(): IrBlock {
    if (this.#head === null || !this.#closed) {
      throw new SyntaxError("The block has no end; close it with }");
    }
    const [, pc, insns, bytes] = this.#head;
    return {
      pc: Number(pc) >>> 0,
      guestInsns: Number(insns),
      guestBytes: Number(bytes),
      code: Int32Array.from(this.#code),
      types: this.#types,
    };
  }

  #emit(op: number, aux = 0, dst = NO_TEMP, a = NO_TEMP, b = NO_TEMP, c = NO_TEMP): number {
    return (this.#code.push(op, aux, dst, a, b, c) / INSN_WORDS) - 1;
  }

  #close(): void {
    if (this.#open.length === 0) {
      this.#closed = true;
      return;
    }
    const head = this.#open.at(-1)!;
    if (this.#code[head * INSN_WORDS] === OP.loop) this.#repeat();
    else this.#patch(this.#emit(OP.end));
  }

  #repeat(): void {
    const head = this.#open.pop()!;
    const end = this.#emit(OP.repeat, 0, NO_TEMP, head);
    for (const at of [head, ...this.#breaks.pop()!]) this.#code[at * INSN_WORDS + 3] = end;
  }

  #else(): void {
    if (this.#code[(this.#open.at(-1) ?? -1) * INSN_WORDS] !== OP.if) {
      throw new SyntaxError("else without an open if");
    }
    const at = this.#emit(OP.else, 0, NO_TEMP, 0);
    this.#patch(at);
    this.#open.push(at);
  }

  /** Makes the innermost open `if` or `else` point at instruction `target`. */
  #patch(target: number): void {
    const head = this.#open.pop()! * INSN_WORDS;
    this.#code[head + (this.#code[head] === OP.if ? 4 : 3)] = target;
  }

  #instruction(line: string): void {
    const match = BODY.exec(line);
    const op = match ? OP[match[3]] : undefined;
    if (!match || op === undefined) throw new SyntaxError("Unknown instruction");
    const [, kind, number, , suffixes, rest] = match;
    if (op === OP.if) {
      const cond = /^(\w+) \{$/.exec(rest ?? "");
      if (!cond) throw new SyntaxError("Expected `if v1 {`");
      this.#open.push(this.#emit(op, 0, NO_TEMP, this.#temp(cond[1]), 0));
      return;
    }
    if (op === OP.loop) {
      if (rest !== "{") throw new SyntaxError("Expected `loop {`");
      this.#open.push(this.#emit(op, 0, NO_TEMP, 0));
      this.#breaks.push([]);
      return;
    }
    if (op === OP.break) {
      if (this.#breaks.length === 0) throw new SyntaxError("break without an open loop");
      this.#breaks.at(-1)!.push(this.#emit(op, 0, NO_TEMP, 0));
      return;
    }
    const row = OPS[op];
    const words = suffixes === "" ? [] : suffixes.slice(1).split(".");
    const dst = number === undefined ? NO_TEMP : this.#temp(kind + number);
    if (row.aux === "helper") {
      this.#call(op, dst, rest ?? "");
      return;
    }
    const operands = rest === undefined ? [] : rest.split(",").map((s) => s.trim());
    const accessed = ["memop", "hostop", "rmw", "fp", "vec"].includes(row.aux);
    if (!accessed && words.length > 0) throw new SyntaxError(`${row.name} takes no suffix`);
    if (op === OP.const64) {
      const value = BigInt(operands[0] ?? "");
      this.#emit(
        op,
        Number(BigInt.asIntN(32, value)),
        dst,
        Number(BigInt.asIntN(32, value >> 32n)),
      );
      return;
    }
    const aux = row.aux === "fp"
      ? parseFp(words)
      : row.aux === "vec"
      ? parseVec(words)
      : accessed
      ? parseSuffixes(words)
      : this.#aux(row, operands);
    if (operands.length !== row.args.length) {
      throw new SyntaxError(`${row.name} takes ${row.args.length} operands besides its aux`);
    }
    const [a, b, c] = row.args.map((type, k) =>
      type === "raw" ? parseNumber(operands[k]) : this.#temp(operands[k])
    );
    this.#emit(op, aux, dst, a, b, c);
  }

  #aux(row: OpRow, operands: string[]): number {
    if (row.aux === "none") return 0;
    const text = operands.shift() ?? "";
    if (row.aux === "slot") return parseSlot(text, this.#options.slots);
    if (row.aux === "barrier") return parseBarrier(text);
    if (row.aux === "exit") return parseExit(text);
    return parseNumber(text);
  }

  #call(op: number, dst: number, text: string): void {
    const match = /^(\w+)\(([^)]*)\)$/.exec(text);
    if (!match) throw new SyntaxError("Expected `call name(v1, v2)`");
    const args = match[2] === "" ? [] : match[2].split(",").map((s) => this.#temp(s.trim()));
    if (args.length > 3) throw new SyntaxError("A helper takes at most 3 arguments");
    const numbered = /^helper(\d+)$/.exec(match[1]);
    const index = this.#options.helpers?.defs.findIndex((d) => d.name === match[1]) ?? -1;
    if (index < 0 && !numbered) throw new SyntaxError(`Unknown helper ${match[1]}`);
    this.#emit(op, index < 0 ? Number(numbered![1]) : index, dst, args[0], args[1], args[2]);
  }

  #temp(text: string): number {
    if (text === "_") return NO_TEMP;
    const match = /^([vwq])(\d+)$/.exec(text);
    if (!match) throw new SyntaxError(`Not a temporary: ${text}`);
    const index = Number(match[2]);
    if (index >= this.#types.length) {
      throw new SyntaxError(`${text} is not below the header's temps=${this.#types.length}`);
    }
    if (match[1] !== "v") this.#types[index] = match[1] === "w" ? 1 : 2;
    return index;
  }
}
