/**
 * The profile of one vCPU thread: it notes where the thread is, for the sampler to see. The parts of
 * the machine are wrapped when it is made, so a machine without a profile has nothing to skip.
 * @module
 */
import type { ArmServices } from "../arm/system/services.ts";
import type { BackendHost } from "../backends/backend.ts";
import { ACTIVITY, type Activity, type ExecProfile } from "../exec/exec_profile.ts";
import type { HelperBody } from "../ir/helper.ts";
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
  #env = 0;
  #index = 0;

  /** `buffer` is the machine's profileBuffer; `i32` views the machine's memory. */
  constructor(buffer: SharedArrayBuffer, i32: Int32Array, layout: MachineLayout) {
    this.#words = new Int32Array(buffer);
    this.#i32 = i32;
    this.#layout = layout;
  }

  /** Index of a vCPU's first word. A thread asks for the same vCPU again and again. */
  #first(env: number): number {
    if (env !== this.#env) {
      this.#env = env;
      this.#index = (env - this.#layout.vcpu) / VCPU_STRIDE * WORDS;
    }
    return this.#index;
  }

  at(env: number, activity: Activity): void {
    const first = this.#first(env);
    this.#words[first + WORD.PC] = this.#i32[(env + VCPU.PC) >>> 2];
    this.#words[first + WORD.ACTIVITY] = activity;
  }

  enter(env: number, activity: Activity): number {
    const word = this.#first(env) + WORD.ACTIVITY;
    const before = this.#words[word];
    this.#words[word] = activity;
    return before;
  }

  leave(env: number, before: number): void {
    this.#words[this.#first(env) + WORD.ACTIVITY] = before;
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
  #enterAt(env: number, activity: Activity, pc: number, detail: number): number {
    const first = this.#first(env);
    const words = this.#words;
    words[first + WORD.PC] = pc;
    words[first + WORD.DETAIL] = detail;
    const before = words[first + WORD.ACTIVITY];
    words[first + WORD.ACTIVITY] = activity;
    return before;
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
    const enter = (env: number, physical: number): number => {
      this.#words[this.#first(env) + WORD.DETAIL] = physical & PAGE_MASK;
      return this.enter(env, ACTIVITY.MMIO);
    };
    return {
      ramAddress: (physical) => bus.ramAddress(physical),
      hasDevice: (physical) => bus.hasDevice(physical),
      readDevice: (physical, size, vcpu) => {
        const env = vcpuBase(this.#layout, vcpu);
        const before = enter(env, physical);
        const value = bus.readDevice(physical, size, vcpu);
        this.leave(env, before);
        return value;
      },
      writeDevice: (physical, size, value, vcpu) => {
        const env = vcpuBase(this.#layout, vcpu);
        const before = enter(env, physical);
        bus.writeDevice(physical, size, value, vcpu);
        this.leave(env, before);
      },
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

  #helper(body: HelperBody, number: number): HelperBody {
    return (env, pc, a, b, c) => {
      const before = this.#enterAt(env, ACTIVITY.HELPER, pc, number);
      const value = body(env, pc, a, b, c);
      this.leave(env, before);
      return value;
    };
  }

  /** Shows what translated code calls. What throws ends the machine, so nothing is put back then. */
  backend(host: BackendHost): BackendHost {
    const enter = (env: number, pc: number): number =>
      this.#enterAt(env, ACTIVITY.SLOW_ACCESS, pc, 0);
    return {
      ...host,
      // Helpers in IR are part of translated code.
      helperBodies: host.helperBodies.map((body, number) =>
        typeof body === "function" ? this.#helper(body, number) : body
      ),
      slowLoad: (env, pc, address, memop) => {
        const before = enter(env, pc);
        const value = host.slowLoad(env, pc, address, memop);
        this.leave(env, before);
        return value;
      },
      slowLoad64: (env, pc, address, memop) => {
        const before = enter(env, pc);
        const value = host.slowLoad64(env, pc, address, memop);
        this.leave(env, before);
        return value;
      },
      slowStore: (env, pc, address, value, memop) => {
        const before = enter(env, pc);
        host.slowStore(env, pc, address, value, memop);
        this.leave(env, before);
      },
      slowStore64: (env, pc, address, value, memop) => {
        const before = enter(env, pc);
        host.slowStore64(env, pc, address, value, memop);
        this.leave(env, before);
      },
      slowProbe: (env, pc, address, memop) => {
        const before = enter(env, pc);
        const place = host.slowProbe(env, pc, address, memop);
        this.leave(env, before);
        return place;
      },
    };
  }
}
