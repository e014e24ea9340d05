/**
 * Traces the system side by wrapping what the front end and the softmmu are given, so that a machine
 * without a trace has no more to do than before.
 * @module
 */
import { abortText, exceptionText, faultCodeText, hex, modeName } from "../arm/system/describe.ts";
import { CP, reg } from "../arm/state.ts";
import { faultRegisters } from "../arm/system/last_exception.ts";
import { readCpsr } from "../arm/system/psr.ts";
import type { ArmServices } from "../arm/system/services.ts";
import { usesLongDescriptors } from "../arm/system/ttbcr.ts";
import { ACCESS, type GuestMmu, type PhysicalBus } from "../memory/guest_mmu.ts";
import { MMU_INDEX } from "../memory/memop.ts";
import { TLB_REQUEST } from "../memory/tlb.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import type { Tracer } from "./tracer.ts";

/** What TLB maintenance drops that is not about one page. */
const DROPPED: ReadonlyMap<number, string> = new Map([
  [TLB_REQUEST.ALL, "everything"],
  [TLB_REQUEST.NON_GLOBAL, "what is not global"],
]);

/** The services with category int around them, and TLB maintenance of category mmu. */
export function traceServices(
  services: ArmServices,
  tracer: Tracer,
  views: Views,
): ArmServices {
  const { i32 } = views;
  const pcOf = (env: number): number => i32[(env + VCPU.PC) >>> 2];
  const word = (env: number, n: number): number => i32[(env + reg(n)) >>> 2];
  return {
    ...services,
    exceptionTaken: (env, name, pc, cpsr) => {
      if (!tracer.wants("int", env, pc, cpsr)) return;
      const abort = name === "dataAbort" || name === "prefetchAbort";
      const { fsr, far } = faultRegisters(i32, env, name);
      const why = abort ? `: ${abortText(name, fsr, far)}` : "";
      const now = modeName(readCpsr(i32, env));
      tracer.record(
        "int",
        env,
        `${exceptionText(name)} at ${hex(pc)} in ${modeName(cpsr)} mode, to ${hex(pcOf(env))} in ` +
          `${now} mode${why}`,
      );
    },
    exceptionReturned: (env, cpsr) => {
      if (!tracer.wants("int", env, pcOf(env), cpsr)) return;
      const now = modeName(readCpsr(i32, env));
      tracer.record(
        "int",
        env,
        `return to ${hex(pcOf(env))} in ${now} mode, from ${modeName(cpsr)} mode`,
      );
    },
    hypervisorCall: (env) => {
      const wanted = tracer.wants("int", env, pcOf(env));
      const call = [0, 1, 2, 3].map((n) => hex(word(env, n))).join(", ");
      const answered = services.hypervisorCall(env);
      if (wanted) tracer.record("int", env, `hypervisor call (${call}) -> ${hex(word(env, 0))}`);
      return answered;
    },
    tlbMaintained: (env, request, everywhere) => {
      const dropped = DROPPED.get(request);
      if (!tracer.wants("mmu", env, dropped === undefined ? request : pcOf(env))) return;
      const where = everywhere ? "every vCPU" : "this vCPU";
      const what = dropped ?? `the page ${hex(request)}`;
      tracer.record("mmu", env, `TLB maintenance on ${where}: drops ${what}`);
    },
  };
}

const ACCESS_TEXTS = { [ACCESS.LOAD]: "read", [ACCESS.STORE]: "write", [ACCESS.FETCH]: "fetch" };

/** The guest's MMU with category mmu around it: each translation that the softmmu asks for. */
export function traceMmu(mmu: GuestMmu, tracer: Tracer, views: Views): GuestMmu {
  return {
    mmuIndex: (env) => mmu.mmuIndex(env),
    raiseAbort: (env, pc, address, access, t) => mmu.raiseAbort(env, pc, address, access, t),
    raiseAlignment: (env, pc, address, access) => mmu.raiseAlignment(env, pc, address, access),
    raiseExternal: (env, pc, address, access) => mmu.raiseExternal(env, pc, address, access),
    translate: (env, address, access, mmuIndex) => {
      const t = mmu.translate(env, address, access, mmuIndex);
      if (!tracer.wants("mmu", env, address)) return t;
      const rights = (t.readable ? "r" : "-") + (t.writable ? "w" : "-") +
        (t.executable ? "x" : "-");
      const long = usesLongDescriptors(views.i32[(env + CP.TTBCR) >>> 2]);
      const found = t.fault !== 0
        ? faultCodeText(t.fault, long)
        : `0x${t.physical.toString(16).padStart(8, "0")} ${rights}${t.device ? " device" : ""}` +
          `${t.nonGlobal ? " non-global" : ""} domain ${t.domain}`;
      const as = mmuIndex === MMU_INDEX.PRIVILEGED ? "privileged" : "user";
      tracer.record("mmu", env, `${as} ${ACCESS_TEXTS[access]} ${hex(address)} -> ${found}`);
      return t;
    },
  };
}

/** What a device is called at a physical address. */
export interface DeviceNames {
  /** Device and register offset in words. */
  describe(physical: number): string;
}

/** The bus with category mmio around its devices; `envOf` gives a vCPU's base by its number. */
export function traceBus(
  bus: PhysicalBus,
  names: DeviceNames,
  tracer: Tracer,
  envOf: (vcpu: number) => number,
): PhysicalBus {
  const shown = (value: number, size: number): string =>
    "0x" + (value >>> 0).toString(16).padStart(2 * Math.min(size, 4), "0");
  return {
    ramAddress: (physical) => bus.ramAddress(physical),
    hasDevice: (physical) => bus.hasDevice(physical),
    readDevice: (physical, size, vcpu) => {
      const value = bus.readDevice(physical, size, vcpu);
      const env = envOf(vcpu);
      if (tracer.wants("mmio", env, physical)) {
        const place = `${hex(physical)} ${names.describe(physical)}`;
        tracer.record("mmio", env, `read ${size} ${place} -> ${shown(value, size)}`);
      }
      return value;
    },
    writeDevice: (physical, size, value, vcpu) => {
      const env = envOf(vcpu);
      if (tracer.wants("mmio", env, physical)) {
        const place = `${hex(physical)} ${names.describe(physical)}`;
        tracer.record("mmio", env, `write ${size} ${place} <- ${shown(value, size)}`);
      }
      bus.writeDevice(physical, size, value, vcpu);
    },
  };
}
