/**
 * Made-up subjects that end in every way a run can end, for the harness's own tests.
 * @module
 */
import { failedRun, type RawRun, type RunRequest } from "./raw_run.ts";

const FREQUENCY = 1_000_000;

function parameter(append: string, name: string, standard: number): number {
  const match = new RegExp(`(?:^| )${name}=(\\d+)`).exec(append);
  return match === null ? standard : Number(match[1]);
}

/** A right report of a run that took `ticks`, or one whose check failed. */
function report(request: RunRequest, ticks: number, check: "pass" | "fail"): string {
  const ops = ticks * 10;
  const lines = [
    "booted",
    `@mttcg begin workload=${request.workload} vcpus=${request.vcpus} freq=${FREQUENCY}`,
    `@mttcg end ticks=${ticks} ops=${ops * request.vcpus} check=${check} lost=${
      check === "pass" ? 0 : 3
    }`,
  ];
  for (let id = 0; id < request.vcpus; id++) {
    lines.push(`@mttcg vcpu id=${id} ticks=${ticks} ops=${ops}`);
  }
  lines.push("@mttcg outcome name=usual count=7 weak=0", "@mttcg done", "");
  return lines.join("\n");
}

async function steady(request: RunRequest, check: "pass" | "fail"): Promise<RawRun> {
  const milliseconds = parameter(request.append, "milliseconds", 10);
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const ticks = Math.round((performance.now() - start) * (FREQUENCY / 1000));
  return {
    ...failedRun("power-off", "", report(request, ticks, check)),
    vcpuCounters: Array.from({ length: request.vcpus }, () => ({ guestInsns: 1000, cpuNs: 5e6 })),
  };
}

/** Behaves as the subject's name says. */
export function runFake(request: RunRequest): Promise<RawRun> {
  if (request.subject.engine !== "fake") throw new TypeError("Not a made-up subject");
  const { behaviour } = request.subject;
  switch (behaviour) {
    case "steady":
      return steady(request, "pass");
    case "wrong-result":
      return steady(request, "fail");
    case "guest-error":
      return Promise.resolve(
        failedRun("power-off", "", "@mttcg error parameter counters=3 is not a power of two\n"),
      );
    case "silent":
      return Promise.resolve(failedRun("power-off", "", "booted\n"));
    case "crash":
      throw new Error("The made-up vCPU thread threw");
    case "die":
      console.error("out of memory, as it were");
      Deno.exit(70);
      break;
    case "hang":
      return new Promise(() => setInterval(() => {}, 1000));
  }
  return Promise.resolve(
    failedRun("unsupported", `There is no made-up behaviour called ${behaviour}.`),
  );
}
