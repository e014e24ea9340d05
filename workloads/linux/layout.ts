/**
 * Where the Linux guest's files lie: outside git, made by `deno task guest` or placed by hand.
 * @module
 */

/** The folder of everything that belongs to the Linux guest. */
export const GUEST_FOLDER: URL = new URL("../../.cache/linux/", import.meta.url);

/** The two kernels: short-descriptor and long-descriptor (LPAE) page tables. */
export const KERNEL_FLAVOURS = ["armmp", "armmp-lpae"] as const;
/** One of {@linkcode KERNEL_FLAVOURS}. */
export type KernelFlavour = (typeof KERNEL_FLAVOURS)[number];

/** A kernel (zImage) of Debian's package `linux-image-*-<flavour>`. */
export function kernelFile(flavour: KernelFlavour): URL {
  return new URL(`vmlinuz-${flavour}`, GUEST_FOLDER);
}

/** The first file system that goes with a kernel: it holds that kernel's modules. */
export function initrdFile(flavour: KernelFlavour): URL {
  return new URL(`initrd-${flavour}.cpio`, GUEST_FOLDER);
}

/** The same with Debian's stress-ng in it. */
export function stressInitrdFile(flavour: KernelFlavour): URL {
  return new URL(`initrd-${flavour}-stress-ng.cpio`, GUEST_FOLDER);
}

/** A guest that is ready to boot; `kernel` and `initrd` are paths. */
export interface LinuxGuest {
  /** Which kernel it is. */
  readonly flavour: KernelFlavour;
  /** Path of the zImage. */
  readonly kernel: string;
  /** Path of the first file system. */
  readonly initrd: string;
}

/** What to say where the guest is missing. */
export const GUEST_REMEDY: string =
  "The Linux guest is not there: run `deno task guest` once (it says what to place by hand where " +
  "apt or the network is missing)";

async function isFile(file: URL): Promise<boolean> {
  try {
    return (await Deno.stat(file)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The guest of a flavour; undefined when a file of it is missing. */
export async function findLinuxGuest(flavour: KernelFlavour): Promise<LinuxGuest | undefined> {
  const kernel = kernelFile(flavour);
  const initrd = initrdFile(flavour);
  if (!(await isFile(kernel)) || !(await isFile(initrd))) return undefined;
  return { flavour, kernel: kernel.pathname, initrd: initrd.pathname };
}
