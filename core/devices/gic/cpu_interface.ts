/**
 * Register file of a GICv2 CPU interface: acknowledge, priority drop, deactivation.
 * @module
 */
import type { Update } from "./distributor.ts";
import { CPU, FIELD, GIC_IRQS, type GicState, IDLE_PRIORITY, SPURIOUS } from "./state.ts";

/** Bits of GICC_CTLR. */
const CTLR = { ENABLE_GROUP0: 1, ACK_CTL: 4, FIQ_EN: 8, EOI_MODE: 0x200, WRITABLE: 0x21f } as const;
/** What a read of a pending interrupt of the other group gives. */
const OTHER_GROUP = 1022;

/** Interrupt lines of a CPU: bit 0 IRQ, bit 1 FIQ. */
export function interruptLines(state: GicState, cpu: number): number {
  state.best(cpu);
  if (state.bestIrq === SPURIOUS) return 0;
  const group = state.bit(FIELD.GROUP, cpu, state.bestIrq);
  if (!signalled(state, cpu, group)) return 0;
  const fiq = group === 0 && (state.cpu(cpu, CPU.CTLR) & CTLR.FIQ_EN) !== 0;
  return fiq ? 2 : 1;
}

/** Whether the best pending interrupt passes the CPU's enable, mask and running priority. */
function signalled(state: GicState, cpu: number, group: number): boolean {
  const enabled = (state.cpu(cpu, CPU.CTLR) & (CTLR.ENABLE_GROUP0 << group)) !== 0;
  return enabled && state.bestPriority < state.cpu(cpu, CPU.PMR) &&
    state.groupPriority(cpu, group, state.bestPriority) <
      state.groupPriority(cpu, group, state.runningPriority(cpu));
}

/** Reads the word at `offset` of the interface of `cpu`; IAR and AIAR acknowledge. */
export function readCpuInterface(
  state: GicState,
  offset: number,
  cpu: number,
  update: Update,
): number {
  switch (offset) {
    case 0x00:
      return state.cpu(cpu, CPU.CTLR);
    case 0x04:
      return state.cpu(cpu, CPU.PMR);
    case 0x08:
      return state.cpu(cpu, CPU.BPR);
    case 0x0c:
      return acknowledge(state, cpu, false, update);
    case 0x14:
      return Math.min(state.runningPriority(cpu), 0xff);
    case 0x18:
      return highestPending(state, cpu, false);
    case 0x1c:
      return state.cpu(cpu, CPU.ABPR);
    case 0x20:
      return acknowledge(state, cpu, true, update);
    case 0x28:
      return highestPending(state, cpu, true);
    case 0xfc:
      return 0x2043b;
  }
  if (offset >= 0xd0 && offset < 0xe0) return state.cpu(cpu, CPU.APR + ((offset & 15) >>> 2));
  if (offset >= 0xe0 && offset < 0xf0) return state.cpu(cpu, CPU.NSAPR + ((offset & 15) >>> 2));
  return 0;
}

/** Writes the word at `offset` of the interface of `cpu`. */
export function writeCpuInterface(
  state: GicState,
  offset: number,
  value: number,
  cpu: number,
  update: Update,
): void {
  switch (offset) {
    case 0x00:
      state.setCpu(cpu, CPU.CTLR, value & CTLR.WRITABLE);
      break;
    case 0x04:
      state.setCpu(cpu, CPU.PMR, value & 0xff);
      break;
    case 0x08:
      state.setCpu(cpu, CPU.BPR, value & 7);
      break;
    case 0x10:
      return endOfInterrupt(state, value & 0x3ff, cpu, false, update);
    case 0x1c:
      state.setCpu(cpu, CPU.ABPR, Math.max(value & 7, 1));
      break;
    case 0x24:
      return endOfInterrupt(state, value & 0x3ff, cpu, true, update);
    case 0x1000:
      if ((state.cpu(cpu, CPU.CTLR) & CTLR.EOI_MODE) !== 0) {
        deactivate(state, value & 0x3ff, cpu, update);
      }
      return;
    default:
      if (offset >= 0xd0 && offset < 0xe0) {
        state.setCpu(cpu, CPU.APR + ((offset & 15) >>> 2), value);
      } else if (offset >= 0xe0 && offset < 0xf0) {
        state.setCpu(cpu, CPU.NSAPR + ((offset & 15) >>> 2), value);
      } else return;
  }
  update(1 << cpu);
}

/** What a register for group 1 (`alias`) or for both sees of a pending interrupt of `group`. */
function visible(state: GicState, cpu: number, irq: number, group: number, alias: boolean): number {
  if (alias) return group === 1 ? irq : SPURIOUS;
  const both = (state.cpu(cpu, CPU.CTLR) & CTLR.ACK_CTL) !== 0;
  return group === 0 || both ? irq : OTHER_GROUP;
}

function highestPending(state: GicState, cpu: number, alias: boolean): number {
  state.best(cpu);
  const irq = state.bestIrq;
  if (irq === SPURIOUS || state.bestPriority >= state.cpu(cpu, CPU.PMR)) return SPURIOUS;
  const seen = visible(state, cpu, irq, state.bit(FIELD.GROUP, cpu, irq), alias);
  return seen === irq && irq < 16 ? irq | (firstSource(state, cpu, irq) << 10) : seen;
}

function firstSource(state: GicState, cpu: number, id: number): number {
  const sources = state.sgiSources(cpu, id);
  return 31 - Math.clz32(sources & -sources);
}

function acknowledge(state: GicState, cpu: number, alias: boolean, update: Update): number {
  state.best(cpu);
  const irq = state.bestIrq;
  if (irq === SPURIOUS) return SPURIOUS;
  const group = state.bit(FIELD.GROUP, cpu, irq);
  if (!signalled(state, cpu, group)) return SPURIOUS;
  const seen = visible(state, cpu, irq, group, alias);
  if (seen !== irq) return seen;

  const level = state.groupPriority(cpu, group, state.bestPriority) >>> 1;
  const active = (group === 0 ? CPU.APR : CPU.NSAPR) + (level >>> 5);
  state.setCpu(cpu, active, state.cpu(cpu, active) | (1 << (level & 31)));
  state.setBit(FIELD.ACTIVE, cpu, irq, true);
  let source = 0;
  if (irq < 16) {
    source = firstSource(state, cpu, irq);
    state.setSgiSources(cpu, irq, state.sgiSources(cpu, irq) & ~(1 << source));
  } else state.setBit(FIELD.PENDING, cpu, irq, false);
  update(irq < 32 ? 1 << cpu : state.targets(irq) | (1 << cpu));
  return irq | (source << 10);
}

function endOfInterrupt(
  state: GicState,
  irq: number,
  cpu: number,
  alias: boolean,
  update: Update,
): void {
  if (irq >= GIC_IRQS || state.runningPriority(cpu) === IDLE_PRIORITY) return;
  const group = alias ? 1 : state.bit(FIELD.GROUP, cpu, irq);
  const first = group === 0 ? CPU.APR : CPU.NSAPR;
  for (let i = first; i < first + 4; i++) {
    const active = state.cpu(cpu, i);
    if (active !== 0) {
      state.setCpu(cpu, i, active & (active - 1));
      break;
    }
  }
  if ((state.cpu(cpu, CPU.CTLR) & CTLR.EOI_MODE) === 0) deactivate(state, irq, cpu, update);
  else update(1 << cpu);
}

function deactivate(state: GicState, irq: number, cpu: number, update: Update): void {
  if (irq >= GIC_IRQS) return;
  state.setBit(FIELD.ACTIVE, cpu, irq, false);
  update(irq < 32 ? 1 << cpu : state.targets(irq) | (1 << cpu));
}
