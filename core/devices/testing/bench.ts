/**
 * A small machine's shared memory, virtual time and an interrupt controller, for device tests.
 * @module
 */
import { allocateShared, type Views, viewsOf } from "../../memory/views.ts";
import {
  DEVICE_BYTES,
  type MachineLayout,
  planMachine,
  vcpuBase,
} from "../../memory/machine_layout.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { DEVICE_LOCK, UNGUARDED } from "../access_guard.ts";
import { ALARM_BYTES, AlarmTable } from "../alarm_table.ts";
import { DeviceBus } from "../bus.ts";
import type { InterruptSink } from "../device.ts";
import { DeviceArena } from "../device_arena.ts";
import { GIC_BYTES } from "../gic/state.ts";
import { Gicv2 } from "../gicv2.ts";
import { CLOCK_BYTES } from "../host_clock.ts";
import { VirtualClock } from "../virtual_clock.ts";

/** Layout of a machine without code cache. */
export function benchLayout(vcpus: number, ramBytes = 65536): MachineLayout {
  const sizes = {
    vcpus,
    ramBase: 0x4000_0000,
    ramBytes,
    strategyBytes: 0,
    tbCount: 1,
    codeCaches: 1,
  };
  return planMachine(sizes, () => 0);
}

/** Everything a device test needs; one thread, no locks. */
export interface DeviceBench {
  readonly views: Views;
  readonly layout: MachineLayout;
  readonly arena: DeviceArena;
  readonly clock: VirtualClock;
  readonly alarms: AlarmTable;
}

/** Makes a bench for `vcpus` vCPUs, over a given memory or a new one. */
export function deviceBench(
  vcpus: number,
  memory?: WebAssembly.Memory,
  ramBytes?: number,
): DeviceBench {
  const layout = benchLayout(vcpus, ramBytes);
  const views = viewsOf(memory ?? allocateShared(layout.totalBytes));
  const arena = new DeviceArena(layout.devices, DEVICE_BYTES);
  const clock = new VirtualClock(views, arena.allocate(CLOCK_BYTES));
  const alarms = new AlarmTable(views, arena.allocate(ALARM_BYTES), layout.global, clock);
  if (memory === undefined) alarms.reset();
  return { views, layout, arena, clock, alarms };
}

/** Remembers the level of every line. */
export class LineRecorder implements InterruptSink {
  readonly levels: Map<string, number> = new Map();

  setSpi(spi: number, level: number): void {
    this.levels.set(`spi${spi}`, level);
  }

  setPpi(vcpu: number, ppi: number, level: number): void {
    this.levels.set(`cpu${vcpu}.ppi${ppi}`, level);
  }
}

/** Physical bases of the controller in tests. */
export const GICD = 0x0800_0000;
/** The same for the CPU interface. */
export const GICC = 0x0801_0000;

/** An interrupt controller with short names for its registers. */
export interface GicBench {
  readonly gic: Gicv2;
  /** vCPUs kicked so far, in order. */
  readonly kicks: number[];
  readonly readD: (offset: number, cpu?: number, size?: number) => number;
  readonly writeD: (offset: number, value: number, cpu?: number, size?: number) => void;
  readonly readC: (offset: number, cpu?: number) => number;
  readonly writeC: (offset: number, value: number, cpu?: number) => void;
  /** IRQ_LINES of a vCPU. */
  readonly lines: (cpu: number) => number;
}

/** Makes a controller in its reset state. */
export function gicBench(vcpus: number): GicBench {
  const { views, layout, arena } = deviceBench(vcpus);
  const kicks: number[] = [];
  const gic = new Gicv2(
    views,
    arena.allocate(GIC_BYTES),
    layout,
    UNGUARDED,
    (vcpu) => kicks.push(vcpu),
    { distributor: GICD, cpuInterface: GICC },
  );
  const bus = new DeviceBus([
    { device: gic.distributor, lock: DEVICE_LOCK.GIC },
    { device: gic.cpuInterface, lock: DEVICE_LOCK.GIC },
  ], UNGUARDED);
  gic.distributor.reset();
  return {
    gic,
    kicks,
    readD: (offset, cpu = 0, size = 4) => bus.readDevice(GICD + offset, size, cpu),
    writeD: (offset, value, cpu = 0, size = 4) => bus.writeDevice(GICD + offset, size, value, cpu),
    readC: (offset, cpu = 0) => bus.readDevice(GICC + offset, 4, cpu),
    writeC: (offset, value, cpu = 0) => bus.writeDevice(GICC + offset, 4, value, cpu),
    lines: (cpu) => views.i32[(vcpuBase(layout, cpu) + VCPU.IRQ_LINES) >>> 2],
  };
}
