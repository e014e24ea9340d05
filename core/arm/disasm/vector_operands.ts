/**
 * Printers of the operands of VFP and Advanced SIMD instructions, by the names in braces of their
 * rows' UAL column.
 * @module
 */
import type { Fields } from "../decode/row.ts";
import { leftCount, rightCount, shiftBits } from "../simd/shift_amount.ts";
import { OPERAND_PRINTERS, type OperandPrinter } from "./operands.ts";
import { duplicatedLane, expandModified, modifiedKind, scalarOf } from "../simd/fields.ts";

const FP_REGISTERS: Readonly<Record<number, string>> = {
  0: "fpsid",
  1: "fpscr",
  6: "mvfr1",
  7: "mvfr0",
  8: "fpexc",
  9: "fpinst",
  10: "fpinst2",
};

const core = (n: number): string => OPERAND_PRINTERS.n({ n } as Fields, 0);
const condition = (f: Fields): string => OPERAND_PRINTERS.c(f, 0);
const double = (high: number, low: number): string => `d${high << 4 | low}`;
const single = (low: number, high: number): string => `s${high << 1 | low}`;

/** A VFP register of the instruction's size. */
function scalar(f: Fields, extra: number, number: number, size = f.S): string {
  return size === 1 ? double(extra, number) : single(extra, number);
}

/** A vector: a quadword when `q`. */
function vector(q: number, high: number, low: number): string {
  const d = high << 4 | low;
  return q === 1 ? `q${d >> 1}` : `d${d}`;
}

function sign(f: Fields): string {
  return f.U === 1 ? "u" : "s";
}

/** A VFP or modified immediate floating-point constant as LLVM prints it. */
function floatText(value: number): string {
  const [mantissa, exponent] = value.toExponential(6).split("e");
  const digits = exponent.slice(1).padStart(2, "0");
  return `#${mantissa}e${exponent[0]}${digits}`;
}

/** Value of the eight bits of a floating-point immediate. */
function expandedFloat(imm8: number): number {
  const exponent = (imm8 >> 4 & 7 ^ 4) - 3;
  const magnitude = (1 + (imm8 & 15) / 16) * 2 ** exponent;
  return imm8 >>> 7 === 1 ? -magnitude : magnitude;
}

function list(first: number, count: number, letter: string, step = 1, suffix = ""): string {
  const names = Array.from({ length: count }, (_, i) => `${letter}${first + step * i}${suffix}`);
  return `{${names.join(", ")}}`;
}

/** Lane of VMOV between a core register and a scalar. */
function laneSize(f: Fields): { readonly bits: number; readonly index: number } {
  const opcode = f.o << 2 | f.q;
  if ((opcode & 8) !== 0) return { bits: 8, index: opcode & 7 };
  return (opcode & 1) !== 0
    ? { bits: 16, index: opcode >> 1 & 3 }
    : { bits: 32, index: opcode >> 2 & 1 };
}

function multiple(f: Fields, name: string, stackName: string, stack: boolean): string {
  const count = f.S === 1 ? f.v >> 1 : f.v;
  const first = f.S === 1 ? f.D << 4 | f.d : f.d << 1 | f.D;
  const names = list(first, count, f.S === 1 ? "d" : "s");
  // An odd count of words is the form FLDMX and FSTMX of saved registers.
  if (f.S === 1 && (f.v & 1) === 1) {
    const old = name === "vldm" ? "fldm" : "fstm";
    return `${old}${f.U === 1 ? "ia" : "db"}x${condition(f)} ${core(f.n)}${
      f.W === 1 ? "!" : ""
    }, ${names}`;
  }
  if (stack) return `${stackName}${condition(f)} ${names}`;
  const mode = f.U === 1 ? "ia" : "db";
  return `${name}${mode}${condition(f)} ${core(f.n)}${f.W === 1 ? "!" : ""}, ${names}`;
}

function modified(f: Fields): string {
  const kind = modifiedKind(f.k, f.o);
  const name = ["vmov", "vmvn", "vorr", "vbic"][kind];
  const target = vector(f.q, f.D, f.d);
  const value = expandModified(f.v, f.k, f.o);
  if (f.k === 15) return `vmov.f32 ${target}, ${floatText(expandedFloat(f.v))}`;
  const bits = f.k === 14 ? (f.o === 1 ? 64 : 8) : f.k >= 8 && f.k < 12 ? 16 : 32;
  const lane = BigInt.asUintN(bits, value);
  const digits = `0x${lane.toString(16)}`;
  return `${name}.i${bits} ${target}, #${digits}`;
}

function address(f: Fields, alignment: number): string {
  const suffix = f.m === 15 ? "" : f.m === 13 ? "!" : `, ${core(f.m)}`;
  return `[${core(f.n)}${alignment > 1 ? `:${8 * alignment}` : ""}]${suffix}`;
}

const MULTIPLE_SHAPES: Readonly<Record<number, readonly [number, number, number]>> = {
  // Structure size, registers, distance
  0: [4, 4, 1],
  1: [4, 4, 2],
  2: [1, 4, 1],
  3: [2, 4, 1],
  4: [3, 3, 1],
  5: [3, 3, 2],
  6: [1, 3, 1],
  7: [1, 1, 1],
  8: [2, 2, 1],
  9: [2, 2, 2],
  10: [1, 2, 1],
};

function structures(f: Fields, name: string): string {
  const [size, count, step] = MULTIPLE_SHAPES[f.t] ?? [1, 1, 1];
  const alignment = f.a === 0 ? 1 : 4 << f.a;
  const names = list(f.D << 4 | f.d, count, "d", step);
  return `${name}${size}.${8 << f.s} ${names}, ${address(f, alignment)}`;
}

function lanes(f: Fields, name: string): string {
  const count = f.k + 1;
  const low = f.a & (2 ** (f.s + 1) - 1);
  const index = f.a >> (f.s + 1);
  const step = count > 1 && f.s > 0 && (low >> f.s & 1) === 1 ? 2 : 1;
  const whole = count << f.s;
  const alignment = f.s === 2 && count === 4
    ? [1, 8, 16][low & 3]
    : f.s === 2 && count === 1
    ? ((low & 3) === 3 ? 4 : 1)
    : (low & 1) === 1
    ? whole
    : 1;
  const names = list(f.D << 4 | f.d, count, "d", step, `[${index}]`);
  return `${name}${count}.${8 << f.s} ${names}, ${address(f, alignment)}`;
}

function allLanes(f: Fields): string {
  const count = f.k + 1;
  const size = f.s === 3 ? 2 : f.s;
  const alignment = f.a === 0 ? 1 : f.s === 3 ? 16 : count === 4 && f.s === 2 ? 8 : count << f.s;
  const registers = count === 1 ? f.x + 1 : count;
  const step = count === 1 ? 1 : f.x + 1;
  const names = list(f.D << 4 | f.d, registers, "d", step, "[]");
  return `vld${count}.${8 << size} ${names}, ${address(f, alignment)}`;
}

/** All printers, by the name in braces. */
export const VECTOR_PRINTERS: Readonly<Record<string, OperandPrinter>> = {
  // VFP
  fs: (f) => f.S === 1 ? ".f64" : ".f32",
  Fd: (f) => scalar(f, f.D, f.d),
  Fn: (f) => scalar(f, f.N, f.n),
  Fm: (f) => scalar(f, f.M, f.m),
  "Fd^": (f) => scalar(f, f.D, f.d, 1 - f.S),
  Sd: (f) => single(f.D, f.d),
  Sm: (f) => single(f.M, f.m),
  fimm: (f) => floatText(expandedFloat(f.v)),
  ve: (f) => f.e === 1 ? "e" : "",
  tb: (f) => f.x === 1 ? "t" : "b",
  hs: (f) => f.o === 1 ? ".f16.f32" : ".f32.f16",
  cs: (f) => f.S === 1 ? ".f32.f64" : ".f64.f32",
  rz: (f) => f.R === 1 ? "" : "r",
  su: (f) => f.x === 1 ? "s" : "u",
  xs: (f) => {
    const fixed = `.${sign(f)}${f.x === 1 ? 32 : 16}`;
    const float = f.S === 1 ? ".f64" : ".f32";
    return f.o === 1 ? fixed + float : float + fixed;
  },
  fbits: (f) => `#${(f.x === 1 ? 32 : 16) - (f.v << 1 | f.i)}`,
  cs1: (f) => {
    const s = single(f.N, f.n);
    return f.x === 1 ? `${core(f.t)}, ${s}` : `${s}, ${core(f.t)}`;
  },
  ls: (f) => `.${laneSize(f).bits}`,
  lsu: (f) => laneSize(f).bits === 32 ? ".32" : `.${sign(f)}${laneSize(f).bits}`,
  Ln: (f) => double(f.N, f.n),
  li: (f) => String(laneSize(f).index),
  ds: (f) => `.${[32, 16, 8][f.x << 1 | f.e]}`,
  Rn: (f) => vector(f.r, f.N, f.n),
  css: (f) => {
    const m = f.m << 1 | f.M;
    const pair = `s${m}, s${m + 1}`;
    const registers = `${core(f.t)}, ${core(f.a)}`;
    return f.x === 1 ? `${registers}, ${pair}` : `${pair}, ${registers}`;
  },
  cdd: (f) => {
    const d = double(f.M, f.m);
    const registers = `${core(f.t)}, ${core(f.a)}`;
    return f.x === 1 ? `${registers}, ${d}` : `${d}, ${registers}`;
  },
  fpreg: (f) => FP_REGISTERS[f.n] ?? `fpreg${f.n}`,
  tflags: (f) => f.t === 15 && f.n === 1 ? "apsr_nzcv" : core(f.t),
  fmem: (f) => {
    const offset = f.v * 4;
    const text = f.U === 1 ? String(offset) : `-${offset}`;
    return offset === 0 && f.U === 1 ? `[${core(f.n)}]` : `[${core(f.n)}, #${text}]`;
  },
  vldm: (f) => multiple(f, "vldm", "vpop", f.n === 13 && f.W === 1 && f.U === 1),
  vstm: (f) => multiple(f, "vstm", "vpush", f.n === 13 && f.W === 1 && f.U === 0),

  // Advanced SIMD registers
  Vd: (f) => vector(f.q, f.D, f.d),
  Vn: (f) => vector(f.q, f.N, f.n),
  Vm: (f) => vector(f.q, f.M, f.m),
  Qd: (f) => vector(1, f.D, f.d),
  Qn: (f) => vector(1, f.N, f.n),
  Qm: (f) => vector(1, f.M, f.m),
  Dd: (f) => double(f.D, f.d),
  Dn: (f) => double(f.N, f.n),
  Dm: (f) => double(f.M, f.m),
  scalar: (f) => `d${scalarOf(f).d}[${scalarOf(f).lane}]`,
  table: (f) => list(f.N << 4 | f.n, f.v + 1, "d"),

  // Data types: n from the size field, nw twice that, h from a shift's size, w twice that
  nsu: (f) => `${sign(f)}${8 << f.s}`,
  nss: (f) => `s${8 << f.s}`,
  ni: (f) => `i${8 << f.s}`,
  nn: (f) => String(8 << f.s),
  nwi: (f) => `i${16 << f.s}`,
  nws: (f) => `s${16 << f.s}`,
  nwsu: (f) => `${sign(f)}${16 << f.s}`,
  hsu: (f) => `${sign(f)}${shiftBits(f)}`,
  hs_: (f) => `s${shiftBits(f)}`,
  hi: (f) => `i${shiftBits(f)}`,
  hn: (f) => String(shiftBits(f)),
  wi: (f) => `i${2 * shiftBits(f)}`,
  ws: (f) => `s${2 * shiftBits(f)}`,
  wsu: (f) => `${sign(f)}${2 * shiftBits(f)}`,
  su_: (f) => sign(f),
  fxt: (f) => f.o === 1 ? `${sign(f)}32.f32` : `f32.${sign(f)}32`,
  width: (f) => `#${8 << f.s}`,
  right: (f) => `#${rightCount(f)}`,
  left: (f) => `#${leftCount(f)}`,

  // Whole instructions
  vshll: (f) => {
    const registers = `${vector(1, f.D, f.d)}, ${double(f.M, f.m)}`;
    const type = `${sign(f)}${shiftBits(f)}`;
    return leftCount(f) === 0
      ? `vmovl.${type} ${registers}`
      : `vshll.${type} ${registers}, #${leftCount(f)}`;
  },
  modified,
  vdup: (f) => {
    const lane = duplicatedLane(f);
    return `vdup.${lane?.bits} ${vector(f.q, f.D, f.d)}, ${double(f.M, f.m)}[${lane?.lane}]`;
  },
  vldn: (f) => structures(f, "vld"),
  vstn: (f) => structures(f, "vst"),
  vldlane: (f) => lanes(f, "vld"),
  vstlane: (f) => lanes(f, "vst"),
  vldall: allLanes,
};
