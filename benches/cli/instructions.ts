/**
 * `deno task instructions`: what each Advanced SIMD and VFP instruction costs, beside QEMU.
 * @module
 */
import {
  MOST_OVER_MEDIAN,
  type TimedRow,
  timedRows,
  timesOnOurs,
  timesOnQemu,
} from "../instructions/measure.ts";
import { timedInstructions } from "../instructions/rows.ts";
import { INSTALL_QEMU } from "../peers/qemu.ts";
import { type Command, type Parsed, runCommand, UserError } from "./command.ts";

const WARM_MS = 60, MEASURED_MS = 30;

/** The task's options. */
export const INSTRUCTIONS: Command = {
  name: "deno task instructions",
  summary:
    "Measures what each Advanced SIMD and VFP computation costs at every element size, and some " +
    "other instructions that have been dear, in a bare-metal loop on ours and on QEMU.",
  options: [
    {
      name: "match",
      type: "text",
      placeholder: "REGEXP",
      help: "Only instructions whose text or group matches, such as ^vqdmul.",
    },
    {
      name: "warm",
      type: "number",
      least: 1,
      help: "Milliseconds that each runs before it is measured.",
      standard: String(WARM_MS),
    },
    {
      name: "measured",
      type: "number",
      least: 1,
      help: "Milliseconds that each is measured.",
      standard: String(MEASURED_MS),
    },
    { name: "ours-only", type: "flag", help: "Leaves QEMU out." },
  ],
  details: `Instructions over ${MOST_OVER_MEDIAN} times the median of their group come last.`,
};

function lineOf({ text, ours, qemu, overMedian }: TimedRow): string {
  const beside = qemu === null
    ? ""
    : `${qemu.toFixed(1).padStart(9)}${(ours / qemu).toFixed(2).padStart(9)}`;
  return `${text.padEnd(40)}${ours.toFixed(1).padStart(9)}${beside}${
    overMedian.toFixed(1).padStart(9)
  }`;
}

/** The whole table as text. */
export function instructionTable(rows: readonly TimedRow[]): string {
  const beside = rows.some(({ qemu }) => qemu !== null);
  const groups = [...new Set(rows.map(({ group }) => group))].sort();
  const head = `${"ns per instruction".padEnd(40)}${"ours".padStart(9)}${
    beside ? `${"QEMU".padStart(9)}${"ratio".padStart(9)}` : ""
  }${"/ median".padStart(9)}`;
  const over = rows.filter(({ overMedian }) => overMedian > MOST_OVER_MEDIAN);
  return [
    head,
    ...groups.flatMap((group) => [
      "",
      `${group}:`,
      ...rows.filter((row) => row.group === group).map(lineOf),
    ]),
    "",
    over.length === 0
      ? `None costs more than ${MOST_OVER_MEDIAN} times the median of its group.`
      : `More than ${MOST_OVER_MEDIAN} times the median of the group:`,
    ...over.map(lineOf),
  ].join("\n");
}

async function instructions(parsed: Parsed): Promise<number> {
  const list = timedInstructions(new RegExp(parsed.text("match") ?? ""));
  if (list.length === 0) throw new UserError("No instruction matches --match; choose another one");
  const durations = {
    warm: (parsed.number("warm") ?? WARM_MS) / 1000,
    measured: (parsed.number("measured") ?? MEASURED_MS) / 1000,
  };
  const ours = await timesOnOurs(list, durations);
  const qemu = parsed.flag("ours-only") ? null : await timesOnQemu(list, durations);
  console.log(instructionTable(timedRows(list, ours, qemu)));
  if (qemu === null && !parsed.flag("ours-only")) console.error(INSTALL_QEMU);
  return 0;
}

if (import.meta.main) Deno.exit(await runCommand(INSTRUCTIONS, Deno.args, instructions));
