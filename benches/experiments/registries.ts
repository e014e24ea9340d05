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
import {
  findLinuxGuest,
  GUEST_REMEDY,
  initrdFile,
  kernelFile,
} from "../../workloads/linux/layout.ts";
import {
  LINUX_PROGRAMS,
  linuxCommandLine,
  type LinuxProgram,
} from "../../workloads/linux/programs.ts";
import type { Fields } from "../results/types.ts";
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
    ...LINUX_PROGRAMS.map(({ name, description, opsUnit, standard }) => ({
      name,
      summary: description,
      unit: opsUnit,
      minVcpus: 1,
      standard,
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

async function expectedOf(workload: Workload): Promise<readonly ExpectedSection[]> {
  const url = expectedUrl(workload);
  return parseExpected(await Deno.readTextFile(url), url.pathname);
}

function texts(params: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, `${value}`]));
}

/** Files of a program of the Linux guest, which need not be there. */
async function linuxFiles(program: LinuxProgram): Promise<WorkloadFiles> {
  const { workload } = program;
  const found = await findLinuxGuest("armmp");
  return {
    image: kernelFile("armmp").pathname,
    initrd: initrdFile("armmp").pathname,
    ...(found === undefined ? { missing: GUEST_REMEDY } : {}),
    expected: workload === undefined ? [] : await expectedOf(workload),
    append: (params, vcpus) => {
      // Refuses what the workload does not have.
      if (workload !== undefined) bootArguments(workload, texts(params), vcpus);
      return linuxCommandLine(program, texts(params), vcpus);
    },
  };
}

/** Image, expected output and arguments of a workload. */
export async function workloadFiles(name: string): Promise<WorkloadFiles> {
  if (name === HARNESS) return HARNESS_FILES;
  const program = LINUX_PROGRAMS.find((one) => one.name === name);
  if (program !== undefined) return await linuxFiles(program);
  const workload = registered(name);
  return {
    image: imageUrl(workload).pathname,
    expected: await expectedOf(workload),
    append: (params, vcpus) => bootArguments(workload, texts(params), vcpus),
  };
}
