/**
 * Semantics of the instructions that move lanes: reversal, transposition, extraction, table look-up,
 * duplication, immediates.
 * @module
 */
import type { Fields } from "../decode/row.ts";
import type { HandlerName } from "../decode/tables.ts";
import { regD, regM, regN, type Semantic, type SimdUnit } from "./simd_unit.ts";

const quadDm = (f: Fields): number => f.q === 1 ? f.d | f.m : 0;

/** Reverses the lanes within groups of `group` bits. */
function reverse(group: number): Semantic {
  return {
    even: quadDm,
    run: (u, f) => {
      const bits = 8 << f.s;
      const last = group / bits - 1;
      const m = u.get(regM(f), 8 << f.q, bits, false);
      u.put(regD(f), bits, m.map((_, i) => m[i ^ last]));
    },
  };
}

/** Changes both registers; `move` gives the new lanes of the two from their old ones. */
function exchange(
  move: (d: readonly bigint[], m: readonly bigint[]) => readonly [bigint[], bigint[]],
  wordsOfDouble: boolean,
): Semantic {
  return {
    even: quadDm,
    invalid: (f) => !wordsOfDouble && f.q === 0 && f.s === 2,
    run: (u, f) => {
      const bits = 8 << f.s;
      const bytes = 8 << f.q;
      const [d, m] = move(u.get(regD(f), bytes, bits, false), u.get(regM(f), bytes, bits, false));
      u.put(regD(f), bits, d);
      u.put(regM(f), bits, m);
    },
  };
}

function halves(all: readonly bigint[]): readonly [bigint[], bigint[]] {
  return [all.slice(0, all.length / 2), all.slice(all.length / 2)];
}

function lookUp(extend: boolean): Semantic {
  return {
    even: () => 0,
    // UNPREDICTABLE beyond d31; undefined as in QEMU.
    invalid: (f) => regN(f) + f.v + 1 > 32,
    run: (u, f) => {
      const table = u.get(regN(f), 8 * (f.v + 1), 8, false);
      const old = u.get(regD(f), 8, 8, false);
      const indices = u.get(regM(f), 8, 8, false);
      u.put(regD(f), 8, indices.map((x, i) => table[Number(x)] ?? (extend ? old[i] : 0n)));
    },
  };
}

/** Lane of VDUP (scalar): its size in bits and its number; null when UNDEFINED. */
export function duplicatedLane(f: Fields): { readonly bits: number; readonly lane: number } | null {
  if ((f.v & 1) !== 0) return { bits: 8, lane: f.v >> 1 };
  if ((f.v & 2) !== 0) return { bits: 16, lane: f.v >> 2 };
  return (f.v & 4) !== 0 ? { bits: 32, lane: f.v >> 3 } : null;
}

/** AdvSIMDExpandImm, before the inversion of VMVN and VBIC. */
export function expandModified(imm8: number, cmode: number, op: number): bigint {
  const imm = BigInt(imm8);
  const every = (x: bigint, bits: bigint): bigint => {
    let all = 0n;
    for (let at = 0n; at < 64n; at += bits) all |= x << at;
    return all;
  };
  if (cmode < 8) return every(imm << BigInt(8 * (cmode >> 1)), 32n);
  if (cmode < 12) return every(imm << BigInt(8 * (cmode >> 1 & 1)), 16n);
  if (cmode === 12) return every(imm << 8n | 0xffn, 32n);
  if (cmode === 13) return every(imm << 16n | 0xffffn, 32n);
  if (cmode === 14 && op === 0) return every(imm, 8n);
  if (cmode === 14) {
    let mask = 0n;
    for (let bit = 0n; bit < 8n; bit++) if ((imm >> bit & 1n) !== 0n) mask |= 0xffn << (8n * bit);
    return mask;
  }
  const sign = imm >> 7n << 31n;
  const exponent = (imm >> 6n & 1n) !== 0n ? 0x1fn << 25n : 1n << 30n;
  return every(sign | exponent | (imm & 0x3fn) << 19n, 32n);
}

/** What an instruction with a modified immediate does with it. */
export const MODIFIED = { MOVE: 0, MOVE_NOT: 1, OR: 2, CLEAR: 3 } as const;

/** Kind of a modified immediate instruction. */
export function modifiedKind(cmode: number, op: number): number {
  if (cmode < 12 && (cmode & 1) === 1) return op === 0 ? MODIFIED.OR : MODIFIED.CLEAR;
  return op === 1 && cmode < 14 ? MODIFIED.MOVE_NOT : MODIFIED.MOVE;
}

function runModified(u: SimdUnit, f: Fields): void {
  const value = expandModified(f.v, f.k, f.o);
  const kind = modifiedKind(f.k, f.o);
  const old = u.get(regD(f), 8 << f.q, 64, false);
  u.put(
    regD(f),
    64,
    old.map((x) =>
      kind === MODIFIED.MOVE
        ? value
        : kind === MODIFIED.MOVE_NOT
        ? ~value
        : kind === MODIFIED.OR
        ? x | value
        : x & ~value
    ),
  );
}

const modified: Semantic = {
  even: (f) => f.q === 1 ? f.d : 0,
  invalid: (f) => f.o === 1 && f.k === 15,
  run: runModified,
};

/** Semantics by handler. */
export const PERMUTE_SEMANTICS: Readonly<Record<HandlerName<"neon_permute">, Semantic>> = {
  vrev64: reverse(64),
  vrev32: reverse(32),
  vrev16: reverse(16),
  vswp: exchange((d, m) => [[...m], [...d]], true),
  vtrn: exchange((d, m) => [
    d.map((x, i) => i & 1 ? m[i - 1] : x),
    m.map((x, i) => i & 1 ? x : d[i + 1]),
  ], true),
  vuzp: exchange((d, m) => {
    const all = [...d, ...m];
    return [all.filter((_, i) => !(i & 1)), all.filter((_, i) => i & 1)];
  }, false),
  vzip: exchange((d, m) => halves(d.flatMap((x, i) => [x, m[i]])), false),
  vext: {
    even: (f) => f.q === 1 ? f.d | f.n | f.m : 0,
    invalid: (f) => f.q === 0 && f.v > 7,
    run: (u, f) => {
      const bytes = 8 << f.q;
      const all = [...u.get(regN(f), bytes, 8, false), ...u.get(regM(f), bytes, 8, false)];
      u.put(regD(f), 8, all.slice(f.v, f.v + bytes));
    },
  },
  vtbl: lookUp(false),
  vtbx: lookUp(true),
  vdup_scalar: {
    even: (f) => f.q === 1 ? f.d : 0,
    invalid: (f) => duplicatedLane(f) === null,
    run: (u, f) => {
      const { bits, lane } = duplicatedLane(f)!;
      const value = u.get(regM(f), 8, bits, false)[lane];
      u.put(regD(f), bits, new Array((64 << f.q) / bits).fill(value));
    },
  },
  vmov_imm: modified,
  vmvn_imm: modified,
};
