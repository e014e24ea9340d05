/**
 * The programs that the Linux guest runs for the benches: those of the bare-metal workloads that are
 * built for Linux as well, and one that only tells how long the boot took.
 * @module
 */
import { findWorkload, type Workload, type WorkloadArguments } from "../registry.ts";

/** One program of the guest. */
export interface LinuxProgram {
  /** As the benches and the guest's own begin line name it. */
  readonly name: string;
  /** One line for lists. */
  readonly description: string;
  /** What one of the reported `ops` is, in the plural. */
  readonly opsUnit: string;
  /** C file, from workloads/linux. */
  readonly source: string;
  /** The bare-metal workload that it is; undefined for one of Linux alone. */
  readonly workload: Workload | undefined;
  /** Arguments of quick and full runs. */
  readonly standard: { readonly quick: WorkloadArguments; readonly full: WorkloadArguments };
}

function ported(name: string, quick: number, full: number): LinuxProgram {
  const workload = findWorkload(name);
  if (workload === undefined) throw new RangeError(`There is no workload called ${name}`);
  return {
    name: `linux-${name}`,
    description: `${workload.description} In a Linux guest, a thread a vCPU`,
    opsUnit: workload.opsUnit,
    source: `../programs/${name.replaceAll("-", "_")}.c`,
    workload,
    standard: { quick: { iterations: `${quick}` }, full: { iterations: `${full}` } },
  };
}

/** Every program. */
export const LINUX_PROGRAMS: readonly LinuxProgram[] = [
  {
    name: "linux-boot",
    description: "Debian's kernel from the machine's start to its first user program",
    opsUnit: "boots",
    source: "boot.c",
    workload: undefined,
    standard: { quick: {}, full: {} },
  },
  ported("dhrystone", 500_000, 10_000_000),
  ported("atomic-stress", 50_000, 1_000_000),
];

/**
 * What shortens the boot around a timed program and changes nothing in the program's time. The kernel
 * boots with one processor and the first process starts the others: late in a boot the kernel
 * changes its page tables while all other processors spin (`stop_machine`), and an emulator that
 * runs them in turn, QEMU's `thread=single`, lets each one spin for its whole turn at every change.
 */
const SHORT_BOOT = "maxcpus=1 mttcg.online cryptomgr.notests";

/** The kernel's command line that boots into a program and switches off after it. */
export function linuxCommandLine(
  program: LinuxProgram,
  values: WorkloadArguments,
  vcpus: number,
): string {
  const words = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  const run = [program.name, `vcpus=${vcpus}`, ...words].join(" ");
  // Without a bare-metal twin the boot itself is what is timed.
  const boot = program.workload === undefined ? "" : `${SHORT_BOOT} `;
  return `console=ttyAMA0 quiet panic=-1 ${boot}mttcg.run="${run}"`;
}
