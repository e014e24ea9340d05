/**
 * Generic interrupt controller, version 2, without the security and virtualisation extensions, as
 * the board of QEMU has it: 288 interrupts, up to 8 CPUs. Source: ARM IHI 0048B.
 * @module
 */
import type { Views } from "../memory/views.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { type AccessGuard, DEVICE_LOCK } from "./access_guard.ts";
import type { Device, InterruptSink } from "./device.ts";
import { interruptLines, readCpuInterface, writeCpuInterface } from "./gic/cpu_interface.ts";
import { readDistributorWord, writeDistributorWord } from "./gic/distributor.ts";
import { FIELD, GicState } from "./gic/state.ts";

/** Gets the attention of a vCPU whose interrupt line rose. */
export type Kick = (vcpu: number) => void;

/** The controller as one thread sees it. */
export class Gicv2 implements InterruptSink {
  /** Distributor registers; lock DEVICE_LOCK.GIC. */
  readonly distributor: Device;
  /** CPU interface registers; the same lock. */
  readonly cpuInterface: Device;
  readonly #state: GicState;
  readonly #i32: Int32Array;
  readonly #layout: MachineLayout;
  readonly #guard: AccessGuard;
  readonly #kick: Kick;
  readonly #update: (cpuMask: number) => void;
  /** CPUs whose lines rose since the lock was taken: told when it is free, for they want it next. */
  #risen = 0;

  /** `state` is the address of GIC_BYTES bytes; `bases` are the physical addresses of the blocks. */
  constructor(
    views: Views,
    state: number,
    layout: MachineLayout,
    guard: AccessGuard,
    kick: Kick,
    bases: { readonly distributor: number; readonly cpuInterface: number },
  ) {
    this.#state = new GicState(views, state, layout.vcpus);
    this.#i32 = views.i32;
    this.#layout = layout;
    this.#guard = guard;
    this.#kick = kick;
    this.#update = (mask) => this.#updateLines(mask);
    this.distributor = this.#makeDistributor(bases.distributor);
    this.cpuInterface = this.#makeCpuInterface(bases.cpuInterface);
  }

  setSpi(spi: number, level: number): void {
    const irq = 32 + spi;
    this.#setLine(0, irq, level);
  }

  setPpi(vcpu: number, ppi: number, level: number): void {
    this.#setLine(vcpu, ppi, level);
  }

  #setLine(cpu: number, irq: number, level: number): void {
    const state = this.#state;
    const index = state.wordIndex(FIELD.LEVEL, cpu, irq >>> 5);
    // Only the driver of a line changes its bit, so that it may look without the lock.
    if (((Atomics.load(this.#i32, index) >>> (irq & 31)) & 1) === level) return;
    this.#guard.lock(DEVICE_LOCK.GIC, -1);
    state.setBit(FIELD.LEVEL, cpu, irq, level !== 0);
    if (level !== 0 && state.bit(FIELD.EDGE, cpu, irq) !== 0) {
      state.setBit(FIELD.PENDING, cpu, irq, true);
    }
    this.#updateLines(irq < 32 ? 1 << cpu : state.targets(irq));
    this.#guard.unlock(DEVICE_LOCK.GIC);
    this.#kickRisen();
  }

  #kickRisen(): void {
    for (let cpu = 0; this.#risen !== 0; cpu++) {
      if (((this.#risen >>> cpu) & 1) === 0) continue;
      this.#risen &= ~(1 << cpu);
      this.#kick(cpu);
    }
  }

  /** Recomputes the interrupt lines of the CPUs in `mask`; the GIC's lock is held. */
  #updateLines(mask: number): void {
    for (let cpu = 0; cpu < this.#layout.vcpus; cpu++) {
      if (((mask >>> cpu) & 1) === 0) continue;
      const lines = interruptLines(this.#state, cpu);
      const index = (vcpuBase(this.#layout, cpu) + VCPU.IRQ_LINES) >>> 2;
      const old = Atomics.exchange(this.#i32, index, lines);
      if ((lines & ~old) !== 0) this.#risen |= 1 << cpu;
    }
  }

  #makeDistributor(base: number): Device {
    const state = this.#state;
    return {
      name: "gic-distributor",
      base,
      size: 0x1000,
      read: (offset, size, vcpu) => {
        const word = readDistributorWord(state, offset & ~3, vcpu);
        return (word >>> (8 * (offset & 3)) & sizeMask(size)) >>> 0;
      },
      write: (offset, size, value, vcpu) => {
        const shift = 8 * (offset & 3);
        const mask = sizeMask(size) << shift;
        writeDistributorWord(state, offset & ~3, value << shift, mask, vcpu, this.#update);
      },
      readsAlone: () => true,
      released: () => this.#kickRisen(),
      reset: () => {
        state.reset();
        this.#updateLines((1 << state.cpus) - 1);
        this.#kickRisen();
      },
    };
  }

  #makeCpuInterface(base: number): Device {
    const state = this.#state;
    return {
      name: "gic-cpu-interface",
      base,
      size: 0x2000,
      read: (offset, size, vcpu) => {
        const word = readCpuInterface(state, offset & ~3, vcpu, this.#update);
        return (word >>> (8 * (offset & 3)) & sizeMask(size)) >>> 0;
      },
      write: (offset, size, value, vcpu) => {
        writeCpuInterface(state, offset & ~3, value & sizeMask(size), vcpu, this.#update);
      },
      released: () => this.#kickRisen(),
      // One state, put into its reset values with the distributor.
      reset: () => {},
    };
  }
}

/** The low `size` bytes. */
function sizeMask(size: number): number {
  return size === 4 ? -1 : (1 << (8 * size)) - 1;
}
