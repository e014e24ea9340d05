import { assertEquals } from "@std/assert";
import { tiersOf } from "./tiers.ts";

Deno.test("tiersOf adds the vCPUs up before it takes shares", () => {
  const counts = [
    { interpreter: 10, first: 20, region: 70, compileNs: 1e9 },
    { interpreter: 0, first: 300, region: 0, compileNs: 5e8 },
  ];
  assertEquals(tiersOf(counts), {
    tiers: { insns: 400, interpreter: 0.025, first: 0.8, region: 0.175, compileSeconds: 1.5 },
  });
});

Deno.test("tiersOf says nothing where nothing was counted", () => {
  assertEquals(tiersOf(undefined), {});
  assertEquals(tiersOf([]), {});
  assertEquals(tiersOf([{ interpreter: 0, first: 0, region: 0, compileNs: 3 }]), {});
});
