/**
 * Images of disks: a raw file that is only read, and a copy-on-write overlay in memory over one.
 * @module
 */
import type { DiskImage } from "./disk_channel.ts";

/** A file as an image reads it: like pread, the number of bytes that were there. */
export type ReadAt = (target: Uint8Array, offset: number) => number;

/**
 * A raw image of `fileBytes` bytes. What of its last sector lies behind the end of the file reads
 * as zeros; bytes that the file had and has no more are an error, said once through `complain`.
 */
export function rawImage(
  fileBytes: number,
  readAt: ReadAt,
  complain: (what: string) => void,
): DiskImage {
  let complained = false;
  const fail = (what: string): boolean => {
    if (!complained) complain(what);
    complained = true;
    return false;
  };
  return {
    read: (offset, target) => {
      const inFile = Math.max(0, Math.min(target.length, fileBytes - offset));
      target.fill(0, inFile);
      let done = 0;
      try {
        while (done < inFile) {
          const now = readAt(target.subarray(done, inFile), offset + done);
          if (now === 0) break;
          done += now;
        }
      } catch (error) {
        return fail(`reading at byte ${offset + done} failed: ${String(error)}`);
      }
      return done === inFile || fail(
        `has shrunk: it had ${fileBytes} bytes at the start and now ends at byte ${offset + done}`,
      );
    },
    write: () => false,
    flush: () => true,
  };
}

/** Bytes that are copied together. */
const CLUSTER = 4096;

/** Keeps what is written in memory, over an image that stays as it is. */
export function overlayImage(base: DiskImage): DiskImage {
  const clusters = new Map<number, Uint8Array>();
  /** Calls `part` for each cluster that `length` bytes from `offset` touch, until it gives false. */
  const each = (
    offset: number,
    length: number,
    part: (cluster: number, inside: number, at: number, bytes: number) => boolean,
  ): boolean => {
    for (let at = 0; at < length;) {
      const cluster = Math.floor((offset + at) / CLUSTER);
      const inside = (offset + at) % CLUSTER;
      const bytes = Math.min(CLUSTER - inside, length - at);
      if (!part(cluster, inside, at, bytes)) return false;
      at += bytes;
    }
    return true;
  };
  return {
    read: (offset, target) =>
      each(offset, target.length, (cluster, inside, at, bytes) => {
        const own = clusters.get(cluster);
        if (own === undefined) return base.read(offset + at, target.subarray(at, at + bytes));
        target.set(own.subarray(inside, inside + bytes), at);
        return true;
      }),
    write: (offset, data) =>
      each(offset, data.length, (cluster, inside, at, bytes) => {
        let own = clusters.get(cluster);
        if (own === undefined) {
          own = new Uint8Array(CLUSTER);
          if (bytes < CLUSTER && !base.read(cluster * CLUSTER, own)) return false;
          clusters.set(cluster, own);
        }
        own.set(data.subarray(at, at + bytes), inside);
        return true;
      }),
    flush: () => true,
  };
}
