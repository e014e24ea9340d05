import { assertEquals } from "@std/assert";
import {
  ARCH_STATE,
  DOMAIN_LOG_ENTRIES,
  FLUSH_LOG_ENTRIES,
  JUMP_TARGET_SETS,
  JUMP_TARGETS,
  MMU_MODES,
  TLB_BYTES,
  VCPU,
  VCPU_STRIDE,
} from "./vcpu_layout.ts";

/** Bytes of the parts that are longer than a word. */
const BYTES: Readonly<Record<string, number>> = {
  COUNTERS: VCPU.COUNTERS_BYTES,
  FP_OPERANDS: 48,
  FP_RESULT: 16,
  DOMAIN_LOG: 4 * DOMAIN_LOG_ENTRIES,
  FLUSH_LOG_COUNTS: 16,
  FLUSH_LOGS: 16 * FLUSH_LOG_ENTRIES,
  STRATEGY: VCPU.STRATEGY_BYTES,
  TLB: MMU_MODES * TLB_BYTES,
  WORK_QUEUE: 0x1000,
  TLB_FILTER: 0x1000,
  JUMP_PAGES: VCPU.JUMP_PAGES_BYTES,
  JUMP_NON_GLOBAL_PAGES: VCPU.JUMP_PAGES_BYTES,
  JUMP_CACHE: VCPU.JUMP_CACHE_BYTES,
  JUMP_TARGETS: 4 * JUMP_TARGETS * JUMP_TARGET_SETS,
  LARGE: VCPU.LARGE_BYTES,
};

Deno.test("no two parts of a vCPU's state overlap", () => {
  const parts = Object.entries(VCPU)
    .filter(([name]) => !name.endsWith("_BYTES") && name !== "PC")
    .map(([name, start]) => ({ name, start, end: start + (BYTES[name] ?? 4) }))
    .toSorted((a, b) => a.start - b.start);
  let last = { name: "architecture state", end: ARCH_STATE.offset + ARCH_STATE.bytes };
  for (const part of parts) {
    assertEquals(part.start >= last.end, true, `${last.name} reaches into ${part.name}`);
    last = part;
  }
  assertEquals(last.end <= VCPU_STRIDE, true, `${last.name} passes the end`);
});
