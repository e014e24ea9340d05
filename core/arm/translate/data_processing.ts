/**
 * Data-processing instructions (Architecture Manual A8, "Data-processing instructions"): the second
 * operand is a constant, a register shifted by a constant, or a register shifted by a register.
 * With S and Rd = pc they return from an exception.
 * @module
 */
import type { V32 } from "../../ir/builder.ts";
import { EXIT } from "../../ir/ops.ts";
import type { Fields } from "../decode/row.ts";
import { ARM, TB_FLAG } from "../state.ts";
import type { Handler, Handlers } from "./handler.ts";
import {
  immediate,
  type Operand,
  plainImmediate,
  registerShiftedRegister,
  setNZ,
  shiftedRegister,
} from "./operands.ts";
import type { Translation } from "./translation.ts";

/** An operation's result and how to store the flags that it alone defines. */
interface Result {
  readonly value: V32;
  /** Sets C and V. */
  readonly setCV: () => void;
  /** The subtraction whose flags these are. */
  readonly subtraction?: { readonly a: V32; readonly b: V32 };
}

type Operation = (t: Translation, a: V32, operand: Operand) => Result;

function logical(compute: (t: Translation, a: V32, b: V32) => V32): Operation {
  return (t, a, operand) => ({
    value: compute(t, a, operand.value),
    setCV: () => {
      if (operand.carry) t.b.set(ARM.CF, operand.carry());
    },
  });
}

function plus(t: Translation, x: V32, y: V32): Result {
  const b = t.b;
  const r = b.add(x, y);
  return {
    value: r,
    setCV: () => {
      b.set(ARM.CF, b.bin("lt_u", r, x));
      b.set(ARM.VF, b.and(b.xor(x, r), b.xor(y, r)));
    },
  };
}

function minus(t: Translation, x: V32, y: V32): Result {
  const b = t.b;
  const r = b.sub(x, y);
  return {
    value: r,
    setCV: () => {
      b.set(ARM.CF, b.bin("le_u", y, x));
      b.set(ARM.VF, b.and(b.xor(x, y), b.xor(x, r)));
    },
    subtraction: { a: x, b: y },
  };
}

/** x + y + C; a subtraction with carry passes the complement of its operand. */
function plusCarry(t: Translation, x: V32, y: V32): Result {
  const b = t.b;
  const partial = b.add(x, y);
  const r = b.add(partial, b.get(ARM.CF));
  return {
    value: r,
    setCV: () => {
      b.set(ARM.CF, b.or(b.bin("lt_u", partial, x), b.bin("lt_u", r, partial)));
      b.set(ARM.VF, b.and(b.xor(x, r), b.xor(y, r)));
    },
  };
}

function not(t: Translation, x: V32): V32 {
  return t.b.xor(x, t.b.const(-1));
}

const and = logical((t, x, y) => t.b.and(x, y));
const eor = logical((t, x, y) => t.b.xor(x, y));
const orr = logical((t, x, y) => t.b.or(x, y));
const bic = logical((t, x, y) => t.b.and(x, not(t, y)));
const sub: Operation = (t, a, o) => minus(t, a, o.value);
const rsb: Operation = (t, a, o) => minus(t, o.value, a);
const add: Operation = (t, a, o) => plus(t, a, o.value);
const adc: Operation = (t, a, o) => plusCarry(t, a, o.value);
const sbc: Operation = (t, a, o) => plusCarry(t, a, not(t, o.value));
const rsc: Operation = (t, a, o) => plusCarry(t, o.value, not(t, a));
const orn = logical((t, x, y) => t.b.or(x, not(t, y)));
const moved = logical((_t, _x, y) => y);
const inverted = logical((t, _x, y) => not(t, y));

function setFlags(t: Translation, r: Result): void {
  r.setCV();
  setNZ(t, r.value);
  if (r.subtraction && !t.conditional) t.flagsSource = r.subtraction;
}

/** Writes the result to Rd; with S sets the flags, or returns from an exception when Rd is pc. */
function writeResult(t: Translation, f: Fields, compute: () => Result): void {
  if (f.S === 1 && f.d === 15) {
    // UNPREDICTABLE where there is no SPSR; QEMU takes it as undefined.
    if ((t.flags & (TB_FLAG.USER | TB_FLAG.NO_SPSR)) !== 0) return t.undefined();
    t.b.callVoid("arm_exception_return", compute().value);
    return t.exit(EXIT.LOOKUP);
  }
  const r = compute();
  if (f.S === 1) setFlags(t, r);
  t.setRegComputed(f.d, r.value);
}

type OperandOf = (t: Translation, f: Fields) => Operand;

/** <op>{S} <Rd>, <Rn>, <operand> */
function binary(operation: Operation, operandOf: OperandOf): Handler {
  return (t, f) => writeResult(t, f, () => operation(t, t.reg(f.n), operandOf(t, f)));
}

/** <op>{S} <Rd>, <operand> */
function unary(operation: Operation, operandOf: OperandOf): Handler {
  return (t, f) =>
    writeResult(t, f, () => {
      const operand = operandOf(t, f);
      return operation(t, operand.value, operand);
    });
}

/** <op> <Rn>, <operand>: flags only */
function compare(operation: Operation, operandOf: OperandOf): Handler {
  return (t, f) => setFlags(t, operation(t, t.reg(f.n), operandOf(t, f)));
}

/** Handlers of the group. */
export const dataProcessing: Handlers<"data_processing"> = {
  and_imm: binary(and, immediate),
  and_reg: binary(and, shiftedRegister),
  and_rsr: binary(and, registerShiftedRegister),
  eor_imm: binary(eor, immediate),
  eor_reg: binary(eor, shiftedRegister),
  eor_rsr: binary(eor, registerShiftedRegister),
  sub_imm: binary(sub, immediate),
  sub_reg: binary(sub, shiftedRegister),
  sub_rsr: binary(sub, registerShiftedRegister),
  rsb_imm: binary(rsb, immediate),
  rsb_reg: binary(rsb, shiftedRegister),
  rsb_rsr: binary(rsb, registerShiftedRegister),
  add_imm: binary(add, immediate),
  add_reg: binary(add, shiftedRegister),
  add_rsr: binary(add, registerShiftedRegister),
  adc_imm: binary(adc, immediate),
  adc_reg: binary(adc, shiftedRegister),
  adc_rsr: binary(adc, registerShiftedRegister),
  sbc_imm: binary(sbc, immediate),
  sbc_reg: binary(sbc, shiftedRegister),
  sbc_rsr: binary(sbc, registerShiftedRegister),
  rsc_imm: binary(rsc, immediate),
  rsc_reg: binary(rsc, shiftedRegister),
  rsc_rsr: binary(rsc, registerShiftedRegister),
  tst_imm: compare(and, immediate),
  tst_reg: compare(and, shiftedRegister),
  tst_rsr: compare(and, registerShiftedRegister),
  teq_imm: compare(eor, immediate),
  teq_reg: compare(eor, shiftedRegister),
  teq_rsr: compare(eor, registerShiftedRegister),
  cmp_imm: compare(sub, immediate),
  cmp_reg: compare(sub, shiftedRegister),
  cmp_rsr: compare(sub, registerShiftedRegister),
  cmn_imm: compare(add, immediate),
  cmn_reg: compare(add, shiftedRegister),
  cmn_rsr: compare(add, registerShiftedRegister),
  orr_imm: binary(orr, immediate),
  orr_reg: binary(orr, shiftedRegister),
  orr_rsr: binary(orr, registerShiftedRegister),
  orn_imm: binary(orn, immediate),
  orn_reg: binary(orn, shiftedRegister),
  mov_imm: unary(moved, immediate),
  mov_reg: unary(moved, shiftedRegister),
  mov_rsr: unary(moved, registerShiftedRegister),
  bic_imm: binary(bic, immediate),
  bic_reg: binary(bic, shiftedRegister),
  bic_rsr: binary(bic, registerShiftedRegister),
  mvn_imm: unary(inverted, immediate),
  mvn_reg: unary(inverted, shiftedRegister),
  mvn_rsr: unary(inverted, registerShiftedRegister),
  // ADDW<c> <Rd>, <Rn>, #<imm>
  addw: binary(add, plainImmediate),
  // SUBW<c> <Rd>, <Rn>, #<imm>
  subw: binary(sub, plainImmediate),
  // ADR<c> <Rd>, <label>
  adr: (t, f) => t.setReg(f.d, t.b.codeAddr(t.literalBase + f.v)),
  adr_sub: (t, f) => t.setReg(f.d, t.b.codeAddr(t.literalBase - f.v)),
  // MOVW<c> <Rd>, #<imm16>
  movw: (t, f) => t.setReg(f.d, t.b.const(f.v)),
  // MOVT<c> <Rd>, #<imm16>
  movt: (t, f) => {
    const b = t.b;
    t.setReg(f.d, b.or(b.and(t.reg(f.d), b.const(0xffff)), b.const(f.v << 16)));
  },
};
