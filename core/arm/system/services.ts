/**
 * What the system half of the ARM front end needs from the engine and the board.
 * @module
 */
import type { GenericTimers } from "../../devices/generic_timer.ts";
import type { PhysicalBus } from "../../memory/guest_mmu.ts";
import type { Views } from "../../memory/views.ts";
import type { ExceptionName } from "./exception_kinds.ts";

/** What the system registers need of the generic timers. */
export type TimerPort = Pick<
  GenericTimers,
  | "count"
  | "readCtl"
  | "writeCtl"
  | "readCval"
  | "writeCval"
  | "readTval"
  | "writeTval"
>;

/** Engine services, on one vCPU thread. */
export interface ArmServices {
  /** The generic timers of every vCPU. */
  readonly timer: TimerPort;
  /** Drops the vCPU's exclusive reservation (AtomicsRuntime.clear). */
  clearExclusive(env: number): void;
  /** SEV: sets the event register of every vCPU. */
  sendEvent(): void;
  /** YIELD, or code like it: the vCPU waits for what another one will write. */
  spins(env: number): void;
  /** An asserted interrupt line is no longer masked: the vCPU must soon leave translated code. */
  interruptsChanged(env: number): void;
  /**
   * Performs TLB maintenance on every other vCPU; `request` as in TLB_REQUEST (core/memory/tlb.ts).
   * Must be complete there when this vCPU's next DSB is.
   */
  flushOtherTlbs(env: number, request: number): void;
  /** Drops translated code of `bytes` bytes of RAM from a physical address, on every vCPU. */
  invalidateCode(env: number, physical: number, bytes: number): void;
  /** Drops all translated code. */
  invalidateAllCode(env: number): void;
  /**
   * A hypervisor call (PSCI): arguments in r0-r3, result in r0. False when nothing answers; the
   * guest takes an Undefined Instruction exception then.
   */
  hypervisorCall(env: number): boolean;
  /**
   * The vCPU does nothing any more but fault at `pc`, the code that handles the fault: it will never
   * get further.
   */
  faultLoop(env: number, pc: number): void;
  /** Hears of every exception just taken, with the CPSR before it; none unless traced. */
  exceptionTaken?(env: number, name: ExceptionName, pc: number, cpsr: number): void;
  /** Hears of TLB maintenance on the vCPU, or `everywhere`; none unless traced. */
  tlbMaintained?(env: number, request: number, everywhere: boolean): void;
  /** Hears of every exception return to the vCPU's pc, with the CPSR before it. */
  exceptionReturned?(env: number, cpsr: number): void;
}

/** Everything the system half is made of. */
export interface ArmContext {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** RAM, for page table walks. */
  readonly bus: PhysicalBus;
  /** Engine and board. */
  readonly services: ArmServices;
  /** Number of vCPUs of the machine. */
  readonly vcpus: number;
}
