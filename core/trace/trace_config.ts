/**
 * What a machine traces, in a form that can be posted to its threads.
 * @module
 */
import { MODE_NAMES } from "../arm/system/describe.ts";

/** The categories, with what each shows. docs/tracing.md explains them. */
export const TRACE_CATEGORIES: Readonly<Record<TraceCategory, string>> = {
  in_asm: "guest instructions of each block that is translated",
  op: "IR of the front end",
  op_opt: "IR after the strategies' expansion and the passes",
  wasm: "WebAssembly of compiled blocks",
  int: "exceptions, interrupts, returns from them, hypervisor calls",
  mmu: "translations for the softmmu TLB, and TLB maintenance",
  mmio: "accesses to devices",
  exec: "each block as it runs, without chaining and regions",
};

/** A category's name. */
export type TraceCategory =
  | "in_asm"
  | "op"
  | "op_opt"
  | "wasm"
  | "int"
  | "mmu"
  | "mmio"
  | "exec";

/** Addresses from `first` to `last`, both included. */
export interface AddressRange {
  /** Lowest address. */
  readonly first: number;
  /** Highest address. */
  readonly last: number;
}

/** What to trace, for which vCPUs, addresses and modes, and where to. */
export interface TraceConfig {
  /** At least one. */
  readonly categories: readonly TraceCategory[];
  /** vCPU numbers; empty for all. */
  readonly vcpus: readonly number[];
  /** Ranges that a record's address must be in one of; empty for all. */
  readonly ranges: readonly AddressRange[];
  /** Modes (MODE_NAMES) that the vCPU must be in one of; empty for all. */
  readonly modes: readonly string[];
  /** File that records are appended to; undefined for standard error. */
  readonly file?: string;
  /** Keep what the file has already; it is made new otherwise. */
  readonly append?: boolean;
  /** Bytes after which tracing ends, below 4 GiB. */
  readonly limitBytes: number;
}

const CATEGORY_NAMES = Object.keys(TRACE_CATEGORIES) as TraceCategory[];

function isCategory(name: string): name is TraceCategory {
  return (CATEGORY_NAMES as string[]).includes(name);
}

/**
 * Reads categories; `all` stands for every one.
 * @throws RangeError that names the one that does not exist.
 */
export function parseCategories(names: readonly string[]): TraceCategory[] {
  if (names.includes("all")) return CATEGORY_NAMES;
  return names.map((name) => {
    if (isCategory(name)) return name;
    throw new RangeError(
      `There is no trace category "${name}"; choose from ${CATEGORY_NAMES.join(", ")} and all`,
    );
  });
}

/**
 * Reads a range: `0x8000` (one address), `0x8000-0x8fff` (both included) or `0x8000+0x1000` (a size).
 * @throws RangeError when it is none of these.
 */
export function parseRange(text: string): AddressRange {
  const number = "(0x[0-9a-f]+|[0-9]+)";
  const parts = new RegExp(`^${number}(?:([-+])${number})?$`, "i").exec(text.trim());
  const first = Number(parts?.[1]);
  const second = Number(parts?.[3] ?? 0);
  const last = parts?.[2] === "-" ? second : parts?.[2] === "+" ? first + second - 1 : first;
  if (parts === null || last < first || last > 0xffff_ffff) {
    throw new RangeError(
      `"${text}" is no range of 32-bit addresses; write 0x8000, 0x8000-0x8fff or 0x8000+0x1000`,
    );
  }
  return { first, last };
}

/**
 * Reads processor modes: `user` and `kernel` (every other mode), or names such as svc.
 * @throws RangeError that names the one that does not exist.
 */
export function parseModes(names: readonly string[]): string[] {
  return names.flatMap((name) => {
    if (name === "user") return ["usr"];
    if (name === "kernel") return MODE_NAMES.filter((mode) => mode !== "usr");
    if (MODE_NAMES.includes(name)) return [name];
    throw new RangeError(
      `There is no mode "${name}"; choose from user, kernel, ${MODE_NAMES.join(", ")}`,
    );
  });
}
