import { assertEquals, assertRejects } from "@std/assert";
import { checkExpected, parseExpected } from "./expected.ts";
import { GuestOutputError, type GuestReport, parseGuestOutput } from "./protocol.ts";
import { qemuIsInstalled, runOnQemu } from "./qemu.ts";
import {
  expectedUrl,
  findWorkload,
  standardArguments,
  type Workload,
  type WorkloadArguments,
  workloads,
} from "./registry.ts";

const ignore = !(await qemuIsInstalled());
if (ignore) {
  console.log("qemu-system-arm is not installed: the tests that run workloads are skipped.");
}

/** QEMU compares values, so these fail there as schemes.md predicts. */
const COMPARES_VALUES = new Set(["aba-stack", "store-between"]);
/** Sizes that stay fast where a hand-shake of more vCPUs than cores costs a time slice each. */
const SMALL: Readonly<Record<string, WorkloadArguments>> = {
  "aba-stack": { rounds: "10" },
  "store-between": { rounds: "20" },
  litmus: { instances: "1", batch: "64" },
  smc: { rounds: "40" },
  tlb: { rounds: "40" },
  timer: { ticks: "20" },
  ipi: { rounds: "200" },
};

/** Only the result counts: a warm-up of some segments and no more. */
function briefWarmUp({ parameters }: Workload): WorkloadArguments {
  return parameters.some(({ name }) => name === "warmup") ? { warmup: "30" } : {};
}

async function run(
  workload: Workload,
  values: WorkloadArguments,
  vcpus: number,
): Promise<GuestReport> {
  return parseGuestOutput(await runOnQemu(workload, values, vcpus));
}

async function differences(workload: Workload, report: GuestReport): Promise<string[]> {
  const text = await Deno.readTextFile(expectedUrl(workload));
  return checkExpected(report, parseExpected(text, `expected/${workload.name}.txt`));
}

for (const workload of workloads.filter((one) => one.purpose !== "broken")) {
  Deno.test({
    name: `${workload.name} prints its expected output on QEMU at 1, 2 and 4 vCPUs`,
    ignore,
    fn: async () => {
      for (const vcpus of [1, 2, 4]) {
        const values = SMALL[workload.name] ?? standardArguments(workload, "quick");
        const report = await run(workload, { ...values, ...briefWarmUp(workload) }, vcpus);
        assertEquals(report.workload, workload.name);
        assertEquals(report.vcpus, vcpus);
        if (vcpus > 1 && COMPARES_VALUES.has(workload.name)) continue;
        assertEquals(await differences(workload, report), [], `${vcpus} vCPUs`);
      }
    },
  });

  Deno.test({
    name: `${workload.name} has the parameters and defaults that the registry names`,
    ignore,
    fn: async () => {
      const values = SMALL[workload.name] ?? standardArguments(workload, "quick");
      const { parameters } = await run(workload, values, 1);
      assertEquals(
        Object.keys(parameters).sort(),
        workload.parameters.map((one) => one.name).sort(),
      );
      for (const { name, standard, choices } of workload.parameters) {
        const stated = /^\d+$/.test(standard) || choices !== undefined;
        if (!(name in values) && stated) assertEquals(parameters[name], standard, name);
      }
    },
  });
}

Deno.test({
  name: "store-between shows on QEMU that a value-comparing scheme lets STREX succeed",
  ignore,
  fn: async () => {
    const report = await run(findWorkload("store-between")!, { rounds: "20" }, 2);
    const succeeded = Object.fromEntries(report.outcomes.map((one) => [one.name, one.count]));
    assertEquals(report.check, "fail");
    assertEquals([succeeded["same-value"], succeeded["different-value"]], [20, 0]);
  },
});

Deno.test({
  name: "workloads that need more vCPUs say that they were skipped",
  ignore,
  fn: async () => {
    for (const workload of workloads.filter((one) => one.minVcpus > 1)) {
      const report = await run(workload, SMALL[workload.name]!, 1);
      assertEquals(report.fields["skipped"], "1", workload.name);
      assertEquals(report.check, "pass", workload.name);
    }
  },
});

Deno.test({
  name: "fault ends with an error line that names type, pc and address of the exception",
  ignore,
  fn: async () => {
    const kinds = {
      undef: /type=undefined-instruction pc=0x402\w{5} /,
      unmapped: /type=data-abort pc=0x402\w{5} fsr=0x00000005 far=0x30000000 vcpu=0/,
      "jump-nowhere": /type=prefetch-abort pc=0x30000000 fsr=0x00000005 far=0x30000000/,
    };
    for (const [kind, wanted] of Object.entries(kinds)) {
      const output = await runOnQemu(findWorkload("fault")!, { kind }, 1);
      const error = await assertRejects(
        () => Promise.resolve().then(() => parseGuestOutput(output)),
        GuestOutputError,
      );
      assertEquals(error.reason, "reported");
      assertEquals(wanted.test(error.message), true, error.message);
    }
  },
});
