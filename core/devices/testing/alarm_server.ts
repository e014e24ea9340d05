/**
 * Worker of the alarm table's test: serves alarms until the machine ends and notes when each came.
 * @module
 */
import { GLOBAL } from "../../memory/machine_layout.ts";
import { AlarmTable, NEVER } from "../alarm_table.ts";
import { HostClock } from "../host_clock.ts";
import { deviceBench } from "./bench.ts";

/** What the worker is told: addresses of the alarm table, of the clock, of a float64 for each slot. */
export interface AlarmJob {
  readonly memory: WebAssembly.Memory;
  readonly table: number;
  readonly clock: number;
  readonly seen: number;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<AlarmJob>) => void) | null;
  postMessage(message: string): void;
};

scope.onmessage = ({ data }): void => {
  const { views, layout } = deviceBench(2, data.memory);
  const clock = new HostClock(views, data.clock);
  const alarms = new AlarmTable(views, data.table, layout.global, clock);
  scope.postMessage("ready");
  alarms.serve((slot) => {
    alarms.set(slot, NEVER);
    views.f64[(data.seen >>> 3) + slot] = clock.ticks();
    Atomics.notify(views.i32, layout.global >>> 2);
  }, () => Atomics.load(views.i32, (layout.global + GLOBAL.END) >>> 2) !== 0);
  scope.postMessage("done");
};
