/**
 * Entry of the thread that compiles for the vCPUs: it makes modules of warm blocks and regions, and
 * has V8 compile them, so that a vCPU that loads one finds its machine code made.
 * @module
 */
import { BlockCompiler } from "../exec/block_compiler.ts";
import { CodeCache, type RegionRequest } from "../exec/code_cache.ts";
import { CompileRequests } from "../exec/compile_requests.ts";
import { SharedCounters } from "../memory/counters.ts";
import { viewsOf } from "../memory/views.ts";
import { FutexMutex } from "../smp/futex_mutex.ts";
import { READY, type ThreadConfig, type ThreadMessage } from "./config.ts";
import { END, endMachine, hasEnded } from "./end_state.ts";
import { machineHelpers } from "./machine_helpers.ts";
import { importStrategies } from "./strategies.ts";

const post = (message: ThreadMessage): void => self.postMessage(message);

self.onmessage = async ({ data }: MessageEvent<ThreadConfig>): Promise<void> => {
  const { memory, layout } = data;
  const views = viewsOf(memory);
  try {
    const { atomics } = await importStrategies(data.strategies, data.names);
    const cache = new CodeCache(views, layout, 0);
    const mutex = new FutexMutex(views.i32);
    // V8 forgets machine code that no module refers to.
    let kept: WebAssembly.Module[] = [];
    const compiler = new BlockCompiler({
      views,
      cache,
      mutex,
      helpers: machineHelpers(atomics),
      counters: new SharedCounters(views.f64),
      built: (bytes) => kept.push(new WebAssembly.Module(bytes)),
    });
    let generation = cache.generation;
    const requests = new CompileRequests(views.i32, layout, cache, mutex);
    post(READY);
    const work = (asker: number, regions: readonly RegionRequest[]): void => {
      if (cache.generation !== generation) kept = [];
      generation = cache.generation;
      if (asker !== 0) compiler.compilePending(asker);
      for (const request of regions) compiler.formRegion(request);
    };
    requests.serve(work, () => hasEnded(views.i32, layout));
  } catch (error) {
    endMachine(views, layout, END.THREAD_ERROR, -1, `The compiling thread failed: ${error}`);
  }
  post({ kind: "done" });
};
