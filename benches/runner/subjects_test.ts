import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { workloadFiles } from "../experiments/registries.ts";
import { INSTALL_QEMU, qemuArguments, QemuProcess, qemuVersion } from "../peers/qemu.ts";
import type { Subject } from "../results/types.ts";
import { CELL } from "../testing/records.ts";
import { resultOf } from "./guest_result.ts";
import { MachineProcess } from "./machine_process.ts";
import type { Executor, RunRequest } from "./raw_run.ts";

const OURS: Subject = {
  engine: "ours",
  atomics: "cmpxchg",
  barriers: "typed",
  scheduling: "thread-per-vcpu",
  backend: "wasm",
};
const QEMU: Subject = { engine: "qemu", thread: "multi" };
const HAS_QEMU = await qemuVersion() !== null;
if (!HAS_QEMU) console.warn(`Skipped: ${INSTALL_QEMU}`);

async function request(
  subject: Subject,
  workload = "atomic-add",
  params: Record<string, string | number> = { counters: 1, iterations: 2000 },
): Promise<RunRequest> {
  const { image, append } = await workloadFiles(workload);
  return {
    subject,
    workload,
    image,
    append: append(params, 2),
    vcpus: 2,
    memoryMiB: 128,
    timeoutSeconds: 60,
    countExclusives: true,
  };
}

async function sampleOf(executor: Executor, subject: Subject) {
  const { expected } = await workloadFiles("atomic-add");
  const raw = await executor.run(await request(subject));
  const identity = {
    cell: { ...CELL, subject },
    repeat: 0,
    turn: 0,
    process: 0,
    params: {},
  };
  const record = resultOf(raw, identity, expected);
  assert(record.kind === "sample", JSON.stringify(record));
  return record;
}

Deno.test("MachineProcess runs a workload on our machine, twice in one process, with counters", async () => {
  const executor = new MachineProcess();
  try {
    for (let run = 0; run < 2; run++) {
      const sample = await sampleOf(executor, OURS);
      assertEquals(sample.ops, 4000);
      assertEquals(sample.vcpus.length, 2);
      assert(sample.counters.guestInsns! > 4000 * 4);
      assert(sample.counters.strexAttempts! >= 4000);
      assert(sample.peakRssBytes! > 1e6 && sample.cpuSeconds! > 0);
      // Only the first run tells how long the process took to start.
      if (run === 0) assert(sample.startSeconds! > 0 && sample.startSeconds! < 60);
      else assertEquals(sample.startSeconds, undefined);
    }
  } finally {
    await executor.close();
  }
});

Deno.test("MachineProcess reports a guest's timeout with the guest's place, and an unknown image", async () => {
  const executor = new MachineProcess();
  try {
    const hang = { ...await request(OURS, "fault", { kind: "hang" }), timeoutSeconds: 1 };
    const late = await executor.run(hang);
    assertEquals(late.end, "timeout");
    assertStringIncludes(late.message, "pc 0x");
    const missing = await executor.run({ ...hang, image: "/nowhere.elf" });
    assertEquals(missing.end, "crash");
    assertStringIncludes(missing.message, "/nowhere.elf");
  } finally {
    await executor.close();
  }
});

Deno.test({
  name: "QemuProcess runs the same image on QEMU",
  ignore: !HAS_QEMU,
  fn: async () => {
    const executor = new QemuProcess();
    const sample = await sampleOf(executor, QEMU);
    assertEquals(sample.ops, 4000);
    assertEquals(sample.counters, {});
    await executor.close();
  },
});

Deno.test({
  name: "QemuProcess ends a guest that never ends",
  ignore: !HAS_QEMU,
  fn: async () => {
    const hang = { ...await request(QEMU, "fault", { kind: "hang" }), timeoutSeconds: 1 };
    const raw = await new QemuProcess().run(hang);
    assertEquals(raw.end, "timeout");
    assertStringIncludes(raw.message, "within 1 s");
  },
});

Deno.test("qemuArguments pass image, arguments and the threading mode", async () => {
  const line = qemuArguments(await request({ engine: "qemu", thread: "single" })).join(" ");
  for (
    const part of ["-accel tcg,thread=single", "-smp 2", "-m 128", "atomic-add.elf", "-M virt"]
  ) {
    assertStringIncludes(line, part);
  }
  assertStringIncludes(line, "-append vcpus=2 counters=1 iterations=2000");
});
