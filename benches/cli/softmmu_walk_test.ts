import { assertMatch, assertStringIncludes } from "@std/assert";
import { TLB_FLAG, tlbOffset } from "../../core/memory/vcpu_layout.ts";
import { softmmuWalk } from "./softmmu_walk.ts";

Deno.test("softmmuWalk shows the entry of the address and a reason for every flag of a tag", () => {
  const text = softmmuWalk(0x40012345, 4, 1);
  assertStringIncludes(text, `env + 0x${tlbOffset(1, 0x40012345).toString(16)}`);
  assertStringIncludes(text, "the last byte's page 0x40012000");
  assertStringIncludes(softmmuWalk(0x40012ffd, 4, 1), "the last byte's page 0x40013000");
  for (const [name, bit] of Object.entries(TLB_FLAG)) {
    assertMatch(text, new RegExp(`${name} +0x${bit.toString(16).padStart(3, "0")} +\\w.*;\n`));
  }
});
