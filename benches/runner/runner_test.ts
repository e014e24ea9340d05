import { assert, assertEquals, assertRejects } from "@std/assert";
import type { PlannedCell } from "../experiments/plan.ts";
import { parseResults } from "../results/reader.ts";
import type { ResultRecord, Subject } from "../results/types.ts";
import { CELL, RUN } from "../testing/records.ts";
import { runFake } from "./fake_machine.ts";
import { type Executor, failedRun, type RunRequest } from "./raw_run.ts";
import { type RunnerOptions, runPlan } from "./runner.ts";

function planned(behaviour: string, more: Partial<PlannedCell> = {}): PlannedCell {
  return {
    cell: {
      ...CELL,
      cell: `harness/${behaviour}`,
      params: {},
      subject: { engine: "fake", behaviour },
      workload: "harness",
      vcpus: 1,
    },
    params: { milliseconds: 1 },
    repeats: 3,
    runsPerProcess: 2,
    timeoutSeconds: 1,
    countExclusives: false,
    pair: "",
    optional: false,
    ...more,
  };
}

/** An executor in this process that counts how often it was made and closed. */
class Local implements Executor {
  readonly #log: string[];
  constructor(log: string[]) {
    this.#log = log;
    log.push("open");
  }
  async run(request: RunRequest) {
    this.#log.push(request.append);
    return { ...await runFake(request), wallSeconds: 1 };
  }
  close(): Promise<void> {
    this.#log.push("close");
    return Promise.resolve();
  }
}

interface Outcome {
  readonly records: ResultRecord[];
  readonly log: string[];
}

async function run(
  cells: readonly PlannedCell[],
  more: Partial<RunnerOptions> = {},
  earlier: readonly unknown[] = [],
): Promise<Outcome> {
  const records: ResultRecord[] = [];
  const log: string[] = [];
  const text = earlier.map((record) => JSON.stringify(record) + "\n").join("");
  const end = await runPlan({
    cells,
    seed: 1,
    budgetSeconds: null,
    earlier: parseResults(text, "f"),
    writer: { append: (...more) => void records.push(...more) },
    files: () => ({
      image: "",
      expected: [],
      append: (params) => Object.entries(params).map(([key, value]) => `${key}=${value}`).join(" "),
    }),
    executorFor: (_subject: Subject) => new Local(log),
    onProgress: () => {},
    signal: new AbortController().signal,
    ...more,
  });
  return { records: [...records, end], log };
}

function ofKind<K extends ResultRecord["kind"]>(records: readonly ResultRecord[], kind: K) {
  return records.filter((record) => record.kind === kind) as Extract<ResultRecord, { kind: K }>[];
}

Deno.test("runPlan writes the cell, then every repeat, two a process", async () => {
  const { records, log } = await run([planned("steady")]);
  assertEquals(records.map(({ kind }) => kind), ["cell", "sample", "sample", "sample", "end"]);
  assertEquals(ofKind(records, "sample").map(({ repeat }) => repeat), [0, 1, 2]);
  assertEquals(log.filter((entry) => entry === "open").length, 2);
  assertEquals(log.filter((entry) => entry === "close").length, 2);
});

Deno.test("runPlan goes on after failures and gives a hopeless cell up", async () => {
  const dead = planned("dead", { runsPerProcess: 1 });
  const { records } = await run([planned("wrong-result"), dead, planned("steady")], {
    executorFor: (subject) => {
      const local = new Local([]);
      if (subject.engine !== "fake" || subject.behaviour !== "dead") return local;
      return {
        run: () => Promise.resolve(failedRun("crash", "It died.")),
        close: () => local.close(),
      };
    },
  });
  const failures = ofKind(records, "failure");
  assertEquals(failures.filter(({ cell }) => cell === "harness/wrong-result").length, 3);
  assertEquals(failures.filter(({ cell }) => cell === "harness/dead").length, 1);
  assertEquals(ofKind(records, "sample").length, 3);
  assertEquals(ofKind(records, "end")[0].cellsLeft, 0);
});

/** A steady subject whose process a signal ends in its first `times` runs. */
function killed(times: number): RunnerOptions["executorFor"] {
  return () => {
    const local = new Local([]);
    return {
      run: (request) =>
        times-- > 0
          ? Promise.resolve(failedRun("interrupted", "Ended from outside by SIGKILL."))
          : local.run(request),
      close: () => local.close(),
    };
  };
}

Deno.test("runPlan does again what a signal from outside ended", async () => {
  const { records } = await run([planned("steady")], { executorFor: killed(2) });
  const failures = ofKind(records, "failure");
  assertEquals(failures.map(({ failure }) => failure), ["interrupted", "interrupted"]);
  const repeats = ofKind(records, "sample").map(({ repeat }) => repeat);
  assertEquals(repeats.sort(), [0, 1, 2]);
  const [end] = ofKind(records, "end");
  assertEquals([end.reason, end.cellsLeft], ["complete", 0]);
});

Deno.test("runPlan leaves a cell that is always ended from outside for a resumed run", async () => {
  const { records } = await run([planned("steady")], { executorFor: killed(1000) });
  const [end] = ofKind(records, "end");
  assertEquals([end.cellsDone, end.cellsLeft, end.cellsUnmeasured], [0, 1, 1]);
  assertEquals(end.reason, "error");
  assert(ofKind(records, "failure").length < 10);
  const kept = records.slice(0, -1);
  const again = await run([planned("steady")], {}, [RUN, ...kept, { ...RUN, resumed: true }]);
  assertEquals(ofKind(again.records, "sample").length, 3);
});

Deno.test("runPlan tries a hopeless cell again where the run says so", async () => {
  const first = await run([planned("steady")], {
    executorFor: () => ({
      run: () => Promise.resolve(failedRun("crash", "It died.")),
      close: () => Promise.resolve(),
    }),
  });
  const kept = [RUN, ...first.records.slice(0, -1)];
  const resumed = { ...RUN, resumed: true };
  const still = await run([planned("steady")], {}, [...kept, resumed]);
  assertEquals(still.records.map(({ kind }) => kind), ["end"]);
  const retried = { ...resumed, retried: ["harness/steady"] };
  const again = await run([planned("steady")], {}, [...kept, retried]);
  assertEquals(ofKind(again.records, "sample").length, 3);
  assertEquals(ofKind(again.records, "end")[0].reason, "complete");
});

Deno.test("runPlan writes every cell before it measures one", async () => {
  const { records } = await run([planned("steady"), planned("silent")], { budgetSeconds: 0 });
  assertEquals(records.map(({ kind }) => kind), ["cell", "cell", "end"]);
  assertEquals(ofKind(records, "end")[0].cellsUnmeasured, 2);
});

Deno.test("runPlan skips what an earlier, killed run finished", async () => {
  const first = await run([planned("steady")]);
  const kept = first.records.slice(0, 2);
  const second = await run([planned("steady")], {}, [RUN, ...kept]);
  assertEquals(second.records.map(({ kind }) => kind), ["sample", "sample", "end"]);
  assertEquals(ofKind(second.records, "sample").map(({ repeat }) => repeat), [1, 2]);
});

Deno.test("runPlan stops at an abort, records nothing of the run cut short, closes its child", async () => {
  const controller = new AbortController();
  const closed: string[] = [];
  const { records } = await run([planned("steady")], {
    signal: controller.signal,
    executorFor: () => ({
      run: () => {
        controller.abort();
        return Promise.resolve(failedRun("crash", "Killed by the abort."));
      },
      close: () => Promise.resolve(void closed.push("close")),
    }),
  });
  assertEquals(records.map(({ kind }) => kind), ["cell", "end"]);
  const [end] = ofKind(records, "end");
  assertEquals([end.reason, end.cellsLeft], ["interrupted", 1]);
  assert(closed.length > 0);
});

Deno.test("runPlan ends with its child closed when the disk is full", async () => {
  const log: string[] = [];
  await assertRejects(
    () =>
      run([planned("steady")], {
        executorFor: () => new Local(log),
        writer: {
          append: (record) => {
            if (record.kind === "sample") throw new Error("disk full");
          },
        },
      }),
    Error,
    "disk full",
  );
  assertEquals(log.at(-1), "close");
});

Deno.test("runPlan leaves repeats out when its time is used up and says so", async () => {
  const { records } = await run([planned("steady"), planned("wrong-result")], { budgetSeconds: 0 });
  const [end] = ofKind(records, "end");
  assertEquals([end.reason, end.cellsLeft], ["budget", 2]);
  assert(end.message.includes("2 of 2 cells lack repeats"), end.message);
});

Deno.test("runPlan measures every cell once before any twice, and notes turn and process", async () => {
  const cells = ["steady", "wrong-result"].map((name) => planned(name, { runsPerProcess: 1 }));
  const { records } = await run(cells);
  const runs = records.filter((one) => one.kind === "sample" || one.kind === "failure");
  assertEquals(runs.map(({ turn }) => turn), [0, 0, 1, 1, 2, 2]);
  assertEquals(runs.map(({ process }) => process), [0, 1, 2, 3, 4, 5]);
  for (const turn of [0, 1, 2]) {
    const cells = runs.filter((one) => one.turn === turn).map(({ cell }) => cell);
    assertEquals(new Set(cells).size, 2);
  }
});

Deno.test("runPlan gives sub-samples of a process its number, and a resumed run new turns", async () => {
  const first = await run([planned("steady")]);
  const places = (records: readonly ResultRecord[]) =>
    ofKind(records, "sample").map(({ turn, process }) => [turn, process]);
  assertEquals(places(first.records), [[0, 0], [0, 0], [1, 1]]);
  const second = await run([planned("steady")], {}, [RUN, ...first.records.slice(0, 2)]);
  assertEquals(places(second.records), [[1, 1], [1, 1]]);
});

Deno.test("runPlan goes on with the cells of open verdicts until none is open", async () => {
  let looks = 0;
  const cells = ["steady", "other"].map((name) =>
    planned(name === "other" ? "steady" : name, {
      runsPerProcess: 1,
      repeats: 2,
      cell: { ...planned("steady").cell, cell: name },
    })
  );
  const third = planned("steady", { repeats: 1 });
  const { records } = await run([...cells, third], {
    openVerdicts: () => ++looks > 3 ? [] : [{ cells: ["steady", "other"], turns: 2 }],
  });
  const samples = ofKind(records, "sample");
  const of = (name: string) => samples.filter(({ cell }) => cell === name);
  for (const name of ["steady", "other"]) {
    assertEquals(of(name).map(({ repeat }) => repeat), [0, 1, 2, 3, 4]);
    assertEquals(of(name).map(({ turn }) => turn), [0, 1, 2, 3, 4]);
  }
  assertEquals(of(third.cell.cell).length, 1);
  assertEquals(samples.map(({ process }) => process), samples.map((_, at) => at));
  assertEquals(ofKind(records, "end")[0].reason, "complete");
});

Deno.test("runPlan ends by its budget with open verdicts and says how many", async () => {
  const { records } = await run([planned("steady", { repeats: 1 })], {
    budgetSeconds: 0.2,
    openVerdicts: () => [{ cells: ["harness/steady", "harness/steady"], turns: 1000 }],
  });
  const [end] = ofKind(records, "end");
  assertEquals([end.reason, end.cellsLeft], ["budget", 0]);
  assert(end.message.includes("1 verdicts are still open"), end.message);
  assert(ofKind(records, "sample").length > 1);
});

Deno.test("runPlan leaves verdicts alone that no number of turns settles, and cells given up", async () => {
  const dead = planned("dead", { runsPerProcess: 1 });
  const { records } = await run([planned("steady", { repeats: 1 }), dead], {
    executorFor: (subject) =>
      subject.engine === "fake" && subject.behaviour === "dead"
        ? {
          run: () => Promise.resolve(failedRun("crash", "It died.")),
          close: () => Promise.resolve(),
        }
        : new Local([]),
    openVerdicts: () => [
      { cells: ["harness/steady", "harness/dead"], turns: 1 },
      { cells: ["harness/steady", "harness/steady"], turns: null },
    ],
  });
  assertEquals(ofKind(records, "sample").length, 1);
  assertEquals(ofKind(records, "end")[0].reason, "complete");
});

Deno.test("runPlan gives some cells all repeats when the time does not do for all", async () => {
  const cells = ["a", "b", "c", "d"].map((name) => {
    const one = planned("steady", { runsPerProcess: 1, repeats: 5, params: { milliseconds: 60 } });
    return { ...one, cell: { ...one.cell, cell: name } };
  });
  const { records } = await run(cells, { budgetSeconds: 0.75 });
  const counts = cells.map(({ cell }) =>
    ofKind(records, "sample").filter((one) => one.cell === cell.cell).length
  );
  assert(counts.every((count) => count >= 1), `${counts}`);
  assert(counts.includes(5), `${counts}`);
  assertEquals(ofKind(records, "end")[0].reason, "budget");
});
