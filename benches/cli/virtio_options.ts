/**
 * The options of `deno task boot` for virtio devices.
 * @module
 */
import type { DiskOptions, VirtioOptions } from "../../core/machine/virtio_config.ts";
import { type Option, type Parsed, UsageError } from "./command.ts";

/** The options. */
export const VIRTIO_OPTIONS: readonly Option[] = [
  {
    name: "disk",
    type: "texts",
    placeholder: "FILE[,ro|,overlay]",
    help:
      "A raw image as a virtio disk; may be repeated. The file is never written: with `ro` the " +
      "guest cannot write, with `overlay` (standard) what it writes is kept in memory.",
  },
  { name: "rng", type: "flag", help: "A virtio entropy source, fed by the host's generator." },
  {
    name: "virtio-console",
    type: "flag",
    help: "A virtio console (hvc0 on Linux) besides the UART: keys go to it, both are shown.",
  },
  {
    name: "virtio",
    type: "text",
    choices: ["legacy", "modern"],
    help: "Interface of the virtio transports: QEMU's default, or that of Virtio 1.0.",
    standard: "legacy",
  },
];

/** Reads one `--disk`. */
export function parseDisk(text: string): DiskOptions {
  const comma = text.lastIndexOf(",");
  if (comma < 0) return { path: text, mode: "overlay" };
  const [path, mode] = [text.slice(0, comma), text.slice(comma + 1)];
  if (path === "" || (mode !== "ro" && mode !== "overlay")) {
    throw new UsageError(
      `--disk takes FILE, FILE,ro or FILE,overlay; "${text}" is none (where the file's name has a ` +
        `comma, add ,ro or ,overlay)`,
    );
  }
  return { path, mode };
}

/** The devices that the options ask for. */
export function virtioOptions(parsed: Parsed): VirtioOptions {
  return {
    disks: (parsed.list("disk") ?? []).map(parseDisk),
    rng: parsed.flag("rng"),
    console: parsed.flag("virtio-console"),
    modern: parsed.text("virtio") === "modern",
  };
}
