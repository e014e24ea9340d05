import { assertEquals, assertThrows } from "@std/assert";
import { type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import { EXIT_REQUESTED, VCPU } from "../memory/vcpu_layout.ts";
import { TLB_REQUEST } from "../memory/tlb.ts";
import { allocateShared, type Views, viewsOf } from "../memory/views.ts";
import { RunOnCpu } from "./run_on_cpu.ts";
import { stressLayout } from "./testing/stress.ts";
import { QUEUE_CAPACITY, WORK, type WorkItem } from "./work_queue.ts";

interface Fixture {
  readonly views: Views;
  readonly layout: MachineLayout;
  readonly smp: RunOnCpu;
  readonly done: { env: number; kind: number; a: number }[];
}

function fixture(): Fixture {
  const layout = stressLayout(2);
  const views = viewsOf(allocateShared(layout.totalBytes));
  const done: { env: number; kind: number; a: number }[] = [];
  const smp = new RunOnCpu(views, layout, (env, { kind, a }) => done.push({ env, kind, a }));
  return { views, layout, smp, done };
}

function page(a: number): WorkItem {
  return { kind: WORK.FLUSH_TLB, a, b: 0, c: 0 };
}

Deno.test("RunOnCpu posts work that its target does when it next starts to run", () => {
  const { layout, smp, done } = fixture();
  const env = vcpuBase(layout, 1);
  smp.post(env, page(1));
  smp.post(env, page(2));
  assertEquals(done, []);
  smp.sections.execStart(env);
  assertEquals(done.map((d) => [d.env, d.a]), [[env, 1], [env, 2]]);
  smp.sections.execEnd(env);
  assertEquals(done.length, 2);
});

Deno.test("RunOnCpu asks a running target to leave and lets it do the work when it stops", () => {
  const { views, layout, smp, done } = fixture();
  const env = vcpuBase(layout, 0);
  smp.sections.execStart(env);
  smp.post(env, page(7));
  assertEquals(views.i32[(env + VCPU.EXIT_REQUEST) >>> 2], EXIT_REQUESTED);
  assertEquals(done, []);
  smp.sections.execEnd(env);
  assertEquals(done.length, 1);
});

Deno.test("RunOnCpu degrades an overflowing queue to one flush of the whole TLB", () => {
  const { layout, smp, done } = fixture();
  const env = vcpuBase(layout, 0);
  for (let n = 0; n <= QUEUE_CAPACITY; n++) smp.post(env, page(n));
  smp.sections.execStart(env);
  assertEquals(done, [{ env, kind: WORK.FLUSH_TLB, a: TLB_REQUEST.ALL }]);
});

Deno.test("RunOnCpu does synchronous work for vCPUs that sleep, and for a running caller", () => {
  const { layout, smp, done } = fixture();
  const env = vcpuBase(layout, 0);
  smp.sections.execStart(env);
  smp.runOnAll(env, page(3));
  assertEquals(done.map((d) => d.env), [env, vcpuBase(layout, 1)]);
  smp.sections.execEnd(env);
  smp.runOnAll(0, page(4));
  assertEquals(done.length, 4);
  smp.sections.exclusively(0, () => smp.runOnAll(0, page(5)));
  assertEquals(done.length, 6);
});

Deno.test("RunOnCpu leaves vCPUs alone that synchronous work is not wanted on", () => {
  const { views, layout, smp, done } = fixture();
  const [env, other] = [vcpuBase(layout, 0), vcpuBase(layout, 1)];
  // It runs, and nobody would do the work.
  smp.sections.execStart(other);
  smp.runOnAll(env, page(3), (target) => target === env);
  smp.sections.exclusively(other, () => smp.runOnAll(0, page(4), (target) => target === env));
  assertEquals(done.map((d) => [d.env, d.a]), [[env, 3], [env, 4]]);
  assertEquals(views.i32[(other + VCPU.EXIT_REQUEST) >>> 2], 0);
});

Deno.test("RunOnCpu does safe work inside an exclusive section", () => {
  const { views, layout } = fixture();
  const inside: boolean[] = [];
  const smp: RunOnCpu = new RunOnCpu(views, layout, () => inside.push(smp.sections.inside));
  const [env, other] = [vcpuBase(layout, 0), vcpuBase(layout, 1)];
  smp.postSafe(env, other, page(0));
  smp.sections.execStart(env);
  smp.postSafe(0, env, page(0));
  assertEquals(inside, [true]);
  smp.sections.execEnd(env);
  assertEquals(inside, [true, true]);
});

Deno.test("ExclusiveSections nest, and end when the work throws", () => {
  const { layout, smp } = fixture();
  const env = vcpuBase(layout, 0);
  let ran = 0;
  assertThrows(() =>
    smp.sections.exclusively(env, () => {
      smp.sections.exclusively(env, () => ran++);
      throw new RangeError("work failed");
    }), RangeError);
  assertEquals([ran, smp.sections.inside], [1, false]);
  smp.sections.execStart(env);
});

Deno.test("ExclusiveSections refuse to start a vCPU inside a section", () => {
  const { layout, smp } = fixture();
  assertThrows(
    () => smp.sections.exclusively(0, () => smp.sections.execStart(vcpuBase(layout, 0))),
    Error,
    "inside an exclusive section",
  );
});
