import { assert, assertEquals, assertMatch } from "@std/assert";
import { machineFingerprint, programSha256 } from "./fingerprint.ts";
import { parseHostFacts } from "./host_facts.ts";

Deno.test("parseHostFacts reads a machine that tells everything and takes the tightest limits", () => {
  assertEquals(
    parseHostFacts(
      [
        "model model name\t: A processor @ 3 GHz",
        "mhz cpu MHz\t\t: 2100.5",
        "governor powersave",
        "khz 1800000",
        "smt on",
        "cpu max 100000",
        "cpu 150000 100000",
        "cpu 400000 100000",
        "memory max",
        "memory 8589934592",
      ].join("\n"),
    ),
    {
      cpuModel: "A processor @ 3 GHz",
      governor: "powersave",
      frequencyMhz: 1800,
      smt: "on",
      cgroup: { cpuMax: "150000 100000", memoryMax: "8589934592" },
    },
  );
});

Deno.test("parseHostFacts says why something is not known", () => {
  const facts = parseHostFacts("model \nmhz \ngovernor \nkhz \nsmt \ncpu \nmemory \n");
  assertEquals([facts.cpuModel, facts.frequencyMhz], ["unknown", null]);
  for (const text of [facts.governor, facts.smt, ...Object.values(facts.cgroup)]) {
    assertMatch(text, /^unknown: /);
  }
});

Deno.test("parseHostFacts knows no limit as both versions of control groups write it", () => {
  assertEquals(
    parseHostFacts("cpu -1 100000\nmemory 9223372036854771712\n").cgroup,
    { cpuMax: "max", memoryMax: "max" },
  );
});

Deno.test("machineFingerprint says something of this machine", async () => {
  const machine = await machineFingerprint();
  assert(machine.cores >= 1 && machine.memoryBytes > 0);
  for (const text of [machine.governor, machine.smt, machine.cgroup.cpuMax]) assert(text !== "");
});

Deno.test("programSha256 hashes what the shell finds, and knows when there is nothing", async () => {
  assertMatch(await programSha256("sh") ?? "", /^[0-9a-f]{64}$/);
  assertEquals(await programSha256("no-such-program-here"), null);
});
