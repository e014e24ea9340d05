/**
 * Harness of the stress tests: a small machine layout and N Workers that run one scenario at once.
 * @module
 */
import { type MachineLayout, planMachine } from "../../memory/machine_layout.ts";
import { allocateShared, type Views, viewsOf } from "../../memory/views.ts";

/** What a Worker is told. */
export interface StressOrder {
  readonly memory: WebAssembly.Memory;
  readonly layout: MachineLayout;
  readonly scenario: string;
  readonly index: number;
  readonly rounds: number;
}

/** Words of the strategy area that the scenarios use, as byte offsets from layout.strategy. */
export const WORDS = {
  /** Counter that only mutual exclusion keeps right. */
  TOTAL: 0x000,
  ERRORS: 0x040,
  LOCK: 0x080,
  /** 1 while an exclusive section runs. */
  IN_SECTION: 0x0c0,
  /** Workers that are ready; they start together. */
  READY: 0x100,
  /** One word a vCPU: 1 while it is in "translated code". */
  IN_CODE: 0x140,
  /** One word a vCPU: items done for it, counted without atomics. */
  DONE: 0x180,
  /** A word per target and caller: the last round whose item was done. */
  SEEN: 0x200,
} as const;

/** A layout for `vcpus` vCPUs with next to no RAM. */
export function stressLayout(vcpus: number): MachineLayout {
  return planMachine(
    {
      vcpus,
      ramBase: 0x4000_0000,
      ramBytes: 65536,
      strategyBytes: 65536,
      tbCount: 1,
      codeCaches: 1,
    },
    () => 65536,
  );
}

/** Runs `scenario` on one Worker a vCPU; gives the memory they left. Errors of a Worker reject. */
export async function stress(
  scenario: string,
  vcpus: number,
  rounds: number,
): Promise<{ views: Views; layout: MachineLayout }> {
  const layout = stressLayout(vcpus);
  const memory = allocateShared(layout.totalBytes);
  const workers: Worker[] = [];
  try {
    await Promise.all(
      Array.from({ length: vcpus }, (_, index) =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL("./stress_worker.ts", import.meta.url), {
            type: "module",
          });
          workers.push(worker);
          worker.onmessage = () => resolve();
          worker.onerror = (event) => {
            event.preventDefault();
            reject(new Error(event.message));
          };
          const order: StressOrder = { memory, layout, scenario, index, rounds };
          worker.postMessage(order);
        })),
    );
  } finally {
    for (const worker of workers) worker.terminate();
  }
  return { views: viewsOf(memory), layout };
}
