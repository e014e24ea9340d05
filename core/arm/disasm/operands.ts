/**
 * Printers of the operands that the UAL column of the encoding tables names in braces.
 * @module
 */
import type { Fields } from "../decode/row.ts";
import { expandImmediate, expandThumbImmediate } from "../translate/operands.ts";

/** Prints one operand of an instruction that reads `pc` as the program counter. */
export type OperandPrinter = (f: Fields, pc: number) => string;

const CONDITIONS = "eq ne hs lo mi pl vs vc hi ls ge lt gt le".split(" ");
const REGISTERS = "r0 r1 r2 r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 sp lr pc".split(" ");
const SHIFTS = "lsl lsr asr ror".split(" ");
const BARRIER_OPTIONS: Readonly<Record<number, string>> = {
  2: "oshst",
  3: "osh",
  6: "nshst",
  7: "nsh",
  10: "ishst",
  11: "ish",
  14: "st",
  15: "sy",
};

/** SYSm of MRS and MSR (banked register). */
const BANKED: Readonly<Record<number, string>> = {
  ...Object.fromEntries([8, 9, 10, 11, 12].map((r, i) => [i, `r${r}_usr`])),
  5: "sp_usr",
  6: "lr_usr",
  ...Object.fromEntries([8, 9, 10, 11, 12].map((r, i) => [8 + i, `r${r}_fiq`])),
  13: "sp_fiq",
  14: "lr_fiq",
  ...Object.fromEntries(
    ["irq", "svc", "abt", "und"].flatMap((mode, i) => [
      [16 + 2 * i, `lr_${mode}`],
      [17 + 2 * i, `sp_${mode}`],
    ]),
  ),
  28: "lr_mon",
  29: "sp_mon",
  30: "elr_hyp",
  31: "sp_hyp",
};
const BANKED_SPSR: Readonly<Record<number, string>> = {
  14: "spsr_fiq",
  16: "spsr_irq",
  18: "spsr_svc",
  20: "spsr_abt",
  22: "spsr_und",
  28: "spsr_mon",
  30: "spsr_hyp",
};

function condition(f: Fields): string {
  return CONDITIONS[f.c] ?? "";
}

function register(n: number): string {
  return REGISTERS[n];
}

function list(bits: number): string {
  return `{${REGISTERS.filter((_, i) => (bits >>> i & 1) === 1).join(", ")}}`;
}

/** ", lsl #3", or nothing for an unshifted register. */
function shift(type: number, imm5: number): string {
  if (imm5 !== 0) return `, ${SHIFTS[type]} #${imm5}`;
  return ["", ", lsr #32", ", asr #32", ", rrx"][type];
}

function constant(imm12: number): string {
  const value = expandImmediate(imm12);
  // The assembler chooses the smallest rotation; others are written as value and rotation.
  const canonical = Array.from({ length: 16 }, (_, r) => r).find((r) => {
    const turned = r === 0 ? value : (value << 2 * r | value >>> (32 - 2 * r)) >>> 0;
    return turned < 256;
  });
  return canonical === imm12 >>> 8 ? `#${value | 0}` : `#${imm12 & 0xff}, #${(imm12 >>> 8) * 2}`;
}

/** [Rn, offset], [Rn, offset]! or [Rn], offset. */
function memory(f: Fields, offset: string, omit: boolean): string {
  const base = register(f.n);
  if (f.P === 0) return `[${base}], ${offset}`;
  return `[${base}${omit ? "" : `, ${offset}`}]${f.W === 1 ? "!" : ""}`;
}

function sign(f: Fields): string {
  return f.U === 1 ? "" : "-";
}

function addressingMode(f: Fields): string {
  return f.P === 1 ? (f.U === 1 ? "ib" : "db") : (f.U === 1 ? "ia" : "da");
}

/** Increment-after goes without saying, except in RFE and SRS. */
function shortAddressingMode(f: Fields): string {
  return f.P === 0 && f.U === 1 ? "" : addressingMode(f);
}

function mask(f: Fields): string {
  if (f.R === 0 && (f.k & 3) === 0 && f.k !== 0) {
    return `apsr_${f.k & 8 ? "nzcvq" : ""}${f.k & 4 ? "g" : ""}`;
  }
  const letters = ["f", "s", "x", "c"].filter((_, i) => (f.k & (8 >>> i)) !== 0).join("");
  return `${f.R === 1 ? "spsr" : "cpsr"}${letters === "" ? "" : `_${letters}`}`;
}

function interrupts(f: Fields): string {
  return `${f.A ? "a" : ""}${f.I ? "i" : ""}${f.F ? "f" : ""}` || "none";
}

function cps(f: Fields, width = ""): string {
  const mode = `#${f.v}`;
  if (f.i < 2) return `cps ${mode}`;
  // Only the encoding without a mode has a narrow form.
  const suffix = f.M === 1 ? "" : width;
  return `cps${f.i === 2 ? "ie" : "id"}${suffix} ${interrupts(f)}${f.M === 1 ? `, ${mode}` : ""}`;
}

function option(table: Readonly<Record<number, string>>): OperandPrinter {
  return (f) => table[f.v] ?? `#0x${f.v.toString(16)}`;
}

function hex(address: number): string {
  return `0x${(address >>> 0).toString(16)}`;
}

/** Address of the coprocessor transfer instructions: word offset or an option. */
function coprocessorMemory(f: Fields): string {
  if (f.P === 0 && f.W === 0) return `[${register(f.n)}], {${f.v}}`;
  return memory(f, `#${sign(f)}${f.v * 4}`, f.v === 0 && f.U === 1 && f.W === 0);
}

/** Whether stm/ldm is a push (stmdb sp!) or pop (ldm sp!) of more than one register. */
function stackForm(f: Fields, before: number, up: number): boolean {
  return f.n === 13 && f.W === 1 && f.P === before && f.U === up && (f.g & (f.g - 1)) !== 0;
}

/** `width` is ".w" where the mnemonic needs it. */
function multiple(
  f: Fields,
  name: string,
  stackName: string,
  stack: boolean,
  width = "",
): string {
  if (stack) return `${stackName}${condition(f)}${width} ${list(f.g)}`;
  const writeBack = f.W === 1 ? "!" : "";
  // The narrow encodings increment after.
  const suffix = f.P === 0 ? width : "";
  return `${name}${shortAddressingMode(f)}${condition(f)}${suffix} ${register(f.n)}${writeBack}, ${
    list(f.g)
  }`;
}

/** MOV of a shifted register is written as the shift; RRX has no narrow encoding. */
function shiftMove(f: Fields, width = ""): string {
  const operands = ` ${register(f.d)}, ${register(f.m)}`;
  const suffix = `${f.S === 1 ? "s" : ""}${condition(f)}`;
  if (f.z === 0 && f.y === 0) return `mov${suffix}${width}${operands}`;
  if (f.z === 0 && f.y === 3) return `rrx${suffix}${operands}`;
  return `${SHIFTS[f.y]}${suffix}${width}${operands}, #${f.z === 0 ? 32 : f.z}`;
}

/** IT with a T or E for each further instruction of its block. */
function ifThen(f: Fields): string {
  const last = Math.log2(f.v & -f.v);
  let letters = "";
  for (let bit = 3; bit > last; bit--) letters += (f.v >>> bit & 1) === (f.k & 1) ? "t" : "e";
  return `it${letters} ${CONDITIONS[f.k] ?? "al"}`;
}

/** All printers, by the name in braces. */
export const OPERAND_PRINTERS: Readonly<Record<string, OperandPrinter>> = {
  c: condition,
  S: (f) => f.S === 1 ? "s" : "",
  W: (f) => f.W === 1 ? "!" : "",
  D: (f) => f.D === 1 ? "l" : "",
  N: (f) => f.N === 1 ? "t" : "b",
  M: (f) => f.M === 1 ? "t" : "b",
  x: (f) => f.x === 1 ? "x" : "",
  R: (f) => f.R === 1 ? "r" : "",
  y: (f) => SHIFTS[f.y],
  e: (f) => f.e === 1 ? "be" : "le",
  n: (f) => register(f.n),
  d: (f) => register(f.d),
  m: (f) => register(f.m),
  s: (f) => register(f.s),
  t: (f) => register(f.t),
  a: (f) => register(f.a),
  l: (f) => register(f.l),
  h: (f) => register(f.h),
  g: (f) => list(f.g),
  k: (f) => `p${f.k}`,
  "g+pc": (f) => list(f.g | 0x8000),
  tflags: (f) => f.t === 15 ? "apsr_nzcv" : register(f.t),
  rawd: (f) => String(f.d),
  rawn: (f) => String(f.n),
  rawm: (f) => String(f.m),
  "#v": (f) => `#${f.v}`,
  "#-v": (f) => `#-${f.v}`,
  "#v+1": (f) => `#${f.v + 1}`,
  "#i": (f) => `#${f.i}`,
  "#w+1": (f) => `#${f.w + 1}`,
  "#o": (f) => `#${f.o}`,
  "#q": (f) => `#${f.q}`,
  width: (f) => `#${f.b - f.i + 1}`,
  const: (f) => constant(f.v),
  shifted: (f) => register(f.m) + shift(f.y, f.z),
  tconst: (f) => `#${expandThumbImmediate(f.v) | 0}`,
  shiftmov: (f) => shiftMove(f),
  "shiftmov.w": (f) => shiftMove(f, ".w"),
  // ADD SP, <Rm> with the stack pointer as destination or operand is written differently.
  addhigh: (f) => f.m === 13 ? `sp, ${register(f.d)}` : register(f.m),
  it: ifThen,
  cbz: (f) => f.x === 1 ? "cbnz" : "cbz",
  satshift: (f) => register(f.n) + shift(f.x === 1 ? 2 : 0, f.z),
  lslz: (f) => shift(0, f.z),
  asrz: (f) => shift(2, f.z),
  ror: (f) => f.r === 0 ? "" : `, ror #${f.r * 8}`,
  mem: (f) => memory(f, `#${sign(f)}${f.v}`, f.v === 0 && f.U === 1 && f.W === 0),
  memreg: (f) => memory(f, sign(f) + register(f.m), false),
  memshift: (f) => memory(f, sign(f) + register(f.m) + shift(f.y, f.z), false),
  // A memory hint is a plain offset address: its row has no P and W.
  hintmem: (f) => memory({ ...f, P: 1 }, `#${sign(f)}${f.v}`, f.v === 0 && f.U === 1),
  hintshift: (f) => memory({ ...f, P: 1 }, sign(f) + register(f.m) + shift(f.y, f.z), false),
  memcp: coprocessorMemory,
  memex: (f) => `[${register(f.n)}${f.v === 0 ? "" : `, #${f.v}`}]`,
  literal: (f) => `[pc, #${sign(f)}${f.v}]`,
  amode: shortAddressingMode,
  "amode+": addressingMode,
  stm: (f) => multiple(f, "stm", "push", stackForm(f, 1, 0)),
  ldm: (f) => multiple(f, "ldm", "pop", stackForm(f, 0, 1)),
  "stm.w": (f) => multiple(f, "stm", "push", stackForm(f, 1, 0), ".w"),
  "ldm.w": (f) => multiple(f, "ldm", "pop", stackForm(f, 0, 1), ".w"),
  option: option(BARRIER_OPTIONS),
  isboption: option({ 15: "sy" }),
  target: (f, pc) => hex(pc + f.v),
  target_x: (f, pc) => hex((pc & ~3) + f.v),
  psr: (f) => f.R === 1 ? "spsr" : "apsr",
  psrmask: mask,
  banked: (f) => (f.R === 1 ? BANKED_SPSR : BANKED)[f.x << 4 | f.v] ?? `#${f.x << 4 | f.v}`,
  cps: (f) => cps(f),
  "cps.w": (f) => cps(f, ".w"),
};
