/**
 * Which virtio devices a machine has, in a form that can be posted to its threads.
 * @module
 */
import { statSync } from "node:fs";
import { SECTOR } from "../devices/virtio/block.ts";
import { BOARD } from "./board.ts";
import { ImageError } from "./elf.ts";

/** A disk as it is asked for. */
export interface DiskOptions {
  /** Path of a raw image. The file itself is never written. */
  readonly path: string;
  /** `ro`: the guest cannot write. `overlay`: what it writes is kept in memory until the end. */
  readonly mode: "ro" | "overlay";
}

/** The virtio devices that are asked for. */
export interface VirtioOptions {
  /** Disks, in the order in which the guest finds them. */
  readonly disks?: readonly DiskOptions[];
  /** An entropy source. */
  readonly rng?: boolean;
  /** A console besides the UART; it gets the input, both are shown. */
  readonly console?: boolean;
  /** The interface of Virtio 1.0 instead of the legacy one, which is QEMU's default. */
  readonly modern?: boolean;
}

/** A disk that exists. */
export interface DiskConfig extends DiskOptions {
  /** Bytes of the file; the last sector is filled up with zeros. */
  readonly fileBytes: number;
}

/** A device in a transport. */
export type VirtioDeviceConfig =
  | { readonly kind: "block"; readonly disk: number }
  | { readonly kind: "rng" }
  | { readonly kind: "console" };

/** What every thread has to know. */
export interface VirtioConfig {
  /** Version of the transports' interface. */
  readonly version: 1 | 2;
  /** Images, by their number. */
  readonly disks: readonly DiskConfig[];
  /**
   * Devices in the highest transports, with rising addresses, so that a guest that looks through the
   * transports finds them in this order. (QEMU fills them downwards.)
   */
  readonly devices: readonly VirtioDeviceConfig[];
}

/** No devices. */
export const NO_VIRTIO: VirtioConfig = { version: 1, disks: [], devices: [] };

function examineDisk(disk: DiskOptions): DiskConfig {
  let facts: { isFile(): boolean; size: number };
  try {
    facts = statSync(disk.path);
  } catch (error) {
    const missing = (error as { code?: string }).code === "ENOENT";
    const why = missing ? "there is no such file" : String(error);
    throw new ImageError(`${disk.path}: ${why}; give a raw disk image that can be read`);
  }
  if (!facts.isFile()) {
    throw new ImageError(`${disk.path}: is no file; give a raw disk image`);
  }
  if (facts.size === 0) {
    throw new ImageError(`${disk.path}: is empty; give a raw disk image of at least one sector`);
  }
  return { ...disk, fileBytes: facts.size };
}

/**
 * Looks at the images and gives each device its place.
 * @throws ImageError when an image cannot be used, RangeError for more devices than transports.
 */
export function planVirtio(options: VirtioOptions): VirtioConfig {
  const disks = (options.disks ?? []).map(examineDisk);
  const devices: VirtioDeviceConfig[] = disks.map((_, disk) => ({ kind: "block", disk }));
  if (options.console === true) devices.push({ kind: "console" });
  if (options.rng === true) devices.push({ kind: "rng" });
  const { count } = BOARD.virtio;
  if (devices.length > count) {
    throw new RangeError(
      `${devices.length} virtio devices are asked for; the board has ${count} transports`,
    );
  }
  return { version: options.modern === true ? 2 : 1, disks, devices };
}

/** Capacity of a disk. */
export function sectorsOf(disk: DiskConfig): number {
  return Math.ceil(disk.fileBytes / SECTOR);
}
