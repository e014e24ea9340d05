/**
 * Expected output: the part of a workload's lines that every correct run must print, kept in `expected/NAME.txt`.
 *
 * The file holds sections. `[always]` applies to every run, `[key=value key=value]` to runs with these parameters. Under a
 * section stand lines in the protocol's own form without the mark and with the deterministic fields only:
 * `end check=pass lost=0`, `vcpu id=1 checksum=0x12`, `outcome name=same-value strex_succeeded=0`. A vcpu line of a vCPU
 * that did not take part is skipped, and so are outcome lines when the guest says `skipped=1`. `#` starts a comment.
 *
 * @module
 */

import type { GuestReport } from "./protocol.ts";

type Fields = Readonly<Record<string, string>>;

/** One line that a run must print. */
export interface ExpectedLine {
  /** The kind of protocol line. */
  readonly kind: "end" | "vcpu" | "outcome";
  /** The fields that are compared; `id` or `name` finds the line. */
  readonly fields: Readonly<Record<string, string>>;
}

/** One section: when it applies and what it asks for. */
export interface ExpectedSection {
  /** Parameters that the run must have; none means always. */
  readonly when: Readonly<Record<string, string>>;
  /** What these runs must print. */
  readonly lines: readonly ExpectedLine[];
}

function parseFields(words: readonly string[], where: string): Fields {
  const fields: Record<string, string> = {};
  for (const word of words) {
    const split = word.indexOf("=");
    if (split <= 0) throw new SyntaxError(`${where}: "${word}" is not key=value`);
    fields[word.slice(0, split)] = word.slice(split + 1);
  }
  return fields;
}

/**
 * Parses the text of an expected file; `file` names it in errors.
 *
 * @throws {SyntaxError} naming the file and line for a line of another form or one before the first section.
 */
export function parseExpected(text: string, file: string): ExpectedSection[] {
  const sections: { when: Fields; lines: ExpectedLine[] }[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    const where = `${file}, line ${index + 1}`;
    if (line === "" || line.startsWith("#")) continue;
    const header = /^\[(.+)\]$/.exec(line)?.[1];
    if (header !== undefined) {
      const words = header === "always" ? [] : header.split(/ +/);
      sections.push({ when: parseFields(words, where), lines: [] });
      continue;
    }
    const [kind, ...words] = line.split(/ +/);
    if (kind !== "end" && kind !== "vcpu" && kind !== "outcome") {
      throw new SyntaxError(
        `${where}: a line starts with end, vcpu, outcome or a [section], not "${kind}"`,
      );
    }
    const section = sections.at(-1);
    if (section === undefined) {
      throw new SyntaxError(`${where}: the line stands before the first [section]`);
    }
    section.lines.push({ kind, fields: parseFields(words, where) });
  }
  return sections;
}

/** The printed fields that an expected line is compared with, or undefined when the run has no such line. */
function findLine(report: GuestReport, line: ExpectedLine): Fields | undefined {
  if (line.kind === "end") {
    return {
      ...report.fields,
      ticks: `${report.ticks}`,
      ops: `${report.ops}`,
      check: report.check,
    };
  }
  if (line.kind === "vcpu") {
    const vcpu = report.perVcpu.find((one) => `${one.id}` === line.fields["id"]);
    return vcpu && { ...vcpu.fields, id: `${vcpu.id}`, ticks: `${vcpu.ticks}`, ops: `${vcpu.ops}` };
  }
  const outcome = report.outcomes.find((one) => one.name === line.fields["name"]);
  return outcome && { ...outcome.fields, name: outcome.name, count: `${outcome.count}` };
}

function label(line: ExpectedLine): string {
  const key = line.kind === "vcpu" ? "id" : line.kind === "outcome" ? "name" : undefined;
  return key === undefined ? line.kind : `${line.kind} ${key}=${line.fields[key]}`;
}

/**
 * Compares a run with the expected sections that apply to it.
 *
 * Returns one sentence a difference; an empty list means that the output is right.
 */
export function checkExpected(
  report: GuestReport,
  sections: readonly ExpectedSection[],
): string[] {
  const differences: string[] = [];
  for (const section of sections) {
    const applies = Object.entries(section.when)
      .every(([key, value]) => report.parameters[key] === value);
    if (!applies) continue;
    for (const line of section.lines) {
      if (line.kind === "vcpu" && Number(line.fields["id"]) >= report.vcpus) continue;
      if (line.kind === "outcome" && report.fields["skipped"] === "1") continue;
      const found = findLine(report, line);
      if (found === undefined) {
        differences.push(`The line "${label(line)}" is missing.`);
        continue;
      }
      for (const [key, value] of Object.entries(line.fields)) {
        if (found[key] !== value) {
          differences.push(
            `The line "${label(line)}" has ${key}=${
              found[key] ?? "(nothing)"
            } where ${value} is expected.`,
          );
        }
      }
    }
  }
  return differences;
}
