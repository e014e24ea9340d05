/**
 * Reservations that other vCPUs can break: each vCPU's is the host address in its HOST slot with the
 * size in its local monitor (0: none). The scheme's own lock, or a world that stands still, keeps
 * setting and breaking apart.
 * @module
 */
import { memopSize } from "../../../core/memory/memop.ts";
import { vcpuBase } from "../../../core/memory/machine_layout.ts";
import { PAGE_MASK, VCPU } from "../../../core/memory/vcpu_layout.ts";
import type { StrategyHost } from "../../types.ts";
import { SLOT } from "./expansion.ts";

/** The reservations of all vCPUs. */
export class Reservations {
  readonly #i32: Int32Array;
  readonly #envs: readonly number[];
  readonly #host: number;
  readonly #granule: number;

  /** A store breaks a reservation when both touch the same block of `granule` bytes (a power of 2). */
  constructor(host: StrategyHost, granule: number) {
    this.#i32 = host.views.i32;
    this.#envs = Array.from({ length: host.layout.vcpus }, (_, n) => vcpuBase(host.layout, n));
    this.#host = host.perVcpu + SLOT.HOST;
    this.#granule = granule;
  }

  /** Host address of the vCPU's reservation, 0 when it has none. */
  addressOf(env: number): number {
    return this.#size(env) === 0 ? 0 : this.#i32[(env + this.#host) >>> 2];
  }

  /** The local monitor has just been set for host address `at`. */
  set(env: number, at: number): void {
    Atomics.store(this.#i32, (env + this.#host) >>> 2, at);
  }

  /** Whether the vCPU's reservation still covers exactly this access. */
  holds(env: number, at: number, memop: number): boolean {
    return this.#size(env) === memopSize(memop) && this.addressOf(env) === (at | 0);
  }

  /** Whether a vCPU other than `env` (0: any) has a reservation that an access would touch. */
  touches(env: number, at: number, size: number): boolean {
    return this.#envs.some((other) => other !== env && this.#touched(other, at, size));
  }

  /** Whether any vCPU has a reservation in the page. */
  inPage(hostPage: number): boolean {
    return this.#envs.some((env) => {
      const at = this.addressOf(env);
      return at !== 0 && (at & PAGE_MASK) === (hostPage | 0);
    });
  }

  /** Breaks the reservations of other vCPUs than `env` that a store touches. */
  breakOthers(env: number, at: number, size: number): void {
    for (const other of this.#envs) {
      if (other !== env && this.#touched(other, at, size)) this.drop(other);
    }
  }

  /** Drops the vCPU's reservation. */
  drop(env: number): void {
    Atomics.store(this.#i32, (env + VCPU.EXCL_SIZE) >>> 2, 0);
  }

  /** Bit n is set when vCPU n has a reservation. */
  mask(): number {
    return this.#envs.reduce((mask, env, n) => this.#size(env) === 0 ? mask : mask | 1 << n, 0);
  }

  #size(env: number): number {
    return Atomics.load(this.#i32, (env + VCPU.EXCL_SIZE) >>> 2);
  }

  #touched(env: number, at: number, size: number): boolean {
    const reserved = this.#size(env);
    if (reserved === 0) return false;
    const start = this.#i32[(env + this.#host) >>> 2];
    const block = (address: number) => address >>> 0 & -this.#granule;
    // Block numbers as differences, so that addresses above 2 GiB compare right.
    return (block(at + size - 1) - block(start) | 0) >= 0 &&
      (block(start + reserved - 1) - block(at) | 0) >= 0;
  }
}
