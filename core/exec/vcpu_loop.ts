/**
 * The run loop of one host thread: runs its vCPUs in turn (one with thread-per-vcpu, all with
 * round-robin), serves requests between blocks, and sleeps when every vCPU of the thread waits.
 * @module
 */
import { EXIT } from "../ir/ops.ts";
import { GLOBAL, type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { POWER_OFF, POWER_ON, POWER_PENDING, VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import type { ExclusiveSections } from "../smp/exclusive.ts";
import { Sleeper } from "../smp/sleeper.ts";
import { SpinGate } from "../smp/spin_gate.ts";
import type { CodeCache } from "./code_cache.ts";
import { CounterMarks } from "../memory/counter_marks.ts";
import { COUNTER, type CounterSink } from "../memory/counters.ts";
import { ACTIVITY, type ExecProfile } from "./exec_profile.ts";
import type { Executor } from "./executor.ts";
import type { GuestCpu } from "./guest_cpu.ts";

/** Longest sleep in ms of a vCPU in WFE: the architecture lets it end for any reason. */
const WFE_SLEEP_MS = 1;
/** The same of a vCPU that spins while others need the host's cores: nobody will wake it. */
const SPIN_SLEEP_MS = 0.1;
/** Longest sleep in ms otherwise; a lost wake-up would show as a stall of this length, not a hang. */
const IDLE_SLEEP_MS = 1000;

/** Pause in ms before a code flush that was not possible is tried again. */
const FLUSH_RETRY_MS = 0.2;

/** Why a vCPU gave up its turn. */
type Turn = "slice" | "wfi" | "wfe" | "spin" | "yield" | "off" | "end";

/** What a run loop is made of. */
export interface LoopParts {
  /** Views of the machine's memory. */
  readonly views: Views;
  /** Where the machine's parts lie. */
  readonly layout: MachineLayout;
  /** Numbers of the vCPUs that this thread runs. */
  readonly vcpus: readonly number[];
  /** Guest instructions a vCPU runs before the next one gets its turn. */
  readonly sliceInsns: number;
  /** The guest architecture. */
  readonly cpu: GuestCpu;
  /** Runs blocks. */
  readonly executor: Executor;
  /** Flushed between blocks when it is full. */
  readonly cache: CodeCache;
  /** Brackets everything that runs translated code. */
  readonly exclusive: ExclusiveSections;
  /** Counts idle time and flushes. */
  readonly counters: CounterSink;
  /** Lets devices act that got something from outside the guest (GLOBAL.DEVICE_WORK). */
  readonly deviceWork?: (env: number) => void;
  /** Called before each turn of a vCPU. */
  readonly beginTurn?: () => void;
  /** Hears what the thread does; none unless the machine is profiled. */
  readonly profile?: ExecProfile;
  /** Present when the machine's time is counted in guest instructions. */
  readonly virtualTime?: VirtualTime;
}

/** Time that passes only as guest instructions are run. */
export interface VirtualTime {
  /** Lets the time of `insns` instructions pass and raises what became due. */
  advance(insns: number): void;
  /** Every vCPU waits: jumps to the next deadline; false when there is none. */
  skip(): boolean;
}

/** Runs the vCPUs of one thread until the machine ends. */
export class VcpuLoop {
  readonly #p: LoopParts;
  readonly #i32: Int32Array;
  readonly #marks: CounterMarks;
  readonly #endWord: number;
  readonly #deviceWord: number;

  /** One a thread. */
  constructor(parts: LoopParts) {
    this.#p = parts;
    this.#i32 = parts.views.i32;
    this.#marks = new CounterMarks(parts.views, parts.layout);
    this.#endWord = (parts.layout.global + GLOBAL.END) >>> 2;
    this.#deviceWord = (parts.layout.global + GLOBAL.DEVICE_WORK) >>> 2;
  }

  /** Returns when the machine has ended. */
  run(): void {
    const envs = this.#p.vcpus.map((v) => vcpuBase(this.#p.layout, v));
    const gate = new SpinGate(this.#i32, this.#p.layout);
    const sleeper = new Sleeper(this.#i32, (envs[0] + VCPU.WAKE) >>> 2, gate);
    for (;;) {
      const { ticket } = sleeper;
      let awake = false;
      let patience = IDLE_SLEEP_MS;
      for (const env of envs) {
        const turn = this.#turn(env);
        if (envs.length > 1) this.#p.profile?.at(env, ACTIVITY.TURN);
        if (turn === "end") return;
        if (turn === "slice" || turn === "yield") awake = true;
        if (turn === "wfe") patience = Math.min(patience, WFE_SLEEP_MS);
        if (turn === "spin") patience = Math.min(patience, SPIN_SLEEP_MS);
      }
      if (!awake && this.#p.virtualTime?.skip() !== true) {
        for (const env of envs) this.#p.profile?.at(env, ACTIVITY.IDLE);
        this.#p.counters.add(envs[0], COUNTER.idleNs, sleeper.sleep(ticket, patience) * 1e6);
      }
    }
  }

  /** Runs one vCPU until its slice is spent or it waits for something. */
  #turn(env: number): Turn {
    const i32 = this.#i32;
    const { executor, exclusive, cpu, profile } = this.#p;
    profile?.at(env, ACTIVITY.LOOP);
    const sliceInsns = executor.slice(env, this.#p.sliceInsns);
    const request = (env + VCPU.EXIT_REQUEST) >>> 2;
    const budget = (env + VCPU.BUDGET) >>> 2;
    const giveWay = (env + VCPU.GIVE_WAY) >>> 2;
    i32[budget] = sliceInsns;
    this.#p.beginTurn?.();
    let counted = sliceInsns;
    let turn: Turn | null = null;
    while (turn === null) {
      if (i32[request] !== 0) Atomics.store(i32, request, 0);
      if (this.#marks.isNew(env)) {
        counted = this.#countInsns(env, counted);
        this.#marks.note(env);
      }
      if (Atomics.load(i32, this.#deviceWord) !== 0) this.#serveDevices(env);
      if (Atomics.load(i32, this.#endWord) !== 0) turn = "end";
      else if (!this.#powered(env)) turn = "off";
      else if (this.#suspended(env)) turn = "wfi";
      if (turn !== null) break;
      profile?.at(env, ACTIVITY.STOP);
      exclusive.execStart(env);
      profile?.at(env, ACTIVITY.LOOP);
      if (i32[(env + VCPU.IRQ_LINES) >>> 2] !== 0) cpu.deliverInterrupt(env);
      turn = this.#runUntilExit(env, executor, request);
      if (i32[giveWay] !== 0) {
        i32[giveWay] = 0;
        turn ??= "spin";
      }
      exclusive.execEnd(env);
      if (this.#p.cache.full) this.#flush(env);
    }
    this.#countInsns(env, counted);
    this.#p.virtualTime?.advance(sliceInsns - i32[budget]);
    return turn;
  }

  /** Counts the guest instructions run since the budget was `before`; gives what it is now. */
  #countInsns(env: number, before: number): number {
    const i32 = this.#i32;
    const { counters } = this.#p;
    const left = i32[(env + VCPU.BUDGET) >>> 2];
    const inRegions = (env + VCPU.REGION_INSNS) >>> 2;
    counters.add(env, COUNTER.guestInsns, before - left);
    counters.add(env, COUNTER.regionInsns, i32[inRegions]);
    i32[inRegions] = 0;
    return left;
  }

  /** Devices write to RAM as this vCPU, so it counts as running. */
  #serveDevices(env: number): void {
    if (Atomics.exchange(this.#i32, this.#deviceWord, 0) === 0) return;
    this.#p.exclusive.execStart(env);
    this.#p.deviceWork?.(env);
    this.#p.exclusive.execEnd(env);
  }

  /** Runs blocks until a request has to be served (null) or the turn is over. */
  #runUntilExit(env: number, executor: Executor, request: number): Turn | null {
    const i32 = this.#i32;
    while (i32[request] === 0) {
      i32[(env + VCPU.LEAVE) >>> 2] = 0;
      const id = executor.find(env);
      if (id === 0) return null;
      switch (executor.run(env, id)) {
        case EXIT.INTERRUPTED:
          // Without a request it was the budget: what is left is less than the next block needs.
          return i32[request] === 0 ? "slice" : null;
        case EXIT.WFI:
          return this.#p.cpu.interruptPending(env) ? null : "wfi";
        case EXIT.WFE:
          if (Atomics.exchange(i32, (env + VCPU.EVENT) >>> 2, 0) !== 0) break;
          return this.#p.cpu.interruptPending(env) ? null : "wfe";
        case EXIT.YIELD:
          return "yield";
      }
    }
    return null;
  }

  /** Whether the vCPU is on; serves a power-on request. */
  #powered(env: number): boolean {
    const i32 = this.#i32;
    const power = (env + VCPU.POWER) >>> 2;
    const state = Atomics.load(i32, power);
    if (state === POWER_PENDING) {
      this.#p.cpu.powerOn(
        env,
        i32[(env + VCPU.POWER_ENTRY) >>> 2],
        i32[(env + VCPU.POWER_CONTEXT) >>> 2],
      );
      Atomics.store(i32, power, POWER_ON);
    }
    return state !== POWER_OFF;
  }

  /** Whether the vCPU waits for an interrupt since a power-state call. */
  #suspended(env: number): boolean {
    const word = (env + VCPU.SUSPENDED) >>> 2;
    if (this.#i32[word] === 0) return false;
    if (this.#p.cpu.interruptPending(env)) this.#i32[word] = 0;
    return this.#i32[word] !== 0;
  }

  /**
   * Empties the code cache, as safe work. A vCPU that stands inside a helper still needs its block:
   * then the flush stays due, and whoever leaves translated code next tries again.
   */
  #flush(env: number): void {
    const { cache, counters, exclusive, executor } = this.#p;
    exclusive.exclusively(env, () => {
      if (!cache.full || exclusive.anySuspended) return;
      executor.flush(env);
      counters.add(env, COUNTER.codeFlushes, 1);
    });
    // Who stands in a helper may be waiting for a section of its own: let it have its turn.
    if (cache.full) Atomics.wait(this.#i32, (env + VCPU.LEAVE) >>> 2, 0, FLUSH_RETRY_MS);
  }
}
