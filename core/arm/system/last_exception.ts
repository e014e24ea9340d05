/**
 * The last exception of a vCPU, kept for a report of its death, and the faults that lead nowhere:
 * those of the code that handles them.
 * @module
 */
import { VCPU } from "../../memory/vcpu_layout.ts";
import { CP } from "../state.ts";
import type { ExceptionName } from "./exception_kinds.ts";
import { PSR } from "./psr.ts";

/** Exceptions by number; 0 stands for none. */
const NAMES: readonly (ExceptionName | null)[] = [
  null,
  "undefined",
  "supervisorCall",
  "prefetchAbort",
  "dataAbort",
  "irq",
  "fiq",
];

/** An exception in the guest's terms. */
export interface LastException {
  /** Which one. */
  readonly name: ExceptionName;
  /** Address of the instruction; of the next one with interrupts. */
  readonly pc: number;
  /** CPSR before it. */
  readonly cpsr: number;
  /** DFSR or IFSR of an abort, else 0. */
  readonly fsr: number;
  /** DFAR or IFAR of an abort, else 0. */
  readonly far: number;
}

/** The fault status and address registers of an abort. */
export function faultRegisters(
  i32: Int32Array,
  env: number,
  name: ExceptionName,
): { readonly fsr: number; readonly far: number } {
  if (name === "dataAbort") {
    return { fsr: i32[(env + CP.DFSR) >>> 2], far: i32[(env + CP.DFAR) >>> 2] };
  }
  if (name === "prefetchAbort") {
    return { fsr: i32[(env + CP.IFSR) >>> 2], far: i32[(env + CP.IFAR) >>> 2] };
  }
  return { fsr: 0, far: 0 };
}

/** Keeps an exception for {@linkcode lastException}. */
export function keepException(
  i32: Int32Array,
  env: number,
  name: ExceptionName,
  pc: number,
  cpsr: number,
): void {
  const { fsr, far } = faultRegisters(i32, env, name);
  i32[(env + VCPU.EXCEPTION_PC) >>> 2] = pc;
  i32[(env + VCPU.EXCEPTION_KIND) >>> 2] = NAMES.indexOf(name);
  i32[(env + VCPU.EXCEPTION_CPSR) >>> 2] = cpsr;
  i32[(env + VCPU.EXCEPTION_FSR) >>> 2] = fsr;
  i32[(env + VCPU.EXCEPTION_FAR) >>> 2] = far;
}

/** The exception that was kept last; null when there was none. */
export function lastException(i32: Int32Array, env: number): LastException | null {
  const name = NAMES[i32[(env + VCPU.EXCEPTION_KIND) >>> 2]] ?? null;
  if (name === null) return null;
  return {
    name,
    pc: i32[(env + VCPU.EXCEPTION_PC) >>> 2] >>> 0,
    cpsr: i32[(env + VCPU.EXCEPTION_CPSR) >>> 2],
    fsr: i32[(env + VCPU.EXCEPTION_FSR) >>> 2],
    far: i32[(env + VCPU.EXCEPTION_FAR) >>> 2] >>> 0,
  };
}

/** Nested faults at one place after which a vCPU counts as lost. */
const HOPELESS = 10_000;

/**
 * Whether a fault is nested: taken in the mode that handles it, so that the return address of an
 * earlier one is gone. Interrupts and calls never are.
 */
export function isNestedFault(name: ExceptionName, cpsr: number, mode: number): boolean {
  return (cpsr & PSR.MODE) === mode &&
    (name === "undefined" || name === "prefetchAbort" || name === "dataAbort");
}

/** Counts a nested fault; true once the same one has come so often that nothing else ever will. */
export function countNestedFault(i32: Int32Array, env: number, pc: number): boolean {
  const count = (env + VCPU.NESTED_FAULTS) >>> 2;
  const place = (env + VCPU.NESTED_PC) >>> 2;
  if (i32[place] !== (pc | 0)) {
    i32[place] = pc;
    i32[count] = 0;
  }
  return ++i32[count] === HOPELESS;
}

/** An exception that is not nested was taken: the vCPU gets somewhere. */
export function forgetNestedFaults(i32: Int32Array, env: number): void {
  i32[(env + VCPU.NESTED_FAULTS) >>> 2] = 0;
}
