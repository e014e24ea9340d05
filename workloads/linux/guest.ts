/**
 * `deno task guest`: makes the Linux guest. Fetches Debian's armhf kernels and busybox with the
 * machine's apt, builds our programs, packs the first file system; everything lies outside git.
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { type CpioEntry, writeCpio } from "./cpio.ts";
import { LINUX_PROGRAMS } from "./programs.ts";
import { ForeignApt, GuestError, run } from "./debian.ts";
import {
  GUEST_FOLDER,
  initrdFile,
  KERNEL_FLAVOURS,
  kernelFile,
  type KernelFlavour,
  stressInitrdFile,
} from "./layout.ts";

const HELP = `deno task guest [--again] [--stress-ng] [--sources FILE]

Makes the Linux guest in ${GUEST_FOLDER.pathname}:
  vmlinuz-armmp, vmlinuz-armmp-lpae            Debian's kernels for armhf
  initrd-armmp.cpio, initrd-armmp-lpae.cpio    busybox, our programs, virtio modules

  --again         fetch and unpack again what is there already
  --stress-ng     make initrd-armmp[-lpae]-stress-ng.cpio too, with Debian's stress-ng
  --sources FILE  apt sources to use instead of the machine's (Debian's, with the armhf architecture)
`;

const COMPILER = "arm-linux-gnueabihf-gcc";
const COMPILER_PACKAGES = "gcc-arm-linux-gnueabihf libc6-dev-armhf-cross";
/** In the order in which they are loaded. */
const MODULES: readonly string[] = [
  "drivers/virtio/virtio_mmio.ko",
  "drivers/block/virtio_blk.ko",
  "drivers/char/hw_random/rng-core.ko",
  "drivers/char/hw_random/virtio-rng.ko",
  "drivers/char/virtio_console.ko",
  "net/core/failover.ko",
  "drivers/net/net_failover.ko",
  "drivers/net/virtio_net.ko",
];
const FLAGS: readonly string[] = [
  ...["-O2", "-static", "-marm", "-std=gnu11", "-fno-strict-aliasing", "-pthread"],
  ...["-Wall", "-Wextra", "-Werror", '-DNAME_PREFIX="linux-"'],
];
const HERE = new URL(".", import.meta.url);

const at = (name: string): URL => new URL(name, GUEST_FOLDER);
const BUSYBOX = at("busybox");
const modulesFolder = (flavour: KernelFlavour): URL => at(`modules-${flavour}/`);

function exists(file: URL): boolean {
  try {
    Deno.statSync(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Unpacks packages into a folder of that name, emptied before. */
async function unpack(debs: readonly string[], name: string): Promise<URL> {
  const folder = at(name);
  if (exists(folder)) Deno.removeSync(folder, { recursive: true });
  Deno.mkdirSync(folder, { recursive: true });
  for (const deb of debs) await run("dpkg-deb", ["--extract", deb, folder.pathname]);
  return folder;
}

async function fetchKernel(apt: ForeignApt, flavour: KernelFlavour): Promise<void> {
  const name = await apt.dependency(`linux-image-${flavour}`, "linux-image-");
  console.log(`Fetching ${name} ...`);
  const folder = await unpack([await apt.download(name)], `unpacked-${flavour}/`);
  const release = name.replace("linux-image-", "");
  Deno.copyFileSync(new URL(`boot/vmlinuz-${release}`, folder), kernelFile(flavour));
  Deno.mkdirSync(modulesFolder(flavour), { recursive: true });
  const kernel = new URL(`lib/modules/${release}/kernel/`, folder);
  for (const module of MODULES) {
    const from = new URL(module, kernel);
    const to = new URL(module.replace(/.*\//, ""), modulesFolder(flavour));
    // A later kernel may have built one in.
    if (exists(from)) Deno.copyFileSync(from, to);
  }
  Deno.writeTextFileSync(new URL("release", modulesFolder(flavour)), release);
  Deno.removeSync(folder, { recursive: true });
}

async function fetchBusybox(apt: ForeignApt): Promise<void> {
  console.log("Fetching busybox-static ...");
  const folder = await unpack([await apt.download("busybox-static")], "unpacked-busybox/");
  Deno.copyFileSync(new URL("bin/busybox", folder), BUSYBOX);
  Deno.removeSync(folder, { recursive: true });
}

/** Fetches what is missing, or everything `again`. */
async function fetchAll(again: boolean, stress: boolean, sources?: string): Promise<void> {
  const kernels = KERNEL_FLAVOURS.filter((one) => again || !exists(kernelFile(one)));
  const busybox = again || !exists(BUSYBOX);
  const stressFolder = at("stress-ng/");
  const stressNg = stress && (again || !exists(stressFolder));
  if (kernels.length === 0 && !busybox && !stressNg) return;
  const apt = new ForeignApt("armhf", at("apt/"), sources);
  try {
    await apt.update();
  } catch (error) {
    if (!(error instanceof GuestError) || error.message.endsWith("not installed")) throw error;
    console.error(`${error.message}\nGoing on with the package lists that are there.`);
  }
  for (const flavour of kernels) await fetchKernel(apt, flavour);
  if (busybox) await fetchBusybox(apt);
  if (stressNg) {
    console.log("Fetching stress-ng with its libraries ...");
    await unpack(await apt.downloadAll("stress-ng"), "stress-ng/");
  }
}

/** Our programs for Linux, built; none, with a message, where the compiler is missing. */
async function buildPrograms(): Promise<CpioEntry[]> {
  const entries: CpioEntry[] = [];
  const source = (name: string): string => new URL(name, HERE).pathname;
  for (const { name, source: main } of LINUX_PROGRAMS) {
    const file = at(name);
    const parts = [
      "runtime.c",
      "../runtime/measure.c",
      "../runtime/timed.c",
      "../runtime/params.c",
      main,
    ];
    try {
      await run(COMPILER, [...FLAGS, "-o", file.pathname, ...parts.map(source)]);
    } catch (error) {
      if (!(error instanceof GuestError) || !error.message.endsWith("not installed")) throw error;
      console.error(
        `${error.message}: the guest goes without our programs; install Debian's packages ` +
          `${COMPILER_PACKAGES} and run this again`,
      );
      return [];
    }
    entries.push({
      kind: "file",
      path: `usr/bin/${name}`,
      data: Deno.readFileSync(file),
      executable: true,
    });
  }
  return entries;
}

/** The files of a folder as archive members under `prefix`, parents first. */
function folderEntries(folder: URL, prefix: string): CpioEntry[] {
  const entries: CpioEntry[] = [];
  const names = [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory, isSymlink } of names) {
    const file = new URL(encodeURIComponent(name), folder);
    const path = `${prefix}${name}`;
    if (isSymlink) {
      entries.push({ kind: "link", path, target: Deno.readLinkSync(file) });
    } else if (isDirectory) {
      entries.push({ kind: "directory", path });
      entries.push(...folderEntries(new URL(`${file.href}/`), `${path}/`));
    } else {
      const executable = ((Deno.statSync(file).mode ?? 0) & 0o111) !== 0;
      entries.push({ kind: "file", path, data: Deno.readFileSync(file), executable });
    }
  }
  return entries;
}

/** stress-ng and its libraries, without documents and what else is not run. */
function stressEntries(): CpioEntry[] {
  return folderEntries(at("stress-ng/"), "").filter(({ path }) =>
    /^(lib|usr\/lib|usr\/bin)(\/|$)/.test(path) && !/gconv|perl|locale|systemd/.test(path) &&
    !["lib", "usr", "usr/bin"].includes(path)
  );
}

function moduleEntries(flavour: KernelFlavour): CpioEntry[] {
  const folder = modulesFolder(flavour);
  if (!exists(folder)) return [];
  const release = Deno.readTextFileSync(new URL("release", folder));
  const names = MODULES.map((module) => module.replace(/.*\//, ""))
    .filter((name) => exists(new URL(name, folder)));
  const file = (path: string, data: Uint8Array): CpioEntry => ({ kind: "file", path, data });
  return [
    { kind: "directory", path: "lib/modules" },
    { kind: "directory", path: `lib/modules/${release}` },
    file("lib/modules/order", new TextEncoder().encode(names.join("\n") + "\n")),
    ...names.map((name) =>
      file(`lib/modules/${release}/${name}`, Deno.readFileSync(new URL(name, folder)))
    ),
  ];
}

/** Writes a first file system: with `more`, besides what all have. */
function packInitrd(flavour: KernelFlavour, to: URL, more: readonly CpioEntry[]): void {
  const directory = (path: string): CpioEntry => ({ kind: "directory", path });
  const program = (path: string, file: URL): CpioEntry => ({
    kind: "file",
    path,
    data: Deno.readFileSync(file),
    executable: true,
  });
  const names = ["bin", "dev", "lib", "proc", "sys", "tmp", "usr", "usr/bin"];
  const archive = writeCpio([
    ...names.map(directory),
    // The kernel opens the console for init before anything is mounted.
    { kind: "device", path: "dev/console", major: 5, minor: 1 },
    program("init", new URL("init.sh", HERE)),
    program("usr/bin/virtio-test", new URL("virtio_test.sh", HERE)),
    program("bin/busybox", BUSYBOX),
    ...moduleEntries(flavour),
    ...more,
  ]);
  Deno.writeFileSync(to, archive);
}

/** What a user can do where apt cannot fetch. */
function byHand(): string {
  const wanted = [
    ...KERNEL_FLAVOURS.map((flavour) =>
      `  ${kernelFile(flavour).pathname}\n    boot/vmlinuz-* of Debian's package ` +
      `linux-image-<version>-${flavour} for armhf`
    ),
    `  ${BUSYBOX.pathname}\n    bin/busybox of Debian's package busybox-static for armhf`,
  ];
  return "Without apt, place these files and run this again (virtio modules are left out then):\n" +
    wanted.join("\n");
}

async function main(): Promise<void> {
  const options = parseArgs(Deno.args, {
    boolean: ["again", "stress-ng", "help"],
    string: ["sources"],
    unknown: (word: string) => {
      throw new GuestError(`There is no option ${word}\n\n${HELP}`);
    },
  });
  if (options.help === true) return console.log(HELP);
  Deno.mkdirSync(GUEST_FOLDER, { recursive: true });
  const sources = options.sources === undefined ? undefined : String(options.sources);
  try {
    await fetchAll(options.again === true, options["stress-ng"] === true, sources);
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    throw new GuestError(`${error.message}\n\n${byHand()}`);
  }
  const programs = await buildPrograms();
  const stress = options["stress-ng"] === true ? stressEntries() : [];
  for (const flavour of KERNEL_FLAVOURS) {
    console.log(kernelFile(flavour).pathname);
    packInitrd(flavour, initrdFile(flavour), programs);
    console.log(initrdFile(flavour).pathname);
    if (stress.length === 0) continue;
    packInitrd(flavour, stressInitrdFile(flavour), [...programs, ...stress]);
    console.log(stressInitrdFile(flavour).pathname);
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof GuestError)) throw error;
    console.error(error.message);
    Deno.exit(1);
  }
}
