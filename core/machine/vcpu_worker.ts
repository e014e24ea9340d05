/**
 * Entry of a vCPU thread: builds its parts, runs its vCPUs, reports how that ended.
 * @module
 */
import { viewsOf } from "../memory/views.ts";
import type { ThreadConfig, ThreadMessage } from "./config.ts";
import { END, endMachine } from "./end_state.ts";
import { importStrategies } from "./strategies.ts";
import { makeVcpuThread } from "./vcpu_thread.ts";

const post = (message: ThreadMessage): void => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ThreadConfig>): Promise<void> => {
  try {
    const strategies = await importStrategies(data.strategies, data.names);
    const loop = makeVcpuThread(data, strategies);
    post({ kind: "ready" });
    loop.run();
  } catch (error) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    const views = viewsOf(data.memory);
    endMachine(views, data.layout, END.THREAD_ERROR, data.vcpus[0], text);
  }
  post({ kind: "done" });
};
