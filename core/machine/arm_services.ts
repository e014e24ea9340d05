/**
 * What the ARM front end asks of the engine and the board, answered for one thread.
 * @module
 */
import type { ArmServices } from "../arm/system/services.ts";
import { reg } from "../arm/state.ts";
import type { CodeInvalidation } from "../exec/code_invalidation.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { mayHold } from "../memory/tlb.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { GiveWay } from "../smp/give_way.ts";
import { requestExit, sendEvent } from "../smp/kick.ts";
import type { RunOnCpu } from "../smp/run_on_cpu.ts";
import { WORK } from "../smp/work_queue.ts";
import type { VirtDevices } from "./virt_devices.ts";

/** What the services are made of. */
export interface ServiceParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** The board, for its timers and PSCI. */
  readonly devices: VirtDevices;
  /** Carries TLB maintenance to the other vCPUs. */
  readonly crossVcpu: RunOnCpu;
  /** Drops translated code. */
  readonly invalidation: CodeInvalidation;
  /** Drops the vCPU's reservation; the atomics strategy's `clear`. */
  readonly clearExclusive: (env: number) => void;
  /** See ArmServices.faultLoop. */
  readonly faultLoop: (env: number, pc: number) => void;
}

/** The services of one thread. */
export function armServices(parts: ServiceParts): ArmServices {
  const { views, layout, devices, crossVcpu, invalidation } = parts;
  const { i32 } = views;
  const giveWay = new GiveWay(views, layout);
  const vcpuOf = (env: number): number => i32[(env + VCPU.INDEX) >>> 2];
  return {
    timer: devices.timers,
    clearExclusive: parts.clearExclusive,
    faultLoop: parts.faultLoop,
    sendEvent: () => sendEvent(i32, layout),
    spins: (env) => giveWay.spins(env),
    interruptsChanged: (env) => requestExit(i32, env),
    flushOtherTlbs: (env, request) => {
      const wanted = (vcpu: number) => vcpu !== env && mayHold(views, vcpu, request);
      for (let vcpu = 0; vcpu < layout.vcpus; vcpu++) {
        if (!wanted(vcpuBase(layout, vcpu))) continue;
        crossVcpu.runOnAll(env, { kind: WORK.FLUSH_TLB, a: request, b: 0, c: 0 }, wanted);
        return;
      }
    },
    invalidateCode: (env, physical, bytes) => invalidation.physical(env, physical, bytes),
    // Every store to translated code is seen when it happens, so there is nothing left to drop.
    invalidateAllCode: () => {},
    hypervisorCall: (env) => {
      const r0 = (env + reg(0)) >>> 2;
      const answer = devices.psci.call(vcpuOf(env), i32[r0], i32[r0 + 1], i32[r0 + 2], i32[r0 + 3]);
      i32[r0] = answer.value;
      if (answer.then === "wait") i32[(env + VCPU.SUSPENDED) >>> 2] = 1;
      if (answer.then !== "return") requestExit(i32, env);
      return true;
    },
  };
}
