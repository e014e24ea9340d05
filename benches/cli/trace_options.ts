/**
 * The options of `deno task boot` for tracing. docs/tracing.md shows what comes out.
 * @module
 */
import {
  parseCategories,
  parseModes,
  parseRange,
  TRACE_CATEGORIES,
  type TraceConfig,
} from "../../core/trace/trace_config.ts";
import { type Option, type Parsed, UsageError } from "./command.ts";

const MIB = 1024 * 1024;
const STANDARD_LIMIT_MIB = 1024;

/** The options. */
export const TRACE_OPTIONS: readonly Option[] = [
  {
    name: "trace",
    type: "list",
    help: "What to trace. " +
      Object.entries(TRACE_CATEGORIES).map(([name, what]) => `${name}: ${what}`).join("; ") +
      "; all: everything.",
  },
  {
    name: "trace-file",
    type: "text",
    placeholder: "FILE",
    help: "File for the trace instead of standard error; made new.",
  },
  { name: "trace-vcpus", type: "numbers", help: "Trace these vCPUs only.", least: 0, most: 7 },
  {
    name: "trace-range",
    type: "list",
    placeholder: "A-B,A+N",
    help:
      "Trace these addresses only: of the block or instruction; with mmu the virtual address, " +
      "with mmio the physical one.",
  },
  {
    name: "trace-modes",
    type: "list",
    help: "Trace in these processor modes only: user, kernel, or names such as svc.",
  },
  {
    name: "trace-limit",
    type: "number",
    placeholder: "MIB",
    least: 1,
    most: 4095,
    help: "End the trace, not the guest, after this much.",
    standard: String(STANDARD_LIMIT_MIB),
  },
];

/**
 * What the options ask to trace; undefined for nothing.
 * @throws {UsageError} when a value is none that is known, or a filter stands without --trace.
 */
export function traceOptions(parsed: Parsed): TraceConfig | undefined {
  const names = parsed.list("trace");
  if (names === undefined) {
    const alone = TRACE_OPTIONS.find(({ name }) => parsed.given.includes(name));
    if (alone === undefined) return undefined;
    throw new UsageError(`--${alone.name} says how to trace; say what with --trace`);
  }
  const file = parsed.text("trace-file");
  try {
    return {
      categories: parseCategories(names),
      vcpus: parsed.numbers("trace-vcpus") ?? [],
      ranges: (parsed.list("trace-range") ?? []).map(parseRange),
      modes: parseModes(parsed.list("trace-modes") ?? []),
      limitBytes: (parsed.number("trace-limit") ?? STANDARD_LIMIT_MIB) * MIB,
      ...(file === undefined ? {} : { file }),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
