import { assertEquals } from "@std/assert";
import { findScheduling, SCHEDULING } from "./registry.ts";

Deno.test("every scheduling scheme gives each vCPU to exactly one thread", () => {
  for (const scheme of SCHEDULING) {
    assertEquals(findScheduling(scheme.name), scheme);
    for (const vcpus of [1, 3, 8]) {
      const placed = scheme.threads(vcpus).flat().toSorted((a, b) => a - b);
      assertEquals(placed, Array.from({ length: vcpus }, (_, n) => n), scheme.name);
    }
  }
});

Deno.test("scheduling schemes use more than one thread exactly when they declare parallel", () => {
  for (const scheme of SCHEDULING) {
    assertEquals(scheme.threads(4).length > 1, scheme.constraints.parallel, scheme.name);
    assertEquals(scheme.sliceInsns > 0 && scheme.sliceInsns < 2 ** 31, true, scheme.name);
  }
});
