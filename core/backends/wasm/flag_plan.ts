/**
 * Finds the places of a block where the carry and overflow flags become those of a subtraction. In
 * units of several blocks they are not computed there: the flags' locals take the operands instead,
 * and whoever reads a flag computes it. Most flags are set again before that.
 * @module
 */
import type { IrBlock } from "../../ir/block.ts";
import type { HelperDef } from "../../ir/helper.ts";
import { INSN_WORDS, OP, OPS } from "../../ir/ops.ts";
import { FLAG_PAIR } from "../../memory/vcpu_layout.ts";
import type { RegionEdge } from "./region_plan.ts";

/** What the locals of the two flags hold. */
export const FLAGS = {
  /** The flags themselves. */
  VALUES: 0,
  /** The operands x and y of a subtraction x - y, whose carry and overflow the flags are. */
  OPERANDS: 1,
  /** Either: the unit's local for that says which, by one of the numbers above. */
  EITHER: 2,
} as const;
/** One of {@linkcode FLAGS}. */
export type Flags = (typeof FLAGS)[keyof typeof FLAGS];

/** An operand: a temporary, or a constant where that is null. */
export interface FlagOperand {
  /** Temporary, or null. */
  readonly temp: number | null;
  /** Value of the constant. */
  readonly value: number;
}

/** A subtraction x - y. */
export interface FlagSource {
  /** What is subtracted from. */
  readonly x: FlagOperand;
  /** What is subtracted. */
  readonly y: FlagOperand;
}

/** Where a block may be left, and what the flags' locals hold there. */
export interface FlagExit {
  /** Guest address that a goto_tb leads to; null for goto_ptr. */
  readonly pc: number | null;
  /** Null: what they held at the head of the block. */
  readonly flags: Flags | null;
}

/** What a block does to the flags. */
export interface FlagPlan {
  /** By word offset of the `set` of the carry: the subtraction. */
  readonly sources: ReadonlyMap<number, FlagSource>;
  /** Word offsets of each `set` of the overflow that belongs to one of them. */
  readonly paired: ReadonlySet<number>;
  /** Ways out. */
  readonly exits: readonly FlagExit[];
}

/** Bits of the only constant whose negative has the same sign. */
const LEAST = -0x80000000;

/** Plans a block; with `none` its flags are always computed where they are set. */
export function planFlags(
  block: IrBlock,
  helpers: readonly HelperDef[],
  none: boolean = false,
): FlagPlan {
  const { code } = block;
  const finder = none ? null : new SourceFinder(block);
  const sources = new Map<number, FlagSource>();
  const paired = new Set<number>();
  const exits: FlagExit[] = [];
  let flags: Flags | null = none ? FLAGS.VALUES : null;
  let depth = 0;
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    const op = code[at];
    if (op === OP.if) depth++;
    else if (op === OP.end) depth--;
    else if (op === OP.goto_tb) exits.push({ pc: code[at + 1], flags });
    else if (op === OP.goto_ptr) exits.push({ pc: null, flags });
    else if (isCall(op) && helpers[code[at + 1]].state === "write") flags = FLAGS.VALUES;
    else if (isFlagSet(code, at) && !paired.has(at)) {
      const overflow = depth === 0 ? finder?.overflowSet(at) ?? 0 : 0;
      const source = overflow === 0 ? null : finder!.source(at, overflow);
      if (source !== null) {
        sources.set(at, source);
        paired.add(overflow);
      }
      flags = source === null ? FLAGS.VALUES : FLAGS.OPERANDS;
    }
  }
  return { sources, paired, exits };
}

function isCall(op: number): boolean {
  return op === OP.call || op === OP.call64;
}

/** Whether the operation at `at` sets one of the two flags. */
function isFlagSet(code: Int32Array, at: number): boolean {
  return code[at] === OP.set &&
    (code[at + 1] === FLAG_PAIR.carry || code[at + 1] === FLAG_PAIR.overflow);
}

/** Recognises subtractions by what the flags are set to. */
class SourceFinder {
  readonly #code: Int32Array;
  /** Word offset of the operation that makes each temporary, or -1. */
  readonly #made: Int32Array;

  constructor({ code, types }: IrBlock) {
    this.#code = code;
    this.#made = new Int32Array(types.length).fill(-1);
    for (let at = 0; at < code.length; at += INSN_WORDS) {
      if (code[at + 2] >= 0 && OPS[code[at]].pure) this.#made[code[at + 2]] = at;
    }
  }

  /** The `set` of the overflow that follows the one of the carry with nothing but pure operations between; 0: none. */
  overflowSet(at: number): number {
    const code = this.#code;
    if (code[at + 1] !== FLAG_PAIR.carry) return 0;
    for (let next = at + INSN_WORDS; next < code.length; next += INSN_WORDS) {
      if (isFlagSet(code, next)) return code[next + 1] === FLAG_PAIR.overflow ? next : 0;
      if (!OPS[code[next]].pure) return 0;
    }
    return 0;
  }

  /** The subtraction whose carry and overflow are set at two places. */
  source(carryAt: number, overflowAt: number): FlagSource | null {
    const carry = this.#code[carryAt + 3];
    const overflow = this.#code[overflowAt + 3];
    if (this.#constant(carry) === 1 && this.#constant(overflow) === 0) {
      // A comparison with 0.
      const zero = { temp: null, value: 0 };
      return { x: zero, y: zero };
    }
    const comparison = this.#opOf(carry);
    if (comparison === OP.le_u) {
      const [y, x] = this.#operands(carry);
      return this.#isOverflow(overflow, x, y, (r) => this.#isDifference(r, x, y))
        ? { x: this.#operand(x), y: this.#operand(y) }
        : null;
    }
    return comparison === OP.lt_u ? this.#addition(carry, overflow) : null;
  }

  /** x + k as x - (-k): r < x for the carry, (x ^ r) & (k ^ r) for the overflow. */
  #addition(carry: number, overflow: number): FlagSource | null {
    const [r, x] = this.#operands(carry);
    if (this.#opOf(r) !== OP.add || this.#opOf(overflow) !== OP.and) return null;
    const [a, k] = this.#operands(r);
    const value = this.#constant(k);
    if (a !== x || value === null || value === 0 || value === LEAST) return null;
    const [one, two] = this.#operands(overflow);
    const matches = this.#isXor(one, x, r) && this.#isXor(two, k, r) ||
      this.#isXor(one, k, r) && this.#isXor(two, x, r);
    return matches ? { x: this.#operand(x), y: { temp: null, value: -value } } : null;
  }

  /** Whether `temp` is (x ^ y) & (x ^ r) for an r that suits. */
  #isOverflow(temp: number, x: number, y: number, suits: (r: number) => boolean): boolean {
    if (this.#opOf(temp) !== OP.and) return false;
    const [one, two] = this.#operands(temp);
    return [[one, two], [two, one]].some(([p, q]) => {
      if (!this.#isXor(p, x, y) || this.#opOf(q) !== OP.xor) return false;
      const [a, b] = this.#operands(q);
      return this.#same(a, x) && suits(b) || this.#same(b, x) && suits(a);
    });
  }

  #isXor(temp: number, a: number, b: number): boolean {
    if (this.#opOf(temp) !== OP.xor) return false;
    const [one, two] = this.#operands(temp);
    return this.#same(one, a) && this.#same(two, b) || this.#same(one, b) && this.#same(two, a);
  }

  /** Whether r is x - y, however that was folded. */
  #isDifference(r: number, x: number, y: number): boolean {
    if (this.#opOf(r) === OP.sub) {
      const [a, b] = this.#operands(r);
      if (this.#same(a, x) && this.#same(b, y)) return true;
    }
    const by = this.#constant(y);
    if (by === null) return false;
    const whole = this.#sum(r);
    const part = this.#sum(x);
    return this.#same(whole.base, part.base) && ((part.offset - by) | 0) === whole.offset;
  }

  /** A temporary as another one and a constant. */
  #sum(temp: number): { base: number; offset: number } {
    const op = this.#opOf(temp);
    if (op !== OP.add && op !== OP.sub) return { base: temp, offset: 0 };
    const [a, b] = this.#operands(temp);
    const value = this.#constant(b);
    return value === null
      ? { base: temp, offset: 0 }
      : { base: a, offset: op === OP.add ? value : -value | 0 };
  }

  #opOf(temp: number): number {
    const at = this.#made[temp];
    return at < 0 ? -1 : this.#code[at];
  }

  #operands(temp: number): [number, number] {
    const at = this.#made[temp];
    return [this.#code[at + 3], this.#code[at + 4]];
  }

  #constant(temp: number): number | null {
    return this.#opOf(temp) === OP.const ? this.#code[this.#made[temp] + 1] : null;
  }

  #same(a: number, b: number): boolean {
    return a === b || this.#constant(a) !== null && this.#constant(a) === this.#constant(b);
  }

  #operand(temp: number): FlagOperand {
    const value = this.#constant(temp);
    return value === null ? { temp, value: 0 } : { temp: null, value };
  }
}

/** What the flags' locals hold at the head of each block of a unit that is entered at its first. */
export function flagsAtHeads(
  edges: readonly (readonly RegionEdge[])[],
  plans: readonly FlagPlan[],
): Flags[] {
  const heads: (Flags | null)[] = edges.map((_, i) => i === 0 ? FLAGS.VALUES : null);
  for (let changed = true; changed;) {
    changed = false;
    for (const [i, out] of edges.entries()) {
      const head = heads[i];
      if (head === null) continue;
      for (const { pc, node, guard } of out) {
        for (const exit of plans[i].exits) {
          if (exit.pc !== (guard === null ? pc : null)) continue;
          const flags = exit.flags ?? head;
          const before = heads[node];
          const after = before === null || before === flags ? flags : FLAGS.EITHER;
          if (after === before) continue;
          heads[node] = after;
          changed = true;
        }
      }
    }
  }
  return heads.map((flags) => flags ?? FLAGS.VALUES);
}
