import { assert, assertEquals, assertThrows } from "@std/assert";
import { SMALL_CATALOGUE } from "../testing/records.ts";
import type { Catalogue } from "./catalogue.ts";
import { corePointOf } from "./core_cases.ts";
import { EXPERIMENTS } from "./mod.ts";
import { planCells, subjectName } from "./plan.ts";
import { CATALOGUE, workloadFiles } from "./registries.ts";
import { type Experiment, type Group, STANDARD } from "./types.ts";

const EXPERIMENT: Experiment = {
  name: "small",
  title: "Small",
  question: "Is it small?",
  repeats: 5,
  quickRepeats: 2,
  runsPerProcess: 1,
  countExclusives: false,
  timeoutSeconds: 9,
  budgetSeconds: null,
  groups: [
    {
      workload: "atomic-add",
      params: { counters: 1 },
      ...STANDARD,
      atomics: "all",
      qemu: ["multi"],
      vcpus: [1, 2],
      size: { kind: "timed", seconds: 1, quickSeconds: 0.1 },
    },
    {
      workload: "store-between",
      ...STANDARD,
      atomics: "all",
      qemu: ["single"],
      vcpus: [1, 2],
      size: { kind: "fixed", full: { rounds: 100 }, quick: { rounds: 10 } },
      repeats: 1,
    },
  ],
};

function planAll(selection: Partial<Parameters<typeof planCells>[1]> = {}) {
  return planCells(EXPERIMENT, { quick: false, ...selection }, SMALL_CATALOGUE);
}

/** Without the A/A cell. */
function plan(selection: Partial<Parameters<typeof planCells>[1]> = {}) {
  return planAll(selection).filter(({ cell }) => cell.again === undefined);
}

Deno.test("planCells says what the strategies of a cell make it; peers have no role", () => {
  const roles = new Map(plan().map(({ cell }) => [cell.cell, cell.role]));
  const prefix = "small/atomic-add(counters=1)/2";
  assertEquals(roles.get(`${prefix}/cmpxchg+typed+thread-per-vcpu`), "scheme");
  assertEquals(roles.get(`${prefix}/plain+typed+thread-per-vcpu`), "negative-control");
  const peers = plan().filter(({ cell }) => cell.subject.engine !== "ours");
  assertEquals(peers.some(({ cell }) => "role" in cell), false);
  const control = {
    ...SMALL_CATALOGUE,
    atomics: SMALL_CATALOGUE.atomics.map((one) => ({ ...one, role: "control" as const })),
  };
  const [first] = planCells(EXPERIMENT, { quick: false }, control);
  assertEquals(first.cell.role, "control");
});

Deno.test("planCells repeats the standard cell with two vCPUs of the first timed group", () => {
  const again = (selection = {}) => planAll(selection).filter(({ cell }) => cell.again);
  const [one, ...more] = again();
  assertEquals(more, []);
  const original = plan().find(({ cell }) => cell.cell === one.cell.again)!;
  assertEquals(original.cell.cell, "small/atomic-add(counters=1)/2/cmpxchg+typed+thread-per-vcpu");
  assertEquals(one, {
    ...original,
    cell: { ...original.cell, cell: `${original.cell.cell} (again)`, again: original.cell.cell },
  });
  const [mutex] = again({ atomics: ["pico-st"], vcpus: [1] });
  assertEquals(mutex.cell.again, "small/atomic-add(counters=1)/1/pico-st+typed+thread-per-vcpu");
});

Deno.test("planCells repeats no cell that is not timed or may be wrong, nor in an experiment of checks", () => {
  const again = (experiment: Experiment, selection = {}) =>
    planCells(experiment, { quick: false, ...selection }, SMALL_CATALOGUE)
      .filter(({ cell }) => cell.again);
  assertEquals(again(EXPERIMENT, { workloads: ["store-between"] }), []);
  assertEquals(again(EXPERIMENT, { atomics: ["plain"], vcpus: [2], peers: [] }), []);
  assertEquals(again({ ...EXPERIMENT, checksOnly: true }), []);
});

Deno.test("planCells gives every group its own A/A cell where the group asks for it", () => {
  const [add] = EXPERIMENT.groups;
  const groups = [
    add,
    { ...add, params: { counters: 128 }, again: true },
    { ...add, params: { counters: 1024 }, again: true },
  ];
  const cells = planCells({ ...EXPERIMENT, groups }, { quick: false }, SMALL_CATALOGUE);
  assertEquals(cells.flatMap(({ cell }) => cell.again ? [cell.params.counters] : []), [128, 1024]);
});

Deno.test("planCells crosses the axes and adds QEMU once a vCPU count", () => {
  const cells = plan().filter(({ cell }) => cell.workload === "atomic-add");
  assertEquals(cells.length, (3 + 1) * 2);
  assertEquals(new Set(plan().map(({ cell }) => cell.cell)).size, plan().length);
});

Deno.test("planCells leaves out vCPU counts below what the workload needs", () => {
  const counts = plan().filter(({ cell }) => cell.workload === "store-between")
    .map(({ cell }) => cell.vcpus);
  assertEquals(new Set(counts), new Set([2]));
});

Deno.test("planCells replaces axes by the selection and keeps QEMU", () => {
  const cells = plan({
    atomics: ["pico-st"],
    scheduling: ["round-robin"],
    vcpus: [4],
    workloads: ["atomic-add"],
    repeats: 9,
  });
  assertEquals(cells.map(({ cell }) => subjectName(cell.subject)), [
    "pico-st+typed+round-robin",
    "qemu-multi",
  ]);
  assert(cells.every(({ cell, repeats }) => cell.vcpus === 4 && repeats === 9));
});

Deno.test("planCells leaves QEMU out when the peers are none", () => {
  assert(plan({ peers: [] }).every(({ cell }) => cell.subject.engine === "ours"));
});

Deno.test("planCells makes a standard group for a workload the experiment lacks", () => {
  const cells = plan({ workloads: ["dhrystone"] });
  assertEquals(cells.map(({ cell }) => [subjectName(cell.subject), cell.vcpus]), [
    ["cmpxchg+typed+thread-per-vcpu", 1],
    ["qemu-multi", 1],
    ["cmpxchg+typed+thread-per-vcpu", 2],
    ["qemu-multi", 2],
  ]);
});

Deno.test("planCells takes fixed sizes and quick ones", () => {
  const rounds = (quick: boolean) => plan({ quick, workloads: ["store-between"] })[0].params;
  assertEquals(rounds(false), { rounds: 100 });
  assertEquals(rounds(true), { rounds: 10 });
  assertEquals(plan({ quick: true, workloads: ["atomic-add"] })[0].repeats, 2);
  assertEquals(plan({ quick: true, workloads: ["store-between"] })[0].repeats, 1);
});

Deno.test("planCells leaves timed sizes to the guest, which finds them from the time", () => {
  const params = (quick: boolean) => plan({ quick, workloads: ["atomic-add"] })[0].params;
  assertEquals(params(false), { counters: 1, milliseconds: 1000 });
  assertEquals(params(true), { counters: 1, milliseconds: 100 });
});

Deno.test("planCells bounds the warm-up of every run where the experiment does, not the cell's name", () => {
  const [group] = EXPERIMENT.groups;
  const bounded: Experiment = {
    ...EXPERIMENT,
    groups: [{
      ...group,
      size: { kind: "timed", seconds: 1, quickSeconds: 0.1, warmUpSeconds: 0.4 },
    }],
  };
  const cells = planCells(bounded, { quick: false }, SMALL_CATALOGUE);
  for (const { cell, params } of cells) {
    assertEquals(params, { counters: 1, milliseconds: 1000, warmup_ms: 400 });
    assertEquals(cell.cell.includes("warmup"), false);
  }
});

Deno.test("planCells warms nothing up where only the check counts", () => {
  const size = { kind: "fixed", full: { iterations: 5 }, quick: {} } as const;
  const groups = EXPERIMENT.groups.map((group) => ({ ...group, size }));
  const cells = planCells(
    { ...EXPERIMENT, checksOnly: true, groups },
    { quick: false },
    SMALL_CATALOGUE,
  );
  const params = new Map(cells.map(({ cell, params }) => [cell.workload, params]));
  assertEquals(params.get("atomic-add"), { counters: 1, iterations: 5, warmup: 0 });
  assertEquals(params.get("store-between"), { iterations: 5 });
});

Deno.test("planCells refuses a wanted time for a workload that is not timed", () => {
  const size = { kind: "timed", seconds: 1, quickSeconds: 1 } as const;
  const groups = [{ ...EXPERIMENT.groups[1], size }];
  assertThrows(
    () => planCells({ ...EXPERIMENT, groups }, { quick: false }, SMALL_CATALOGUE),
    RangeError,
    "store-between does not find its own size",
  );
});

Deno.test("planCells predicts what the constraints say", () => {
  const prediction = (workload: string, subject: string, vcpus: number) =>
    plan({ workloads: [workload] }).find(({ cell }) =>
      cell.vcpus === vcpus && subjectName(cell.subject).startsWith(subject)
    )!.cell.prediction.check;
  assertEquals(prediction("atomic-add", "plain", 1), "pass");
  assertEquals(prediction("atomic-add", "plain", 2), "may-fail");
  assertEquals(prediction("atomic-add", "cmpxchg", 2), "pass");
  assertEquals(prediction("store-between", "cmpxchg", 2), "fail");
  assertEquals(prediction("store-between", "pico-st", 2), "pass");
  assertEquals(prediction("store-between", "qemu", 2), "fail");
});

Deno.test("planCells predicts right counts of plain exclusives under round-robin", () => {
  const cells = plan({
    scheduling: ["round-robin"],
    atomics: ["plain"],
    workloads: ["atomic-add"],
  });
  assert(cells.every(({ cell }) => cell.prediction.check === "pass"));
});

Deno.test("planCells names what is not registered", () => {
  assertThrows(() => plan({ workloads: ["nothing"] }), RangeError, "no workload called nothing");
  assertThrows(
    () => plan({ atomics: ["nothing"] }),
    RangeError,
    "no atomics strategy called nothing; known: cmpxchg",
  );
});

for (const experiment of EXPERIMENTS) {
  Deno.test(`experiment ${experiment.name} plans against the registries, quick and full`, async () => {
    for (const quick of [false, true]) {
      const cells = planCells(experiment, { quick }, CATALOGUE);
      assert(cells.length > 0);
      for (const { cell, params } of cells) {
        const files = await workloadFiles(cell.workload);
        // Throws for a parameter or value that the workload does not have.
        files.append(params, cell.vcpus);
      }
    }
  });
}

Deno.test("planCells leaves groups that are for full runs only out of quick ones", () => {
  const groups = [EXPERIMENT.groups[0], { ...EXPERIMENT.groups[1], fullOnly: true }];
  const names = (quick: boolean) =>
    new Set(
      planCells({ ...EXPERIMENT, groups }, { quick }, SMALL_CATALOGUE)
        .map(({ cell }) => cell.workload),
    );
  assertEquals(names(true), new Set(["atomic-add"]));
  assertEquals(names(false), new Set(["atomic-add", "store-between"]));
});

Deno.test("planCells pairs the subjects of one workload and vCPU count where asked", () => {
  const cells = planCells({ ...EXPERIMENT, inPairs: true }, { quick: false }, SMALL_CATALOGUE);
  assert(cells.some(({ cell, pair }) => cell.again !== undefined && pair !== ""));
  for (const some of Map.groupBy(cells, ({ pair }) => pair).values()) {
    assertEquals(new Set(some.map(({ cell }) => `${cell.workload} ${cell.vcpus}`)).size, 1);
    assert(some.some(({ cell }) => cell.subject.engine === "qemu"));
  }
  assert(plan().every(({ pair }) => pair === ""));
});

Deno.test("every cell of the core experiment stands for a point of its table", () => {
  const core = EXPERIMENTS.find((one) => one.name === "core")!;
  for (const { cell } of planCells(core, { quick: false }, CATALOGUE)) {
    assert(corePointOf(cell.workload, cell.params, cell.vcpus) !== undefined, cell.cell);
  }
});

Deno.test("planCells forces parallel code where a group or the selection wants it and it matters", () => {
  const group: Group = { ...EXPERIMENT.groups[0], atomics: ["cmpxchg"], scheduling: "all" };
  const names = (alone: boolean, parallelCode: boolean) =>
    planCells(
      { ...EXPERIMENT, groups: [{ ...group, ...(alone ? { parallelCodeAlone: true } : {}) }] },
      { quick: false, parallelCode },
      SMALL_CATALOGUE,
    )
      .filter(({ cell: { again } }) => again === undefined)
      .filter(({ cell: { subject } }) => subject.engine === "ours" && subject.parallelCode)
      .map(({ cell: { subject, vcpus, cell } }) => {
        assert(subject.engine === "ours" && cell.endsWith("+parallel-code"));
        return `${subject.scheduling} ${vcpus}`;
      });
  assertEquals(names(false, false), []);
  assertEquals(names(true, false), ["thread-per-vcpu 1"]);
  assertEquals(names(false, true), ["round-robin 1", "thread-per-vcpu 1", "round-robin 2"]);
});

Deno.test("planCells notes schemes with the same code where the catalogue knows", () => {
  const sameCode: Catalogue["sameCode"] = (_, vcpus) => vcpus === 1 ? { atomics: "plain" } : {};
  const cells = planCells(
    { ...EXPERIMENT, groups: [EXPERIMENT.groups[0]] },
    { quick: false },
    { ...SMALL_CATALOGUE, sameCode },
  );
  for (const { cell: { subject, vcpus, sameCodeAs } } of cells) {
    const told = subject.engine === "ours" && vcpus === 1;
    assertEquals(sameCodeAs, told ? { atomics: "plain" } : undefined);
  }
});

Deno.test("planCells runs a timed cell once where a wrong result is to be expected", () => {
  const repeats = (selection = {}) =>
    planAll({ workloads: ["atomic-add"], vcpus: [2], peers: [], ...selection })
      .map(({ cell, repeats }) => [subjectName(cell.subject).split("+")[0], repeats]);
  assertEquals(repeats(), [["cmpxchg", 5], ["pico-st", 5], ["plain", 1], ["cmpxchg", 5]]);
  assertEquals(repeats({ atomics: ["plain"], repeats: 9 }), [["plain", 9]]);
});
