/**
 * The profile of one vCPU thread: it notes where the thread is, for the sampler to see. The parts of
 * the machine are wrapped when it is made, so a machine without a profile has nothing to skip.
 * @module
 */
import type { ArmServices } from "../arm/system/services.ts";
import type { BackendHost } from "../backends/backend.ts";
import { ACTIVITY, type Activity, type ExecProfile } from "../exec/exec_profile.ts";
import type { GuestMmu, PhysicalBus } from "../memory/guest_mmu.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { PAGE_MASK, VCPU, VCPU_STRIDE } from "../memory/vcpu_layout.ts";
import { FutexMutex } from "../smp/futex_mutex.ts";
import { ASK, WORD, WORDS } from "./profile_words.ts";

/** A mutex that tells when its caller has to wait. */
class ProfiledMutex extends FutexMutex {
  readonly #profile: ThreadProfile;

  constructor(i32: Int32Array, profile: ThreadProfile) {
    super(i32);
    this.#profile = profile;
  }

  override lock(address: number, env: number = 0): void {
    if (env === 0) return super.lock(address);
    if (this.tryLock(address, env)) return;
    this.#profile.during(env, ACTIVITY.LOCK, () => super.lock(address, env));
  }
}

/** Notes for one thread. */
export class ThreadProfile implements ExecProfile {
  readonly #i32: Int32Array;
  readonly #words: Int32Array;
  readonly #layout: MachineLayout;

  /** `buffer` is the machine's profileBuffer; `i32` views the machine's memory. */
  constructor(buffer: SharedArrayBuffer, i32: Int32Array, layout: MachineLayout) {
    this.#words = new Int32Array(buffer);
    this.#i32 = i32;
    this.#layout = layout;
  }

  #first(env: number): number {
    return (env - this.#layout.vcpu) / VCPU_STRIDE * WORDS;
  }

  at(env: number, activity: Activity): void {
    const first = this.#first(env);
    this.#words[first + WORD.PC] = this.#i32[(env + VCPU.PC) >>> 2];
    Atomics.store(this.#words, first + WORD.ACTIVITY, activity);
  }

  enter(env: number, activity: Activity): number {
    return Atomics.exchange(this.#words, this.#first(env) + WORD.ACTIVITY, activity);
  }

  leave(env: number, before: number): void {
    Atomics.store(this.#words, this.#first(env) + WORD.ACTIVITY, before);
  }

  left(env: number, region: boolean): void {
    const first = this.#first(env);
    const words = this.#words;
    if (Atomics.load(words, first + WORD.ASK) === ASK.ASKED) {
      words[first + WORD.ANSWER_PC] = this.#i32[(env + VCPU.PC) >>> 2];
      words[first + WORD.ANSWER_TIER] = region ? ACTIVITY.REGION : ACTIVITY.FIRST_TIER;
      Atomics.store(words, first + WORD.ASK, ASK.ANSWERED);
    }
    this.at(env, ACTIVITY.LOOP);
  }

  /** Runs `body` as `activity`. */
  during<T>(env: number, activity: Activity, body: () => T): T {
    const before = this.enter(env, activity);
    try {
      return body();
    } finally {
      this.leave(env, before);
    }
  }

  /** The same for what has an instruction of its own, and something to name. */
  #within<T>(env: number, activity: Activity, pc: number, detail: number, body: () => T): T {
    const first = this.#first(env);
    this.#words[first + WORD.PC] = pc;
    this.#words[first + WORD.DETAIL] = detail;
    return this.during(env, activity, body);
  }

  /** A mutex that shows when it has to be waited for. */
  mutex(): FutexMutex {
    return new ProfiledMutex(this.#i32, this);
  }

  /** Shows walks of the guest's page tables. */
  mmu(mmu: GuestMmu): GuestMmu {
    return {
      mmuIndex: (env) => mmu.mmuIndex(env),
      translate: (env, address, access, mmuIndex) =>
        this.during(
          env,
          ACTIVITY.TLB_FILL,
          () => mmu.translate(env, address, access, mmuIndex),
        ),
      raiseAbort: (env, pc, address, access, t) => mmu.raiseAbort(env, pc, address, access, t),
      raiseAlignment: (env, pc, address, access) => mmu.raiseAlignment(env, pc, address, access),
      raiseExternal: (env, pc, address, access) => mmu.raiseExternal(env, pc, address, access),
    };
  }

  /** Shows accesses to devices. */
  bus(bus: PhysicalBus): PhysicalBus {
    const during = <T>(vcpu: number, physical: number, body: () => T): T => {
      const env = vcpuBase(this.#layout, vcpu);
      this.#words[this.#first(env) + WORD.DETAIL] = physical & PAGE_MASK;
      return this.during(env, ACTIVITY.MMIO, body);
    };
    return {
      ramAddress: (physical) => bus.ramAddress(physical),
      hasDevice: (physical) => bus.hasDevice(physical),
      readDevice: (physical, size, vcpu) =>
        during(vcpu, physical, () => bus.readDevice(physical, size, vcpu)),
      writeDevice: (physical, size, value, vcpu) =>
        during(vcpu, physical, () => bus.writeDevice(physical, size, value, vcpu)),
    };
  }

  /** Shows TLB maintenance on other vCPUs. */
  services(services: ArmServices): ArmServices {
    return {
      ...services,
      flushOtherTlbs: (env, request) =>
        this.during(env, ACTIVITY.CROSS, () => services.flushOtherTlbs(env, request)),
    };
  }

  /** Shows what translated code calls. */
  backend(host: BackendHost): BackendHost {
    const slow = <T>(env: number, pc: number, body: () => T): T =>
      this.#within(env, ACTIVITY.SLOW_ACCESS, pc, 0, body);
    return {
      ...host,
      helperBodies: host.helperBodies.map((body, number) => (env, pc, a, b, c) =>
        this.#within(env, ACTIVITY.HELPER, pc, number, () => body(env, pc, a, b, c))
      ),
      slowLoad: (env, pc, address, memop) =>
        slow(env, pc, () => host.slowLoad(env, pc, address, memop)),
      slowLoad64: (env, pc, address, memop) =>
        slow(env, pc, () => host.slowLoad64(env, pc, address, memop)),
      slowStore: (env, pc, address, value, memop) =>
        slow(env, pc, () => host.slowStore(env, pc, address, value, memop)),
      slowStore64: (env, pc, address, value, memop) =>
        slow(env, pc, () => host.slowStore64(env, pc, address, value, memop)),
      slowProbe: (env, pc, address, memop) =>
        slow(env, pc, () => host.slowProbe(env, pc, address, memop)),
    };
  }
}
