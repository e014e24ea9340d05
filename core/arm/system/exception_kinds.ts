/**
 * The exceptions of the architecture and how each is taken.
 * @module
 */
import { MODE, PSR } from "./psr.ts";

/** Names of the exceptions. */
export type ExceptionName =
  | "undefined"
  | "supervisorCall"
  | "prefetchAbort"
  | "dataAbort"
  | "irq"
  | "fiq";

/** How an exception is taken. */
export interface ExceptionKind {
  /** Offset in the vector table. */
  readonly vector: number;
  /** Mode that takes it. */
  readonly mode: number;
  /** CPSR bits it sets besides I. */
  readonly masks: number;
  /** What LR is more than the address of the instruction, from A32 code. */
  readonly lrArm: number;
  /** The same from Thumb code. */
  readonly lrThumb: number;
}

function kind(
  vector: number,
  mode: number,
  masks: number,
  lrArm: number,
  lrThumb: number,
): ExceptionKind {
  return { vector, mode, masks, lrArm, lrThumb };
}

/**
 * The exceptions. The address is that of the instruction that caused it; for interrupts, of the one
 * that would run next.
 */
export const EXCEPTION: Readonly<Record<ExceptionName, ExceptionKind>> = {
  undefined: kind(0x04, MODE.UND, 0, 4, 2),
  supervisorCall: kind(0x08, MODE.SVC, 0, 4, 2),
  prefetchAbort: kind(0x0c, MODE.ABT, PSR.A, 4, 4),
  dataAbort: kind(0x10, MODE.ABT, PSR.A, 8, 8),
  irq: kind(0x18, MODE.IRQ, PSR.A, 4, 4),
  fiq: kind(0x1c, MODE.FIQ, PSR.A | PSR.F, 4, 4),
};
