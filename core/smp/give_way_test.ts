import { assertEquals } from "@std/assert";
import { planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { EXIT_REQUESTED, VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { GiveWay } from "./give_way.ts";
import { RUNNING } from "./running.ts";

const layout = planMachine({
  vcpus: 3,
  ramBase: 0x4000_0000,
  ramBytes: 65536,
  strategyBytes: 0,
  tbCount: 1,
  codeCaches: 1,
}, () => 0);

/** Whether vCPU 0 is asked to give way when it spins on a host of `cores` cores. */
function asked(cores: number, rounds: number): boolean {
  const views = viewsOf(allocateShared(layout.totalBytes));
  const { i32 } = views;
  for (const vcpu of [0, 2]) i32[(vcpuBase(layout, vcpu) + VCPU.RUNNING) >>> 2] = RUNNING;
  const env = vcpuBase(layout, 0);
  const giveWay = new GiveWay(views, layout, cores);
  for (let n = 0; n < rounds; n++) giveWay.spins(env);
  const wanted = i32[(env + VCPU.GIVE_WAY) >>> 2] === 1;
  assertEquals(i32[(env + VCPU.EXIT_REQUEST) >>> 2], wanted ? EXIT_REQUESTED : 0);
  return wanted;
}

Deno.test("GiveWay asks who spins on where running vCPUs are more than the cores", () => {
  assertEquals(asked(1, 100), true);
  assertEquals(asked(1, 5), false, "a short wait");
  assertEquals(asked(2, 100), false, "two run, one is stopped");
});

Deno.test("a vCPU's rounds of spinning are its own, whatever else its thread runs", () => {
  const views = viewsOf(allocateShared(layout.totalBytes));
  const [one, other] = [0, 2].map((vcpu) => vcpuBase(layout, vcpu));
  for (const env of [one, other]) views.i32[(env + VCPU.RUNNING) >>> 2] = RUNNING;
  const giveWay = new GiveWay(views, layout, 1);
  const asked = (env: number) => views.i32[(env + VCPU.GIVE_WAY) >>> 2];
  for (let n = 0; n < 31; n++) giveWay.spins(one);
  giveWay.spins(other);
  assertEquals([asked(one), asked(other)], [0, 0]);
  giveWay.spins(one);
  assertEquals([asked(one), asked(other)], [1, 0]);
});
