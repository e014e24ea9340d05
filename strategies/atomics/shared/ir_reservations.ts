/**
 * The reservations of reservations.ts in IR: each vCPU's is the host address in its HOST slot with the
 * size in its local monitor (0: none).
 * @module
 */
import type { Local, V32 } from "../../../core/ir/builder.ts";
import type { HelperContext } from "../../../core/ir/helper.ts";
import { memopSize } from "../../../core/memory/memop.ts";
import { VCPU, VCPU_STRIDE } from "../../../core/memory/vcpu_layout.ts";
import { reserve, SLOT } from "./expansion.ts";

const WORD = 2;

/** Sets the reservation of this vCPU: the access at `address`, which lies at `host`. */
export function setReservation(
  x: HelperContext,
  address: V32,
  host: V32,
  memop: number,
): void {
  x.b.set(x.perVcpu + SLOT.HOST, host);
  reserve(x, address, memop);
}

/** 1 while the vCPU's reservation covers exactly this access. */
export function holds({ b, perVcpu }: HelperContext, host: V32, memop: number): V32 {
  const size = b.eq(b.get(VCPU.EXCL_SIZE), b.const(memopSize(memop)));
  return b.and(size, b.eq(b.get(perVcpu + SLOT.HOST), host));
}

/** A vCPU in the loop of {@linkcode forEachReservation}. */
export interface Reserver {
  /** Its base address. */
  readonly env: V32;
  /** Its number, in a variable. */
  readonly index: Local<V32>;
  /** 1 when it is this vCPU. */
  readonly self: V32;
  /** 1 when the access touches its reservation. */
  readonly touched: V32;
}

/**
 * Emits `body` once, for every vCPU that has a reservation. The access takes `size` bytes at `host`;
 * it touches a reservation when both reach into the same block of `granule` bytes (a power of 2).
 */
export function forEachReservation(
  x: HelperContext,
  host: V32,
  size: V32,
  granule: number,
  body: (one: Reserver) => void,
): void {
  const { b, layout } = x;
  const block = (address: V32) => b.and(address, b.const(-granule));
  const last = block(b.sub(b.add(host, size), b.const(1)));
  const first = block(host);
  const self = b.get(VCPU.SELF);
  const index = b.local();
  index.set(b.const(0));
  b.loop(() => {
    b.if(b.eq(index.get(), b.const(layout.vcpus)), () => b.break());
    const env = b.add(b.bin("mul", index.get(), b.const(VCPU_STRIDE)), b.const(layout.vcpu));
    const reserved = b.atomicLoad(b.add(env, b.const(VCPU.EXCL_SIZE)), WORD);
    b.if(reserved, () => {
      const start = b.hostLoad(b.add(env, b.const(x.perVcpu + SLOT.HOST)), WORD);
      const end = b.sub(b.add(start, reserved), b.const(1));
      // As differences, so that addresses above 2 GiB compare right.
      const apart = b.or(b.sub(last, block(start)), b.sub(block(end), first));
      const touched = b.bin("le_s", b.const(0), apart);
      body({ env, index, self: b.eq(env, self), touched });
    });
    index.set(b.add(index.get(), b.const(1)));
  });
}

/** Drops the reservation of the vCPU at `env`. */
export function drop({ b }: HelperContext, env: V32): void {
  b.atomicStore(b.add(env, b.const(VCPU.EXCL_SIZE)), b.const(0), WORD);
}

/** Breaks the reservations of other vCPUs that a store of `size` bytes at `host` touches. */
export function breakOthers(x: HelperContext, host: V32, size: V32, granule: number): void {
  forEachReservation(x, host, size, granule, ({ env, self, touched }) => {
    x.b.if(x.b.and(touched, x.b.eqz(self)), () => drop(x, env));
  });
}
