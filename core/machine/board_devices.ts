/**
 * Builds the board's devices on one thread. Every thread of a machine calls this with the same
 * layout and gets objects over the same state.
 * @module
 */
import {
  type AccessGuard,
  DEVICE_LOCK,
  DEVICE_LOCKS,
  LOCK_BYTES,
} from "../devices/access_guard.ts";
import { ALARM_BYTES, AlarmTable, RTC_ALARM, UART_ALARM } from "../devices/alarm_table.ts";
import { DeviceBus } from "../devices/bus.ts";
import { ConsoleRing } from "../devices/console_ring.ts";
import type { Clock } from "../devices/device.ts";
import { DeviceArena } from "../devices/device_arena.ts";
import { FW_CFG_BYTES, FwCfg } from "../devices/fw_cfg.ts";
import { GenericTimers, TIMER_BYTES } from "../devices/generic_timer.ts";
import { GIC_BYTES } from "../devices/gic/state.ts";
import { Gicv2 } from "../devices/gicv2.ts";
import { CLOCK_BYTES } from "../devices/host_clock.ts";
import { Pl011, PL011_BYTES } from "../devices/pl011.ts";
import { Pl031, PL031_BYTES } from "../devices/pl031.ts";
import { Pl061, PL061_BYTES } from "../devices/pl061.ts";
import { emptyVirtioSlots } from "../devices/virtio_mmio.ts";
import { DEVICE_BYTES, type MachineLayout } from "../memory/machine_layout.ts";
import type { Views } from "../memory/views.ts";
import { BOARD } from "./board.ts";
import { Psci } from "./psci.ts";

/** Addresses of the state that does not belong to one device object. */
export interface BoardState {
  /** DEVICE_LOCKS locks of LOCK_BYTES. */
  readonly locks: number;
  /** CLOCK_BYTES, for a HostClock or a VirtualClock. */
  readonly clock: number;
  readonly arena: DeviceArena;
}

/** Where the shared parts of the board lie: known before clock and guard are made. */
export function boardState(layout: MachineLayout): BoardState {
  const arena = new DeviceArena(layout.devices, DEVICE_BYTES);
  return {
    locks: arena.allocate(DEVICE_LOCKS * LOCK_BYTES),
    clock: arena.allocate(CLOCK_BYTES),
    arena,
  };
}

/** The devices of a machine as one thread sees them. */
export interface Board {
  readonly bus: DeviceBus;
  readonly gic: Gicv2;
  readonly timers: GenericTimers;
  readonly alarms: AlarmTable;
  readonly uart: Pl011;
  readonly rtc: Pl031;
  readonly gpio: Pl061;
  readonly console: ConsoleRing;
  readonly psci: Psci;
  /** Handles an alarm that is due; what `alarms.serve` and `alarms.runDue` are given. */
  readonly alarm: (slot: number) => void;
  /** Puts every device into its reset state; once, before any vCPU runs. */
  readonly reset: () => void;
}

/**
 * Builds the board. `state` is a fresh {@linkcode boardState}; `clock` uses its clock words; `kick`
 * gets the attention of a vCPU (see core/smp/kick.ts).
 */
export function buildBoard(
  views: Views,
  layout: MachineLayout,
  state: BoardState,
  guard: AccessGuard,
  clock: Clock,
  kick: (vcpu: number) => void,
): Board {
  const { arena } = state;
  const gic = new Gicv2(views, arena.allocate(GIC_BYTES), layout, guard, kick, {
    distributor: BOARD.gicDistributor.base,
    cpuInterface: BOARD.gicCpuInterface.base,
  });
  const alarms = new AlarmTable(views, arena.allocate(ALARM_BYTES), layout.global, clock);
  const timers = new GenericTimers(views, arena.allocate(TIMER_BYTES), clock, alarms, guard, gic);
  const console = new ConsoleRing(views, layout.console, layout.global);
  const uart = new Pl011(
    views,
    arena.allocate(PL011_BYTES),
    console,
    alarms,
    guard,
    gic,
    BOARD.uart,
  );
  const rtc = new Pl031(views, arena.allocate(PL031_BYTES), clock, alarms, guard, gic, BOARD.rtc);
  const gpio = new Pl061(views, arena.allocate(PL061_BYTES), guard, gic, BOARD.gpio);
  const fwCfg = new FwCfg(views, arena.allocate(FW_CFG_BYTES), BOARD.fwCfg.base);
  const bus = new DeviceBus([
    { device: gic.distributor, lock: DEVICE_LOCK.GIC },
    { device: gic.cpuInterface, lock: DEVICE_LOCK.GIC },
    { device: uart, lock: DEVICE_LOCK.UART },
    { device: rtc, lock: DEVICE_LOCK.RTC },
    { device: fwCfg, lock: DEVICE_LOCK.FW_CFG },
    { device: gpio, lock: DEVICE_LOCK.GPIO },
    { device: emptyVirtioSlots(BOARD.virtio.base, BOARD.virtio.count), lock: undefined },
  ], guard);
  return {
    bus,
    gic,
    timers,
    alarms,
    uart,
    rtc,
    gpio,
    console,
    psci: new Psci(views, layout, guard, kick),
    alarm: (slot) => {
      if (slot < RTC_ALARM) timers.alarm(slot);
      else if (slot === RTC_ALARM) rtc.alarm();
      else if (slot === UART_ALARM) uart.alarm();
    },
    reset: () => {
      alarms.reset();
      timers.reset();
      bus.reset();
    },
  };
}
