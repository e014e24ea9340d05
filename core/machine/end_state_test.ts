import { assertEquals } from "@std/assert";
import { GLOBAL, planMachine, vcpuBase } from "../memory/machine_layout.ts";
import { EXIT_REQUESTED, VCPU } from "../memory/vcpu_layout.ts";
import { allocateShared, viewsOf } from "../memory/views.ts";
import { END, endMachine, endOf, hasEnded } from "./end_state.ts";
import { BOARD } from "./board.ts";

function machine(vcpus: number): {
  views: ReturnType<typeof viewsOf>;
  layout: ReturnType<typeof planMachine>;
} {
  const ramBase = BOARD.ram.base;
  const sizes = { vcpus, ramBase, ramBytes: 65536, strategyBytes: 0, tbCount: 1, codeCaches: 1 };
  const layout = planMachine(sizes, () => 0);
  return { layout, views: viewsOf(allocateShared(layout.totalBytes)) };
}

Deno.test("endMachine keeps the first cause and tells every thread", () => {
  const { views, layout } = machine(2);
  assertEquals([hasEnded(views.i32, layout), endOf(views, layout)], [false, undefined]);
  assertEquals(
    endMachine(views, layout, END.GUEST_FAULT, 1, "Guest jumped to 0x10 — no RAM"),
    true,
  );
  assertEquals(endMachine(views, layout, END.TIMEOUT), false);
  assertEquals(hasEnded(views.i32, layout), true);
  assertEquals(endOf(views, layout), {
    cause: END.GUEST_FAULT,
    detail: 1,
    text: "Guest jumped to 0x10 — no RAM",
  });
  for (const vcpu of [0, 1]) {
    const base = vcpuBase(layout, vcpu);
    assertEquals(views.i32[(base + VCPU.EXIT_REQUEST) >>> 2], EXIT_REQUESTED);
    assertEquals(views.i32[(base + VCPU.WAKE) >>> 2], 1);
  }
  for (const word of [GLOBAL.MAIN_WAKE, GLOBAL.TIMER_WAKE]) {
    assertEquals(views.i32[(layout.global + word) >>> 2], 1);
  }
});

Deno.test("endMachine cuts a long text at a whole character", () => {
  const { views, layout } = machine(1);
  endMachine(views, layout, END.THREAD_ERROR, -1, "é".repeat(3000));
  const end = endOf(views, layout);
  assertEquals(end?.text, "é".repeat((GLOBAL.ERROR_TEXT_BYTES - 4) / 2));
  assertEquals(end?.detail, -1);
});
