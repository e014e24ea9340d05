/**
 * The rows of the workload table; `registry.ts` holds the functions over them.
 *
 * @module
 */

import { linkWords } from "./litmus/guest_code.ts";
import { LITMUS_TESTS, SHAPE_NAMES } from "./litmus/shapes.ts";
import type { Workload, WorkloadArguments, WorkloadParameter, WorkloadVariant } from "./types.ts";

function number(name: string, standard: number | string, meaning: string): WorkloadParameter {
  return { name, standard: `${standard}`, meaning };
}

function choice(
  name: string,
  choices: readonly string[],
  standard: string,
  meaning: string,
): WorkloadParameter {
  return { name, standard, choices, meaning };
}

function variant(
  name: string,
  fixed: WorkloadArguments,
  quick: WorkloadArguments,
  full: WorkloadArguments,
): WorkloadVariant {
  return { name, fixed, quick, full };
}

/** A variant whose size is one parameter. */
function sized(
  name: string,
  fixed: WorkloadArguments,
  size: string,
  quick: number,
  full: number,
): WorkloadVariant {
  return variant(name, fixed, { [size]: `${quick}` }, { [size]: `${full}` });
}

/** What every timed workload has beside the parameter that sets its length. */
const TIMED: readonly WorkloadParameter[] = [
  number(
    "milliseconds",
    0,
    "wanted length of the measured part, which the guest then turns into a count; 0 for a set count",
  ),
  number("warmup", 4_000_000_000, "operations that a vCPU warms up with at most; 0 for none"),
  number("warmup_ms", 2000, "milliseconds that the warm-up takes at most, settled or not"),
];

const THROUGHPUT: readonly Workload[] = [
  {
    name: "dhrystone",
    description: "Integer code in the classic synthetic mix, one instance a vCPU, self-checked",
    opsUnit: "runs",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [number("iterations", 2000000, "runs a vCPU"), ...TIMED],
    variants: [sized("usual", {}, "iterations", 120000, 600000)],
  },
  {
    name: "dhrystone-thumb",
    description: "The same program compiled to Thumb-2 code",
    source: "dhrystone",
    instructionSet: "thumb",
    opsUnit: "runs",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [number("iterations", 2000000, "runs a vCPU"), ...TIMED],
    variants: [sized("usual", {}, "iterations", 120000, 600000)],
  },
  {
    name: "loop",
    description: "A register loop of four instructions: the floor under everything else",
    opsUnit: "instructions",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [number("iterations", 100000000, "rounds of the loop a vCPU"), ...TIMED],
    variants: [sized("usual", {}, "iterations", 30000000, 150000000)],
  },
  {
    name: "atomic-stress",
    description: "All vCPUs take one LL/SC spinlock in turn and flip two words that must differ",
    opsUnit: "lock acquisitions",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [number("iterations", 1000000, "acquisitions a vCPU"), ...TIMED],
    variants: [sized("usual", {}, "iterations", 250000, 1250000)],
  },
  {
    name: "atomic-add",
    description: "Bare LDREX, ADD, STREX increments of shared counters; the totals must be exact",
    opsUnit: "increments",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [
      number("iterations", 1000000, "increments a vCPU"),
      number("counters", 1, "counters, a power of two up to 4096, 64 bytes apart"),
      choice("owner", ["shared", "private"], "shared", "whether each vCPU has its own counters"),
      number("delay", 0, "rounds of an empty loop between LDREX and STREX"),
      ...TIMED,
    ],
    variants: [
      sized("1-counter", { counters: "1" }, "iterations", 400000, 2000000),
      sized("128-counters", { counters: "128" }, "iterations", 400000, 2000000),
      sized("1024-counters", { counters: "1024" }, "iterations", 400000, 2000000),
      sized("private", { owner: "private" }, "iterations", 400000, 2000000),
    ],
  },
  {
    name: "lock-kinds",
    description: "Plain increments under no lock (negative control), a spinlock or a WFE lock",
    opsUnit: "critical sections",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [
      choice(
        "kind",
        ["none", "llsc", "wfe"],
        "llsc",
        "the lock; none must lose counts as soon as two vCPUs run at once",
      ),
      number("iterations", 1000000, "critical sections a vCPU"),
      ...TIMED,
    ],
    variants: [
      sized("llsc", { kind: "llsc" }, "iterations", 200000, 1000000),
      sized("wfe", { kind: "wfe" }, "iterations", 200000, 1000000),
      sized("none", { kind: "none" }, "iterations", 1000000, 5000000),
    ],
  },
  {
    name: "memory",
    description:
      "Block copies by LDM or NEON, fills by STM, byte copies, dependent loads over pages",
    opsUnit: "bytes (loads for chase)",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [
      choice(
        "kind",
        ["memcpy", "memset", "bytes", "chase", "neon"],
        "memcpy",
        "the access pattern",
      ),
      number("iterations", "4000, 30000, 200, 500, 4000 by kind", "passes over the buffer a vCPU"),
      number(
        "size",
        "65536, for chase 4194304",
        "bytes of a buffer, a multiple of 32, for chase of 4096",
      ),
      ...TIMED,
    ],
    variants: [
      sized("memcpy", { kind: "memcpy" }, "iterations", 1500, 7500),
      sized("memset", { kind: "memset" }, "iterations", 3000, 15000),
      sized("bytes", { kind: "bytes" }, "iterations", 300, 1500),
      sized("chase", { kind: "chase" }, "iterations", 300, 1500),
      sized("neon", { kind: "neon" }, "iterations", 1500, 7500),
    ],
  },
  {
    name: "vfp",
    description: "Floating-point arithmetic in registers: double, single, four lanes at once",
    opsUnit: "operations (each lane one)",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [
      choice(
        "kind",
        ["double", "single", "neon"],
        "double",
        "the precision, or vectors of singles",
      ),
      number("iterations", 10000000, "rounds of eight operations a vCPU"),
      ...TIMED,
    ],
    variants: [
      sized("double", { kind: "double" }, "iterations", 2000000, 10000000),
      sized("single", { kind: "single" }, "iterations", 2000000, 10000000),
      sized("neon", { kind: "neon" }, "iterations", 400000, 2000000),
    ],
  },
  {
    name: "mmio",
    description: "Reads of one device register from all vCPUs",
    opsUnit: "reads",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [
      choice(
        "kind",
        ["pl031", "uart", "gic"],
        "pl031",
        "the register: RTC data, UART flags or the interrupt controller's type",
      ),
      number("iterations", 1000000, "reads a vCPU"),
      ...TIMED,
    ],
    variants: ["pl031", "uart", "gic"].map((kind) =>
      sized(kind, { kind }, "iterations", 150000, 750000)
    ),
  },
  {
    name: "calls",
    description: "Indirect calls through a table, or supervisor-call round trips",
    opsUnit: "calls",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [
      choice("kind", ["indirect", "svc"], "indirect", "the call"),
      number("iterations", "10000000, for svc 500000", "calls a vCPU"),
      ...TIMED,
    ],
    variants: [
      sized("indirect", { kind: "indirect" }, "iterations", 2000000, 10000000),
      sized("svc", { kind: "svc" }, "iterations", 30000, 150000),
    ],
  },
  {
    name: "smc",
    description: "vCPU 0 rewrites a function, all vCPUs call it and must run the new version",
    opsUnit: "calls",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [number("rounds", 1000, "rewrites; every second one across a page boundary")],
    variants: [sized("usual", {}, "rounds", 1000, 5000)],
  },
  {
    name: "page-faults",
    description:
      "Every kind of page table entry under every permission: who may access it, and the fault if not",
    opsUnit: "accesses",
    minVcpus: 1,
    purpose: "conformance",
    parameters: [
      choice(
        "kind",
        ["short", "long", "alignment"],
        "short",
        "table format, or unaligned accesses",
      ),
      number("list", 0, "1 prints every fault"),
    ],
    variants: [
      variant("short", { kind: "short" }, {}, {}),
      variant("long", { kind: "long" }, {}, {}),
      variant("alignment", { kind: "alignment" }, {}, {}),
    ],
  },
  {
    name: "system-registers",
    description: "What the system registers say, and which bits of them keep what is written",
    opsUnit: "values",
    minVcpus: 1,
    purpose: "conformance",
    parameters: [number("list", 0, "1 prints every value")],
    variants: [variant("usual", {}, {}, {})],
  },
  {
    name: "thumb-pages",
    description:
      "Thumb instructions across two pages and aborted IT blocks, rewritten and remapped",
    opsUnit: "rounds",
    minVcpus: 1,
    purpose: "conformance",
    parameters: [number("rounds", 200, "rounds of rewriting, remapping and faulting")],
    variants: [sized("usual", {}, "rounds", 200, 2000)],
  },
  {
    name: "tlb",
    description: "vCPU 0 remaps a page while the others load through it; none may see a stale one",
    opsUnit: "remaps",
    minVcpus: 1,
    purpose: "throughput",
    parameters: [
      choice("kind", ["address", "all"], "address", "the flush: TLBIMVAAIS or TLBIALLIS"),
      number("rounds", 2000, "remaps"),
      ...TIMED,
    ],
    variants: [
      sized("address", { kind: "address" }, "rounds", 2000, 10000),
      sized("all", { kind: "all" }, "rounds", 2000, 10000),
    ],
  },
  {
    name: "ipi",
    description: "Software-generated interrupts there and back between vCPUs that sleep in WFI",
    opsUnit: "round trips",
    minVcpus: 2,
    purpose: "throughput",
    parameters: [
      number("rounds", 2000, "round trips of every pair of vCPUs"),
      ...TIMED,
    ],
    variants: [sized("usual", {}, "rounds", 2000, 10000)],
  },
];

const CONFORMANCE: readonly Workload[] = [
  {
    name: "aba-stack",
    description: "A lock-free stack whose top often is A, then B, then A again",
    opsUnit: "nodes popped and pushed",
    minVcpus: 2,
    purpose: "conformance",
    parameters: [
      number("rounds", 200, "batches, each on a fresh stack that is checked after it"),
      number("batch", 500, "turns of a vCPU in a batch"),
      number("held", 3, "nodes that a vCPU pops before it pushes them back"),
      number("nodes", "vcpus * held + 4", "nodes of the stack"),
      number("delay", 8, "rounds of an empty loop between LDREX and STREX"),
    ],
    variants: [sized("usual", {}, "rounds", 200, 1000)],
  },
  {
    name: "store-between",
    description: "Stores by another vCPU between LDREX and STREX, forced by a hand-shake",
    opsUnit: "LDREX/STREX pairs",
    minVcpus: 2,
    purpose: "conformance",
    parameters: [number("rounds", 2000, "pairs of every kind of store between")],
    variants: [sized("usual", {}, "rounds", 2000, 20000)],
  },
  {
    name: "monitor",
    description: "The exclusive monitor's rules: sizes, CLREX, exceptions, alignment, SWP",
    opsUnit: "passes over the rules",
    minVcpus: 1,
    purpose: "conformance",
    parameters: [number("rounds", 20000, "passes a vCPU")],
    variants: [sized("usual", {}, "rounds", 2000, 10000)],
  },
  {
    name: "litmus",
    description: "Litmus shapes: which outcomes of unordered accesses show, without and with DMB",
    opsUnit: "instances",
    minVcpus: 2,
    purpose: "conformance",
    parameters: [
      choice("shape", [...SHAPE_NAMES, "all"], "all", "the shape"),
      choice("links", [...linkWords(LITMUS_TESTS), "all"], "all", "what is between accesses"),
      number("instances", 20000, "instances of every shape, shared by its tests"),
      number("batch", 1024, "instances in a round, a power of two, at most 1024"),
      number(
        "meeting",
        20000,
        "looks at another thread, before each instance until one does not come",
      ),
    ],
    variants: [
      sized("all", { shape: "all" }, "instances", 2000, 20000),
      ...["SB", "MP"].map((shape) => sized(shape, { shape }, "instances", 100000, 500000)),
    ],
  },
  {
    name: "timer",
    description: "Interrupts of the virtual timer, counted while asleep; none may come early",
    opsUnit: "interrupts",
    minVcpus: 1,
    purpose: "conformance",
    parameters: [
      number("ticks", 200, "interrupts a vCPU"),
      number("interval", 1000, "units of 1024 ns between them"),
    ],
    variants: [sized("usual", {}, "ticks", 100, 500)],
  },
];

const BROKEN: readonly Workload[] = [
  {
    name: "fault",
    description: "Guests that are broken on purpose, for tests of the harness",
    opsUnit: "nothing",
    minVcpus: 1,
    purpose: "broken",
    parameters: [
      choice(
        "kind",
        ["undef", "unmapped", "novectors", "jump-nowhere", "hang", "sleep", "udf-before-vectors"],
        "undef",
        "how it breaks; novectors, hang, sleep and udf-before-vectors never end by themselves",
      ),
    ],
    variants: [variant("undef", { kind: "undef" }, {}, {})],
  },
];

/** Every workload: first those whose speed counts, then those whose check counts, then the broken ones. */
export const WORKLOADS: readonly Workload[] = [...THROUGHPUT, ...CONFORMANCE, ...BROKEN];
