/**
 * A small machine without an engine for the tests of the system half and the softmmu: RAM at
 * 0x40000000, a device of eight words at 0x09000000, services that note what they are asked.
 * @module
 */
import { ArmMmu } from "../mmu.ts";
import { createArmHelpers } from "../helpers.ts";
import { resetArm } from "../reset.ts";
import type { ArmContext, ArmServices } from "../services.ts";
import type { HelperBody } from "../../../ir/helper.ts";
import { COUNTER, type CounterName } from "../../../memory/counters.ts";
import type { PhysicalBus } from "../../../memory/guest_mmu.ts";
import { type MachineLayout, planMachine, vcpuBase } from "../../../memory/machine_layout.ts";
import { SoftMmu, type SoftMmuHooks } from "../../../memory/softmmu.ts";
import { VCPU } from "../../../memory/vcpu_layout.ts";
import { allocateShared, type Views, viewsOf } from "../../../memory/views.ts";
import { reg } from "../../state.ts";

/** Physical address of the first byte of RAM, and its size. */
export const RAM_BASE = 0x40000000;
export const RAM_BYTES = 0x80000;
/** Physical address and size of the device. */
export const DEVICE_BASE = 0x09000000;
export const DEVICE_BYTES = 32;

/** The machine with one vCPU under test (number 0). */
export class Fixture {
  readonly layout: MachineLayout;
  readonly views: Views;
  readonly env: number;
  readonly cx: ArmContext;
  readonly mmu: ArmMmu;
  readonly helpers: Record<string, HelperBody>;
  /** What services and hooks were asked, in order. */
  readonly log: string[] = [];
  /** The device's registers. */
  readonly device: Uint32Array = new Uint32Array(DEVICE_BYTES / 4);
  /** Counter of the timers. */
  ticks = 0;
  /** Answer of the hypervisor call service. */
  answersCalls = true;

  constructor(vcpus = 2) {
    this.layout = planMachine({
      vcpus,
      ramBase: RAM_BASE,
      ramBytes: RAM_BYTES,
      strategyBytes: 64,
      tbCount: 1,
      codeCaches: 1,
    }, () => 64);
    this.views = viewsOf(allocateShared(this.layout.totalBytes));
    this.env = vcpuBase(this.layout, 0);
    this.cx = { views: this.views, bus: this.#bus(), services: this.#services(), vcpus };
    this.mmu = new ArmMmu(this.cx);
    this.helpers = createArmHelpers(this.cx);
    for (let i = 0; i < vcpus; i++) resetArm(this.views, vcpuBase(this.layout, i), i);
  }

  /** A softmmu whose hooks write to the log. */
  softmmu(hooks: Partial<SoftMmuHooks> = {}): SoftMmu {
    return new SoftMmu({
      views: this.views,
      layout: this.layout,
      bus: this.cx.bus,
      guest: this.mmu,
      hooks: {
        codeWrite: (_env, host, size) => {
          this.log.push(`codeWrite ${this.physicalOf(host).toString(16)} ${size}`);
        },
        ...hooks,
      },
    });
  }

  /** A state slot as a signed word. */
  get(offset: number): number {
    return this.views.i32[(this.env + offset) >>> 2];
  }

  set(offset: number, value: number): void {
    this.views.i32[(this.env + offset) >>> 2] = value;
  }

  /** A word of RAM by physical address. */
  word(physical: number): number {
    return this.views.i32[this.hostOf(physical) >>> 2];
  }

  setWord(physical: number, value: number): void {
    this.views.i32[this.hostOf(physical) >>> 2] = value;
  }

  hostOf(physical: number): number {
    return this.layout.ram + physical - RAM_BASE;
  }

  physicalOf(host: number): number {
    return host - this.layout.ram + RAM_BASE;
  }

  counter(name: CounterName): number {
    return this.views.f64[((this.env + VCPU.COUNTERS) >>> 3) + COUNTER[name]];
  }

  /** Whether a guest exception was taken since the last call. */
  left(): boolean {
    const left = this.get(VCPU.LEAVE) !== 0;
    this.set(VCPU.LEAVE, 0);
    return left;
  }

  /** Calls a helper from the instruction at `pc`. */
  call(name: string, pc: number, a = 0, b = 0, c = 0): number {
    return this.helpers[name](this.env, pc, a, b, c);
  }

  #bus(): PhysicalBus {
    const inDevice = (physical: number) =>
      physical >= DEVICE_BASE && physical < DEVICE_BASE + DEVICE_BYTES;
    return {
      ramAddress: (physical) =>
        physical >= RAM_BASE && physical < RAM_BASE + RAM_BYTES ? this.hostOf(physical) : 0,
      hasDevice: inDevice,
      readDevice: (physical, size) => {
        this.log.push(`read ${(physical - DEVICE_BASE).toString(16)} ${size}`);
        return this.device[(physical - DEVICE_BASE) >>> 2];
      },
      writeDevice: (physical, size, value) => {
        this.log.push(`write ${(physical - DEVICE_BASE).toString(16)} ${size}`);
        this.device[(physical - DEVICE_BASE) >>> 2] = value;
      },
    };
  }

  #services(): ArmServices {
    const note = (text: string): void => {
      this.log.push(text);
    };
    return {
      timer: {
        count: () => this.ticks,
        readCtl: (vcpu, timer) => 0x10 + 2 * vcpu + timer,
        writeCtl: (_vcpu, timer, value) => note(`ctl ${timer} ${value}`),
        readCval: () => 0x1_2345_6789n,
        writeCval: (_vcpu, timer, value) => note(`cval ${timer} ${value.toString(16)}`),
        readTval: () => 0xfffffffe,
        writeTval: (_vcpu, timer, value) => note(`tval ${timer} ${value}`),
      },
      clearExclusive: () => note("clearExclusive"),
      sendEvent: () => note("sendEvent"),
      spins: () => note("spins"),
      interruptsChanged: () => note("interruptsChanged"),
      flushOtherTlbs: (_env, request) => note(`flushOtherTlbs ${(request >>> 0).toString(16)}`),
      invalidateCode: (_env, physical, bytes) =>
        note(`invalidateCode ${physical.toString(16)} ${bytes}`),
      invalidateAllCode: () => note("invalidateAllCode"),
      hypervisorCall: (env) => {
        this.views.i32[(env + reg(0)) >>> 2] = 7;
        return this.answersCalls;
      },
      faultLoop: (_env, pc) => note(`faultLoop ${(pc >>> 0).toString(16)}`),
    };
  }
}
