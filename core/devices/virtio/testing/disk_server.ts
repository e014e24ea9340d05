/**
 * Worker of the disk channel's test: serves two images, of which the second one fails.
 * @module
 */
import { UNGUARDED } from "../../access_guard.ts";
import { deviceBench } from "../../testing/bench.ts";
import { DiskChannel, type DiskImage } from "../disk_channel.ts";

/** What the worker is told. */
export interface DiskServerJob {
  readonly memory: WebAssembly.Memory;
  readonly channel: number;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<DiskServerJob>) => void) | null;
  postMessage(message: string): void;
};

scope.onmessage = ({ data }): void => {
  const { views, layout } = deviceBench(1, data.memory);
  const content = new Uint8Array(256);
  const memory: DiskImage = {
    read: (offset, target) => {
      // An offset beyond 4 GiB shows in what is read.
      target.set(content.subarray(offset % 2 ** 32, offset % 2 ** 32 + target.length));
      if (offset >= 2 ** 32) target.fill(0x77);
      return true;
    },
    write: (offset, bytes) => {
      content.set(bytes, offset);
      return true;
    },
    flush: () => true,
  };
  const broken: DiskImage = { read: () => false, write: () => false, flush: () => false };
  new DiskChannel(views, data.channel, layout.global, UNGUARDED).serve([memory, broken]);
  scope.postMessage("done");
};
