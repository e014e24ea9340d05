/**
 * The trace of one vCPU thread: everything that is wrapped or told when a machine is traced.
 * @module
 */
import type { ArmServices } from "../arm/system/services.ts";
import type { ExecObserver } from "../exec/exec_observer.ts";
import type { HelperTable } from "../ir/helper.ts";
import type { GuestMmu, PhysicalBus } from "../memory/guest_mmu.ts";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import type { Views } from "../memory/views.ts";
import { CodeTrace } from "./trace_code.ts";
import type { TraceConfig } from "./trace_config.ts";
import { TraceSink } from "./trace_sink.ts";
import { type DeviceNames, traceBus, traceMmu, traceServices } from "./trace_system.ts";
import { Tracer } from "./tracer.ts";

/** Wraps a thread's parts for the categories that are on. */
export interface ThreadTrace {
  /** Hears of code. */
  observer(helpers: HelperTable): ExecObserver;
  /** Wraps the services of the front end. */
  services(services: ArmServices): ArmServices;
  /** Wraps the MMU that the softmmu asks. */
  mmu(mmu: GuestMmu): GuestMmu;
  /** Wraps the bus that the softmmu uses. */
  bus(bus: PhysicalBus, names: DeviceNames): PhysicalBus;
  /** Closes the trace. */
  close(): void;
}

/** The trace of one thread of the machine. */
export function makeThreadTrace(
  config: TraceConfig,
  views: Views,
  layout: MachineLayout,
): ThreadTrace {
  const sink = new TraceSink(config, views, layout);
  const tracer = new Tracer(config, views, sink);
  const envOf = (vcpu: number): number => vcpuBase(layout, vcpu);
  return {
    observer: (helpers) => new CodeTrace(tracer, views, helpers),
    services: (services) =>
      tracer.on("int") || tracer.on("mmu") ? traceServices(services, tracer, views) : services,
    mmu: (mmu) => tracer.on("mmu") ? traceMmu(mmu, tracer, views) : mmu,
    bus: (bus, names) => tracer.on("mmio") ? traceBus(bus, names, tracer, envOf) : bus,
    close: () => sink.close(),
  };
}
