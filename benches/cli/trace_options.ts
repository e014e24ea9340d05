/**
 * The options of `deno task boot` for tracing. docs/tracing.md shows what comes out.
 * @module
 */
import { symbolRanges } from "../../core/trace/symbol_ranges.ts";
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
    name: "trace-symbols",
    type: "list",
    placeholder: "NAME,NAME*",
    help: "Trace these functions only, by the symbols of the guest program; adds to --trace-range.",
  },
  {
    name: "trace-symbol-file",
    type: "text",
    placeholder: "FILE",
    help: "ELF file or System.map with the symbols, instead of the guest program.",
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
 * What the options ask to trace; undefined for nothing. `symbolFile` reads a file with symbols, the
 * guest program unless another one is named.
 * @throws {UsageError} when a value is none that is known, or a filter stands without --trace.
 */
export async function traceOptions(
  parsed: Parsed,
  symbolFile: (given: string | undefined) => Promise<Uint8Array>,
): Promise<TraceConfig | undefined> {
  const names = parsed.list("trace");
  if (names === undefined) {
    const alone = TRACE_OPTIONS.find(({ name }) => parsed.given.includes(name));
    if (alone === undefined) return undefined;
    throw new UsageError(`--${alone.name} says how to trace; say what with --trace`);
  }
  const file = parsed.text("trace-file");
  const symbols = parsed.list("trace-symbols");
  const given = parsed.text("trace-symbol-file");
  if (given !== undefined && symbols === undefined) {
    throw new UsageError("--trace-symbol-file names no functions; give them with --trace-symbols");
  }
  const symbolsOf = symbols && await symbolFile(given);
  try {
    return {
      categories: parseCategories(names),
      vcpus: parsed.numbers("trace-vcpus") ?? [],
      ranges: [
        ...(parsed.list("trace-range") ?? []).map(parseRange),
        ...(symbols && symbolsOf ? symbolRanges(symbolsOf, symbols) : []),
      ],
      modes: parseModes(parsed.list("trace-modes") ?? []),
      limitBytes: (parsed.number("trace-limit") ?? STANDARD_LIMIT_MIB) * MIB,
      ...(file === undefined ? {} : { file }),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
