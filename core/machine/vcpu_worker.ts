/**
 * Entry of a vCPU thread: builds its parts, runs its vCPUs, reports how that ended.
 * @module
 */
import process from "node:process";
import { COUNTER, SharedCounters } from "../memory/counters.ts";
import { vcpuBase } from "../memory/machine_layout.ts";
import { viewsOf } from "../memory/views.ts";
import type { ThreadTrace } from "../trace/thread_trace.ts";
import { READY, type ThreadConfig, type ThreadMessage } from "./config.ts";
import { END, endMachine } from "./end_state.ts";
import { describeVcpu } from "./post_mortem.ts";
import { importStrategies } from "./strategies.ts";
import { makeVcpuThread } from "./vcpu_thread.ts";

/** CPU time of this thread in ns; the kernel counts it in steps of some ms. */
function threadCpuNs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) * 1000;
}

const post = (message: ThreadMessage): void => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ThreadConfig>): Promise<void> => {
  let trace: ThreadTrace | undefined;
  try {
    const strategies = await importStrategies(data.strategies, data.names);
    if (data.trace) {
      // With the listings that it needs, loaded for traces only.
      const { makeThreadTrace } = await import("../trace/thread_trace.ts");
      trace = makeThreadTrace(data.trace, viewsOf(data.memory), data.layout);
    }
    const loop = makeVcpuThread(data, strategies, trace);
    post(READY);
    const before = threadCpuNs();
    loop.run();
    // One figure a thread: where it runs several vCPUs, the first one carries it.
    const views = viewsOf(data.memory);
    new SharedCounters(views.f64)
      .add(vcpuBase(data.layout, data.vcpus[0]), COUNTER.cpuNs, threadCpuNs() - before);
  } catch (error) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    const views = viewsOf(data.memory);
    const where = data.vcpus
      .map((vcpu) => describeVcpu(views, data.layout, vcpuBase(data.layout, vcpu)));
    const report = [`The thread of vCPU ${data.vcpus.join(", ")} failed.`, ...where, text];
    endMachine(views, data.layout, END.THREAD_ERROR, data.vcpus[0], report.join("\n"));
  }
  trace?.close();
  post({ kind: "done" });
};
