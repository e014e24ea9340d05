/**
 * Entry of a vCPU thread: builds its parts, runs its vCPUs, reports how that ended.
 * @module
 */
import process from "node:process";
import { COUNTER, SharedCounters } from "../memory/counters.ts";
import { vcpuBase } from "../memory/machine_layout.ts";
import { viewsOf } from "../memory/views.ts";
import type { ThreadConfig, ThreadMessage } from "./config.ts";
import { END, endMachine } from "./end_state.ts";
import { importStrategies } from "./strategies.ts";
import { makeVcpuThread } from "./vcpu_thread.ts";

/** CPU time of this thread in ns; the kernel counts it in steps of some ms. */
function threadCpuNs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

const post = (message: ThreadMessage): void => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ThreadConfig>): Promise<void> => {
  try {
    const strategies = await importStrategies(data.strategies, data.names);
    const loop = makeVcpuThread(data, strategies);
    post({ kind: "ready" });
    const before = threadCpuNs();
    loop.run();
    // One figure a thread: where it runs several vCPUs, the first one carries it.
    const views = viewsOf(data.memory);
    new SharedCounters(views.f64)
      .add(vcpuBase(data.layout, data.vcpus[0]), COUNTER.cpuNs, threadCpuNs() - before);
  } catch (error) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    const views = viewsOf(data.memory);
    endMachine(views, data.layout, END.THREAD_ERROR, data.vcpus[0], text);
  }
  post({ kind: "done" });
};
