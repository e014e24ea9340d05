/**
 * What the system half of the ARM front end needs from the engine and the board.
 * @module
 */
import type { PhysicalBus } from "../../memory/guest_mmu.ts";
import type { Views } from "../../memory/views.ts";

/** One of a vCPU's two timers. */
export type TimerName = "physical" | "virtual";

/** The generic timer. The virtual counter has no offset: both counters show the same. */
export interface TimerPort {
  /** The counter, a float64 integer. */
  ticks(): number;
  /** CNTx_CTL: ENABLE bit 0, IMASK bit 1, ISTATUS bit 2 (read-only). */
  control(vcpu: number, timer: TimerName): number;
  setControl(vcpu: number, timer: TimerName, value: number): void;
  /** CNTx_CVAL, unsigned 64-bit. */
  compare(vcpu: number, timer: TimerName): bigint;
  setCompare(vcpu: number, timer: TimerName, value: bigint): void;
}

/** Engine services, on one vCPU thread. */
export interface ArmServices {
  readonly timer: TimerPort;
  /** Drops the vCPU's exclusive reservation (AtomicsRuntime.clear). */
  clearExclusive(env: number): void;
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
  /** The guest uses something that is not emulated: ends the machine with this message. */
  unsupported(env: number, message: string): void;
}

/** Everything the system half is made of. */
export interface ArmContext {
  readonly views: Views;
  readonly bus: PhysicalBus;
  readonly services: ArmServices;
  /** Number of vCPUs of the machine. */
  readonly vcpus: number;
}
