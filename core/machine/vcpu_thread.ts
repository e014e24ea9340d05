/**
 * Puts the parts of one vCPU thread together: devices, softmmu, ARM front end, strategies, code
 * cache, backends and run loop, all over the machine's shared memory.
 * @module
 */
import { createArmCpu } from "../arm/arm_cpu.ts";
import type { BackendHost } from "../backends/backend.ts";
import { CodeCache } from "../exec/code_cache.ts";
import { CompileRequests } from "../exec/compile_requests.ts";
import { CodeInvalidation } from "../exec/code_invalidation.ts";
import { SharedCounters } from "../memory/counters.ts";
import { Executor } from "../exec/executor.ts";
import type { AtomicsRuntime, AtomicsStrategy, BarrierStrategy } from "../exec/strategy.ts";
import { Translator } from "../exec/translator.ts";
import { VcpuLoop, type VirtualTime } from "../exec/vcpu_loop.ts";
import type { SyncExpansion } from "../ir/expansion.ts";
import { buildHelperBodies } from "../ir/helper_body.ts";
import type { PhysicalBus } from "../memory/guest_mmu.ts";
import type { MachineLayout } from "../memory/machine_layout.ts";
import { SoftMmu } from "../memory/softmmu.ts";
import { applyTlbRequest } from "../memory/tlb.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { type Views, viewsOf } from "../memory/views.ts";
import { FutexMutex } from "../smp/futex_mutex.ts";
import { kick } from "../smp/kick.ts";
import { RunOnCpu } from "../smp/run_on_cpu.ts";
import { WORK, type WorkItem } from "../smp/work_queue.ts";
import { armServices } from "./arm_services.ts";
import { ACTIVITY } from "../exec/exec_profile.ts";
import { ThreadProfile } from "../profile/thread_profile.ts";
import type { ThreadTrace } from "../trace/thread_trace.ts";
import type { ThreadConfig } from "./config.ts";
import { END, endMachine } from "./end_state.ts";
import { deadVectorText, faultLoopText } from "./post_mortem.ts";
import { machineHelpers } from "./machine_helpers.ts";
import { makeVirtDevices, type VirtDevices } from "./virt_devices.ts";

/** Work that only shows that its vCPU has been out of translated code. */
const RENDEZVOUS: WorkItem = { kind: WORK.ENGINE, a: 0, b: 0, c: 0 };

/** The strategies of a thread, looked up by name. */
export interface ThreadStrategies {
  /** The atomics scheme. */
  readonly atomics: AtomicsStrategy;
  /** The barrier scheme. */
  readonly barriers: BarrierStrategy;
}

/** What the translator expands synchronisation with. */
export function syncExpansion(
  strategies: ThreadStrategies,
  layout: Pick<MachineLayout, "strategy">,
  parallel: boolean,
): SyncExpansion {
  const { atomics, barriers } = strategies;
  const context = { shared: layout.strategy, perVcpu: VCPU.STRATEGY, parallel };
  const { stopsTheWorld, endsBlock = [] } = atomics.constraints;
  const leaves = [...stopsTheWorld, ...endsBlock];
  return {
    atomics: atomics.expansion,
    atomicsContext: context,
    barriers: barriers.expansion,
    barriersContext: context,
    leaveAfterLoadExclusive: leaves.includes("load-exclusive"),
    leaveAfterStoreExclusive: leaves.includes("store-exclusive"),
  };
}

/** RAM at its place on the board, devices around it. */
function physicalBus(layout: MachineLayout, devices: VirtDevices): PhysicalBus {
  const { ram, ramBase, ramBytes } = layout;
  return {
    ramAddress: (physical) => {
      const offset = physical - ramBase;
      return offset >= 0 && offset < ramBytes ? ram + offset : 0;
    },
    hasDevice: (physical) => devices.bus.hasDevice(physical),
    readDevice: (physical, size, vcpu) => devices.bus.readDevice(physical, size, vcpu),
    writeDevice: (physical, size, value, vcpu) =>
      devices.bus.writeDevice(physical, size, value, vcpu),
  };
}

function virtualTime(devices: VirtDevices): VirtualTime | undefined {
  const clock = devices.virtualClock;
  if (clock === null) return undefined;
  return {
    advance: (insns) => {
      clock.advance(insns);
      devices.alarms.runDue(devices.alarm);
    },
    skip: () => {
      const next = devices.alarms.earliest();
      if (next >= Number.MAX_SAFE_INTEGER) return false;
      clock.skipTo(next);
      devices.alarms.runDue(devices.alarm);
      return true;
    },
  };
}

/**
 * Builds the run loop of a thread; `run()` on it returns when the machine has ended. `trace` is the
 * thread's, when something is traced.
 */
export function makeVcpuThread(
  config: ThreadConfig,
  strategies: ThreadStrategies,
  trace?: ThreadTrace,
): VcpuLoop {
  const { layout, exec } = config;
  const views: Views = viewsOf(config.memory);
  const { i32 } = views;
  const counters = new SharedCounters(views.f64);
  const profile = config.profile && new ThreadProfile(config.profile, i32, layout);
  const mutex = profile?.mutex() ?? new FutexMutex(i32);
  const devices = makeVirtDevices(views, layout, {
    virtualTime: config.virtualTime,
    virtio: config.virtio,
    marks: config.marks,
    first: false,
    ...(profile === undefined ? {} : { mutex: profile.mutex() }),
    dma: {
      strategyStore: () => runtime.slowStore,
      codeWrite: (env, host, size) => invalidation.codeWrite(env, host, size),
    },
  });
  const plainBus = physicalBus(layout, devices);
  const tracedBus = trace?.bus(plainBus, devices.bus) ?? plainBus;
  const bus = profile?.bus(tracedBus) ?? tracedBus;
  const fail = (env: number, text: string): void => {
    endMachine(views, layout, END.GUEST_FAULT, i32[(env + VCPU.INDEX) >>> 2], text);
  };
  const cache = new CodeCache(views, layout, 0);
  const crossVcpu = new RunOnCpu(views, layout, (env, item) => {
    if (item.kind !== RENDEZVOUS.kind) applyTlbRequest(views, env, item.a);
  });

  // The parts refer to each other; what is called only while a guest runs may be made later.
  const invalidation = new CodeInvalidation({
    views,
    layout,
    cache,
    mutex,
    counters,
    markWriteFlag: (page, on) => softmmu.markWriteFlag(page, "code", on),
    kick: (env) => kick(i32, env),
  });
  const plainServices = armServices({
    views,
    layout,
    devices,
    crossVcpu,
    invalidation,
    clearExclusive: (env) => runtime.clear(env),
    faultLoop: (env, pc) => fail(env, faultLoopText(views, layout, env, pc)),
  });
  const services = profile?.services(plainServices) ?? plainServices;
  const cpu = createArmCpu({
    views,
    bus,
    vcpus: layout.vcpus,
    services: trace?.services(services) ?? services,
  });
  const mmu = profile?.mmu(cpu.mmu) ?? cpu.mmu;
  const softmmu: SoftMmu = new SoftMmu({
    views,
    layout,
    guest: trace?.mmu(mmu) ?? mmu,
    bus,
    hooks: {
      codeWrite: (env, host, size) => invalidation.codeWrite(env, host, size),
      slowStore: (env, host, size, commit) => {
        if (runtime.slowStore) runtime.slowStore(env, host, size, commit);
        else commit();
      },
      tlbFill: (hostPage) => runtime.tlbFill?.(hostPage) ?? 0,
    },
  });
  const runtime: AtomicsRuntime = strategies.atomics.runtime({
    views,
    layout,
    shared: layout.strategy,
    perVcpu: VCPU.STRATEGY,
    probe: (env, pc, address, memop) => softmmu.slowProbe(env, pc, address, memop),
    exclusively: (env, work) =>
      profile === undefined
        ? crossVcpu.sections.exclusively(env, work)
        : profile.during(env, ACTIVITY.STOP, () => crossVcpu.sections.exclusively(env, work)),
    markExclusive: (hostPage, on) => softmmu.markWriteFlag(hostPage, "excl", on),
    count: (env, counter, amount) => counters.add(env, counter, amount),
  });

  const helpers = machineHelpers(strategies.atomics);
  const sync = syncExpansion(strategies, layout, config.parallelCode);
  const inIr = buildHelperBodies(helpers, { ...sync.atomicsContext, layout });
  const bodies = { ...cpu.helpers, ...runtime.helpers };
  const plainBackend: BackendHost = {
    views,
    helpers,
    helperBodies: helpers.defs.map((def, number) => {
      const body = inIr[number] ?? bodies[def.name];
      if (body === undefined) throw new Error(`Helper ${def.name} is declared but has no body`);
      return body;
    }),
    slowLoad: (env, pc, address, memop) => softmmu.slowLoad(env, pc, address, memop),
    slowLoad64: (env, pc, address, memop) => softmmu.slowLoad64(env, pc, address, memop),
    slowStore: (env, pc, address, value, memop) =>
      softmmu.slowStore(env, pc, address, value, memop),
    slowStore64: (env, pc, address, value, memop) =>
      softmmu.slowStore64(env, pc, address, value, memop),
    slowProbe: (env, pc, address, memop) => softmmu.slowProbe(env, pc, address, memop),
  };
  const backend = profile?.backend(plainBackend) ?? plainBackend;
  const translator = new Translator(
    helpers,
    sync,
    {
      maxInsns: exec.maxInsns,
      leaveAfterLoadExclusive: sync.leaveAfterLoadExclusive,
      leaveAfterStoreExclusive: sync.leaveAfterStoreExclusive,
      countExclusives: exec.countExclusives,
    },
    exec.verifyIr,
  );
  const executor = new Executor({
    views,
    layout,
    cpu,
    softmmu,
    cache,
    translator,
    backend,
    mutex,
    counters,
    policy: exec,
    stuck: (env, pc) => fail(env, deadVectorText(views, layout, env, pc)),
    ...(trace === undefined ? {} : { observer: trace.observer(helpers) }),
    ...(profile === undefined ? {} : { profile }),
    ...(exec.compileThread === "never"
      ? {}
      : { compileThread: new CompileRequests(i32, layout, cache, mutex) }),
    rendezvous: config.parallel ? (env) => crossVcpu.runOnAll(env, RENDEZVOUS) : null,
  });
  const time = virtualTime(devices);
  return new VcpuLoop({
    views,
    layout,
    vcpus: config.vcpus,
    sliceInsns: config.sliceInsns,
    cpu,
    executor,
    cache,
    exclusive: crossVcpu.sections,
    counters,
    deviceWork: devices.work,
    ...(profile === undefined ? {} : { profile }),
    beginTurn: () => devices.clock.turn?.(),
    ...(time === undefined ? {} : { virtualTime: time }),
  });
}
