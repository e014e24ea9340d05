/**
 * What the speed of the core is measured by: one case a kind of work, with the ratio to QEMU that it is
 * meant to reach. Everything that shows the experiment `core` reads this table.
 * @module
 */
import type { Fields } from "../results/types.ts";

/** One kind of work on some numbers of vCPUs. */
export interface CoreCase {
  /** As tables and charts call it. */
  readonly title: string;
  /** Name of the guest program. */
  readonly workload: string;
  /** Its parameters. */
  readonly params: Fields;
  /** By number of vCPUs. */
  readonly at: readonly CorePoint[];
  /** Named where a missing file leaves the case out and nothing else. */
  readonly optional?: boolean;
}

/** A case at one number of vCPUs. */
export interface CorePoint {
  /** Of the guest. */
  readonly vcpus: number;
  /** The least ratio of our throughput to that of QEMU `thread=multi` that the core is meant to have. */
  readonly target: number | null;
  /**
   * Throughput of QEMU 7.2 `thread=multi` as it was once measured on a quiet machine with two cores:
   * shows how far the machine at hand is from that one.
   */
  readonly reference: number | null;
  /** Left out of quick runs, for its time. */
  readonly fullOnly?: boolean;
  /** Timed repeats where the experiment's number would take too long. */
  readonly repeats?: number;
}

function point(vcpus: number, target: number | null, reference: number | null): CorePoint {
  return { vcpus, target, reference };
}

/** The cases. */
export const CORE_CASES: readonly CoreCase[] = [
  {
    title: "Register loop",
    workload: "loop",
    params: {},
    at: [point(1, 1.5, 4.06e9)],
  },
  {
    title: "Dhrystone, ARM",
    workload: "dhrystone",
    params: {},
    at: [point(1, null, 3.53e6), point(2, 2, 7.05e6)],
  },
  {
    title: "Dhrystone, Thumb-2",
    workload: "dhrystone-thumb",
    params: {},
    at: [point(1, null, 3.51e6), point(2, 2, 6.85e6)],
  },
  {
    title: "Copy by LDM",
    workload: "memory",
    params: { kind: "memcpy" },
    at: [point(1, 1, 1.09e9)],
  },
  {
    title: "Copy by NEON",
    workload: "memory",
    params: { kind: "neon" },
    at: [point(1, 1, 1.28e9)],
  },
  {
    title: "Copy by bytes",
    workload: "memory",
    params: { kind: "bytes" },
    at: [point(1, 5, 48e6)],
  },
  {
    title: "Fill by STM",
    workload: "memory",
    params: { kind: "memset" },
    at: [point(1, 1, 7.6e9)],
  },
  {
    title: "Dependent loads over pages",
    workload: "memory",
    params: { kind: "chase" },
    at: [point(1, 1, 11.3e6)],
  },
  {
    title: "Indirect calls",
    workload: "calls",
    params: { kind: "indirect" },
    at: [point(1, 1.5, 47e6)],
  },
  {
    title: "SVC round trips",
    workload: "calls",
    params: { kind: "svc" },
    at: [point(1, 0.7, 2.83e6)],
  },
  {
    title: "VFP, double precision",
    workload: "vfp",
    params: { kind: "double" },
    at: [point(1, 1, 387e6)],
  },
  {
    title: "Spinlock",
    workload: "lock-kinds",
    params: { kind: "llsc" },
    at: [point(1, 1, 178e6), point(2, 1, 19.6e6)],
  },
  {
    title: "Atomic add, shared",
    workload: "atomic-add",
    params: { owner: "shared" },
    at: [point(2, 1, 50e6)],
  },
  {
    title: "Atomic add, disjoint",
    workload: "atomic-add",
    params: { owner: "private" },
    at: [point(2, 1, 203e6)],
  },
  {
    title: "Reads of PL031",
    workload: "mmio",
    params: { kind: "pl031" },
    at: [point(1, 0.7, 20e6), point(2, 1, 10.7e6)],
  },
  {
    title: "Reads of the GIC",
    workload: "mmio",
    params: { kind: "gic" },
    at: [point(1, 0.7, 35e6), point(2, 1, 18e6)],
  },
  {
    title: "TLB flush by address",
    workload: "tlb",
    params: { kind: "address" },
    at: [point(2, 1, 392e3)],
  },
  {
    title: "TLB flush of everything",
    workload: "tlb",
    params: { kind: "all" },
    at: [point(2, 1, 133e3)],
  },
  {
    title: "IPI round trips",
    workload: "ipi",
    params: {},
    at: [point(2, 1, 17e3)],
  },
  {
    title: "Linux boot",
    workload: "linux-boot",
    params: {},
    at: [
      { vcpus: 2, target: 1 / 1.5, reference: 1 / 2.7, repeats: 3 },
      { vcpus: 8, target: 1, reference: 1 / 24, repeats: 2, fullOnly: true },
    ],
    optional: true,
  },
];

/** The case and point that a cell of experiment `core` stands for; undefined for a cell of none. */
export function corePointOf(
  workload: string,
  params: Fields,
  vcpus: number,
): { readonly one: CoreCase; readonly at: CorePoint } | undefined {
  const one = CORE_CASES.find((some) =>
    some.workload === workload &&
    Object.entries(some.params).every(([key, value]) => `${params[key]}` === `${value}`)
  );
  const at = one?.at.find((some) => some.vcpus === vcpus);
  return one === undefined || at === undefined ? undefined : { one, at };
}
