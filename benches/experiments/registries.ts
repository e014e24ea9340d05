/**
 * The catalogue of this project's own registries.
 * @module
 */
import { ATOMICS, BARRIERS, SCHEDULING } from "../../strategies/mod.ts";
import { type ExpectedSection, parseExpected } from "../../workloads/expected.ts";
import {
  bootArguments,
  expectedUrl,
  findWorkload,
  imageUrl,
  standardArguments,
  type Workload,
  workloads,
} from "../../workloads/registry.ts";
import type { WorkloadFiles } from "../runner/cell_job.ts";
import type { Catalogue } from "./catalogue.ts";

/** Name of the made-up workload of experiment `harness`. */
const HARNESS = "harness";

/** Everything that is registered, and the made-up workload of the harness's own check. */
export const CATALOGUE: Catalogue = {
  atomics: ATOMICS,
  barriers: BARRIERS,
  scheduling: SCHEDULING,
  workloads: [
    ...workloads.map((workload) => ({
      name: workload.name,
      summary: workload.description,
      unit: workload.opsUnit,
      minVcpus: workload.minVcpus,
      standard: {
        full: standardArguments(workload, "full"),
        quick: standardArguments(workload, "quick"),
      },
    })),
    {
      name: HARNESS,
      summary: "No guest at all",
      unit: "operations",
      minVcpus: 1,
      standard: { full: {}, quick: {} },
    },
  ],
};

function registered(name: string): Workload {
  const workload = findWorkload(name);
  if (workload === undefined) throw new RangeError(`There is no workload called ${name}`);
  return workload;
}

const HARNESS_FILES: WorkloadFiles = {
  image: "",
  expected: [],
  append: (params) => Object.entries(params).map(([key, value]) => `${key}=${value}`).join(" "),
};

/** Image, expected output and arguments of a workload. */
export async function workloadFiles(name: string): Promise<WorkloadFiles> {
  if (name === HARNESS) return HARNESS_FILES;
  const workload = registered(name);
  const url = expectedUrl(workload);
  const expected: readonly ExpectedSection[] = parseExpected(
    await Deno.readTextFile(url),
    url.pathname,
  );
  return {
    image: imageUrl(workload).pathname,
    expected,
    append: (params, vcpus) => {
      const words = Object.entries(params).map(([key, value]) => [key, `${value}`]);
      return bootArguments(workload, Object.fromEntries(words), vcpus);
    },
  };
}
