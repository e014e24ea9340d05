import { assertEquals, assertStringIncludes } from "@std/assert";
import { CATALOGUE, workloadFiles } from "../experiments/registries.ts";
import { type Experiment, STANDARD } from "../experiments/types.ts";
import { readResults } from "../results/reader.ts";
import { runSession } from "./session.ts";

const EXPERIMENT: Experiment = {
  name: "mine",
  title: "Mine",
  question: "Is it mine?",
  repeats: 1,
  quickRepeats: 1,
  runsPerProcess: 1,
  countExclusives: false,
  timeoutSeconds: 5,
  budgetSeconds: null,
  groups: [
    {
      workload: "harness",
      atomics: [],
      barriers: [],
      scheduling: [],
      qemu: [],
      fake: ["steady"],
      vcpus: [1],
      size: { kind: "fixed", full: { milliseconds: 5 }, quick: { milliseconds: 5 } },
    },
    {
      workload: "linux-boot",
      ...STANDARD,
      qemu: ["multi"],
      vcpus: [2],
      size: { kind: "fixed", full: {}, quick: {} },
      optional: true,
    },
  ],
};

Deno.test("runSession leaves optional cells without files out and says what to do", async () => {
  const directory = await Deno.makeTempDir();
  const notes: string[] = [];
  try {
    const end = await runSession({
      experiments: [EXPERIMENT],
      selection: { quick: true },
      seed: 1,
      directory: `${directory}/out`,
      resume: false,
      commandLine: [],
      catalogue: CATALOGUE,
      filesOf: async (name) => ({
        ...await workloadFiles(name),
        ...(name === "linux-boot" ? { missing: "Make it by magic" } : {}),
      }),
      onProgress: () => {},
      onNote: (note) => notes.push(note),
      signal: new AbortController().signal,
      root: directory,
    });
    assertEquals([end.reason, end.cellsDone], ["complete", 1]);
    assertStringIncludes(notes.join(" "), "Skipped linux-boot: Make it by magic.");
    const { cells } = await readResults(`${directory}/out`);
    assertEquals([...cells.values()].map(({ workload }) => workload), ["harness"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
