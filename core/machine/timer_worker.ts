/**
 * Entry of the timer thread: sleeps until the next deadline of any timer and raises it.
 * @module
 */
import { viewsOf } from "../memory/views.ts";
import { READY, type ThreadConfig, type ThreadMessage } from "./config.ts";
import { END, endMachine, hasEnded } from "./end_state.ts";
import { makeVirtDevices } from "./virt_devices.ts";

const post = (message: ThreadMessage): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<ThreadConfig>): void => {
  const { memory, layout, virtio } = data;
  const views = viewsOf(memory);
  try {
    const devices = makeVirtDevices(views, layout, { virtualTime: false, virtio, first: false });
    post(READY);
    devices.alarms.serve(devices.alarm, () => hasEnded(views.i32, layout));
  } catch (error) {
    endMachine(views, layout, END.THREAD_ERROR, -1, String(error));
  }
  post({ kind: "done" });
};
