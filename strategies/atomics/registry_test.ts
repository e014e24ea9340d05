import { assertEquals, assertThrows } from "@std/assert";
import { VCPU } from "../../core/memory/vcpu_layout.ts";
import { BARRIERS } from "../barriers/registry.ts";
import { combinedRole, isRanked } from "../role.ts";
import type { StrategyRole } from "../types.ts";
import { Rig } from "../testing/rig.ts";
import { RULES } from "../testing/rules.ts";
import { cmpxchg } from "./cmpxchg.ts";
import { ATOMICS, findAtomics } from "./registry.ts";

Deno.test("findAtomics finds every scheme, and names the nearest after a slip", () => {
  for (const scheme of ATOMICS) assertEquals(findAtomics(scheme.name), scheme);
  assertThrows(
    () => findAtomics("cmpxhcg"),
    RangeError,
    "No atomics strategy is named cmpxhcg. Did you mean cmpxchg? Choose one of: plain, cmpxchg,",
  );
  const far = assertThrows(() => findAtomics("transactional-memory"), RangeError);
  assertEquals(far.message.includes("Did you mean"), false);
});

Deno.test("schemes and their helpers have names of their own, a source and weaknesses", () => {
  const names = ATOMICS.map((scheme) => scheme.name);
  assertEquals(new Set(names).size, names.length);
  // Schemes may share a declaration.
  const declared = new Set(ATOMICS.flatMap((scheme) => scheme.helpers));
  const helpers = [...declared].map((helper) => helper.name);
  assertEquals(new Set(helpers).size, helpers.length);
  for (const { name, source, weaknesses } of ATOMICS) {
    assertEquals([source.length > 10, weaknesses.length > 0], [true, true], name);
  }
});

Deno.test("negative controls are those that are wrong in parallel, and only schemes are ranked", () => {
  for (const { name, role, constraints } of [...ATOMICS, ...BARRIERS]) {
    assertEquals(role === "negative-control", !constraints.correctInParallel, name);
  }
  const controls = ATOMICS.filter(({ role }) => role === "control").map(({ name }) => name);
  assertEquals(controls, ["cmpxchg-helper", "cmpxchg-store-hook", "cmpxchg-block-exit"]);
  assertEquals(
    ["scheme", "control", "negative-control"].filter((role) => isRanked(role as StrategyRole)),
    ["scheme"],
  );
  assertEquals(combinedRole(["control", "negative-control", "scheme"]), "negative-control");
  assertEquals(combinedRole(["scheme", "control"]), "control");
});

for (const scheme of ATOMICS) {
  Deno.test(`${scheme.name} hooks what it declares, within the state it asks for`, () => {
    const { expansion, constraints, helpers } = scheme;
    assertEquals(expansion.guestStore !== undefined, constraints.hooksStores);
    assertEquals(expansion.guestStore64 !== undefined, constraints.hooksStores);
    assertEquals(expansion.guestLoad !== undefined, constraints.hooksLoads);
    assertEquals(expansion.guestLoad64 !== undefined, constraints.hooksLoads);
    assertEquals(scheme.perVcpuBytes <= VCPU.STRATEGY_BYTES, true);
    let bodies: readonly string[] = [];
    new Rig({
      atomics: {
        ...scheme,
        runtime: (host) => {
          const runtime = scheme.runtime(host);
          bodies = Object.keys(runtime.helpers);
          assertEquals(runtime.tlbFill !== undefined, constraints.hooksTlbFill);
          return runtime;
        },
      },
      backend: "interp",
      parallel: true,
    });
    const inTypeScript = helpers.filter((helper) => helper.ir === undefined);
    assertEquals([...bodies].sort(), inTypeScript.map((helper) => helper.name).sort());
  });
}

Deno.test("the rules catch a scheme that declares more than it does", () => {
  const boaster = { ...cmpxchg, constraints: { ...cmpxchg.constraints, abaSafe: "yes" as const } };
  const broken = RULES.filter((rule) => {
    try {
      rule.check(new Rig({ atomics: boaster, backend: "interp", parallel: true }), {
        ...boaster.constraints,
      });
      return false;
    } catch {
      return true;
    }
  });
  assertEquals(broken.map((rule) => rule.name), [
    "the same value stored by another vCPU makes it fail in ABA-safe schemes",
    "so does an unaligned, a page-crossing and a code-page store",
    "so do another vCPU's swap and store-exclusive",
  ]);
});
