/**
 * What a virtio device is besides its transport.
 * @module
 */
import type { Chain, SplitQueue } from "./split_queue.ts";

/** The transport as the device sees it while one of its queues is served. */
export interface ServedDevice {
  /** Base address of the vCPU that serves it. */
  readonly env: number;
  /** One of the device's queues. */
  queue(index: number): SplitQueue;
  /** Gives a chain back and interrupts the driver if it wants that. */
  give(index: number, chain: Chain, written: number): void;
  /** The machine has ended: leave the rest. */
  readonly ended: boolean;
}

/** A device: constants, and functions that work on state in the shared memory. */
export interface VirtioModel {
  /** For messages. */
  readonly name: string;
  /** Device type; Virtio 1.1, section 5. */
  readonly deviceId: number;
  /** Feature bits 0-31. */
  readonly features: number;
  /** Most descriptors of each queue. */
  readonly queueSizes: readonly number[];
  /** Reads a byte of the configuration; 0 behind its end. */
  config(offset: number): number;
  /** The driver has reset the device. */
  reset(): void;
  /** The driver says that a queue has new chains. May throw RingError. */
  notify(index: number, side: ServedDevice): void;
  /** Something has come from outside the guest (GLOBAL.DEVICE_WORK). May throw RingError. */
  work?(side: ServedDevice): void;
}

/** Takes every available chain of a queue in turn. */
export function* chains(side: ServedDevice, index: number): Generator<Chain> {
  const queue = side.queue(index);
  while (!side.ended) {
    const chain = queue.take();
    if (chain === undefined) return;
    yield chain;
  }
}
