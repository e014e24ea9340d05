/**
 * Register file of the GICv2 distributor. Accesses of 1, 2 and 4 bytes are all accepted, as QEMU does.
 * @module
 */
import { FIELD, GIC_IRQS, GIC_WORDS, type GicState } from "./state.ts";

/** Called after a register write with the CPUs whose interrupt lines may have changed. */
export type Update = (cpuMask: number) => void;

/** Identification registers at 0xfd0.., one byte a word. */
const IDS = [4, 0, 0, 0, 0x90, 0xb4, 0x2b, 0, 0x0d, 0xf0, 0x05, 0xb1] as const;

/** CPUs of an access to a register of interrupts `32 * w`..: banked words concern the accessor only. */
function affected(state: GicState, w: number, cpu: number): number {
  return w === 0 ? 1 << cpu : (1 << state.cpus) - 1;
}

/** Reads the word at `offset` (a multiple of 4) for `cpu`. */
export function readDistributorWord(state: GicState, offset: number, cpu: number): number {
  const w = (offset & 0x7f) >>> 2;
  if (offset < 0x080) {
    if (offset === 0) return state.ctlr;
    if (offset === 4) return (GIC_WORDS - 1) | ((state.cpus - 1) << 5);
    return offset === 8 ? 0x43b : 0;
  }
  if (offset < 0x400) {
    if (w >= GIC_WORDS) return 0;
    switch (offset & 0x780) {
      case 0x080:
        return state.word(FIELD.GROUP, cpu, w);
      case 0x100:
      case 0x180:
        return state.word(FIELD.ENABLED, cpu, w);
      case 0x200:
      case 0x280:
        return state.pending(cpu, w);
      default:
        return state.word(FIELD.ACTIVE, cpu, w);
    }
  }
  if (offset < 0x800) return bytes(offset - 0x400, (irq) => state.priority(cpu, irq));
  if (offset < 0xc00) {
    if (state.cpus === 1) return 0;
    return bytes(offset - 0x800, (irq) => irq < 32 ? 1 << cpu : state.targets(irq));
  }
  if (offset < 0xd00) return readConfiguration(state, (offset - 0xc00) * 4, cpu);
  if (offset >= 0xf10 && offset < 0xf30) {
    return bytes(offset & 15, (id) => state.sgiSources(cpu, id));
  }
  return offset >= 0xfd0 ? IDS[(offset - 0xfd0) >>> 2] : 0;
}

function bytes(first: number, read: (irq: number) => number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) if (first + i < GIC_IRQS) value |= read(first + i) << (8 * i);
  return value;
}

function readConfiguration(state: GicState, first: number, cpu: number): number {
  if (first >= GIC_IRQS) return 0;
  let value = 0;
  for (let i = 0; i < 16; i++) value |= state.bit(FIELD.EDGE, cpu, first + i) << (2 * i + 1);
  return value;
}

/** Writes the bytes `mask` of the word at `offset` (a multiple of 4) for `cpu`. */
export function writeDistributorWord(
  state: GicState,
  offset: number,
  value: number,
  mask: number,
  cpu: number,
  update: Update,
): void {
  if (offset < 0x080) {
    if (offset !== 0) return;
    state.ctlr = merge(state.ctlr, value, mask) & 3;
    update((1 << state.cpus) - 1);
  } else if (offset < 0x400) {
    const w = (offset & 0x7f) >>> 2;
    if (w >= GIC_WORDS) return;
    writeBits(state, offset & 0x780, w, value, mask, cpu);
    update(affected(state, w, cpu));
  } else if (offset < 0x800) {
    const first = offset - 0x400;
    eachByte(first, value, mask, (irq, byte) => state.setPriority(cpu, irq, byte));
    update(affected(state, first >>> 5, cpu));
  } else if (offset < 0xc00) {
    if (state.cpus === 1 || offset < 0x820) return;
    eachByte(offset - 0x800, value, mask, (irq, byte) => state.setTargets(irq, byte));
    update((1 << state.cpus) - 1);
  } else if (offset < 0xd00) {
    const first = (offset - 0xc00) * 4;
    // Software-generated interrupts are edge-triggered for ever.
    if (first < 16 || first >= GIC_IRQS) return;
    for (let i = 0; i < 16; i++) {
      if ((mask >>> (2 * i)) & 1) {
        state.setBit(FIELD.EDGE, cpu, first + i, ((value >>> (2 * i + 1)) & 1) !== 0);
      }
    }
    update(affected(state, first >>> 5, cpu));
  } else if (offset === 0xf00) {
    sendSgi(state, value, cpu, update);
  } else if (offset >= 0xf10 && offset < 0xf30) {
    eachByte(offset & 15, value, mask, (id, byte) => {
      const sources = state.sgiSources(cpu, id);
      state.setSgiSources(cpu, id, offset < 0xf20 ? sources & ~byte : sources | byte);
    });
    update(1 << cpu);
  }
}

function merge(old: number, value: number, mask: number): number {
  return (old & ~mask) | (value & mask);
}

function eachByte(
  first: number,
  value: number,
  mask: number,
  write: (irq: number, byte: number) => void,
): void {
  for (let i = 0; i < 4; i++) {
    if ((mask >>> (8 * i)) & 1 && first + i < GIC_IRQS) {
      write(first + i, (value >>> (8 * i)) & 0xff);
    }
  }
}

/** The registers with one bit an interrupt. Bytes that are not written are 0, which changes nothing in set and clear registers. */
function writeBits(
  state: GicState,
  kind: number,
  w: number,
  value: number,
  mask: number,
  cpu: number,
): void {
  const bits = value & mask;
  // Enable and pending state of SGIs cannot be changed here.
  const settable = w === 0 ? bits & ~0xffff : bits;
  switch (kind) {
    case 0x080:
      state.setWord(FIELD.GROUP, cpu, w, merge(state.word(FIELD.GROUP, cpu, w), value, mask));
      break;
    case 0x100:
      state.setWord(FIELD.ENABLED, cpu, w, state.word(FIELD.ENABLED, cpu, w) | settable);
      break;
    case 0x180:
      state.setWord(FIELD.ENABLED, cpu, w, state.word(FIELD.ENABLED, cpu, w) & ~settable);
      break;
    case 0x200:
      state.setWord(FIELD.PENDING, cpu, w, state.word(FIELD.PENDING, cpu, w) | settable);
      break;
    case 0x280:
      state.setWord(FIELD.PENDING, cpu, w, state.word(FIELD.PENDING, cpu, w) & ~settable);
      break;
    case 0x300:
      state.setWord(FIELD.ACTIVE, cpu, w, state.word(FIELD.ACTIVE, cpu, w) | bits);
      break;
    case 0x380:
      state.setWord(FIELD.ACTIVE, cpu, w, state.word(FIELD.ACTIVE, cpu, w) & ~bits);
      break;
  }
}

/** GICD_SGIR: a software-generated interrupt to a list, to all others, or to oneself. */
function sendSgi(state: GicState, value: number, cpu: number, update: Update): void {
  const all = (1 << state.cpus) - 1;
  const filters = [(value >>> 16) & all, all & ~(1 << cpu), 1 << cpu, 0];
  const targets = filters[(value >>> 24) & 3];
  const id = value & 15;
  for (let target = 0; target < state.cpus; target++) {
    if ((targets >>> target) & 1) {
      state.setSgiSources(target, id, state.sgiSources(target, id) | (1 << cpu));
    }
  }
  update(targets);
}
