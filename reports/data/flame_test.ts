import { assert, assertEquals } from "@std/assert";
import { type Profile, PROFILE_SCHEMA } from "../../core/profile/profile_data.ts";
import { flameRows } from "./flame.ts";

function profile(...samples: readonly (readonly [number, string, string, number, number])[]) {
  return {
    schema: PROFILE_SCHEMA,
    vcpus: 2,
    periodMilliseconds: 1,
    samples: samples.map(([vcpu, activity, symbol, pc, milliseconds]) => ({
      vcpu,
      activity,
      detail: "",
      symbol,
      pc,
      milliseconds,
      samples: 1,
    })),
  } satisfies Profile;
}

Deno.test("flameRows puts children side by side below their parent, the longest first", () => {
  const rows = flameRows(
    "s",
    profile([0, "region", "a", 16, 10], [0, "region", "b", 32, 30], [1, "idle", "c", 48, 60]),
  );
  const boxes = (level: string) =>
    rows.filter((row) => row.level === level).map((row) => [row.name, row.from, row.to]);
  assertEquals(boxes("vCPU"), [["vCPU 0", 0, 40], ["vCPU 1", 40, 100]]);
  assertEquals(boxes("activity"), [["region", 0, 40], ["idle", 40, 100]]);
  assertEquals(boxes("symbol"), [["b", 0, 30], ["a", 30, 40], ["c", 40, 100]]);
  assertEquals(boxes("block")[0], ["0x00000020", 0, 30]);
});

Deno.test("flameRows puts thin boxes together and leaves switched-off vCPUs out", () => {
  const thin = Array.from({ length: 10 }, (_, n) => [0, "region", `t${n}`, n, 1] as const);
  const rows = flameRows(
    "s",
    profile([0, "region", "wide", 99, 990], ...thin, [1, "off", "", 0, 9]),
  );
  const symbols = rows.filter((row) => row.level === "symbol").map((row) => row.name);
  assertEquals(symbols, ["wide", "10 others"]);
  assert(rows.every((row) => row.vcpu === 0));
});

Deno.test("flameRows of nothing are none", () => {
  assertEquals(flameRows("s", profile()), []);
});
