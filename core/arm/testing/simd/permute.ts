/**
 * Semantics of the instructions that move lanes: reversal, transposition, extraction, table look-up,
 * duplication, immediates.
 * @module
 */
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import type { Semantic, SimdUnit } from "./simd_unit.ts";
import {
  duplicatedLane,
  expandModified,
  MODIFIED,
  modifiedKind,
  regD,
  regM,
  regN,
} from "../../simd/fields.ts";

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
