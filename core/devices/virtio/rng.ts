/**
 * virtio entropy source: fills what the driver gives it from the host's generator.
 * Source: Virtio 1.1, section 5.4.
 * @module
 */
import { chains, type VirtioModel } from "./model.ts";

/** Most bytes that the host gives at once; a driver that wants more asks again. */
const MOST = 65536;

/** The device; it has no state. */
export const VIRTIO_RNG: VirtioModel = {
  name: "virtio-rng",
  deviceId: 4,
  features: 0,
  queueSizes: [8],
  config: () => 0,
  reset: () => {},
  notify: (index, side) => {
    for (const chain of chains(side, index)) {
      const bytes = new Uint8Array(Math.min(chain.writableBytes, MOST));
      crypto.getRandomValues(bytes);
      side.give(index, chain, side.queue(index).write(side.env, chain, 0, bytes));
    }
  },
};
