/**
 * The devices of the board, put together for one thread. Every thread calls this with the same
 * layout and gets objects over the same state.
 * @module
 */
import { DEVICE_LOCK, DEVICE_LOCKS, LOCK_BYTES, perDeviceGuard } from "../devices/access_guard.ts";
import {
  ALARM_BYTES,
  AlarmTable,
  POWER_KEY_ALARM,
  RTC_ALARM,
  UART_ALARM,
} from "../devices/alarm_table.ts";
import { DeviceBus } from "../devices/bus.ts";
import { ConsoleMarks, type MarkTexts } from "../devices/console_marks.ts";
import { ConsoleRing } from "../devices/console_ring.ts";
import type { Clock } from "../devices/device.ts";
import { DeviceArena } from "../devices/device_arena.ts";
import { FW_CFG_BYTES, FwCfg } from "../devices/fw_cfg.ts";
import { GenericTimers, TIMER_BYTES } from "../devices/generic_timer.ts";
import { GIC_BYTES } from "../devices/gic/state.ts";
import { Gicv2 } from "../devices/gicv2.ts";
import { CLOCK_BYTES, HostClock, startHostClock } from "../devices/host_clock.ts";
import { Pl011, PL011_BYTES } from "../devices/pl011.ts";
import { Pl031, PL031_BYTES } from "../devices/pl031.ts";
import { Pl061, PL061_BYTES } from "../devices/pl061.ts";
import type { VirtioConsole } from "../devices/virtio/console.ts";
import type { DiskChannel } from "../devices/virtio/disk_channel.ts";
import type { DmaHooks } from "../devices/virtio/guest_memory.ts";
import { PowerKey } from "../devices/power_key.ts";
import { VirtualClock } from "../devices/virtual_clock.ts";
import { DEVICE_BYTES, type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import type { Views } from "../memory/views.ts";
import type { FutexMutex } from "../smp/futex_mutex.ts";
import { kick } from "../smp/kick.ts";
import { BOARD, POWER_KEY_PIN } from "./board.ts";
import { Psci } from "./psci.ts";
import type { VirtioConfig } from "./virtio_config.ts";
import { makeVirtioDevices } from "./virtio_devices.ts";

/** The devices as one thread sees them. */
export interface VirtDevices {
  /** Finds the device at a physical address. */
  readonly bus: DeviceBus;
  /** The architected timers of every vCPU. */
  readonly timers: GenericTimers;
  /** Deadlines that the timer thread waits for. */
  readonly alarms: AlarmTable;
  /** The power key. */
  readonly powerKey: PowerKey;
  /** The guest's console. */
  readonly uart: Pl011;
  /** What the guest wrote and the main thread has not yet taken. */
  readonly console: ConsoleRing;
  /** The virtio console, if there is one. */
  readonly virtioConsole: VirtioConsole | undefined;
  /** The way to the disk thread. */
  readonly disks: DiskChannel;
  /** Lets devices act that got something from outside the guest; on the thread of a vCPU. */
  readonly work: (env: number) => void;
  /** Power states. */
  readonly psci: Psci;
  /** The same object as `virtualClock` when time is counted in guest instructions. */
  readonly clock: Clock;
  /** Time counted in guest instructions; null on host time. */
  readonly virtualClock: VirtualClock | null;
  /** Runs what is due in an alarm slot. */
  readonly alarm: (slot: number) => void;
}

/** What differs between machines and threads. */
export interface VirtDevicesOptions {
  /** Time is counted in guest instructions. */
  readonly virtualTime: boolean;
  /** The virtio devices. */
  readonly virtio: VirtioConfig;
  /** Lines of the console between which the guest measures; none are looked for when left out. */
  readonly marks?: MarkTexts | undefined;
  /** This thread prepares the machine. */
  readonly first: boolean;
  /** What has to see the devices' stores to RAM; undefined on threads without a vCPU. */
  readonly dma?: DmaHooks;
  /** Takes the devices' locks; one of the devices' own when left out. */
  readonly mutex?: FutexMutex;
}

/**
 * Makes the devices. `first` must be true on exactly one thread, the one that prepares the machine:
 * it starts the clock and resets every device.
 */
export function makeVirtDevices(
  views: Views,
  layout: MachineLayout,
  options: VirtDevicesOptions,
): VirtDevices {
  const arena = new DeviceArena(layout.devices, DEVICE_BYTES);
  const clockState = arena.allocate(CLOCK_BYTES);
  const locks = arena.allocate(DEVICE_LOCKS * LOCK_BYTES);
  const alarmState = arena.allocate(ALARM_BYTES);
  const gicState = arena.allocate(GIC_BYTES);
  const timerState = arena.allocate(TIMER_BYTES);
  const uartState = arena.allocate(PL011_BYTES);
  const rtcState = arena.allocate(PL031_BYTES);
  const gpioState = arena.allocate(PL061_BYTES);
  const fwCfgState = arena.allocate(FW_CFG_BYTES);

  if (options.first && !options.virtualTime) startHostClock(views, clockState);
  const virtualClock = options.virtualTime ? new VirtualClock(views, clockState) : null;
  const clock = virtualClock ?? new HostClock(views, clockState);
  const guard = perDeviceGuard(
    views.i32,
    locks,
    (vcpu) => vcpu < 0 ? 0 : vcpuBase(layout, vcpu),
    options.mutex,
  );
  const kickVcpu = (vcpu: number): void => kick(views.i32, vcpuBase(layout, vcpu));

  const alarms = new AlarmTable(views, alarmState, layout.global, clock);
  const gic = new Gicv2(views, gicState, layout, guard, kickVcpu, {
    distributor: BOARD.gicDistributor.base,
    cpuInterface: BOARD.gicCpuInterface.base,
  });
  const timers = new GenericTimers(views, timerState, clock, alarms, guard, gic);
  const console = new ConsoleRing(views, layout.console, layout.global);
  if (options.marks !== undefined) {
    const marks = new ConsoleMarks(views, layout, options.marks);
    console.onByte = (byte) => marks.see(byte);
  }
  const uart = new Pl011(views, uartState, console, alarms, guard, gic, BOARD.uart);
  const rtc = new Pl031(views, rtcState, clock, alarms, guard, gic, BOARD.rtc);
  const gpio = new Pl061(views, gpioState, guard, gic, BOARD.gpio);
  const powerKey = new PowerKey(gpio, POWER_KEY_PIN, alarms, clock);
  const virtio = makeVirtioDevices({
    views,
    layout,
    arena,
    guard,
    sink: gic,
    output: console,
    config: options.virtio,
    dma: options.dma,
  });
  const bus = new DeviceBus([
    { device: gic.distributor, lock: DEVICE_LOCK.GIC },
    { device: gic.cpuInterface, lock: DEVICE_LOCK.GIC },
    { device: uart, lock: DEVICE_LOCK.UART },
    { device: rtc, lock: DEVICE_LOCK.RTC },
    { device: gpio, lock: DEVICE_LOCK.GPIO },
    { device: new FwCfg(views, fwCfgState, BOARD.fwCfg.base), lock: DEVICE_LOCK.FW_CFG },
    ...virtio.devices,
  ], guard);
  if (options.first) {
    alarms.reset();
    bus.reset();
    timers.reset();
  }
  return {
    bus,
    timers,
    alarms,
    powerKey,
    uart,
    console,
    virtioConsole: virtio.console,
    disks: virtio.channel,
    work: virtio.work,
    psci: new Psci(views, layout, guard, kickVcpu),
    clock,
    virtualClock,
    alarm: (slot) => {
      if (slot === RTC_ALARM) rtc.alarm();
      else if (slot === UART_ALARM) uart.alarm();
      else if (slot === POWER_KEY_ALARM) powerKey.alarm();
      else timers.alarm(slot);
    },
  };
}
