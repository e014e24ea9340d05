/**
 * Power State Coordination Interface 1.1, as QEMU's board answers it: what a guest calls by HVC to
 * start and stop CPUs and the machine. Source: ARM DEN 0022; answers checked on QEMU 7.2.
 * @module
 */
import { type AccessGuard, DEVICE_LOCK } from "../devices/access_guard.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { POWER_OFF, POWER_ON, POWER_PENDING, VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { affinityOf } from "./board.ts";
import { END, type EndCause, endMachine } from "./end_state.ts";

/** Function numbers (32-bit calling convention). */
export const PSCI = {
  VERSION: 0x8400_0000,
  CPU_SUSPEND: 0x8400_0001,
  CPU_OFF: 0x8400_0002,
  CPU_ON: 0x8400_0003,
  AFFINITY_INFO: 0x8400_0004,
  MIGRATE: 0x8400_0005,
  MIGRATE_INFO_TYPE: 0x8400_0006,
  SYSTEM_OFF: 0x8400_0008,
  SYSTEM_RESET: 0x8400_0009,
  FEATURES: 0x8400_000a,
} as const;

/** PSCI 0.1 leaves its numbers to the device tree; these are QEMU's, for the functions of then. */
export const PSCI_0_1: Readonly<Record<"CPU_SUSPEND" | "CPU_OFF" | "CPU_ON" | "MIGRATE", number>> =
  { CPU_SUSPEND: 0x95c1_ba5e, CPU_OFF: 0x95c1_ba5f, CPU_ON: 0x95c1_ba60, MIGRATE: 0x95c1_ba61 };

const MODERN: ReadonlyMap<number, number> = new Map([
  [PSCI_0_1.CPU_SUSPEND, PSCI.CPU_SUSPEND],
  [PSCI_0_1.CPU_OFF, PSCI.CPU_OFF],
  [PSCI_0_1.CPU_ON, PSCI.CPU_ON],
  [PSCI_0_1.MIGRATE, PSCI.MIGRATE],
]);

/** The number since 0.2 of the function that a caller means. */
function modern(fn: number): number {
  return MODERN.get(fn >>> 0) ?? fn >>> 0;
}

/** Answers below 0. */
export const PSCI_ERROR = {
  NOT_SUPPORTED: -1,
  INVALID_PARAMETERS: -2,
  ALREADY_ON: -4,
  ON_PENDING: -5,
} as const;

/**
 * What the caller goes on with: `return` puts `value` into r0 (as 32 bits); `wait` does the same and
 * then behaves as WFI; `off` means that this vCPU runs no further instruction: it is switched off, or the
 * machine has ended.
 */
export interface PsciAnswer {
  /** What the calling vCPU does next. */
  readonly then: "return" | "wait" | "off";
  /** Result for r0: a PSCI_ERROR, or what the function returns. */
  readonly value: number;
}

const IMPLEMENTED: ReadonlySet<number> = new Set([
  PSCI.VERSION,
  PSCI.CPU_SUSPEND,
  PSCI.CPU_OFF,
  PSCI.CPU_ON,
  PSCI.AFFINITY_INFO,
  PSCI.MIGRATE_INFO_TYPE,
  PSCI.SYSTEM_OFF,
  PSCI.SYSTEM_RESET,
  PSCI.FEATURES,
]);

function answer(value: number): PsciAnswer {
  return { then: "return", value };
}

/** The interface as one thread sees it. */
export class Psci {
  readonly #views: Views;
  readonly #layout: MachineLayout;
  readonly #guard: AccessGuard;
  readonly #kick: (vcpu: number) => void;

  /** `kick` gets the attention of a vCPU that is to start. */
  constructor(
    views: Views,
    layout: MachineLayout,
    guard: AccessGuard,
    kick: (vcpu: number) => void,
  ) {
    this.#views = views;
    this.#layout = layout;
    this.#guard = guard;
    this.#kick = kick;
  }

  /** Answers the call of `vcpu` with r0 = `fn` and r1-r3. Every other function is "not supported". */
  call(vcpu: number, fn: number, r1: number, r2: number, r3: number): PsciAnswer {
    switch (modern(fn)) {
      case PSCI.VERSION:
        return answer(0x0001_0001);
      case PSCI.MIGRATE_INFO_TYPE:
        // No trusted operating system that would have to migrate.
        return answer(2);
      case PSCI.FEATURES:
        return answer(IMPLEMENTED.has(modern(r1)) ? 0 : PSCI_ERROR.NOT_SUPPORTED);
      case PSCI.CPU_ON:
        return answer(this.#cpuOn(r1, r2, r3));
      case PSCI.CPU_OFF:
        return this.#cpuOff(vcpu);
      case PSCI.AFFINITY_INFO:
        return answer(this.#affinityInfo(r1, r2));
      case PSCI.CPU_SUSPEND:
        // Every state of the CPU alone is entered as standby; other power levels there are none.
        return (r1 & 0xfffe_0000) !== 0
          ? answer(PSCI_ERROR.INVALID_PARAMETERS)
          : { then: "wait", value: 0 };
      case PSCI.SYSTEM_OFF:
        return this.#end(END.POWER_OFF);
      case PSCI.SYSTEM_RESET:
        return this.#end(END.RESET);
    }
    return answer(PSCI_ERROR.NOT_SUPPORTED);
  }

  /** Number of the vCPU with an affinity; -1 when there is none. */
  #target(affinity: number): number {
    for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) {
      if (affinityOf(vcpu) === affinity >>> 0) return vcpu;
    }
    return -1;
  }

  #word(vcpu: number, offset: number): number {
    return (vcpuBase(this.#layout, vcpu) + offset) >>> 2;
  }

  #power(vcpu: number): number {
    return Atomics.load(this.#views.i32, this.#word(vcpu, VCPU.POWER));
  }

  #cpuOn(affinity: number, entry: number, context: number): number {
    const target = this.#target(affinity);
    if (target < 0) return PSCI_ERROR.INVALID_PARAMETERS;
    const { i32 } = this.#views;
    this.#guard.lock(DEVICE_LOCK.PSCI, -1);
    const power = this.#power(target);
    if (power === POWER_OFF) {
      Atomics.store(i32, this.#word(target, VCPU.POWER_ENTRY), entry);
      Atomics.store(i32, this.#word(target, VCPU.POWER_CONTEXT), context);
      Atomics.store(i32, this.#word(target, VCPU.POWER), POWER_PENDING);
    }
    this.#guard.unlock(DEVICE_LOCK.PSCI);
    if (power === POWER_ON) return PSCI_ERROR.ALREADY_ON;
    if (power === POWER_PENDING) return PSCI_ERROR.ON_PENDING;
    this.#kick(target);
    return 0;
  }

  #cpuOff(vcpu: number): PsciAnswer {
    Atomics.store(this.#views.i32, this.#word(vcpu, VCPU.POWER), POWER_OFF);
    this.#kick(vcpu);
    return { then: "off", value: 0 };
  }

  #affinityInfo(affinity: number, level: number): number {
    // Levels above the CPUs themselves count as always on.
    if (level !== 0) return 0;
    const target = this.#target(affinity);
    if (target < 0) return PSCI_ERROR.INVALID_PARAMETERS;
    const power = this.#power(target);
    if (power === POWER_ON) return 0;
    return power === POWER_OFF ? 1 : 2;
  }

  #end(cause: EndCause): PsciAnswer {
    endMachine(this.#views, this.#layout, cause);
    return { then: "off", value: 0 };
  }
}
