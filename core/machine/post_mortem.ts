/**
 * Where each vCPU stands, in words for an error message: what a guest's death is reported with.
 * @module
 */
import { listInsn } from "../arm/disasm/listing.ts";
import { ARM, reg } from "../arm/state.ts";
import { hex, lastExceptionText, modeName } from "../arm/system/describe.ts";
import { inspectWord } from "../arm/system/inspect.ts";
import { lastException } from "../arm/system/last_exception.ts";
import { PSR, readCpsr } from "../arm/system/psr.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { POWER_ON, VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";

export { hex };

/** Host address of a physical address in RAM; 0 when no RAM is there. */
export function ramAddressOf(layout: MachineLayout, physical: number): number {
  const offset = physical - layout.ramBase;
  return offset >= 0 && offset < layout.ramBytes ? layout.ram + offset : 0;
}

/** Reads code as the vCPU sees it. */
class GuestCode {
  readonly #views: Views;
  readonly #layout: MachineLayout;
  readonly #env: number;

  constructor(views: Views, layout: MachineLayout, env: number) {
    this.#views = views;
    this.#layout = layout;
    this.#env = env;
  }

  /** The instruction at `pc`; undefined where none can be fetched. */
  at(pc: number, thumb: boolean): string | undefined {
    let mapped = true;
    const fetch = (address: number): number => {
      const ram = (physical: number): number => ramAddressOf(this.#layout, physical);
      const word = inspectWord(this.#views, ram, this.#env, address);
      if (word === undefined) mapped = false;
      return word ?? 0;
    };
    // A Thumb instruction inside of an IT block is shown without its condition.
    const it = thumb ? this.#views.i32[(this.#env + ARM.IT) >>> 2] : 0;
    const { code, text } = listInsn(fetch, pc, thumb, it);
    return mapped ? `${text} (${code})` : undefined;
  }
}

const WAITS: Readonly<Record<string, string>> = {
  wfi: "an interrupt",
  wfe: "an event",
};

/** What the vCPU waits for when its last instruction was a WFI or WFE. */
function waitText(code: GuestCode, pc: number, thumb: boolean): string {
  const before = code.at(pc - (thumb ? 2 : 4), thumb) ?? "";
  const what = WAITS[/^wf[ie]/.exec(before)?.[0] ?? ""];
  return what === undefined ? "" : ` It waits for ${what}.`;
}

/**
 * One vCPU: pc, instruction there, mode, link register, last exception. The state of a vCPU that
 * still runs is that of its last exit from translated code.
 */
export function describeVcpu(views: Views, layout: MachineLayout, env: number): string {
  const { i32 } = views;
  const index = i32[(env + VCPU.INDEX) >>> 2];
  if (i32[(env + VCPU.POWER) >>> 2] !== POWER_ON) return `vCPU ${index} is off.`;
  const cpsr = readCpsr(i32, env);
  const thumb = (cpsr & PSR.T) !== 0;
  const pc = i32[(env + VCPU.PC) >>> 2] >>> 0;
  const code = new GuestCode(views, layout, env);
  const insn = code.at(pc, thumb) ?? "no memory to run from";
  const lr = hex(i32[(env + reg(14)) >>> 2]);
  const last = lastException(i32, env);
  const exception = last === null ? "" : ` Its last exception: ${lastExceptionText(last)}.`;
  return `vCPU ${index}: pc ${hex(pc)}, ${modeName(cpsr)} mode, ${thumb ? "Thumb" : "ARM"} ` +
    `instruction ${insn}, lr ${lr}.${waitText(code, pc, thumb)}${exception}`;
}

/** All vCPUs, a line each. */
export function describeVcpus(views: Views, layout: MachineLayout): string {
  return Array.from(
    { length: layout.vcpus },
    (_, index) => describeVcpu(views, layout, vcpuBase(layout, index)),
  ).join("\n");
}

/** The instruction that took the last exception, for messages; empty when there was none. */
function causeText(views: Views, layout: MachineLayout, env: number): string {
  const last = lastException(views.i32, env);
  if (last === null) return "";
  const insn = new GuestCode(views, layout, env).at(last.pc, (last.cpsr & PSR.T) !== 0);
  const at = insn === undefined ? "" : ` The instruction there is ${insn}.`;
  return ` It began with this: ${lastExceptionText(last)}.${at}`;
}

/** The report of a vCPU whose exception vector at `pc` cannot be fetched. */
export function deadVectorText(
  views: Views,
  layout: MachineLayout,
  env: number,
  pc: number,
): string {
  const index = views.i32[(env + VCPU.INDEX) >>> 2];
  return `vCPU ${index} faulted and its exception vector at ${
    hex(pc)
  } is no memory that it could ` +
    `run from.${causeText(views, layout, env)} Set VBAR or map the vectors before anything can ` +
    `fault.\n${describeVcpu(views, layout, env)}`;
}

/** The report of a vCPU that does nothing but fault at `pc`, in the code that handles the fault. */
export function faultLoopText(
  views: Views,
  layout: MachineLayout,
  env: number,
  pc: number,
): string {
  const { i32 } = views;
  const index = i32[(env + VCPU.INDEX) >>> 2];
  const thumb = (readCpsr(i32, env) & PSR.T) !== 0;
  const insn = new GuestCode(views, layout, env).at(pc, thumb) ?? "no memory to run from";
  return `vCPU ${index} faults for ever in its own exception handler, at ${hex(pc)}: ${insn}.` +
    `${causeText(views, layout, env)} Look at the handler: it must not fault in the mode that it ` +
    `is entered in.\n${describeVcpu(views, layout, env)}`;
}
