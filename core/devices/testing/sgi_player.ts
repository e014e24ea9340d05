/**
 * Worker of the interrupt controller's test: one vCPU that answers each SGI with one to the other.
 * @module
 */
import { vcpuBase } from "../../memory/machine_layout.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { kick } from "../../smp/kick.ts";
import { Sleeper } from "../../smp/sleeper.ts";
import { SpinGate } from "../../smp/spin_gate.ts";
import { perDeviceGuard } from "../access_guard.ts";
import { DeviceBus } from "../bus.ts";
import { Gicv2 } from "../gicv2.ts";
import { deviceBench, GICC, GICD } from "./bench.ts";

/** What the worker is told: addresses of the controller's state and of the locks, its vCPU. */
export interface SgiJob {
  readonly memory: WebAssembly.Memory;
  readonly gic: number;
  readonly locks: number;
  readonly vcpu: number;
  readonly rounds: number;
}

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<SgiJob>) => void) | null;
  postMessage(message: string): void;
};

scope.onmessage = ({ data: { memory, gic, locks, vcpu, rounds } }): void => {
  const { views, layout } = deviceBench(2, memory);
  const guard = perDeviceGuard(views.i32, locks, () => 0);
  const bases = { distributor: GICD, cpuInterface: GICC };
  const wakeUp = (target: number): void => kick(views.i32, vcpuBase(layout, target));
  const controller = new Gicv2(views, gic, layout, guard, wakeUp, bases);
  const bus = new DeviceBus([
    { device: controller.distributor, lock: 0 },
    { device: controller.cpuInterface, lock: 0 },
  ], guard);
  bus.writeDevice(GICD, 4, 1, vcpu);
  bus.writeDevice(GICC, 4, 1, vcpu);
  bus.writeDevice(GICC + 4, 4, 0xff, vcpu);
  const lines = (vcpuBase(layout, vcpu) + VCPU.IRQ_LINES) >>> 2;
  const wake = (vcpuBase(layout, vcpu) + VCPU.WAKE) >>> 2;
  const sleeper = new Sleeper(views.i32, wake, new SpinGate(views.i32, layout));
  const other = 1 - vcpu;
  const send = (): void => bus.writeDevice(GICD + 0xf00, 4, (0x10000 << other) | 3, vcpu);
  if (vcpu === 0) send();
  for (let round = 0; round < rounds; round++) {
    while (true) {
      const { ticket } = sleeper;
      if (Atomics.load(views.i32, lines) !== 0) break;
      sleeper.sleep(ticket, 10_000);
      if (sleeper.ticket === ticket) {
        return scope.postMessage(`vCPU ${vcpu} waits for ever in round ${round}`);
      }
    }
    const taken = bus.readDevice(GICC + 0x0c, 4, vcpu);
    if (taken !== (3 | (other << 10))) return scope.postMessage(`acknowledged ${taken}`);
    bus.writeDevice(GICC + 0x10, 4, taken, vcpu);
    if (vcpu === 1 || round + 1 < rounds) send();
  }
  scope.postMessage("done");
};
