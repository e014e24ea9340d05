/**
 * All coprocessor registers: look-up, access checks, reads and writes.
 * @module
 */
import { CP14_REGISTERS } from "./cp14.ts";
import { ID_REGISTERS } from "./cp15_id.ts";
import { MAINTENANCE_REGISTERS } from "./cp15_maintenance.ts";
import { MEMORY_REGISTERS } from "./cp15_memory.ts";
import { PMU_REGISTERS } from "./cp15_pmu.ts";
import { TIMER_REGISTERS } from "./cp15_timer.ts";
import type { CpRegister } from "./cp_register.ts";
import type { ArmContext } from "./services.ts";

/** Every register. */
export const CP_REGISTERS: readonly CpRegister[] = [
  ...ID_REGISTERS,
  ...MEMORY_REGISTERS,
  ...MAINTENANCE_REGISTERS,
  ...TIMER_REGISTERS,
  ...PMU_REGISTERS,
  ...CP14_REGISTERS,
];

const BY_KEY: ReadonlyMap<number, CpRegister> = new Map(CP_REGISTERS.map((r) => [r.key, r]));

/** The register with an encoding (`cpKey`, `cpKey64`) that a mode may read or write; else undefined. */
export function findCpRegister(
  key: number,
  user: boolean,
  write: boolean,
): CpRegister | undefined {
  const register = BY_KEY.get(key);
  const rights = user ? register?.user : register?.privileged;
  return rights?.includes(write ? "w" : "r") ? register : undefined;
}

/**
 * Whether the vCPU may access the register now; to be asked after {@linkcode findCpRegister}, which
 * knows the rights that never change.
 */
export function gateOpen(
  cx: ArmContext,
  env: number,
  register: CpRegister,
  user: boolean,
): boolean {
  return !user || register.userGate === undefined || register.userGate(cx, env);
}

/** Value of a 32-bit register. */
export function readCp(cx: ArmContext, env: number, register: CpRegister): number {
  if (register.read !== undefined) return register.read(cx, env);
  return register.slot !== undefined
    ? cx.views.i32[(env + register.slot) >>> 2]
    : (register.constant ?? 0);
}

/** Value of a 64-bit register. */
export function readCp64(
  cx: ArmContext,
  env: number,
  register: CpRegister,
): bigint | number {
  if (register.read64 !== undefined) return register.read64(cx, env);
  if (register.slot === undefined) return BigInt(register.constant ?? 0);
  const at = (env + register.slot) >>> 2;
  const { u32 } = cx.views;
  return BigInt(u32[at + 1]) << 32n | BigInt(u32[at]);
}

/** Writes a register; `high` is the upper half of a 64-bit one. */
export function writeCp(
  cx: ArmContext,
  env: number,
  register: CpRegister,
  value: number,
  high: number,
): void {
  if (register.write !== undefined) {
    register.write(cx, env, value, high);
  } else if (register.slot !== undefined) {
    const at = (env + register.slot) >>> 2;
    cx.views.i32[at] = value;
    if (isWide(register)) cx.views.i32[at + 1] = high;
  }
}

/** Whether the register is accessed by MRRC and MCRR. */
export function isWide(register: CpRegister): boolean {
  return register.key >>> 24 !== 0;
}
