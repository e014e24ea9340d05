/**
 * The board's virtio transports and what is plugged into them, put together for one thread.
 * @module
 */
import { type AccessGuard, DEVICE_LOCK } from "../devices/access_guard.ts";
import type { BusDevice } from "../devices/bus.ts";
import type { ConsoleRing } from "../devices/console_ring.ts";
import type { InterruptSink } from "../devices/device.ts";
import type { DeviceArena } from "../devices/device_arena.ts";
import { virtioBlock } from "../devices/virtio/block.ts";
import { VIRTIO_CONSOLE_BYTES, VirtioConsole } from "../devices/virtio/console.ts";
import { DISK_CHANNEL_BYTES, DiskChannel } from "../devices/virtio/disk_channel.ts";
import { type DmaHooks, GuestMemory } from "../devices/virtio/guest_memory.ts";
import type { VirtioModel } from "../devices/virtio/model.ts";
import { VIRTIO_RNG } from "../devices/virtio/rng.ts";
import { transportStateBytes, VirtioTransport } from "../devices/virtio/transport.ts";
import { emptyVirtioSlots } from "../devices/virtio_mmio.ts";
import type { MachineLayout } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { BOARD } from "./board.ts";
import { sectorsOf, type VirtioConfig, type VirtioDeviceConfig } from "./virtio_config.ts";

/** What they are made of. */
export interface VirtioParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** Where their state goes. */
  readonly arena: DeviceArena;
  /** The thread's locks. */
  readonly guard: AccessGuard;
  /** Takes interrupts. */
  readonly sink: InterruptSink;
  /** Takes what the guest writes on the virtio console. */
  readonly output: ConsoleRing;
  /** Which devices there are. */
  readonly config: VirtioConfig;
  /** What has to see stores to RAM; undefined on threads without a vCPU. */
  readonly dma: DmaHooks | undefined;
}

/** The devices as one thread sees them. */
export interface VirtioDevices {
  /** For the bus. */
  readonly devices: readonly BusDevice[];
  /** The virtio console, if there is one. */
  readonly console: VirtioConsole | undefined;
  /** The way to the disk thread. */
  readonly channel: DiskChannel;
  /** See LoopParts.deviceWork. */
  readonly work: (env: number) => void;
}

/** Makes the transports, with and without devices. */
export function makeVirtioDevices(parts: VirtioParts): VirtioDevices {
  const { views, layout, arena, guard, config } = parts;
  const memory = parts.dma === undefined ? undefined : new GuestMemory(views, layout, parts.dma);
  const channel = new DiskChannel(views, arena.allocate(DISK_CHANNEL_BYTES), layout.global, guard);
  const vcpuOf = (env: number): number => views.i32[(env + VCPU.INDEX) >>> 2];
  let console: VirtioConsole | undefined;

  const model = (device: VirtioDeviceConfig): VirtioModel => {
    switch (device.kind) {
      case "rng":
        return VIRTIO_RNG;
      case "console":
        console = new VirtioConsole(views, arena.allocate(VIRTIO_CONSOLE_BYTES), (env, bytes) => {
          // The ring has one producer at a time: the UART, or who holds the UART's lock.
          guard.lock(DEVICE_LOCK.UART, vcpuOf(env));
          for (const byte of bytes) parts.output.push(byte);
          guard.unlock(DEVICE_LOCK.UART);
        });
        return console;
      case "block": {
        const disk = config.disks[device.disk];
        return virtioBlock(
          {
            disk: device.disk,
            sectors: sectorsOf(disk),
            readOnly: disk.mode === "ro",
            serial: `mttcg-disk-${device.disk}`,
          },
          channel,
          views.i32,
        );
      }
    }
  };

  const { base, stride, count, spi } = BOARD.virtio;
  const slots = config.devices.map((device, index) => {
    const slot = count - config.devices.length + index;
    const made = model(device);
    const place = { base: base + slot * stride, spi: spi + slot };
    const state = arena.allocate(transportStateBytes(made));
    const { version } = config;
    const common = { views, layout, sink: parts.sink, memory, version };
    const transport = new VirtioTransport(common, state, made, place);
    return { transport, acts: made.work !== undefined, lock: DEVICE_LOCK.VIRTIO + slot };
  });
  const empty = count - slots.length;
  return {
    devices: [
      ...(empty === 0 ? [] : [{ device: emptyVirtioSlots(base, empty), lock: undefined }]),
      ...slots.map(({ transport, lock }) => ({ device: transport, lock })),
    ],
    console,
    channel,
    work: (env) => {
      for (const { transport, acts, lock } of slots) {
        if (!acts) continue;
        const vcpu = vcpuOf(env);
        guard.lock(lock, vcpu);
        try {
          transport.work(vcpu);
        } finally {
          guard.unlock(lock);
        }
      }
    },
  };
}
