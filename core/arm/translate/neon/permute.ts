/**
 * Inline forms of the instructions that move lanes.
 * @module
 */
import type { IrBuilder, V128, V64 } from "../../../ir/builder.ts";
import { VEC } from "../../../ir/vector.ts";
import type { Fields } from "../../decode/row.ts";
import type { HandlerName } from "../../decode/tables.ts";
import { dreg } from "../../state.ts";
import {
  bitsOf,
  constant,
  double,
  type Inline,
  load,
  op,
  QUAD,
  quadword,
  shift,
  splat,
  splatLane,
  store,
  two,
} from "./lanes.ts";
import { repeated } from "./saturate.ts";
import {
  duplicatedLane,
  expandModified,
  MODIFIED,
  modifiedKind,
  regD,
  regM,
  regN,
} from "../../simd/fields.ts";

/** The new registers of an exchange from the old ones. */
type Move = (b: IrBuilder, d: V128, m: V128, f: Fields) => readonly [V128, V128];

/** UNDEFINED where two words of a double register would be exchanged: that is VTRN. */
const wordsOfDouble = (f: Fields): boolean => f.q === 0 && f.s === 2;

/** Both registers change. An exchange of a register with itself is UNKNOWN. */
function exchange(
  quad: Move,
  pair: Move,
  invalid: (f: Fields) => boolean = () => false,
): Inline {
  return {
    even: QUAD.DM,
    invalid: invalid,
    emit: (b, f) => {
      const move = f.q === 1 ? quad : pair;
      const [d, m] = move(b, load(b, regD(f), f.q), load(b, regM(f), f.q), f);
      store(b, regD(f), f.q, d);
      store(b, regM(f), f.q, m);
    },
  };
}

const zipped: Move = (b, d, m, f) => [
  op(b, "zip_lo", bitsOf(f), d, m),
  op(b, "zip_hi", bitsOf(f), d, m),
];

const transposed: Move = (b, d, m, f) => {
  const bits = bitsOf(f);
  const mask = constant(b, repeated((1n << BigInt(bits)) - 1n, 2 * bits));
  return [
    b.vec(VEC.select, d, shift(b, "shl", 2 * bits, m, bits), mask),
    b.vec(VEC.select, shift(b, "shr_u", 2 * bits, d, bits), m, mask),
  ];
};

const modified: Inline = {
  even: QUAD.D,
  invalid: (f) => f.o === 1 && f.k === 15,
  emit: (b, f) => {
    const value = expandModified(f.v, f.k, f.o);
    const kind = modifiedKind(f.k, f.o);
    const bits = constant(b, kind === MODIFIED.MOVE_NOT ? ~value : value);
    const old = (): V128 => load(b, regD(f), f.q);
    const result = kind === MODIFIED.OR
      ? b.vec(VEC.or, old(), bits)
      : kind === MODIFIED.CLEAR
      ? b.vec(VEC.and_not, old(), bits)
      : bits;
    store(b, regD(f), f.q, result);
  },
};

/** Two neighbouring registers of a table of `length`; what is beyond it is 0. */
function tablePart(b: IrBuilder, f: Fields, first: number, length: number): V128 {
  const register = (i: number): V64 => i < length ? b.get64(dreg(regN(f) + i)) : b.const64(0, 0);
  return b.vecJoin(register(first), register(first + 1));
}

/** Bytes of a table of up to 32; a swizzle gives 0 for indices of 16 and more. */
function lookUp(extend: boolean): Inline {
  return {
    even: QUAD.NONE,
    invalid: (f) => regN(f) + f.v + 1 > 32,
    emit: (b, f) => {
      const length = f.v + 1;
      const index = double(b, regM(f));
      let found = op(b, "swizzle", 8, tablePart(b, f, 0, length), index);
      if (length > 2) {
        const above = op(b, "sub", 8, index, splat(b, 8, 16));
        const upper = op(b, "swizzle", 8, tablePart(b, f, 2, length), above);
        found = b.vec(VEC.or, found, upper);
      }
      if (extend) {
        const beyond = op(b, "ge_u", 8, index, splat(b, 8, 8 * length));
        found = b.vec(VEC.select, double(b, regD(f)), found, beyond);
      }
      store(b, regD(f), 0, found);
    },
  };
}

/** Two double registers as one vector, twice. */
function sideBySide(b: IrBuilder, f: Fields): readonly [V128, V128] {
  const both = b.vecJoin(b.get64(dreg(regN(f))), b.get64(dreg(regM(f))));
  return [both, both];
}

/** By handler. */
export const PERMUTE_INLINE: Readonly<Record<HandlerName<"neon_permute">, Inline>> = {
  vrev64: two((b, m, f) => op(b, "rev64_", bitsOf(f), m)),
  vrev32: two((b, m, f) => op(b, "rev32_", bitsOf(f), m)),
  vrev16: two((b, m) => b.vec(VEC.rev16_8, m)),
  vswp: exchange((_b, d, m) => [m, d], (_b, d, m) => [m, d]),
  vtrn: exchange(transposed, transposed),
  vzip: exchange(zipped, (b, d, m, f) => {
    const both = op(b, "zip_lo", bitsOf(f), d, m);
    const high = b.vecHi(both);
    return [both, b.vecJoin(high, high)];
  }, wordsOfDouble),
  vuzp: exchange(
    (b, d, m, f) => [
      op(b, "unzip_even", bitsOf(f), d, m),
      op(b, "unzip_odd", bitsOf(f), d, m),
    ],
    (b, d, m, f) => {
      const both = b.vecJoin(b.vecLo(d), b.vecLo(m));
      return [
        op(b, "unzip_even", bitsOf(f), both, both),
        op(b, "unzip_odd", bitsOf(f), both, both),
      ];
    },
    wordsOfDouble,
  ),
  vext: {
    even: QUAD.DNM,
    invalid: (f) => f.q === 0 && f.v > 7,
    emit: (b, f) => {
      const [n, m] = f.q === 1 ? [quadword(b, regN(f)), quadword(b, regM(f))] : sideBySide(b, f);
      store(b, regD(f), f.q, b.vec(VEC[`extract_${f.v}`], n, m));
    },
  },
  vtbl: lookUp(false),
  vtbx: lookUp(true),
  vdup_scalar: {
    even: QUAD.D,
    invalid: (f) => duplicatedLane(f) === null,
    emit: (b, f) => {
      const { bits, lane } = duplicatedLane(f)!;
      store(b, regD(f), f.q, splatLane(b, regM(f), bits, lane));
    },
  },
  vmov_imm: modified,
  vmvn_imm: modified,
};
