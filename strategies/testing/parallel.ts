/**
 * Guest programs on real threads, for what a rule's fixed order cannot show: each vCPU is a rig of
 * its own in a Worker, over one memory.
 * @module
 */
import { allocateShared } from "../../core/memory/views.ts";
import type { AtomicsStrategy } from "../types.ts";
import { Rig, rigLayout } from "./rig.ts";

/** Guest addresses (in the rig's RAM) of the programs' data, each in a cache line of its own. */
export const DATA = {
  /** vCPUs that are ready; they start together. */
  READY: 0x4000_0f00,
  COUNTER: 0x4000_1000,
  /** Ticket lock: the upper half is the next ticket, the lower half is being served. */
  TICKET: 0x4000_1100,
  /** Counter that the ticket lock guards. */
  GUARDED: 0x4000_1140,
  /** Top of a stack of nodes (guest address of the first, 0 none). */
  TOP: 0x4000_1200,
  /** Nodes: a link and a flag that says who holds the node. */
  NODES: 0x4000_2000,
} as const;
export const NODE_BYTES = 64;
export const NODES = 6;

/** What a Worker is told. */
export interface ParallelOrder {
  readonly memory: WebAssembly.Memory;
  readonly scheme: string;
  readonly vcpus: number;
  readonly index: number;
  readonly rounds: number;
  /** Whether to run the stack, which schemes that compare values corrupt. */
  readonly stack: boolean;
}

/** Runs the programs on `vcpus` threads; gives a rig over the memory they left. */
export async function runParallel(
  atomics: AtomicsStrategy,
  vcpus: number,
  rounds: number,
): Promise<Rig> {
  const memory = allocateShared(rigLayout(atomics, vcpus).totalBytes);
  const rig = new Rig({
    atomics,
    backend: "interp",
    parallel: true,
    vcpus,
    part: { memory, index: 0 },
  });
  rig.poke(DATA.TOP, 4, BigInt(DATA.NODES));
  for (let n = 0; n < NODES - 1; n++) {
    const node = DATA.NODES + n * NODE_BYTES;
    rig.poke(node, 4, BigInt(node + NODE_BYTES));
  }
  const stack = atomics.constraints.abaSafe === "yes";
  const workers: Worker[] = [];
  try {
    await Promise.all(
      Array.from({ length: vcpus }, (_, index) =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL("./parallel_worker.ts", import.meta.url), {
            type: "module",
          });
          workers.push(worker);
          worker.onmessage = () => resolve();
          worker.onerror = (event) => {
            event.preventDefault();
            reject(new Error(event.message));
          };
          const order: ParallelOrder = {
            memory,
            scheme: atomics.name,
            vcpus,
            index,
            rounds,
            stack,
          };
          worker.postMessage(order);
        })),
    );
  } finally {
    for (const worker of workers) worker.terminate();
  }
  return rig;
}

/** Number of nodes on the stack; more than NODES when it has a cycle. */
export function stackDepth(rig: Rig): number {
  let depth = 0;
  for (let node = Number(rig.peek(DATA.TOP, 4)); node !== 0 && depth <= NODES; depth++) {
    node = Number(rig.peek(node, 4));
  }
  return depth;
}
