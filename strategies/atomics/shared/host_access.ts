/**
 * What helper bodies do with guest memory: accesses of 1, 2, 4 and 8 bytes at host addresses, whose
 * values go through the vCPU's slots, so that no helper needs one path for 32 and one for 64 bits.
 * @module
 */
import type { StrategyHost } from "../../types.ts";
import { MEMOP, memopSize } from "../../../core/memory/memop.ts";
import { VCPU } from "../../../core/memory/vcpu_layout.ts";
import type { Views } from "../../../core/memory/views.ts";
import { probeOp, SLOT } from "./expansion.ts";

/** Guest memory for the helper bodies of one scheme on one thread. */
export class HostAccess {
  readonly #host: StrategyHost;
  readonly #views: Views;
  readonly #value: number;

  /** One a thread. */
  constructor(host: StrategyHost) {
    this.#host = host;
    this.#views = host.views;
    this.#value = host.perVcpu + SLOT.VALUE;
  }

  /** Host address of an exclusive read; 0 after a guest exception. */
  probeRead(env: number, pc: number, address: number, memop: number): number {
    return this.#host.probe(env, pc, address, probeOp(memop, MEMOP.EXCLUSIVE));
  }

  /** Host address of an exclusive write; 0 after a guest exception. */
  probeWrite(env: number, pc: number, address: number, memop: number): number {
    return this.#host.probe(env, pc, address, probeOp(memop, MEMOP.EXCLUSIVE | MEMOP.WRITE));
  }

  /** Whether the local monitor holds this virtual address and size. */
  reserved(env: number, address: number, memop: number): boolean {
    const { i32 } = this.#views;
    return i32[(env + VCPU.EXCL_SIZE) >>> 2] === memopSize(memop) &&
      i32[(env + VCPU.EXCL_ADDR) >>> 2] === (address | 0);
  }

  /** Reads memory into the VALUE slot and the local monitor, and sets the reservation. */
  loadAndReserve(env: number, address: number, host: number, memop: number): void {
    const { i32, i64 } = this.#views;
    const value = (env + this.#value) >>> 2;
    const noted = (env + VCPU.EXCL_LO) >>> 2;
    if (memopSize(memop) === 8) {
      const read = Atomics.load(i64, host >>> 3);
      i64[value >>> 1] = read;
      i64[noted >>> 1] = read;
    } else {
      const read = this.#load(host, memop);
      i32[value] = read;
      i32[noted] = read;
    }
    i32[(env + VCPU.EXCL_ADDR) >>> 2] = address;
    i32[(env + VCPU.EXCL_SIZE) >>> 2] = memopSize(memop);
  }

  /**
   * Stores the VALUE slot where memory still holds the noted value; says whether it did. A host
   * compare-exchange, so that it loses no store by somebody who takes no part in the scheme.
   */
  compareExchange(env: number, host: number, memop: number): boolean {
    const { u8, u16, i32, i64 } = this.#views;
    const value = (env + this.#value) >>> 2;
    const noted = (env + VCPU.EXCL_LO) >>> 2;
    const old = i32[noted];
    switch (memopSize(memop)) {
      case 1:
        return Atomics.compareExchange(u8, host >>> 0, old, i32[value]) === old;
      case 2:
        return Atomics.compareExchange(u16, host >>> 1, old, i32[value]) === old;
      case 4:
        return Atomics.compareExchange(i32, host >>> 2, old, i32[value]) === old;
      default: {
        const old64 = i64[noted >>> 1];
        return Atomics.compareExchange(i64, host >>> 3, old64, i64[value >>> 1]) === old64;
      }
    }
  }

  /** Stores the VALUE slot to an aligned address. */
  store(env: number, host: number, memop: number): void {
    const { u8, u16, i32, i64 } = this.#views;
    const value = (env + this.#value) >>> 2;
    switch (memopSize(memop)) {
      case 1:
        Atomics.store(u8, host >>> 0, i32[value]);
        break;
      case 2:
        Atomics.store(u16, host >>> 1, i32[value]);
        break;
      case 4:
        Atomics.store(i32, host >>> 2, i32[value]);
        break;
      default:
        Atomics.store(i64, host >>> 3, i64[value >>> 1]);
    }
  }

  #load(host: number, memop: number): number {
    const { u8, u16, i32 } = this.#views;
    switch (memopSize(memop)) {
      case 1:
        return Atomics.load(u8, host >>> 0);
      case 2:
        return Atomics.load(u16, host >>> 1);
      default:
        return Atomics.load(i32, host >>> 2);
    }
  }
}
