/**
 * From an experiment and the command line's selection to the list of cells.
 * @module
 */
import type { StrategyInfo, StrategyRole } from "../../core/exec/strategy.ts";
import { combinedRole } from "../../strategies/role.ts";
import type {
  CellRecord,
  Fields,
  OurSubject,
  Prediction,
  QemuSubject,
  SameCode,
  Subject,
} from "../results/types.ts";
import { againOf } from "./again.ts";
import { type Catalogue, entryOf, names } from "./catalogue.ts";
import { predict } from "./prediction.ts";
import { type Experiment, type Group, MEMORY_MIB, STANDARD } from "./types.ts";
import { factsOf } from "./workload_facts.ts";

/** What the command line narrows or replaces; undefined leaves the experiment's own. */
export interface Selection {
  /** Only these. */
  readonly workloads?: readonly string[];
  /** In place of the groups' own. */
  readonly atomics?: readonly string[];
  /** In place of the groups' own. */
  readonly barriers?: readonly string[];
  /** In place of the groups' own. */
  readonly scheduling?: readonly string[];
  /** In place of the groups' own. */
  readonly vcpus?: readonly number[];
  /** In place of the groups' own. */
  readonly backends?: readonly ("wasm" | "interp")[];
  /** QEMU's modes. */
  readonly peers?: readonly QemuSubject["thread"][];
  /** Timed repeats. */
  readonly repeats?: number;
  /** Smaller sizes and fewer repeats. */
  readonly quick: boolean;
  /** Whether ours are profiled. */
  readonly profile?: boolean;
  /** Whether ours make code as for vCPUs in parallel where none are. */
  readonly parallelCode?: boolean;
}

/** A cell and how it is to be run. */
export interface PlannedCell {
  /** The cell as it is recorded. */
  readonly cell: Omit<CellRecord, "schema" | "kind">;
  /** Parameters of every run. */
  readonly params: Fields;
  /** Timed repeats. */
  readonly repeats: number;
  /** Repeats in one fresh process. */
  readonly runsPerProcess: number;
  /** Limit of one run. */
  readonly timeoutSeconds: number;
  /** Whether store-exclusives are counted. */
  readonly countExclusives: boolean;
  /** Cells of the same one take turns; empty for a cell that stands alone. */
  readonly pair: string;
  /** Whether runs are profiled. */
  readonly profile?: boolean;
  /** Whether the cell is left out where files of its workload are missing. */
  readonly optional: boolean;
}

/** A readable name of a subject, unique among subjects. */
export function subjectName(subject: Subject): string {
  if (subject.engine === "qemu") return `qemu-${subject.thread}`;
  if (subject.engine === "fake") return `fake-${subject.behaviour}`;
  const backend = subject.backend === "wasm" ? "" : `+${subject.backend}`;
  const code = subject.parallelCode === undefined ? "" : "+parallel-code";
  return `${subject.atomics}+${subject.barriers}+${subject.scheduling}${backend}${code}`;
}

/** `workload(key=value,...)`. */
export function workloadName(workload: string, params: Fields): string {
  const list = Object.entries(params).map(([key, value]) => `${key}=${value}`).join(",");
  return list === "" ? workload : `${workload}(${list})`;
}

function subjectsOf(group: Group, catalogue: Catalogue): Subject[] {
  const pick = (
    wanted: readonly string[] | "all",
    known: readonly { readonly name: string }[],
  ) => wanted === "all" ? names(known) : wanted;
  const subjects: Subject[] = [];
  for (const atomics of pick(group.atomics, catalogue.atomics)) {
    for (const barriers of pick(group.barriers, catalogue.barriers)) {
      for (const scheduling of pick(group.scheduling, catalogue.scheduling)) {
        for (const backend of group.backends ?? ["wasm"] as const) {
          subjects.push({ engine: "ours", atomics, barriers, scheduling, backend });
        }
      }
    }
  }
  for (const thread of group.qemu) subjects.push({ engine: "qemu", thread });
  for (const behaviour of group.fake ?? []) subjects.push({ engine: "fake", behaviour });
  return subjects;
}

/** The subject with parallel code forced, where that is wanted and makes a difference. */
function coded(
  subject: Subject,
  vcpus: number,
  group: Group,
  selection: Selection,
  catalogue: Catalogue,
): Subject {
  if (subject.engine !== "ours") return subject;
  const { parallel } =
    entryOf(catalogue.scheduling, subject.scheduling, "scheduling strategy").constraints;
  const wanted = selection.parallelCode === true || group.parallelCodeAlone === true && parallel;
  return wanted && (vcpus === 1 || !parallel) ? { ...subject, parallelCode: "forced" } : subject;
}

/** What is known of the code of a subject's schemes. */
function sameCode(
  subject: Subject,
  vcpus: number,
  catalogue: Catalogue,
): { readonly sameCodeAs?: SameCode } {
  if (subject.engine !== "ours" || catalogue.sameCode === undefined) return {};
  const same = catalogue.sameCode(subject, vcpus);
  return Object.keys(same).length === 0 ? {} : { sameCodeAs: same };
}

function narrowed(group: Group, selection: Selection): Group {
  const ours = group.fake === undefined;
  return {
    ...group,
    ...(ours && selection.atomics && { atomics: selection.atomics }),
    ...(ours && selection.barriers && { barriers: selection.barriers }),
    ...(ours && selection.scheduling && { scheduling: selection.scheduling }),
    ...(ours && selection.backends && { backends: selection.backends }),
    ...(selection.vcpus && { vcpus: selection.vcpus }),
    ...(ours && selection.peers && { qemu: selection.peers }),
    ...(selection.repeats !== undefined && { repeats: selection.repeats }),
  };
}

/** What is measured of a workload that the experiment does not name itself. */
function standardGroup(workload: string, catalogue: Catalogue): Group {
  const { standard } = entryOf(catalogue.workloads, workload, "workload");
  return {
    workload,
    ...STANDARD,
    qemu: ["multi"],
    vcpus: [1, 2],
    size: factsOf(workload).timed
      ? { kind: "timed", seconds: 0.5, quickSeconds: 0.1 }
      : { kind: "fixed", ...standard },
  };
}

function groupsOf(
  experiment: Experiment,
  selection: Selection,
  catalogue: Catalogue,
): readonly Group[] {
  const wanted = selection.workloads;
  if (wanted === undefined) return experiment.groups;
  return wanted.flatMap((workload) => {
    const own = experiment.groups.filter((group) => group.workload === workload);
    return own.length > 0 ? own : [standardGroup(workload, catalogue)];
  });
}

/** What sets a run's length, for how long it warms up included. */
function sizeOf(experiment: Experiment, { workload, size }: Group, quick: boolean): Fields {
  const { timed } = factsOf(workload);
  if (size.kind === "fixed") {
    const fixed = quick ? size.quick : size.full;
    // Where only the check counts, nothing has to be warm.
    return experiment.checksOnly && timed ? { ...fixed, warmup: 0 } : fixed;
  }
  if (!timed) throw new RangeError(`${workload} does not find its own size: give it a fixed one`);
  return {
    milliseconds: Math.round(1000 * (quick ? size.quickSeconds : size.seconds)),
    ...(size.warmUpSeconds !== undefined &&
      { warmup_ms: Math.round(1000 * size.warmUpSeconds) }),
  };
}

function repeatsOf(
  experiment: Experiment,
  group: Group,
  quick: boolean,
  prediction: Prediction,
): number {
  const own = group.repeats ?? experiment.repeats;
  const wanted = quick ? group.quickRepeats ?? Math.min(experiment.quickRepeats, own) : own;
  // A wrong result is not timed: once shows it.
  const once = group.size.kind === "timed" && prediction.check !== "pass";
  return once ? Math.min(1, wanted) : wanted;
}

/** The A/A cells: of every group that wants one, or else of the first that is timed. */
function againCells(
  experiment: Experiment,
  groups: readonly { readonly again: boolean; readonly cells: readonly PlannedCell[] }[],
): PlannedCell[] {
  if (experiment.checksOnly) return [];
  const found = groups.map(({ again, cells }) => ({ again, cell: againOf(cells) }));
  const wanted = found.filter(({ again, cell }) => again && cell !== null);
  const first = found.filter(({ cell }) => cell !== null).slice(0, 1);
  return (wanted.length > 0 ? wanted : first).flatMap(({ cell }) => cell ?? []);
}

function roleOf(subject: OurSubject, catalogue: Catalogue): StrategyRole {
  return combinedRole(
    (["atomics", "barriers", "scheduling"] as const)
      .map((kind) => entryOf<StrategyInfo>(catalogue[kind], subject[kind], kind).role),
  );
}

/**
 * The cells of an experiment, each once, in the order of its groups, then its A/A cells. Throws a RangeError for a name
 * that the catalogue does not hold.
 */
export function planCells(
  experiment: Experiment,
  selection: Selection,
  catalogue: Catalogue,
): PlannedCell[] {
  const cells = new Map<string, PlannedCell>();
  const byGroup: { readonly again: boolean; readonly cells: PlannedCell[] }[] = [];
  const groups = groupsOf(experiment, selection, catalogue)
    .filter((group) => !(selection.quick && group.fullOnly));
  for (const group of groups.map((one) => narrowed(one, selection))) {
    const workload = entryOf(catalogue.workloads, group.workload, "workload");
    const params = group.params ?? {};
    const size = sizeOf(experiment, group, selection.quick);
    const own: PlannedCell[] = [];
    byGroup.push({ again: group.again ?? false, cells: own });
    for (const vcpus of group.vcpus.filter((count) => count >= workload.minVcpus)) {
      for (const plain of subjectsOf(group, catalogue)) {
        const subject = coded(plain, vcpus, group, selection, catalogue);
        const id = `${experiment.name}/${workloadName(group.workload, params)}/${vcpus}/` +
          subjectName(subject);
        if (cells.has(id)) continue;
        const prediction = predict(
          subject,
          group.workload,
          vcpus,
          catalogue,
          group.negativeControl,
        );
        const planned: PlannedCell = {
          cell: {
            cell: id,
            experiment: experiment.name,
            subject,
            workload: group.workload,
            params,
            vcpus,
            memoryMiB: MEMORY_MIB,
            unit: workload.unit,
            prediction,
            ...sameCode(subject, vcpus, catalogue),
            ...(subject.engine === "ours" ? { role: roleOf(subject, catalogue) } : {}),
          },
          params: { ...params, ...size },
          repeats: selection.repeats ?? repeatsOf(experiment, group, selection.quick, prediction),
          // QEMU is a fresh process for each run.
          runsPerProcess: subject.engine === "qemu"
            ? 1
            : experiment.inPairs && selection.quick
            ? experiment.quickRepeats
            : experiment.runsPerProcess,
          timeoutSeconds: group.timeoutSeconds ?? experiment.timeoutSeconds,
          countExclusives: experiment.countExclusives,
          pair: experiment.inPairs ? `${workloadName(group.workload, params)}/${vcpus}` : "",
          optional: group.optional ?? false,
          ...(selection.profile && subject.engine === "ours" ? { profile: true } : {}),
        };
        cells.set(id, planned);
        own.push(planned);
      }
    }
  }
  return [...cells.values(), ...againCells(experiment, byGroup)];
}
