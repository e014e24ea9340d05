/**
 * Exception entry and return, and delivery of interrupts.
 * @module
 */
import { COUNTER } from "../../memory/counters.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { ARM, CP, reg } from "../state.ts";
import { enterUser } from "./domains.ts";
import { EXCEPTION, type ExceptionName } from "./exception_kinds.ts";
import { faultFormat } from "./fault_status.ts";
import {
  countNestedFault,
  forgetNestedFaults,
  isNestedFault,
  keepException,
} from "./last_exception.ts";
import { bankOf, currentMode, MODE, PSR, readCpsr, readSpsr, writeCpsr } from "./psr.ts";
import { SCTLR } from "./sctlr.ts";
import type { ArmContext } from "./services.ts";

const VECTORS_BYTES = 0x20;

/** Takes an exception at instruction address `pc`; the pc slot becomes the vector. */
export function takeException(
  cx: ArmContext,
  env: number,
  name: ExceptionName,
  pc: number,
): void {
  const { i32 } = cx.views;
  const { vector, mode, masks, lrArm, lrThumb } = EXCEPTION[name];
  const old = readCpsr(i32, env);
  const sctlr = i32[(env + CP.SCTLR) >>> 2];
  const state = ((sctlr & SCTLR.TE) !== 0 ? PSR.T : 0) | ((sctlr & SCTLR.EE) !== 0 ? PSR.E : 0);
  writeCpsr(
    i32,
    env,
    mode | masks | PSR.I | state,
    PSR.MODE | masks | PSR.I | PSR.T | PSR.E | PSR.IT | PSR.J,
  );
  i32[(env + reg(14)) >>> 2] = pc + ((old & PSR.T) !== 0 ? lrThumb : lrArm);
  i32[((env + ARM.SPSR) >>> 2) + bankOf(mode)] = old;
  const base = (sctlr & SCTLR.V) !== 0 ? 0xffff0000 : i32[(env + CP.VBAR) >>> 2];
  i32[(env + VCPU.PC) >>> 2] = base + vector;
  // A vector or a handler that faults does so in turn: what led there is worth remembering.
  if (isNestedFault(name, old, mode)) {
    if (countNestedFault(i32, env, pc)) cx.services.faultLoop(env, pc);
  } else if ((pc - base) >>> 0 >= VECTORS_BYTES) {
    keepException(i32, env, name, pc, old);
    forgetNestedFaults(i32, env);
  }
  cx.services.exceptionTaken?.(env, name, pc, old);
  cx.services.clearExclusive(env);
  cx.views.f64[((env + VCPU.COUNTERS) >>> 3) + COUNTER.exceptions]++;
}

/** Takes an exception out of a helper: translated code is left afterwards. */
export function raise(cx: ArmContext, env: number, name: ExceptionName, pc: number): void {
  takeException(cx, env, name, pc);
  cx.views.i32[(env + VCPU.LEAVE) >>> 2] = 1;
}

/** The prefetch abort of a BKPT instruction. */
export function raiseBreakpoint(cx: ArmContext, env: number, pc: number): void {
  const { i32 } = cx.views;
  const format = faultFormat(i32, env);
  i32[(env + CP.IFSR) >>> 2] = format.instruction(format.debug);
  raise(cx, env, "prefetchAbort", pc);
}

/**
 * Branches to `pc` with the CPSR `cpsr`, execution state included, and leaves translated code. Bits
 * of `pc` that the new state does not have are dropped.
 */
export function returnTo(cx: ArmContext, env: number, pc: number, cpsr: number): void {
  const { i32 } = cx.views;
  const thumb = (cpsr & PSR.T) !== 0;
  const { exceptionReturned } = cx.services;
  const old = exceptionReturned === undefined ? 0 : readCpsr(i32, env);
  writeCpsr(i32, env, cpsr, PSR.ALL);
  if (currentMode(i32, env) === MODE.USR) enterUser(cx, env);
  i32[(env + VCPU.PC) >>> 2] = pc & (thumb ? ~1 : ~3);
  i32[(env + VCPU.LEAVE) >>> 2] = 1;
  exceptionReturned?.(env, old);
  cx.services.clearExclusive(env);
  announceInterrupts(cx, env);
}

/** Exception return to `pc` with the current mode's SPSR. */
export function returnFromException(cx: ArmContext, env: number, pc: number): void {
  returnTo(cx, env, pc, readSpsr(cx.views.i32, env));
}

/** The interrupt that the vCPU would take now: FIQ goes before IRQ; null when none or masked. */
export function pendingInterrupt(cx: ArmContext, env: number): "irq" | "fiq" | null {
  const { i32 } = cx.views;
  const lines = Atomics.load(i32, (env + VCPU.IRQ_LINES) >>> 2);
  if (lines === 0) return null;
  const cpsr = i32[(env + ARM.CPSR) >>> 2];
  if ((lines & 2) !== 0 && (cpsr & PSR.F) === 0) return "fiq";
  if ((lines & 1) !== 0 && (cpsr & PSR.I) === 0) return "irq";
  return null;
}

/** Takes a pending interrupt before the instruction at the pc slot; false when there is none. */
export function takeInterrupt(cx: ArmContext, env: number): boolean {
  const name = pendingInterrupt(cx, env);
  if (name === null) return false;
  takeException(cx, env, name, cx.views.i32[(env + VCPU.PC) >>> 2]);
  cx.views.f64[((env + VCPU.COUNTERS) >>> 3) + COUNTER.interrupts]++;
  return true;
}

/** To be called after a change of the CPSR's masks: tells the engine when an interrupt is due. */
export function announceInterrupts(cx: ArmContext, env: number): void {
  if (pendingInterrupt(cx, env) !== null) cx.services.interruptsChanged(env);
}
