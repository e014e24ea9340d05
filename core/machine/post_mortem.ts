/**
 * Where each vCPU stands, in words for an error message.
 * @module
 */
import { reg } from "../arm/state.ts";
import { MODE, readCpsr } from "../arm/system/psr.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { POWER_ON, VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";

/** A guest address as eight hexadecimal digits. */
export function hex(value: number): string {
  return "0x" + (value >>> 0).toString(16).padStart(8, "0");
}

function modeName(cpsr: number): string {
  const entry = Object.entries(MODE).find(([, bits]) => bits === (cpsr & 0x1f));
  return entry === undefined ? `mode ${cpsr & 0x1f}` : entry[0].toLowerCase();
}

/** One vCPU: pc, mode, link register. While it runs, the pc is the last one written back. */
export function describeVcpu(views: Views, env: number): string {
  const { i32 } = views;
  const index = i32[(env + VCPU.INDEX) >>> 2];
  if (i32[(env + VCPU.POWER) >>> 2] !== POWER_ON) return `vCPU ${index} is off.`;
  const cpsr = readCpsr(i32, env);
  const pc = hex(i32[(env + VCPU.PC) >>> 2]);
  const lr = hex(i32[(env + reg(14)) >>> 2]);
  return `vCPU ${index}: pc ${pc}, ${modeName(cpsr)} mode, lr ${lr}.`;
}

/** All vCPUs. */
export function describeVcpus(views: Views, layout: MachineLayout): string {
  return Array.from(
    { length: layout.vcpus },
    (_, index) => describeVcpu(views, vcpuBase(layout, index)),
  ).join(" ");
}
