import { assertEquals, assertThrows } from "@std/assert";
import { type AccessGuard, bigLockGuard, perDeviceGuard, UNGUARDED } from "./access_guard.ts";
import { type BusDevice, DeviceBus } from "./bus.ts";
import { DeviceArena } from "./device_arena.ts";

/** A device that answers with its name's first letter and the offset, and logs writes. */
function device(
  name: string,
  base: number,
  size: number,
  lock?: number,
  log: string[] = [],
): BusDevice {
  return {
    lock,
    device: {
      name,
      base,
      size,
      read: (offset) => name.charCodeAt(0) * 0x1000 + offset,
      write: (offset, bytes, value, vcpu) =>
        void log.push(`${name}+${offset} ${bytes} ${value} ${vcpu}`),
      reset: () => void log.push(`reset ${name}`),
    },
  };
}

Deno.test("deviceBus finds whole-page devices and devices that share a page", () => {
  const bus = new DeviceBus([
    device("b", 0x2000, 0x2000),
    device("a", 0x1000, 0x18),
    device("c", 0x1100, 0x100),
  ], UNGUARDED);
  const at = (address: number): number => bus.readDevice(address, 4, 0);
  assertEquals(at(0x1004), 0x61004);
  assertEquals(at(0x11fc), 0x630fc);
  assertEquals(at(0x3ffc), 0x63000 - 0x1000 + 0x1ffc);
  for (const hole of [0, 0xffc, 0x1018, 0x10fc, 0x1200, 0x4000, 0x9000_0000, -4]) {
    assertEquals(bus.hasDevice(hole), false, hole.toString(16));
    assertEquals(bus.readDevice(hole, 4, 0), 0);
  }
  for (const there of [0x1000, 0x1017, 0x1100, 0x2000, 0x3fff]) {
    assertEquals(bus.hasDevice(there), true, there.toString(16));
  }
});

Deno.test("deviceBus holds the device's lock around an access, also when it throws", () => {
  const log: string[] = [];
  const guard: AccessGuard = {
    lock: (lock, vcpu) => void log.push(`lock ${lock} for ${vcpu}`),
    unlock: (lock) => void log.push(`unlock ${lock}`),
  };
  const broken = device("x", 0x5000, 0x1000, 4);
  const bus = new DeviceBus([
    device("a", 0x1000, 0x1000, 3, log),
    device("n", 0x3000, 0x1000, undefined, log),
    {
      ...broken,
      device: {
        ...broken.device,
        read: () => {
          throw new Error("broken device");
        },
      },
    },
  ], guard);
  bus.writeDevice(0x1008, 2, 7, 1);
  bus.writeDevice(0x3000, 1, 9, 0);
  assertThrows(() => bus.readDevice(0x5000, 4, 0), Error, "broken device");
  assertEquals(log, [
    "lock 3 for 1",
    "a+8 2 7 1",
    "unlock 3",
    "n+0 1 9 0",
    "lock 4 for 0",
    "unlock 4",
  ]);
});

Deno.test("deviceBus refuses devices that overlap", () => {
  assertThrows(
    () => new DeviceBus([device("a", 0x1000, 0x101), device("b", 0x1100, 4)], UNGUARDED),
    RangeError,
    "Device b overlaps",
  );
});

Deno.test("deviceBus locks what a device does not read alone, and tells it when the lock is free", () => {
  const steps: string[] = [];
  const guard = {
    lock: (): number => steps.push("lock"),
    unlock: (): number => steps.push("unlock"),
  };
  const bus = new DeviceBus([{
    lock: 3,
    device: {
      name: "a",
      base: 0x1000,
      size: 0x1000,
      read: (offset) => steps.push(`read ${offset}`),
      readsAlone: (offset) => offset === 4,
      write: () => steps.push("write"),
      released: () => steps.push("released"),
      reset: () => {},
    },
  }], guard);
  bus.readDevice(0x1004, 4, 0);
  assertEquals(steps.splice(0), ["read 4"]);
  bus.readDevice(0x1008, 4, 0);
  assertEquals(steps.splice(0), ["lock", "read 8", "unlock", "released"]);
  bus.writeDevice(0x1004, 4, 0, 0);
  assertEquals(steps, ["lock", "write", "unlock", "released"]);
});

Deno.test("accessGuards nest as devices do and leave every lock free", () => {
  const i32 = new Int32Array(new SharedArrayBuffer(4096));
  const guards = [perDeviceGuard(i32, 0, () => 0), bigLockGuard(i32, 64 * 40, () => 0)];
  for (const guard of guards) {
    guard.lock(9, 0);
    guard.lock(0, -1);
    assertEquals(i32.filter((word) => word !== 0).length > 0, true);
    guard.unlock(0);
    guard.unlock(9);
    assertEquals(i32.every((word) => word === 0), true);
  }
});

Deno.test("deviceArena gives aligned addresses and fails when used up", () => {
  const arena = new DeviceArena(0x1000, 0x100);
  assertEquals([arena.allocate(1), arena.allocate(65), arena.allocate(4)], [
    0x1000,
    0x1040,
    0x10c0,
  ]);
  assertThrows(() => arena.allocate(64), RangeError, "DEVICE_BYTES");
});
