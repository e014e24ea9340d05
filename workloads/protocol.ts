/**
 * The lines a workload prints for the harness, and the report parsed from them.
 *
 * A guest prints `@mttcg begin ...` right before its measured part, `@mttcg end ...` after it, one `@mttcg segment ...` for
 * each segment of its warm-up, one `@mttcg vcpu ...` a vCPU, any number of `@mttcg outcome ...`, then `@mttcg done` and
 * powers off. `@mttcg error TEXT` ends a run that went wrong.
 * Lines without the mark are the guest's own console output and are ignored.
 *
 * @module
 */

const MARK = "@mttcg";

/** What kind of line it is; `fields` holds its `key=value` words in order. */
export interface ProtocolLine {
  /** The word after the mark. */
  readonly kind: "begin" | "end" | "segment" | "vcpu" | "outcome" | "done" | "error";
  /** One-based number in the output. */
  readonly lineNumber: number;
  /** Its words; empty on an error line. */
  readonly fields: Readonly<Record<string, string>>;
  /** The text after `error`; empty on other lines. */
  readonly text: string;
}

/** One vCPU's part of the measured time. */
export interface VcpuReport {
  /** Its number, from 0. */
  readonly id: number;
  /** Counter ticks from the common start to this vCPU's finish. */
  readonly ticks: number;
  /** Operations of this vCPU. */
  readonly ops: number;
  /** Counter ticks of each segment of its measured part; empty where the workload does not cut it. */
  readonly segments: readonly number[];
  /** The workload's own fields, as printed. */
  readonly fields: Readonly<Record<string, string>>;
}

/** One segment of a warm-up, which all vCPUs begin together. */
export interface WarmUpSegment {
  /** Operations of each vCPU. */
  readonly count: number;
  /** Counter ticks that the fastest of the working vCPUs took. */
  readonly ticks: number;
  /** Counter ticks from the first vCPU's start to the last one's finish. */
  readonly span: number;
}

/** One row of a histogram, or one rule of a conformance workload. */
export interface OutcomeReport {
  /** The shape, rule or kind that it belongs to; several rows may share it. */
  readonly name: string;
  /** How often it showed. */
  readonly count: number;
  /** What else the line says, as printed. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Everything one run of a workload said. */
export interface GuestReport {
  /** Name in the registry. */
  readonly workload: string;
  /** That took part. */
  readonly vcpus: number;
  /** Frequency of the guest's counter in Hz. */
  readonly frequency: number;
  /** The parameters in force, defaults included. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Counter ticks from the common start to the last vCPU's finish. */
  readonly ticks: number;
  /** The same in seconds. */
  readonly seconds: number;
  /** Operations of all vCPUs together, in the workload's unit. */
  readonly ops: number;
  /** Whether the workload's own invariant held. */
  readonly check: "pass" | "fail";
  /** Steps of each vCPU in the measured part; null for a workload that does not warm up. */
  readonly count: number | null;
  /** Whether the speed had settled when the measured part began; null for a workload that does not warm up. */
  readonly settled: boolean | null;
  /** The warm-up, in order. */
  readonly warmUp: readonly WarmUpSegment[];
  /** The end line's further fields, as printed. */
  readonly fields: Readonly<Record<string, string>>;
  /** One for each vCPU, by number. */
  readonly perVcpu: readonly VcpuReport[];
  /** In the order printed. */
  readonly outcomes: readonly OutcomeReport[];
}

/** Why no report could be read from a guest's output. */
export class GuestOutputError extends Error {
  /** The class's name, for error texts. */
  override readonly name: string = "GuestOutputError";
  /** `reported`: the guest itself named an error; `malformed`: a line is wrong; `incomplete`: lines are missing. */
  readonly reason: "reported" | "malformed" | "incomplete";
  /** One-based number of the line at fault; 0 when a line is missing. */
  readonly lineNumber: number;

  /** Makes the error for the line `lineNumber`, or 0 for a missing one. */
  constructor(
    reason: "reported" | "malformed" | "incomplete",
    lineNumber: number,
    message: string,
  ) {
    super(lineNumber > 0 ? `Guest output line ${lineNumber}: ${message}` : message);
    this.reason = reason;
    this.lineNumber = lineNumber;
  }
}

const KINDS = ["begin", "end", "segment", "vcpu", "outcome", "done", "error"] as const;

function malformed(lineNumber: number, message: string): GuestOutputError {
  return new GuestOutputError("malformed", lineNumber, message);
}

/**
 * Reads one line of guest output; undefined for a line without the mark.
 *
 * @throws {GuestOutputError} for a marked line of unknown kind or with a word that is not `key=value`.
 */
export function parseProtocolLine(line: string, lineNumber: number): ProtocolLine | undefined {
  const text = line.replace(/\r$/, "");
  if (text !== MARK && !text.startsWith(MARK + " ")) return undefined;
  const words = text.slice(MARK.length).trim().split(/ +/);
  const kind = KINDS.find((known) => known === words[0]);
  if (kind === undefined) {
    throw malformed(
      lineNumber,
      `"${words[0]}" is not a known kind of line (${KINDS.join(", ")}): ${text}`,
    );
  }
  if (kind === "error") {
    const message = text.slice(text.indexOf(kind) + kind.length).trim();
    return { kind, lineNumber, fields: {}, text: message };
  }
  const fields: Record<string, string> = {};
  for (const word of words.slice(1)) {
    const split = word.indexOf("=");
    if (split <= 0) throw malformed(lineNumber, `"${word}" is not key=value: ${text}`);
    const key = word.slice(0, split);
    if (key in fields) throw malformed(lineNumber, `the field ${key} stands twice: ${text}`);
    fields[key] = word.slice(split + 1);
  }
  return { kind, lineNumber, fields, text: "" };
}

/** Takes fields off a line, each checked; what is left is the workload's own. */
class FieldReader {
  readonly #line: ProtocolLine;
  readonly #rest: Record<string, string>;

  constructor(line: ProtocolLine) {
    this.#line = line;
    this.#rest = { ...line.fields };
  }

  text(key: string): string {
    const value = this.#rest[key];
    if (value === undefined || value === "") {
      throw malformed(this.#line.lineNumber, `the ${this.#line.kind} line lacks the field ${key}`);
    }
    delete this.#rest[key];
    return value;
  }

  number(key: string): number {
    return this.#count(key, this.text(key));
  }

  #count(key: string, value: string): number {
    if (!/^\d+$/.test(value) || !Number.isSafeInteger(Number(value))) {
      throw malformed(
        this.#line.lineNumber,
        `the field ${key}=${value} of the ${this.#line.kind} line is not a count`,
      );
    }
    return Number(value);
  }

  /** Whether the line has the field. */
  has(key: string): boolean {
    return key in this.#rest;
  }

  /** Counts between commas; none where the field is not there. */
  numbers(key: string): number[] {
    if (!this.has(key)) return [];
    return this.text(key).split(",").map((word) => this.#count(key, word));
  }

  rest(): Record<string, string> {
    return this.#rest;
  }
}

function readVcpu(line: ProtocolLine): VcpuReport {
  const fields = new FieldReader(line);
  const [id, ticks, ops] = [fields.number("id"), fields.number("ticks"), fields.number("ops")];
  const segments = fields.numbers("segments");
  const sum = segments.reduce((total, one) => total + one, 0);
  if (sum > ticks) {
    throw malformed(
      line.lineNumber,
      `the segments of vCPU ${id} add up to ${sum} ticks, the whole part has ${ticks}`,
    );
  }
  return { id, ticks, ops, segments, fields: fields.rest() };
}

function readSegment(line: ProtocolLine): WarmUpSegment {
  const fields = new FieldReader(line);
  return {
    count: fields.number("count"),
    ticks: fields.number("ticks"),
    span: fields.number("span"),
  };
}

function readSettled(line: ProtocolLine, fields: FieldReader): boolean | null {
  if (!fields.has("settled")) return null;
  const settled = fields.text("settled");
  if (settled === "0" || settled === "1") return settled === "1";
  throw malformed(line.lineNumber, `the field settled=${settled} of the end line is not 0 or 1`);
}

function readOutcome(line: ProtocolLine): OutcomeReport {
  const fields = new FieldReader(line);
  const [name, count] = [fields.text("name"), fields.number("count")];
  return { name, count, fields: fields.rest() };
}

function readCheck(line: ProtocolLine, fields: FieldReader): "pass" | "fail" {
  const check = fields.text("check");
  if (check === "pass" || check === "fail") return check;
  throw malformed(line.lineNumber, `the field check=${check} of the end line is not pass or fail`);
}

/** The lines in their order; every one before `done` has its place. */
interface Lines {
  readonly begin: ProtocolLine;
  readonly end: ProtocolLine;
  readonly after: readonly ProtocolLine[];
}

function collect(output: string): Lines {
  let begin: ProtocolLine | undefined;
  let end: ProtocolLine | undefined;
  let done = false;
  const after: ProtocolLine[] = [];
  for (const [index, text] of output.split("\n").entries()) {
    const line = parseProtocolLine(text, index + 1);
    if (line === undefined) continue;
    if (line.kind === "error") throw new GuestOutputError("reported", index + 1, line.text);
    const inPlace = !done &&
      (line.kind === "begin"
        ? begin === undefined
        : line.kind === "end"
        ? begin !== undefined && end === undefined
        : end !== undefined);
    if (!inPlace) throw malformed(index + 1, `a ${line.kind} line is out of order`);
    if (line.kind === "begin") begin = line;
    else if (line.kind === "end") end = line;
    else if (line.kind === "done") done = true;
    else after.push(line);
  }
  if (begin === undefined || end === undefined || !done) {
    const missing = begin === undefined ? "begin" : end === undefined ? "end" : "done";
    throw new GuestOutputError(
      "incomplete",
      0,
      `The guest's output has no ${missing} line: the run ended before it`,
    );
  }
  return { begin, end, after };
}

/**
 * Reads a run's whole console output.
 *
 * @throws {GuestOutputError} when the guest reported an error, a line is malformed or out of order, lines are missing, or
 * the per-vCPU lines do not add up to the end line.
 */
export function parseGuestOutput(output: string): GuestReport {
  const lines = collect(output);
  const begin = new FieldReader(lines.begin);
  const workload = begin.text("workload");
  const vcpus = begin.number("vcpus");
  const frequency = begin.number("freq");
  if (vcpus === 0 || frequency === 0) {
    throw malformed(lines.begin.lineNumber, "vcpus and freq must not be 0");
  }
  const end = new FieldReader(lines.end);
  const ticks = end.number("ticks");
  const ops = end.number("ops");
  const check = readCheck(lines.end, end);
  const settled = readSettled(lines.end, end);
  const count = settled === null ? null : end.number("count");
  const warmUp = lines.after.filter((line) => line.kind === "segment").map(readSegment);
  const perVcpu = lines.after.filter((line) => line.kind === "vcpu").map(readVcpu);
  const outcomes = lines.after.filter((line) => line.kind === "outcome").map(readOutcome);
  if (perVcpu.length !== vcpus || perVcpu.some((vcpu, index) => vcpu.id !== index)) {
    throw malformed(
      lines.end.lineNumber,
      `the begin line names ${vcpus} vCPUs, the vcpu lines are for ${
        perVcpu.map((vcpu) => vcpu.id).join(", ") || "none"
      }`,
    );
  }
  if (perVcpu.some(({ segments }) => segments.length !== perVcpu[0]!.segments.length)) {
    throw malformed(lines.end.lineNumber, "the vcpu lines differ in their number of segments");
  }
  const sum = perVcpu.reduce((total, vcpu) => total + vcpu.ops, 0);
  if (sum !== ops) {
    throw malformed(
      lines.end.lineNumber,
      `the end line has ops=${ops}, the vcpu lines add up to ${sum}`,
    );
  }
  return {
    workload,
    vcpus,
    frequency,
    parameters: begin.rest(),
    ticks,
    seconds: ticks / frequency,
    ops,
    check,
    count,
    settled,
    warmUp,
    fields: end.rest(),
    perVcpu,
    outcomes,
  };
}
