import { RULES } from "../testing/rules.ts";
import { Rig } from "../testing/rig.ts";
import { ATOMICS } from "./registry.ts";

for (const atomics of ATOMICS) {
  Deno.test(`${atomics.name} keeps the rules of exclusive accesses`, async (t) => {
    for (const backend of ["interp", "wasm"] as const) {
      for (const parallel of [true, false]) {
        for (const rule of RULES) {
          const where = `${backend}, ${parallel ? "parallel" : "serial"}`;
          await t.step(`${rule.name} (${where})`, () => {
            rule.check(new Rig({ atomics, backend, parallel }), atomics.constraints);
          });
        }
      }
    }
  });
}
