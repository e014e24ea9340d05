/**
 * State of the interrupt controller in the shared memory, and what follows from it: which interrupt
 * a CPU would take. Interrupts 0-31 are banked (one set a CPU), the others shared; bits come in
 * words of 32 interrupts, so word 0 is the banked one. All of it is used with the GIC's lock held.
 * @module
 */
import type { Views } from "../../memory/views.ts";
import { MAX_VCPUS } from "../../memory/machine_layout.ts";

/** Interrupts that QEMU's `virt` board gives its GIC: 32 internal and 256 shared. */
export const GIC_IRQS = 288;
/** Words of 32 interrupts. */
export const GIC_WORDS: number = GIC_IRQS / 32;
/** What an acknowledge reads when there is nothing to take. */
export const SPURIOUS = 1023;
/** Running priority when no interrupt is active. */
export const IDLE_PRIORITY = 0x100;

/** Bit fields: one bit an interrupt. */
export const FIELD = {
  ENABLED: 0,
  /** Latched pending state: edges, software writes, SGIs. */
  PENDING: 1,
  /** Input lines as the devices drive them. */
  LEVEL: 2,
  ACTIVE: 3,
  GROUP: 4,
  /** 1 edge-triggered, 0 level-sensitive. */
  EDGE: 5,
} as const;
const FIELDS = 6;

/** Words of a CPU's interface. */
export const CPU = { CTLR: 0, PMR: 1, BPR: 2, ABPR: 3, APR: 4, NSAPR: 8 } as const;
const CPU_WORDS = 16;

/** Banked words of a field, then its shared words; word 0 of the shared part is not used. */
const FIELD_WORDS = MAX_VCPUS + GIC_WORDS;
const OFFSET = {
  CTLR: 0,
  FIELDS: 64,
  TARGETED: 64 + FIELDS * FIELD_WORDS * 4,
  CPUS: 64 + FIELDS * FIELD_WORDS * 4 + MAX_VCPUS * GIC_WORDS * 4,
} as const;
const PRIORITIES = OFFSET.CPUS + MAX_VCPUS * CPU_WORDS * 4;
const TARGETS = PRIORITIES + MAX_VCPUS * 32 + GIC_IRQS;
const SGI_SOURCES = TARGETS + GIC_IRQS;

/** Bytes of the state. */
export const GIC_BYTES: number = SGI_SOURCES + MAX_VCPUS * 16;

/** Accessors to the state at `base`, for `cpus` CPUs. */
export class GicState {
  /** CPUs the controller serves. */
  readonly cpus: number;
  readonly #u32: Uint32Array;
  readonly #u8: Uint8Array;
  readonly #base: number;
  readonly #word: number;
  /** Result of {@linkcode best}: the interrupt (or SPURIOUS) and its priority. */
  bestIrq: number = SPURIOUS;
  /** Its priority; IDLE_PRIORITY when there is none. */
  bestPriority: number = IDLE_PRIORITY;

  /** `base` is the address of GIC_BYTES; `cpus` at most MAX_VCPUS. */
  constructor(views: Views, base: number, cpus: number) {
    this.#u32 = views.u32;
    this.#u8 = views.u8;
    this.#base = base;
    this.#word = base >>> 2;
    this.cpus = cpus;
  }

  /** Distributor control: bit 0 forwards group 0, bit 1 group 1. */
  get ctlr(): number {
    return this.#u32[this.#word];
  }
  set ctlr(value: number) {
    this.#u32[this.#word] = value;
  }

  #index(field: number, cpu: number, w: number): number {
    return this.#word + ((OFFSET.FIELDS) >>> 2) + field * FIELD_WORDS +
      (w === 0 ? cpu : MAX_VCPUS + w);
  }

  /** Index of a field's word in a 32-bit view of the whole memory. */
  wordIndex(field: number, cpu: number, w: number): number {
    return this.#index(field, cpu, w);
  }

  /** 32 bits of a {@linkcode FIELD}: interrupts 32 * `w` and up; `cpu` matters for word 0 only. */
  word(field: number, cpu: number, w: number): number {
    return this.#u32[this.#index(field, cpu, w)];
  }

  /** Writes a word of a field. */
  setWord(field: number, cpu: number, w: number, value: number): void {
    this.#u32[this.#index(field, cpu, w)] = value;
  }

  /** One interrupt's bit of a field. */
  bit(field: number, cpu: number, irq: number): number {
    return (this.word(field, cpu, irq >>> 5) >>> (irq & 31)) & 1;
  }

  /** Writes one interrupt's bit. */
  setBit(field: number, cpu: number, irq: number, on: boolean): void {
    const i = this.#index(field, cpu, irq >>> 5);
    const mask = 1 << (irq & 31);
    this.#u32[i] = on ? this.#u32[i] | mask : this.#u32[i] & ~mask;
  }

  /** Pending state as a guest sees it: latched, or asserted and level-sensitive. */
  pending(cpu: number, w: number): number {
    return this.word(FIELD.PENDING, cpu, w) |
      (this.word(FIELD.LEVEL, cpu, w) & ~this.word(FIELD.EDGE, cpu, w));
  }

  #priorityAt(cpu: number, irq: number): number {
    return this.#base + PRIORITIES + (irq < 32 ? cpu * 32 : MAX_VCPUS * 32) + irq;
  }

  /** Priority of an interrupt: 0 is the most urgent. */
  priority(cpu: number, irq: number): number {
    return this.#u8[this.#priorityAt(cpu, irq)];
  }

  /** Writes a priority. */
  setPriority(cpu: number, irq: number, value: number): void {
    this.#u8[this.#priorityAt(cpu, irq)] = value;
  }

  /** CPUs that a shared interrupt is sent to, one bit each. */
  targets(irq: number): number {
    return this.#u8[this.#base + TARGETS + irq];
  }

  /** Writes them. */
  setTargets(irq: number, mask: number): void {
    this.#u8[this.#base + TARGETS + irq] = mask;
    const bit = 1 << (irq & 31);
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      const i = this.#targetedIndex(cpu, irq >>> 5);
      this.#u32[i] = (mask >>> cpu) & 1 ? this.#u32[i] | bit : this.#u32[i] & ~bit;
    }
  }

  #targetedIndex(cpu: number, w: number): number {
    return this.#word + (OFFSET.TARGETED >>> 2) + cpu * GIC_WORDS + w;
  }

  /** CPUs from which SGI `id` is pending on `cpu`, one bit each. */
  sgiSources(cpu: number, id: number): number {
    return this.#u8[this.#base + SGI_SOURCES + cpu * 16 + id];
  }

  /** Writes them; the SGI is pending while there is one. */
  setSgiSources(cpu: number, id: number, sources: number): void {
    this.#u8[this.#base + SGI_SOURCES + cpu * 16 + id] = sources;
    this.setBit(FIELD.PENDING, cpu, id, sources !== 0);
  }

  /** A word of a CPU's interface; `index` is a {@linkcode CPU}. */
  cpu(cpu: number, index: number): number {
    return this.#u32[this.#word + (OFFSET.CPUS >>> 2) + cpu * CPU_WORDS + index];
  }

  /** Writes such a word. */
  setCpu(cpu: number, index: number, value: number): void {
    this.#u32[this.#word + (OFFSET.CPUS >>> 2) + cpu * CPU_WORDS + index] = value;
  }

  /**
   * Finds the interrupt of highest priority that is pending, enabled, not active and sent to the
   * CPU; of equals the lowest number. Leaves it in bestIrq and bestPriority.
   */
  best(cpu: number): void {
    this.bestIrq = SPURIOUS;
    this.bestPriority = IDLE_PRIORITY;
    const forwarded = this.ctlr;
    if (forwarded === 0) return;
    const u32 = this.#u32;
    const targeted = this.#targetedIndex(cpu, 0);
    for (let w = 0; w < GIC_WORDS; w++) {
      // Runs at every access to the controller: so by index, and the usual "nothing" first.
      const i = this.#index(0, cpu, w);
      const level = u32[i + FIELD.LEVEL * FIELD_WORDS] & ~u32[i + FIELD.EDGE * FIELD_WORDS];
      let candidates = u32[i + FIELD.PENDING * FIELD_WORDS] | level;
      if (candidates === 0) continue;
      candidates &= u32[i + FIELD.ENABLED * FIELD_WORDS] & ~u32[i + FIELD.ACTIVE * FIELD_WORDS];
      if (w !== 0) candidates &= u32[targeted + w];
      while (candidates !== 0) {
        const bit = 31 - Math.clz32(candidates & -candidates);
        candidates &= candidates - 1;
        const irq = w * 32 + bit;
        if ((forwarded >>> this.bit(FIELD.GROUP, cpu, irq) & 1) === 0) continue;
        const priority = this.priority(cpu, irq);
        if (priority < this.bestPriority) {
          this.bestPriority = priority;
          this.bestIrq = irq;
        }
      }
    }
  }

  /** The part of a priority that decides about preemption, from the binary point of its group. */
  groupPriority(cpu: number, group: number, priority: number): number {
    const common = (this.cpu(cpu, CPU.CTLR) & 0x10) !== 0;
    const point = group === 1 && !common ? this.cpu(cpu, CPU.ABPR) - 1 : this.cpu(cpu, CPU.BPR);
    return priority & (-1 << ((point & 7) + 1));
  }

  /** Priority of the most urgent active interrupt of the CPU, IDLE_PRIORITY when there is none. */
  runningPriority(cpu: number): number {
    for (let i = 0; i < 4; i++) {
      const active = this.cpu(cpu, CPU.APR + i) | this.cpu(cpu, CPU.NSAPR + i);
      if (active !== 0) return (i * 32 + 31 - Math.clz32(active & -active)) << 1;
    }
    return IDLE_PRIORITY;
  }

  /** Puts everything into its reset state; input lines stay as they are driven. */
  reset(): void {
    const levels: number[] = [];
    for (let i = 0; i < FIELD_WORDS; i++) levels.push(this.#u32[this.#levelsAt() + i]);
    this.#u8.fill(0, this.#base, this.#base + GIC_BYTES);
    levels.forEach((level, i) => this.#u32[this.#levelsAt() + i] = level);
    for (let cpu = 0; cpu < this.cpus; cpu++) {
      this.setWord(FIELD.ENABLED, cpu, 0, 0xffff);
      this.setWord(FIELD.EDGE, cpu, 0, 0xffff);
      this.setCpu(cpu, CPU.ABPR, 1);
    }
    // With one CPU the target registers do not exist and everything is sent to it.
    if (this.cpus === 1) { for (let irq = 32; irq < GIC_IRQS; irq++) this.setTargets(irq, 1); }
  }

  #levelsAt(): number {
    return this.#word + (OFFSET.FIELDS >>> 2) + FIELD.LEVEL * FIELD_WORDS;
  }
}
