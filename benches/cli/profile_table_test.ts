import { assert, assertStringIncludes } from "@std/assert";
import { type Profile, PROFILE_SCHEMA } from "../../core/profile/profile_data.ts";
import { profileText } from "./profile_table.ts";

const PROFILE: Profile = {
  schema: PROFILE_SCHEMA,
  vcpus: 2,
  periodMilliseconds: 1,
  samples: [
    sample(0, "region", "", "hot", 0x1000, 75),
    sample(0, "helper", "divide", "hot", 0x1004, 25),
    sample(1, "idle", "", "wait", 0x2000, 50),
  ],
};

function sample(
  vcpu: number,
  activity: string,
  detail: string,
  symbol: string,
  pc: number,
  milliseconds: number,
) {
  return { vcpu, activity, detail, symbol, pc, milliseconds, samples: 1 };
}

Deno.test("profileText shows each vCPU's activities as parts of its own time", () => {
  const text = profileText(PROFILE);
  assert(/region\s+75 ms \(75\.0 %\)/.test(text), text);
  assert(/idle\s+50 ms \(100\.0 %\)/.test(text), text);
});

Deno.test("profileText names symbols and places without idle time", () => {
  const text = profileText(PROFILE);
  assert(/100 ms\s+100\.0 %\s+hot/.test(text), text);
  assertStringIncludes(text, "hot  0x00001004  helper  divide");
  assert(!text.includes("wait"), text);
});

Deno.test("profileText says so when nothing of the guest was sampled", () => {
  assertStringIncludes(profileText({ ...PROFILE, samples: [] }), "ran nothing");
});
