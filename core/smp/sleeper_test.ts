import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { GLOBAL, planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { sendEvent, wake } from "./kick.ts";
import { RUNNING } from "./running.ts";
import { Sleeper } from "./sleeper.ts";
import { SpinGate } from "./spin_gate.ts";

const layout = planMachine({
  vcpus: 2,
  ramBase: 0x4000_0000,
  ramBytes: 65536,
  strategyBytes: 0,
  tbCount: 1,
  codeCaches: 1,
}, () => 0);
const env = vcpuBase(layout, 0);
const word = (env + VCPU.WAKE) >>> 2;

function memory(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(layout.totalBytes));
}

/** How often a spin of the gate looks at what it waits for. */
function looks(gate: SpinGate): number {
  let count = 0;
  gate.spin(() => {
    count++;
    return false;
  });
  return count;
}

Deno.test("sendEvent sets every event register and wakes only who had none", () => {
  const i32 = memory();
  const event = (vcpu: number) => (vcpuBase(layout, vcpu) + VCPU.EVENT) >>> 2;
  const wakes = (vcpu: number) => i32[(vcpuBase(layout, vcpu) + VCPU.WAKE) >>> 2];
  i32[event(1)] = 1;
  sendEvent(i32, layout);
  assertEquals([i32[event(0)], i32[event(1)], wakes(0), wakes(1)], [1, 1, 1, 0]);
});

Deno.test("Sleeper does not sleep when it was woken since its ticket", () => {
  const i32 = memory();
  const sleeper = new Sleeper(i32, word, new SpinGate(i32, layout, 2));
  const { ticket } = sleeper;
  wake(i32, env);
  assert(sleeper.sleep(ticket, 10_000) < 10_000);
});

Deno.test("Sleeper leaves its word as it was when nobody wakes it", () => {
  const i32 = memory();
  const sleeper = new Sleeper(i32, word, new SpinGate(i32, layout, 2));
  wake(i32, env);
  const { ticket } = sleeper;
  sleeper.sleep(ticket, 1);
  assertEquals(sleeper.ticket, ticket);
});

Deno.test("SpinGate spins until what it waits for has come", () => {
  let left = 3;
  assertEquals(new SpinGate(memory(), layout, 2).spin(() => --left === 0), true);
  assertEquals(left, 0);
});

Deno.test("SpinGate does not spin where vCPUs that run need the cores", () => {
  const i32 = memory();
  i32[(vcpuBase(layout, 1) + VCPU.RUNNING) >>> 2] = RUNNING;
  assertEquals(looks(new SpinGate(i32, layout, 1)), 0);
  assertNotEquals(looks(new SpinGate(i32, layout, 2)), 0);
});

Deno.test("SpinGate does not spin where spinning threads have the cores", () => {
  const i32 = memory();
  i32[(layout.global + GLOBAL.SPINNERS) >>> 2] = 2;
  assertEquals(looks(new SpinGate(i32, layout, 2)), 0);
  assertEquals(i32[(layout.global + GLOBAL.SPINNERS) >>> 2], 2);
});

Deno.test("SpinGate rests after a spin for nothing, twice as long after the next", () => {
  const gate = new SpinGate(memory(), layout, 2);
  const spins = Array.from({ length: 9 }, () => looks(gate) !== 0);
  assertEquals(spins.map(Number), [1, 0, 0, 1, 0, 0, 0, 0, 1]);
});
