/**
 * A whole machine: allocates its memory, loads a guest program, starts the threads, and waits for
 * the end. This is what the command line, the harness and the tests run.
 * @module
 */
import { ARM, reg, TB_FLAG } from "../arm/state.ts";
import { branchExchange } from "../arm/system/psr.ts";
import { resetArm } from "../arm/system/reset.ts";
import { CodeCache } from "../exec/code_cache.ts";
import { planCodeCache } from "../exec/code_cache_layout.ts";
import type { MarkTexts } from "../devices/console_marks.ts";
import { CounterMarks, type TierCounts } from "../memory/counter_marks.ts";
import { type CounterName, SharedCounters } from "../memory/counters.ts";
import { createTraceFile } from "../trace/trace_sink.ts";
import { profileBuffer } from "../profile/profile_words.ts";
import type { Profile } from "../profile/profile_data.ts";
import type { RawSample } from "../profile/sampler.ts";
import type { TraceConfig } from "../trace/trace_config.ts";
import { GLOBAL, type MachineLayout, planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { POWER_OFF, POWER_ON, VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, type Views, viewsOf } from "../memory/views.ts";
import { kick } from "../smp/kick.ts";
import { BOARD } from "./board.ts";
import { ConsoleWatch } from "./console_watch.ts";
import {
  DEFAULT_EXEC,
  type ExecConfig,
  type StrategyNames,
  type ThreadConfig,
  type ThreadMessage,
} from "./config.ts";
import { END, type EndCause, endMachine, endOf } from "./end_state.ts";
import { type LoadedKernel, loadKernel } from "./load_kernel.ts";
import { describeVcpus } from "./post_mortem.ts";
import { type ChosenStrategies, importStrategies } from "./strategies.ts";
import { makeVirtDevices, type VirtDevices } from "./virt_devices.ts";
import { planVirtio, type VirtioConfig, type VirtioOptions } from "./virtio_config.ts";
import { TIMER_WORKER, VCPU_WORKER, WorkerPool } from "./worker_pool.ts";

/** What to run. */
export interface MachineOptions extends Partial<ExecConfig>, StrategyNames {
  /** The guest program: ELF, zImage or raw. */
  readonly kernel: Uint8Array;
  /** Its name, for messages. */
  readonly name: string;
  /** Command line for the guest. */
  readonly append?: string;
  /** Initial ramdisk, for Linux. */
  readonly initrd?: Uint8Array;
  /** Device tree to hand over instead of the board's own. */
  readonly deviceTree?: Uint8Array;
  /** Names of the ramdisk's and the device tree's files, for messages. */
  readonly initrdName?: string;
  /** See `initrdName`. */
  readonly deviceTreeName?: string;
  /** Number of vCPUs, 1 to MAX_VCPUS. */
  readonly vcpus: number;
  /** RAM in MiB. */
  readonly memoryMiB: number;
  /** URL of the strategy registry module. */
  readonly strategies: string;
  /** The machine is stopped after this many seconds of host time. */
  readonly timeoutSeconds?: number;
  /** Stops the machine when aborted. */
  readonly signal?: AbortSignal;
  /** Gets the guest's console bytes as they come. */
  readonly onConsole?: (bytes: Uint8Array) => void;
  /** Virtio devices; none unless given. */
  readonly virtio?: VirtioOptions;
  /** Gets messages that the user should see while the machine goes on. */
  readonly onNotice?: (message: string) => void;
  /** Called once the machine exists, with the way to type on its console. */
  readonly onStart?: (console: MachineConsole) => void;
  /** Time is counted in guest instructions; needs a deterministic scheduling strategy. */
  readonly virtualTime?: boolean;
  /** Threads of machines that ended, to be used again; without it the machine's end with it. */
  readonly workers?: WorkerPool;
  /**
   * A console line with this text means that the guest has given up: the run ends soon after it, as
   * a guest error with that line as its message.
   */
  readonly panicText?: string;
  /** Lines of the console between which the guest measures, for `MachineResult.measured`. */
  readonly marks?: MarkTexts;
  /**
   * `forced`: code is made as for vCPUs that run in parallel even where none do, with one vCPU or on
   * one thread. What a scheme costs alone can then be set against what it costs beside others.
   */
  readonly parallelCode?: "forced";
  /** What to trace; nothing without. */
  readonly trace?: TraceConfig;
  /** Takes samples of where the guest's time goes; docs/profiling.md. */
  readonly profile?: {
    /** An ELF file with symbols or a System.map, instead of the guest program itself. */
    readonly symbols?: Uint8Array;
  };
  /** Translation block descriptors (a power of two); a small number forces flushes. */
  readonly tbCount?: number;
}

/** Input of the guest's console, and the machine's one key. */
export interface MachineConsole {
  /** Types bytes; returns how many there was room for. */
  type(bytes: Uint8Array): number;
  /** Presses the power key for a moment. */
  pressPower(): void;
}

/** How a run ended. */
export interface MachineResult {
  /** What ended it. */
  readonly end:
    | "power-off"
    | "reset"
    | "guest-error"
    | "timeout"
    | "vcpu-error"
    | "stopped";
  /** One clear message; empty after a power-off. */
  readonly message: string;
  /** Host seconds from the first guest instruction to the end. */
  readonly seconds: number;
  /**
   * When the first vCPU's thread was about to run guest code, in ms of `performance.now()`; 0 if never.
   * It is taken where the thread's word arrives: two threads' clocks are related by the wall clock
   * only, which may be set in between.
   */
  readonly began: number;
  /** Counters of each vCPU, by name. */
  readonly counters: readonly Record<CounterName, number>[];
  /** Of each vCPU between the marks; none unless they were asked for and seen. */
  readonly measured?: readonly TierCounts[];
  /** What the sampler saw; none unless the machine was profiled. */
  readonly profile?: Profile;
}

const END_NAMES: Record<EndCause, MachineResult["end"]> = {
  [END.POWER_OFF]: "power-off",
  [END.RESET]: "reset",
  [END.GUEST_FAULT]: "guest-error",
  [END.TIMEOUT]: "timeout",
  [END.THREAD_ERROR]: "vcpu-error",
  [END.STOPPED]: "stopped",
};

/**
 * Blocks a code cache holds unless told otherwise: the boot of a Linux distribution's kernel takes
 * about 75,000. Memory is committed as it is used.
 */
const DEFAULT_TB_COUNT = 131072;
const MIB = 1024 * 1024;
/** How often the console is drained, in ms. */
const DRAIN_MS = 5;
/** Blocks from which on a machine has a thread that compiles: a small program pays for one only. */
const COMPILER_BLOCKS = 4000;
/** How often they are counted, in ms. */
const COUNT_MS = 100;
/** Threads that have not ended by themselves this long after the machine's end are terminated. */
const END_GRACE_MS = 3000;
/** What a guest may still say after it has given up, in ms. */
const LAST_WORDS_MS = 300;

/**
 * Runs a guest program to its end.
 * @throws RangeError, ImageError when an option is out of bounds or the program cannot be loaded.
 */
export async function runMachine(options: MachineOptions): Promise<MachineResult> {
  const strategies = await importStrategies(options.strategies, options);
  const kernel = loadKernel(options.kernel, {
    name: options.name,
    vcpus: options.vcpus,
    ramBytes: options.memoryMiB * MIB,
    ...(options.append === undefined ? {} : { bootargs: options.append }),
    ...(options.initrd === undefined ? {} : { initrd: options.initrd }),
    ...(options.deviceTree === undefined ? {} : { deviceTree: options.deviceTree }),
    ...(options.initrdName === undefined ? {} : { initrdName: options.initrdName }),
    ...(options.deviceTreeName === undefined ? {} : { deviceTreeName: options.deviceTreeName }),
  });
  if (kernel.kind === "elf" && options.initrd !== undefined) {
    options.onNotice?.(
      `${options.initrdName ?? "The initial ramdisk"} is not loaded: ${options.name} is an ELF ` +
        `program, which has no way to find it`,
    );
  }
  if (options.trace?.file !== undefined && options.trace.append !== true) {
    createTraceFile(options.trace.file);
  }
  const machine = new Machine(options, strategies, kernel);
  return await machine.run();
}

class Machine {
  readonly #options: MachineOptions;
  readonly #strategies: ChosenStrategies;
  readonly #memory: WebAssembly.Memory;
  readonly #views: Views;
  readonly #layout: MachineLayout;
  readonly #devices: VirtDevices;
  readonly #workers = new Set<Worker>();
  readonly #pool: WorkerPool;
  readonly #virtio: VirtioConfig;
  readonly #watch: ConsoleWatch | undefined;
  readonly #profile: SharedArrayBuffer | undefined;
  #samples: readonly RawSample[] | undefined;
  #began = 0;
  /** vCPU numbers of each host thread. */
  readonly #threads: readonly (readonly number[])[];
  #lastWords: ReturnType<typeof setTimeout> | undefined;

  constructor(options: MachineOptions, strategies: ChosenStrategies, kernel: LoadedKernel) {
    this.#options = options;
    this.#strategies = strategies;
    this.#threads = strategies.scheduling.threads(options.vcpus);
    this.#pool = options.workers ?? new WorkerPool();
    if (options.profile) this.#profile = profileBuffer(options.vcpus);
    this.#virtio = planVirtio(options.virtio ?? {});
    if (options.panicText !== undefined) this.#watch = new ConsoleWatch(options.panicText);
    if (options.virtualTime && !strategies.scheduling.constraints.deterministic) {
      throw new RangeError(
        `Virtual time needs a deterministic scheduling strategy; ${strategies.scheduling.name} is none`,
      );
    }
    const ramBytes = options.memoryMiB * MIB;
    this.#layout = planMachine({
      vcpus: options.vcpus,
      ramBase: BOARD.ram.base,
      ramBytes,
      strategyBytes: strategies.atomics.sharedBytes({ ramBytes, vcpus: options.vcpus }),
      tbCount: options.tbCount ?? DEFAULT_TB_COUNT,
      codeCaches: 1,
    }, (tbCount) => planCodeCache(tbCount).bytes);
    this.#memory = allocateShared(this.#layout.totalBytes);
    this.#views = viewsOf(this.#memory);
    for (const { physical, bytes } of kernel.loads) {
      this.#views.u8.set(bytes, physical - BOARD.ram.base + this.#layout.ram);
    }
    this.#resetVcpus(kernel);
    new CodeCache(this.#views, this.#layout, 0).reset();
    this.#devices = makeVirtDevices(this.#views, this.#layout, {
      virtualTime: options.virtualTime ?? false,
      virtio: this.#virtio,
      first: true,
    });
  }

  get #parallel(): boolean {
    return this.#threads.length > 1;
  }

  get #parallelCode(): boolean {
    return this.#parallel || this.#options.parallelCode === "forced";
  }

  #resetVcpus(kernel: LoadedKernel): void {
    const { i32 } = this.#views;
    for (const thread of this.#threads) {
      // A vCPU that shares its thread gives its turn up where it would else spin.
      const parallel = this.#parallelCode && thread.length === 1;
      for (const index of thread) {
        const env = vcpuBase(this.#layout, index);
        i32[(env + ARM.FIXED_FLAGS) >>> 2] = parallel ? TB_FLAG.PARALLEL : 0;
        resetArm(this.#views, env, index);
        i32[(env + VCPU.SELF) >>> 2] = env;
        i32[(env + VCPU.WAKER) >>> 2] = vcpuBase(this.#layout, thread[0]) + VCPU.WAKE;
        i32[(env + VCPU.POWER) >>> 2] = index === 0 ? POWER_ON : POWER_OFF;
      }
    }
    const boot = vcpuBase(this.#layout, 0);
    branchExchange(i32, boot, kernel.entry);
    kernel.registers.forEach((value, n) => i32[(boot + reg(n)) >>> 2] = value);
  }

  async run(): Promise<MachineResult> {
    const { signal, timeoutSeconds, onStart } = this.#options;
    const stop = (): void => {
      endMachine(this.#views, this.#layout, END.STOPPED, 0, "The machine was stopped");
    };
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    const timeout = timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => this.#timeOut(timeoutSeconds), timeoutSeconds * 1000);
    const drainer = setInterval(() => this.#drain(), DRAIN_MS);
    onStart?.({
      type: (bytes) => this.#type(bytes),
      pressPower: () => this.#devices.powerKey.press(),
    });
    const start = performance.now();
    try {
      await this.#runThreads();
    } finally {
      clearTimeout(timeout);
      clearInterval(drainer);
      clearTimeout(this.#lastWords);
      signal?.removeEventListener("abort", stop);
      for (const worker of this.#workers) worker.terminate();
      if (this.#options.workers === undefined) this.#pool.close();
    }
    const seconds = (performance.now() - start) / 1000;
    this.#drain();
    const profile = await this.#namedProfile();
    return { ...this.#result(seconds), ...(profile === undefined ? {} : { profile }) };
  }

  /** Input goes to the virtio console when there is one. */
  #type(bytes: Uint8Array): number {
    const { uart, virtioConsole } = this.#devices;
    if (virtioConsole === undefined) return uart.receive(bytes);
    const taken = virtioConsole.receive(bytes);
    const { i32 } = this.#views;
    Atomics.store(i32, (this.#layout.global + GLOBAL.DEVICE_WORK) >>> 2, 1);
    kick(i32, vcpuBase(this.#layout, 0));
    return taken;
  }

  /** Hands console output on and looks for the line with which a guest gives up. */
  #drain(): void {
    const bytes = this.#devices.console.drain();
    if (bytes.length === 0) return;
    this.#options.onConsole?.(bytes);
    if (this.#watch?.take(bytes)) {
      const end = () => endMachine(this.#views, this.#layout, END.GUEST_FAULT);
      this.#lastWords = setTimeout(end, LAST_WORDS_MS);
    }
  }

  #timeOut(seconds: number): void {
    const text = `The guest was still running after ${seconds} s.`;
    endMachine(this.#views, this.#layout, END.TIMEOUT, 0, text);
  }

  /** Starts every thread and waits until all have ended. */
  async #runThreads(): Promise<void> {
    const options = this.#options;
    const exec = this.#execConfig();
    const config = (vcpus: readonly number[]): ThreadConfig => ({
      memory: this.#memory,
      layout: this.#layout,
      strategies: options.strategies,
      names: {
        atomics: options.atomics,
        barriers: options.barriers,
        scheduling: options.scheduling,
      },
      exec,
      vcpus,
      sliceInsns: this.#strategies.scheduling.sliceInsns,
      parallel: this.#parallel,
      parallelCode: this.#parallelCode,
      virtualTime: options.virtualTime ?? false,
      virtio: this.#virtio,
      ...(options.marks === undefined ? {} : { marks: options.marks }),
      ...(options.trace === undefined ? {} : { trace: options.trace }),
      ...(this.#profile === undefined ? {} : { profile: this.#profile }),
    });
    const ends: Promise<void>[] = [];
    if (this.#profile !== undefined) {
      // A short guest would be over before its sampler looks.
      await new Promise<void>((resolve) => {
        const end = this.#start(
          new URL("./profile_worker.ts", import.meta.url),
          config([]),
          () => resolve(),
        );
        ends.push(end);
        end.then(resolve);
      });
    }
    const compiler = await this.#startCompiler(exec.compileThread, config([]));
    ends.push(...this.#threads.map((vcpus) =>
      this.#start(VCPU_WORKER, config(vcpus), () => {
        if (vcpus.includes(0)) this.#began = performance.now();
      })
    ));
    if (!options.virtualTime) ends.push(this.#start(TIMER_WORKER, config([])));
    if (this.#virtio.disks.length > 0) {
      ends.push(this.#start(new URL("./disk_worker.ts", import.meta.url), config([])));
    }
    await Promise.all(ends);
    await compiler.end();
  }

  /**
   * Sees to the thread that compiles. `end` is called when the vCPUs have ended, and waits for the
   * thread unless that has not got to work yet.
   */
  async #startCompiler(
    when: ExecConfig["compileThread"],
    config: ThreadConfig,
  ): Promise<{ end: () => Promise<void> }> {
    let working: Promise<void> | undefined;
    const start = () =>
      new Promise<void>((ready) => {
        const url = new URL("./compile_worker.ts", import.meta.url);
        const ended = this.#start(url, config, () => {
          working = ended;
          ready();
        });
        ended.then(ready);
      });
    if (when === "first") await start();
    const cache = new CodeCache(this.#views, this.#layout, 0);
    const timer = when !== "late" ? undefined : setInterval(() => {
      if (cache.count < COMPILER_BLOCKS) return;
      clearInterval(timer);
      start();
    }, COUNT_MS);
    return {
      end: async () => {
        clearInterval(timer);
        await working;
      },
    };
  }

  /** Only then may another thread compile: at once, and for traces and virtual time, the vCPU's does. */
  get #compilesWarmBlocks(): boolean {
    const { backend, hotRuns, virtualTime, trace } = this.#options;
    return backend !== "interp" && hotRuns !== 0 && virtualTime !== true && trace === undefined;
  }

  #execConfig(): ExecConfig {
    const o = this.#options;
    const d = DEFAULT_EXEC;
    return {
      backend: o.backend ?? d.backend,
      hotRuns: o.hotRuns ?? d.hotRuns,
      batch: o.batch ?? d.batch,
      regionSamples: o.regionSamples ?? d.regionSamples,
      sampleInsns: o.sampleInsns ?? d.sampleInsns,
      compileThread: this.#compilesWarmBlocks ? o.compileThread ?? d.compileThread : "never",
      maxInsns: o.maxInsns ?? d.maxInsns,
      verifyIr: o.verifyIr ?? d.verifyIr,
      countExclusives: o.countExclusives ?? d.countExclusives,
    };
  }

  /**
   * Starts a thread; resolves when it has ended, or some time after the machine has. `ready` is called
   * when it is about to do its work.
   */
  #start(url: URL, config: ThreadConfig, ready?: () => void): Promise<void> {
    const worker = this.#pool.take(url);
    this.#workers.add(worker);
    return new Promise((resolve) => {
      const watchdog = setInterval(() => {
        if (endOf(this.#views, this.#layout) === undefined) return;
        clearInterval(watchdog);
        setTimeout(resolve, END_GRACE_MS);
      }, 100);
      const finish = (): void => {
        clearInterval(watchdog);
        resolve();
      };
      worker.onmessage = ({ data }: MessageEvent<ThreadMessage>): void => {
        if (data.kind === "ready") ready?.();
        if (data.kind === "notice") this.#options.onNotice?.(data.message);
        if (data.kind === "profile") this.#samples = data.samples;
        if (data.kind !== "done") return;
        this.#workers.delete(worker);
        this.#pool.give(url, worker);
        finish();
      };
      worker.onerror = (event): void => {
        event.preventDefault();
        endMachine(
          this.#views,
          this.#layout,
          END.THREAD_ERROR,
          config.vcpus[0] ?? -1,
          event.message,
        );
        finish();
      };
      worker.postMessage(config);
    });
  }

  async #namedProfile(): Promise<Profile | undefined> {
    if (this.#samples === undefined) return undefined;
    // What names samples is loaded for profiles only.
    const { nameSamples } = await import("./name_samples.ts");
    const symbols = this.#options.profile?.symbols ?? this.#options.kernel;
    return nameSamples(this.#samples, this.#options.vcpus, symbols, this.#strategies.atomics);
  }

  #result(seconds: number): MachineResult {
    const end = endOf(this.#views, this.#layout);
    if (end === undefined) throw new Error("Every thread has ended, but the machine has not");
    const { i32 } = this.#views;
    const shared = new SharedCounters(this.#views.f64);
    const counters = Array.from({ length: this.#options.vcpus }, (_, index) => {
      const env = vcpuBase(this.#layout, index);
      return {
        ...shared.read(env),
        strexAttempts: i32[(env + VCPU.STREX_ATTEMPTS) >>> 2] >>> 0,
        strexFailures: i32[(env + VCPU.STREX_FAILURES) >>> 2] >>> 0,
      };
    });
    // Every vCPU has left translated code, so that its state is the one that it stopped in.
    const where = describeVcpus(this.#views, this.#layout);
    const marks = new CounterMarks(this.#views, this.#layout);
    const tiers = Array.from(
      { length: this.#options.vcpus },
      (_, index) => marks.measured(vcpuBase(this.#layout, index)),
    );
    const measured = {
      seconds,
      began: this.#began,
      counters,
      ...(tiers.every((one) => one !== undefined) ? { measured: tiers } : {}),
    };
    // A guest may go on to reset itself after a panic.
    const panic = this.#watch?.found;
    if (panic !== undefined) {
      return { end: "guest-error", message: `${panic}\n${where}`, ...measured };
    }
    const message = end.cause === END.TIMEOUT ? `${end.text}\n${where}` : end.text;
    return { end: END_NAMES[end.cause], message, ...measured };
  }
}
