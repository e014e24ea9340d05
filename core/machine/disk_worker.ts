/**
 * Entry of the disk thread: opens the images and does what the vCPU threads ask for.
 * @module
 */
import { openSync, readSync } from "node:fs";
import type { DiskImage } from "../devices/virtio/disk_channel.ts";
import { overlayImage, rawImage } from "../devices/virtio/disk_image.ts";
import { viewsOf } from "../memory/views.ts";
import { READY, type ThreadConfig, type ThreadMessage } from "./config.ts";
import { END, endMachine } from "./end_state.ts";
import { makeVirtDevices } from "./virt_devices.ts";
import type { DiskConfig } from "./virtio_config.ts";

const post = (message: ThreadMessage): void => self.postMessage(message);

function openImage(disk: DiskConfig): DiskImage {
  const file = openSync(disk.path, "r");
  const raw = rawImage(
    disk.fileBytes,
    (target, offset) => readSync(file, target, 0, target.length, offset),
    (what) => {
      post({
        kind: "notice",
        message:
          `${disk.path}: ${what}; the guest gets I/O errors. Leave images alone while they ` +
          `are in use`,
      });
    },
  );
  return disk.mode === "overlay" ? overlayImage(raw) : raw;
}

self.onmessage = ({ data }: MessageEvent<ThreadConfig>): void => {
  const { memory, layout, virtio, virtualTime } = data;
  const views = viewsOf(memory);
  try {
    const devices = makeVirtDevices(views, layout, { virtualTime, virtio, first: false });
    const images = virtio.disks.map(openImage);
    post(READY);
    devices.disks.serve(images);
  } catch (error) {
    endMachine(views, layout, END.THREAD_ERROR, -1, `The disk thread failed: ${String(error)}`);
  }
  post({ kind: "done" });
};
