/**
 * What a lock tells about its acquisitions, and the observer that keeps a vCPU's counters.
 * @module
 */
import { COUNTER } from "../memory/counters.ts";
import type { Views } from "../memory/views.ts";
import { VCPU } from "../memory/vcpu_layout.ts";

/**
 * Told of every acquisition by the thread that acquired. `env` is what the caller of `lock` gave,
 * 0 when it acted for no vCPU; `waitNs` is 0 unless `contended`.
 */
export type LockObserver = (env: number, contended: boolean, waitNs: number) => void;

/** Observer that adds to lockAcquisitions, lockContended and lockWaitNs of the vCPU. */
export function lockCounters(views: Views): LockObserver {
  const { f64 } = views;
  return (env, contended, waitNs) => {
    if (env === 0) return;
    const base = (env + VCPU.COUNTERS) >>> 3;
    f64[base + COUNTER.lockAcquisitions]++;
    if (contended) {
      f64[base + COUNTER.lockContended]++;
      f64[base + COUNTER.lockWaitNs] += waitNs;
    }
  };
}
