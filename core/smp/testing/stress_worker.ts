/// <reference lib="deno.worker" />
/**
 * Worker of the stress tests: one vCPU that plays translated code.
 * @module
 */
import { vcpuBase } from "../../memory/machine_layout.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { type Views, viewsOf } from "../../memory/views.ts";
import { FutexMutex } from "../futex_mutex.ts";
import { RunOnCpu } from "../run_on_cpu.ts";
import { Spinlock } from "../spinlock.ts";
import { QUEUE_CAPACITY, WORK, type WorkItem } from "../work_queue.ts";
import { type StressOrder, WORDS } from "./stress.ts";

/** A block's worth of delay that the optimiser keeps. */
function dawdle(i32: Int32Array, index: number, rounds: number): void {
  for (let n = 0; n < rounds; n++) Atomics.load(i32, index);
}

class Player {
  readonly #order: StressOrder;
  readonly #views: Views;
  readonly #base: number;
  readonly #env: number;
  readonly #smp: RunOnCpu;

  constructor(order: StressOrder) {
    this.#order = order;
    this.#views = viewsOf(order.memory);
    this.#base = order.layout.strategy;
    this.#env = vcpuBase(order.layout, order.index);
    this.#smp = new RunOnCpu(this.#views, order.layout, (env, item) => this.#handle(env, item));
  }

  play(): void {
    this.#startTogether();
    const scenario = {
      mutex: () => this.#locked(new FutexMutex(this.#views.i32)),
      spinlock: () => this.#locked(new Spinlock(this.#views.i32)),
      exclusive: () => this.#repeat((round) => this.#codeOrSection(round)),
      work: () => this.#repeat((round) => this.#codeOrWork(round)),
    }[this.#order.scenario];
    if (!scenario) throw new RangeError(`No scenario is named ${this.#order.scenario}`);
    scenario();
  }

  #word(offset: number): number {
    return (this.#base + offset) >>> 2;
  }

  #error(): void {
    Atomics.add(this.#views.i32, this.#word(WORDS.ERRORS), 1);
  }

  #startTogether(): void {
    const { i32 } = this.#views;
    const ready = this.#word(WORDS.READY);
    Atomics.add(i32, ready, 1);
    Atomics.notify(i32, ready);
    for (;;) {
      const count = Atomics.load(i32, ready);
      if (count === this.#order.layout.vcpus) return;
      Atomics.wait(i32, ready, count);
    }
  }

  #repeat(step: (round: number) => void): void {
    for (let round = 1; round <= this.#order.rounds; round++) step(round);
  }

  #bump(offset: number): void {
    this.#views.i32[this.#word(offset)] += 1;
  }

  #locked(lock: FutexMutex | Spinlock): void {
    const address = this.#base + WORDS.LOCK;
    this.#repeat(() => {
      lock.lock(address);
      this.#bump(WORDS.TOTAL);
      lock.unlock(address);
    });
  }

  /** Translated code until somebody wants this vCPU out, or for a short while; `helper` in its middle. */
  #translatedCode(helper?: () => void): void {
    const { i32 } = this.#views;
    const { sections } = this.#smp;
    const inCode = this.#word(WORDS.IN_CODE + 4 * this.#order.index);
    Atomics.store(i32, (this.#env + VCPU.EXIT_REQUEST) >>> 2, 0);
    sections.execStart(this.#env);
    Atomics.store(i32, inCode, 1);
    for (let block = 0; block < 20; block++) {
      if (Atomics.load(i32, (this.#env + VCPU.EXIT_REQUEST) >>> 2) !== 0) break;
      if (Atomics.load(i32, this.#word(WORDS.IN_SECTION)) !== 0) this.#error();
      dawdle(i32, inCode, 20);
    }
    Atomics.store(i32, inCode, 0);
    helper?.();
    sections.execEnd(this.#env);
  }

  #section(): void {
    this.#smp.sections.exclusively(this.#env, () => this.#insideSection());
  }

  #insideSection(): void {
    const { i32 } = this.#views;
    const flag = this.#word(WORDS.IN_SECTION);
    if (Atomics.exchange(i32, flag, 1) !== 0) this.#error();
    for (let n = 0; n < this.#order.layout.vcpus; n++) {
      if (Atomics.load(i32, this.#word(WORDS.IN_CODE + 4 * n)) !== 0) this.#error();
    }
    this.#bump(WORDS.TOTAL);
    dawdle(i32, flag, 20);
    Atomics.store(i32, flag, 0);
  }

  /** Sections from the run loop in even rounds, from a helper of translated code in odd ones. */
  #codeOrSection(round: number): void {
    if (round % 2 === 0) {
      this.#translatedCode();
      this.#section();
    } else {
      this.#translatedCode(() => this.#section());
    }
  }

  /** Synchronous, asynchronous and safe work by turns, among translated code and sections. */
  #codeOrWork(round: number): void {
    const { vcpus } = this.#order.layout;
    const { index } = this.#order;
    const env = this.#env;
    const next = vcpuBase(this.#order.layout, (index + 1) % vcpus);
    const item: WorkItem = { kind: WORK.ENGINE, a: index, b: round, c: 0 };
    switch (round % 4) {
      case 0:
        this.#translatedCode(() => this.#smp.runOnAll(env, item));
        break;
      case 1:
        this.#translatedCode();
        this.#smp.runOnAll(env, item);
        break;
      case 2:
        this.#translatedCode(() => this.#smp.post(next, { ...item, kind: WORK.ENGINE + 2 }));
        return;
      case 3:
        this.#translatedCode();
        this.#smp.postSafe(env, next, { ...item, kind: WORK.ENGINE + 1 });
        return;
    }
    for (let target = 0; target < vcpus; target++) {
      const seen = this.#views.i32[this.#word(WORDS.SEEN + 4 * (target * vcpus + index))];
      if (seen !== round) this.#error();
    }
  }

  #handle(env: number, item: WorkItem): void {
    const { i32 } = this.#views;
    const { layout } = this.#order;
    if (item.kind === WORK.ENGINE + 1) {
      this.#insideSection();
      return;
    }
    const target = i32[(env + VCPU.INDEX) >>> 2];
    if (Atomics.load(i32, this.#word(WORDS.IN_CODE + 4 * target)) !== 0) this.#error();
    if (item.kind === WORK.FLUSH_TLB) throw new Error(`More than ${QUEUE_CAPACITY} items waited`);
    this.#bump(WORDS.DONE + 4 * target);
    if (item.kind === WORK.ENGINE) {
      i32[this.#word(WORDS.SEEN + 4 * (target * layout.vcpus + item.a))] = item.b;
    }
  }
}

self.onmessage = (event: MessageEvent<StressOrder>) => {
  const { index, layout, memory } = event.data;
  viewsOf(memory).i32[(vcpuBase(layout, index) + VCPU.INDEX) >>> 2] = index;
  new Player(event.data).play();
  self.postMessage("done");
};
