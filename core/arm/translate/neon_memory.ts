/**
 * Loads and stores of Advanced SIMD elements and structures. Whole registers move in 8-byte
 * accesses; shuffles put the elements of structures in order. In big-endian state every element is
 * an access of its own.
 * @module
 */
import type { IrBuilder, V128, V32, V64 } from "../../ir/builder.ts";
import { EXIT } from "../../ir/ops.ts";
import { vecCode } from "../../ir/vector.ts";
import type { Fields } from "../decode/row.ts";
import { elementsOf, type Structure, structureOf } from "../simd/structures.ts";
import { dreg, TB_FLAG } from "../state.ts";
import { gated } from "./fp_registers.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";
import { withLane } from "./vfp_transfer.ts";
import { regD } from "../simd/fields.ts";

/** Largest alignment that an access checks itself. */
const ACCESS_ALIGNMENT = 8;

function isBigEndian(t: Translation): boolean {
  return (t.flags & TB_FLAG.BIG_ENDIAN) !== 0;
}

function log2(bytes: number): number {
  return 31 - Math.clz32(bytes);
}

/** Descriptor of an access of 1 << `size` bytes whose elements are 1 << `element` bytes. */
function memop(t: Translation, size: number, element: number, alignment: number): number {
  const strict = (t.flags & TB_FLAG.ALIGN) !== 0 ? element : 0;
  return t.memop(size, { align: Math.max(strict, log2(Math.min(alignment, ACCESS_ALIGNMENT))) });
}

/** Takes the alignment fault of an address that no access checks. */
function checkAlignment(t: Translation, address: V32, alignment: number, write: boolean): void {
  const { b } = t;
  if (alignment <= ACCESS_ALIGNMENT) return;
  b.if(b.and(address, b.const(alignment - 1)), () => {
    b.callVoid("arm_alignment_fault", address, b.const(write ? 1 : 0));
    b.exit(EXIT.LOOKUP);
  });
}

/** Base register after the instruction, unless Rm is 15; Rm 13 stands for the bytes transferred. */
function writeBack(t: Translation, f: Fields, base: V32, bytes: number): void {
  if (f.m === 15) return;
  t.setReg(f.n, t.b.add(base, f.m === 13 ? t.b.const(bytes) : t.reg(f.m)));
}

function at(t: Translation, base: V32, offset: number): V32 {
  return offset === 0 ? base : t.b.add(base, t.b.const(offset));
}

/** Addresses of `count` doublewords, computed before any is accessed: backends join such accesses. */
function places(t: Translation, base: V32, count: number): V32[] {
  return Array.from({ length: count }, (_, i) => at(t, base, 8 * i));
}

/** Puts loaded elements into the register file. */
function setElements(
  t: Translation,
  states: readonly number[],
  size: number,
  values: readonly V32[],
): void {
  const { b } = t;
  for (const [i, state] of states.entries()) {
    const slot = state & ~3;
    const value = size === 2 ? values[i] : withLane(t, b.get(slot), state & 3, size, values[i]);
    b.set(slot, value);
  }
}

/** An element of the register file, with anything above it. */
function getElement(t: Translation, state: number): V32 {
  const { b } = t;
  const word = b.get(state & ~3);
  return (state & 3) === 0 ? word : b.shrU(word, b.const(8 * (state & 3)));
}

/** Elements of a structure one by one, as big-endian data needs it. */
function loadElements(
  t: Translation,
  f: Fields,
  shape: Structure,
  base: V32,
  alignment: number,
): void {
  const { b } = t;
  const elements = elementsOf(f, shape);
  if (f.s === 3) {
    const values = elements.map((e) =>
      b.guestLoad64(at(t, base, e.memory), memop(t, 3, 3, alignment))
    );
    for (const [i, value] of values.entries()) b.set64(elements[i].state, value);
    return;
  }
  const values = elements.map((e, i) =>
    b.guestLoad(at(t, base, e.memory), memop(t, f.s, f.s, i === 0 ? alignment : 1))
  );
  setElements(t, elements.map((e) => e.state), f.s, values);
}

function storeElements(
  t: Translation,
  f: Fields,
  shape: Structure,
  base: V32,
  alignment: number,
): void {
  const { b } = t;
  for (const [i, { memory, state }] of elementsOf(f, shape).entries()) {
    const op = memop(t, f.s, f.s, i === 0 ? alignment : 1);
    if (f.s === 3) b.guestStore64(at(t, base, memory), b.get64(state), op);
    else b.guestStore(at(t, base, memory), getElement(t, state), op);
  }
}

/** Number of the register that holds elements `turn` of the structures of a group, `i` counts both. */
function registerOf(f: Fields, { groups, interleave, spacing }: Structure, i: number): number {
  return interleave === 1 ? regD(f) + i : regD(f) + i % groups + spacing * Math.floor(i / groups);
}

function halves(b: IrBuilder, vectors: readonly V128[]): V64[] {
  return vectors.flatMap((vector) => [b.vecLo(vector), b.vecHi(vector)]);
}

/** Doublewords of structures as the registers of each element, in the order of registerOf. */
function separated(
  b: IrBuilder,
  words: readonly V64[],
  f: Fields,
  { interleave }: Structure,
): V64[] {
  const bits = 8 << f.s;
  const vector = (i: number): V128 => b.vecJoin(words[i], words[Math.min(i + 1, words.length - 1)]);
  const split = (x: V128, y: V128): [V128, V128] => [
    b.vec(vecCode("unzip_even", bits), x, y),
    b.vec(vecCode("unzip_odd", bits), x, y),
  ];
  const [x, y] = [vector(0), vector(words.length > 2 ? 2 : 0)];
  switch (interleave) {
    case 2: {
      const [even, odd] = split(x, y);
      return words.length === 2 ? [b.vecLo(even), b.vecLo(odd)] : halves(b, [even, odd]);
    }
    case 3:
      return [0, 1, 2].map((turn) => b.vecLo(b.vec(vecCode(`third_${turn}_`, bits), x, y)));
    default: {
      // Elements 0 and 2 in turn, and 1 and 3.
      const [even, odd] = split(x, y).map((pair) => split(pair, pair).map((v) => b.vecLo(v)));
      return [even[0], odd[0], even[1], odd[1]];
    }
  }
}

/** The way back. */
function interleaved(
  b: IrBuilder,
  registers: readonly V64[],
  f: Fields,
  { interleave }: Structure,
): readonly V64[] {
  if (interleave === 1) return registers;
  const bits = 8 << f.s;
  const zip = (x: V128, y: V128): [V128, V128] => [
    b.vec(vecCode("zip_lo", bits), x, y),
    b.vec(vecCode("zip_hi", bits), x, y),
  ];
  const twice = (i: number): V128 => b.vecJoin(registers[i], registers[i]);
  if (interleave === 3) {
    const [x, y] = [b.vecJoin(registers[0], registers[1]), twice(2)];
    const low = b.vec(vecCode("weave_lo_", bits), x, y);
    return [...halves(b, [low]), b.vecLo(b.vec(vecCode("weave_hi_", bits), x, y))];
  }
  if (interleave === 4) {
    const even = b.vec(vecCode("zip_lo", bits), twice(0), twice(2));
    const odd = b.vec(vecCode("zip_lo", bits), twice(1), twice(3));
    return halves(b, zip(even, odd));
  }
  if (registers.length === 2) return halves(b, [zip(twice(0), twice(1))[0]]);
  const [x, y] = [b.vecJoin(registers[0], registers[1]), b.vecJoin(registers[2], registers[3])];
  return halves(b, zip(x, y));
}

/** Alignment that the fields of VLDn and VSTn (multiple structures) demand, in bytes. */
function multipleAlignment(f: Fields): number {
  return f.a === 0 ? 1 : 4 << f.a;
}

// VLD1..4.<size> <list>, [<Rn>{:<align>}]{!}, {<Rm>}
const loadMultiple: Handler = (t, f) => {
  const { b } = t;
  const shape = structureOf(f);
  if (shape === null || f.n === 15) return t.undefined();
  const base = t.reg(f.n);
  const alignment = multipleAlignment(f);
  const count = shape.groups * shape.interleave;
  checkAlignment(t, base, alignment, false);
  if (isBigEndian(t)) {
    loadElements(t, f, shape, base, alignment);
  } else {
    const op = memop(t, 3, f.s, alignment);
    const values: V64[] = places(t, base, count).map((place) => b.guestLoad64(place, op));
    if (shape.interleave === 1) {
      for (const [i, value] of values.entries()) b.set64(dreg(regD(f) + i), value);
    } else {
      for (const [i, value] of separated(b, values, f, shape).entries()) {
        b.set64(dreg(registerOf(f, shape, i)), value);
      }
    }
  }
  writeBack(t, f, base, 8 * count);
};

// VST1..4.<size> <list>, [<Rn>{:<align>}]{!}, {<Rm>}
const storeMultiple: Handler = (t, f) => {
  const { b } = t;
  const shape = structureOf(f);
  if (shape === null || f.n === 15) return t.undefined();
  const base = t.reg(f.n);
  const alignment = multipleAlignment(f);
  const count = shape.groups * shape.interleave;
  checkAlignment(t, base, alignment, true);
  if (isBigEndian(t)) {
    storeElements(t, f, shape, base, alignment);
  } else {
    const op = memop(t, 3, f.s, alignment);
    const registers = Array.from(
      { length: count },
      (_, i) => b.get64(dreg(registerOf(f, shape, i))),
    );
    const values = interleaved(b, registers, f, shape);
    for (const [i, place] of places(t, base, count).entries()) b.guestStore64(place, values[i], op);
  }
  writeBack(t, f, base, 8 * count);
};

/** One element of each register: their places in the register file and the alignment in bytes. */
interface LaneList {
  readonly states: readonly number[];
  readonly alignment: number;
}

/** Fields of the instructions on one lane; null when UNDEFINED, or UNPREDICTABLE and so in QEMU. */
function lanesOf(f: Fields): LaneList | null {
  const count = f.k + 1;
  const low = f.a & (2 ** (f.s + 1) - 1);
  const lane = f.a >> (f.s + 1);
  const wordBits = low & 3;
  const word = f.s === 2;
  switch (count) {
    case 1:
      if ((low & 1 << f.s) !== 0 || word && (wordBits === 1 || wordBits === 2)) return null;
      break;
    case 2:
      if (word && (low & 2) !== 0) return null;
      break;
    case 3:
      if ((low & 1) !== 0 || word && (low & 2) !== 0) return null;
      break;
    default:
      if (word && wordBits === 3) return null;
  }
  const spacing = count > 1 && f.s > 0 && (low >> f.s & 1) === 1 ? 2 : 1;
  const first = regD(f);
  if (first + spacing * (count - 1) > 31) return null;
  const whole = count << f.s;
  const alignment = word && count === 4
    ? [1, 8, 16][wordBits]
    : word && count === 1
    ? (wordBits === 3 ? 4 : 1)
    : (low & 1) === 1
    ? whole
    : 1;
  return {
    states: Array.from({ length: count }, (_, i) => dreg(first + spacing * i) + (lane << f.s)),
    alignment,
  };
}

// VLD1..4.<size> <list of lanes>, [<Rn>{:<align>}]{!}, {<Rm>}
const loadLane: Handler = (t, f) => {
  const list = lanesOf(f);
  if (list === null || f.n === 15) return t.undefined();
  const base = t.reg(f.n);
  checkAlignment(t, base, list.alignment, false);
  const values = list.states.map((_, i) =>
    t.b.guestLoad(at(t, base, i << f.s), laneMemop(t, f.s, i, list.alignment))
  );
  setElements(t, list.states, f.s, values);
  writeBack(t, f, base, list.states.length << f.s);
};

// VST1..4.<size> <list of lanes>, [<Rn>{:<align>}]{!}, {<Rm>}
const storeLane: Handler = (t, f) => {
  const list = lanesOf(f);
  if (list === null || f.n === 15) return t.undefined();
  const base = t.reg(f.n);
  checkAlignment(t, base, list.alignment, true);
  for (const [i, state] of list.states.entries()) {
    const op = laneMemop(t, f.s, i, list.alignment);
    t.b.guestStore(at(t, base, i << f.s), getElement(t, state), op);
  }
  writeBack(t, f, base, list.states.length << f.s);
};

/** The first access of a list checks the alignment of the whole. */
function laneMemop(t: Translation, size: number, i: number, alignment: number): number {
  return memop(t, size, size, i === 0 ? alignment : 1);
}

// VLD1..4.<size> <list of all lanes>, [<Rn>{:<align>}]{!}, {<Rm>}
const loadAll: Handler = (t, f) => {
  const { b } = t;
  const count = f.k + 1;
  const size = f.s === 3 ? 2 : f.s;
  const undefinedSize = f.s === 3 && (count !== 4 || f.a === 0);
  const undefinedAlignment = f.a === 1 && (count === 3 || count === 1 && f.s === 0);
  if (undefinedSize || undefinedAlignment || f.n === 15) return t.undefined();
  const first = regD(f);
  const registers = count === 1
    ? Array.from({ length: f.x + 1 }, (_, i) => first + i)
    : Array.from({ length: count }, (_, i) => first + i * (f.x + 1));
  // UNPREDICTABLE; undefined as in QEMU.
  if (registers.some((r) => r > 31)) return t.undefined();
  const alignment = f.a === 0 ? 1 : f.s === 3 ? 16 : count === 4 && f.s === 2 ? 8 : count << f.s;
  const base = t.reg(f.n);
  checkAlignment(t, base, alignment, false);
  const values = Array.from(
    { length: count },
    (_, i) => b.guestLoad(at(t, base, i << size), laneMemop(t, size, i, alignment)),
  );
  for (const [i, register] of registers.entries()) {
    const value = values[count === 1 ? 0 : i];
    const word = size === 0
      ? b.bin("mul", value, b.const(0x01010101))
      : size === 1
      ? b.bin("mul", value, b.const(0x00010001))
      : value;
    b.set64(dreg(register), b.concat(word, word));
  }
  writeBack(t, f, base, count << size);
};

/** Handlers of the group. */
export const neonLoadStore: Handlers<"neon_load_store"> = {
  vld_multiple: gated(loadMultiple),
  vst_multiple: gated(storeMultiple),
  vld_lane: gated(loadLane),
  vst_lane: gated(storeLane),
  vld_all: gated(loadAll),
};
