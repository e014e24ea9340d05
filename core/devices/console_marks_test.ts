import { assertEquals, assertThrows } from "@std/assert";
import { COUNTER, SharedCounters } from "../memory/counters.ts";
import { CounterMarks } from "../memory/counter_marks.ts";
import { planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { EXIT_REQUESTED, VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { ConsoleMarks } from "./console_marks.ts";

const TEXTS = { begin: "@test begin", end: "@test end" };

const layout = planMachine({
  vcpus: 2,
  ramBase: 0x4000_0000,
  ramBytes: 65536,
  strategyBytes: 0,
  tbCount: 1,
  codeCaches: 1,
}, () => 0);

/** Two vCPUs and a console on two threads that take turns. */
class Guest {
  readonly views = viewsOf(allocateShared(layout.totalBytes));
  readonly marks = new CounterMarks(this.views, layout);
  readonly envs = [0, 1].map((vcpu) => vcpuBase(layout, vcpu));
  readonly #threads = [0, 1].map(() => new ConsoleMarks(this.views, layout, TEXTS));
  readonly #counters = new SharedCounters(this.views.f64);
  #printed = 0;

  constructor() {
    this.envs.forEach((env, n) => this.views.i32[(env + VCPU.INDEX) >>> 2] = n);
  }
  print(text: string): void {
    for (const byte of new TextEncoder().encode(text)) this.#threads[this.#printed++ % 2].see(byte);
  }
  /** The vCPU looks for marks, then runs. */
  run(vcpu: number, insns: number, interpreted = 0): void {
    const env = this.envs[vcpu];
    if (this.marks.isNew(env)) this.marks.note(env);
    this.#counters.add(env, COUNTER.guestInsns, insns);
    this.#counters.add(env, COUNTER.interpInsns, interpreted);
  }
  insns(vcpu: number): number | undefined {
    const counts = this.marks.measured(this.envs[vcpu]);
    return counts && counts.interpreter + counts.first + counts.region;
  }
  /** Whether each vCPU has been asked to leave translated code; forgets it. */
  asked(): boolean[] {
    return this.envs.map((env) =>
      Atomics.exchange(this.views.i32, (env + VCPU.EXIT_REQUEST) >>> 2, 0) === EXIT_REQUESTED
    );
  }
}

Deno.test("counters are those between the begin line's end and the end text", () => {
  const guest = new Guest();
  guest.run(0, 100);
  guest.print("hello @test begi\n@test @test begin a=1");
  assertEquals(guest.asked(), [false, false]);
  guest.run(0, 50);
  guest.print("\n");
  assertEquals(guest.asked(), [true, true]);
  guest.run(0, 7, 3);
  guest.run(1, 11);
  guest.print("@test begin again\n");
  assertEquals(guest.asked(), [false, false], "the first begin counts");
  guest.run(0, 1);
  guest.print("@test end");
  assertEquals(guest.asked(), [true, true]);
  guest.run(0, 1000);
  assertEquals([guest.insns(0), guest.insns(1)], [8, 11]);
  assertEquals(guest.marks.measured(guest.envs[0])!.interpreter, 3);
});

Deno.test("the last end counts, and one before the beginning does not", () => {
  const guest = new Guest();
  guest.print("@test end\n");
  guest.run(0, 5);
  assertEquals(guest.insns(0), undefined);
  guest.print("@test begin\n");
  guest.run(0, 10);
  assertEquals(guest.insns(0), undefined);
  guest.print("@test end\n");
  guest.run(0, 100);
  guest.print("@test end\n");
  guest.run(0, 1000);
  assertEquals([guest.insns(0), guest.insns(1)], [110, 0]);
});

Deno.test("a mark that cannot be looked for is refused", () => {
  const { views } = new Guest();
  for (const end of ["", "a mark that is longer, all of it", "line\nend", "@é"]) {
    assertThrows(() => new ConsoleMarks(views, layout, { ...TEXTS, end }), RangeError, "The mark");
  }
});
