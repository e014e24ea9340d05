/**
 * What the fold pass knows about each pure operation: its value for constant operands, and
 * identities that make it simpler. One entry an operation, by name.
 * @module
 */
import { PAGE_MASK } from "../../memory/vcpu_layout.ts";
import { OP, OPS } from "../ops.ts";

/** The instruction that was emitted last, as rules see and change it. */
export interface Foldable {
  /** First operand, a temporary. */
  readonly a: number;
  /** Second operand. */
  readonly b: number;
  /** Third operand. */
  readonly c: number;
  /** Opcode that defined a temporary, and its words. */
  opOf(temp: number): number;
  /** Operand `k` of the instruction that defined `temp`. */
  operand(temp: number, k: 0 | 1): number;
  /** Whether the temporary is a 32-bit constant. */
  isConst(temp: number): boolean;
  /** Whether it is known to be 0 or 1. */
  isBoolean(temp: number): boolean;
  /** Value of a constant. */
  valueOf(temp: number): number;
  /** High half of a 64-bit constant. */
  highOf(temp: number): number;
  /** Drops the instruction: its result is `temp`. */
  alias(temp: number): void;
  /** Turns it into a constant. */
  toConst(value: number): void;
  /** Turns it into the guest address of a place. */
  toCodeAddr(place: number): void;
  /** The same for a 64-bit constant. */
  toConst64(lo: number, hi: number): void;
  /** Turns it into another operation. */
  become(op: number, a: number, b?: number, c?: number): void;
  /**
   * Turns it into a constant whose value does not depend on `on`, but which the guest made from it:
   * where the host orders accesses by dependencies, an operation that reads `on` stays.
   */
  toConstOf(value: number, on: number): void;
  /** Whether that is so. */
  readonly keepsDependencies: boolean;
  /** A temporary for a 32-bit constant, defined before the instruction. */
  newConst(value: number): number;
}

type Binary = (a: number, b: number) => number;
/** Simplifies the instruction it is given, or leaves it as it is. */
export type Rule = (f: Foldable) => void;

const BINARY: Readonly<Record<string, Binary>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: Math.imul,
  div_u: (a, b) => b === 0 ? 0 : (a >>> 0) / (b >>> 0),
  div_s: (a, b) => b === 0 ? 0 : a / b,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr_u: (a, b) => a >>> b,
  shr_s: (a, b) => a >> b,
  rotr: (a, b) => a >>> b | a << -b,
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  lt_u: (a, b) => Number(a >>> 0 < b >>> 0),
  lt_s: (a, b) => Number(a < b),
  le_u: (a, b) => Number(a >>> 0 <= b >>> 0),
  le_s: (a, b) => Number(a <= b),
};

const UNARY: Readonly<Record<string, (a: number) => number>> = {
  clz: Math.clz32,
  sext8: (a) => a << 24 >> 24,
  sext16: (a) => a << 16 >> 16,
  bswap: (a) => a << 24 | (a & 0xff00) << 8 | (a >>> 8 & 0xff00) | a >>> 24,
  eqz: (a) => Number(a === 0),
};

/** Operations whose operands may be swapped; a constant then stands second. */
const COMMUTES = new Set(["add", "mul", "and", "or", "xor", "eq", "ne"]);

/** Value of `x op x`: the operand itself, or a constant. */
const SAME: Readonly<Record<string, "a" | number>> = {
  sub: 0,
  xor: 0,
  and: "a",
  or: "a",
  eq: 1,
  ne: 0,
  lt_u: 0,
  lt_s: 0,
  le_u: 1,
  le_s: 1,
};

/** `x op constant` gives `x` for this constant. */
const NEUTRAL: Readonly<Record<string, number>> = {
  add: 0,
  sub: 0,
  or: 0,
  xor: 0,
  and: -1,
  mul: 1,
  div_u: 1,
  div_s: 1,
};

/** `x op constant` gives the constant itself. */
const ABSORBING: Readonly<Record<string, number>> = { and: 0, or: -1, mul: 0 };

const SHIFTS = new Set(["shl", "shr_u", "shr_s", "rotr"]);

/** Comparison that holds exactly when the key does not; `swap` exchanges the operands. */
const INVERSE: ReadonlyMap<number, readonly [op: number, swap: boolean]> = new Map([
  [OP.eq, [OP.ne, false]],
  [OP.ne, [OP.eq, false]],
  [OP.lt_u, [OP.le_u, true]],
  [OP.lt_s, [OP.le_s, true]],
  [OP.le_u, [OP.lt_u, true]],
  [OP.le_s, [OP.lt_s, true]],
]);

/** Rules of single operations, tried after the general ones. */
const SPECIAL: Readonly<Record<string, Rule>> = {
  add: (f) => addChain(f, 1),
  sub: (f) => addChain(f, -1),
  and: (f) => {
    if (!f.isConst(f.b)) return;
    const mask = f.valueOf(f.b);
    if (f.opOf(f.a) === OP.code_addr) maskPlace(f, f.valueOf(f.a), mask);
    else if (mask === 1 && f.isBoolean(f.a)) f.alias(f.a);
    else if (f.opOf(f.a) === OP.and && f.isConst(f.operand(f.a, 1))) {
      const both = f.valueOf(f.operand(f.a, 1)) & mask;
      const inner = f.operand(f.a, 0);
      if (both === 0) f.toConstOf(0, inner);
      else f.become(OP.and, inner, f.newConst(both));
    }
  },
  lt_u: (f) => {
    if (f.isConst(f.b) && f.valueOf(f.b) === 0) f.toConstOf(0, f.a);
  },
  le_u: (f) => {
    if (f.isConst(f.a) && f.valueOf(f.a) === 0) f.toConstOf(1, f.b);
  },
  eq: (f) => {
    if (f.isConst(f.b) && f.valueOf(f.b) === 0) f.become(OP.eqz, f.a);
  },
  ne: (f) => {
    if (f.isConst(f.b) && f.valueOf(f.b) === 0 && f.isBoolean(f.a)) f.alias(f.a);
  },
  eqz: (f) => {
    const inverse = INVERSE.get(f.opOf(f.a));
    if (inverse) {
      const [x, y] = [f.operand(f.a, 0), f.operand(f.a, 1)];
      if (inverse[1]) f.become(inverse[0], y, x);
      else f.become(inverse[0], x, y);
    } else if (f.opOf(f.a) === OP.eqz && f.isBoolean(f.operand(f.a, 0))) {
      f.alias(f.operand(f.a, 0));
    }
  },
  sext8: (f) => {
    if (f.opOf(f.a) === OP.sext8) f.alias(f.a);
  },
  sext16: (f) => {
    if (f.opOf(f.a) === OP.sext16 || f.opOf(f.a) === OP.sext8) f.alias(f.a);
  },
  select: (f) => {
    if (f.isConst(f.a)) f.alias(f.valueOf(f.a) !== 0 ? f.b : f.c);
    else if (f.b === f.c && !f.keepsDependencies) f.alias(f.b);
    else if (f.opOf(f.a) === OP.eqz) f.become(OP.select, f.operand(f.a, 0), f.c, f.b);
  },
  lo: (f) => {
    const op = f.opOf(f.a);
    if (op === OP.const64) f.toConst(f.valueOf(f.a));
    else if (op === OP.concat || op === OP.extend_u || op === OP.extend_s) {
      f.alias(f.operand(f.a, 0));
    }
  },
  hi: (f) => {
    const op = f.opOf(f.a);
    if (op === OP.const64) f.toConst(f.highOf(f.a));
    else if (op === OP.concat) f.alias(f.operand(f.a, 1));
    else if (op === OP.extend_u) f.toConstOf(0, f.operand(f.a, 0));
  },
  concat: (f) => {
    if (f.isConst(f.a) && f.isConst(f.b)) f.toConst64(f.valueOf(f.a), f.valueOf(f.b));
    else if (
      f.opOf(f.a) === OP.lo && f.opOf(f.b) === OP.hi && f.operand(f.a, 0) === f.operand(f.b, 0)
    ) f.alias(f.operand(f.a, 0));
  },
  extend_u: (f) => {
    if (f.isConst(f.a)) f.toConst64(f.valueOf(f.a), 0);
  },
  extend_s: (f) => {
    if (f.isConst(f.a)) f.toConst64(f.valueOf(f.a), f.valueOf(f.a) >> 31);
  },
};

/** `(x + c1) + c2` becomes `x + (c1 + c2)`, and the same with differences. */
function addChain(f: Foldable, sign: 1 | -1): void {
  if (!f.isConst(f.b)) return;
  const inner = f.opOf(f.a);
  if (inner === OP.code_addr) {
    f.toCodeAddr(f.valueOf(f.a) + sign * f.valueOf(f.b) | 0);
    return;
  }
  if (inner !== OP.add && inner !== OP.sub || !f.isConst(f.operand(f.a, 1))) return;
  const first = f.valueOf(f.operand(f.a, 1));
  const sum = sign * f.valueOf(f.b) + (inner === OP.add ? first : -first) | 0;
  const base = f.operand(f.a, 0);
  if (sum === 0) f.alias(base);
  else f.become(OP.add, base, f.newConst(sum));
}

/** A place and its guest address have the bits within the page in common. */
function maskPlace(f: Foldable, place: number, mask: number): void {
  if ((mask & PAGE_MASK) === 0) f.toConst(place & mask);
  else if ((mask & PAGE_MASK) === PAGE_MASK) f.toCodeAddr(place & mask);
}

function binaryRule(name: string, evaluate: Binary): Rule {
  const commutes = COMMUTES.has(name);
  const same = SAME[name];
  const neutral = NEUTRAL[name];
  const absorbing = ABSORBING[name];
  const shift = SHIFTS.has(name);
  const special = SPECIAL[name];
  const op = OP[name];
  return (f) => {
    const first = f.isConst(f.a);
    if (first && f.isConst(f.b)) {
      f.toConst(evaluate(f.valueOf(f.a), f.valueOf(f.b)) | 0);
      return;
    }
    if (f.a === f.b && same !== undefined) {
      if (same === "a") f.alias(f.a);
      else f.toConstOf(same, f.a);
      return;
    }
    if (first && commutes) f.become(op, f.b, f.a);
    if (f.isConst(f.b)) {
      const value = f.valueOf(f.b);
      if (value === neutral || shift && (value & 31) === 0) {
        f.alias(f.a);
        return;
      }
      if (value === absorbing) {
        f.toConstOf(value, f.a);
        return;
      }
    }
    special?.(f);
  };
}

function unaryRule(name: string, evaluate: (a: number) => number): Rule {
  const special = SPECIAL[name];
  return (f) => {
    if (f.isConst(f.a)) f.toConst(evaluate(f.valueOf(f.a)) | 0);
    else special?.(f);
  };
}

/** Rule of each opcode, or undefined. */
export const FOLD_RULES: readonly (Rule | undefined)[] = OPS.map(({ name }) =>
  BINARY[name]
    ? binaryRule(name, BINARY[name])
    : UNARY[name]
    ? unaryRule(name, UNARY[name])
    : SPECIAL[name]
);
