/**
 * Entry of the sampler's thread: takes samples until the machine ends, then posts them.
 * @module
 */
import { viewsOf } from "../memory/views.ts";
import { SAMPLE_MS, Sampler } from "../profile/sampler.ts";
import { READY, type ThreadConfig, type ThreadMessage } from "./config.ts";
import { END, endMachine, hasEnded } from "./end_state.ts";

const post = (message: ThreadMessage): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<ThreadConfig>): void => {
  const { memory, layout, profile } = data;
  const views = viewsOf(memory);
  try {
    if (profile === undefined) throw new Error("The sampler was started without its buffer");
    const sampler = new Sampler(profile, views.i32, layout);
    const clock = new Int32Array(new SharedArrayBuffer(4));
    post(READY);
    for (let before = performance.now(); !hasEnded(views.i32, layout);) {
      Atomics.wait(clock, 0, 0, SAMPLE_MS);
      const now = performance.now();
      sampler.look(now - before);
      before = now;
    }
    post({ kind: "profile", samples: sampler.samples });
  } catch (error) {
    endMachine(views, layout, END.THREAD_ERROR, -1, String(error));
  }
  post({ kind: "done" });
};
