/** The part of `@std/cli/parse-args` that this project uses. */
export interface ParseOptions {
  /** Put what follows `--` into the result's `--` instead of `_`. */
  "--"?: boolean;
  /** Other names of options. */
  alias?: Record<string, string | readonly string[]>;
  /** Options without a value; true: all that are not declared otherwise. */
  boolean?: boolean | readonly string[];
  /** Values of options that are not given. */
  default?: Record<string, unknown>;
  /** Options whose value stays a string. */
  string?: readonly string[];
  /** Options that may be given several times; their value is an array. */
  collect?: readonly string[];
  /** Boolean options that `--no-<name>` switches off. */
  negatable?: readonly string[];
  /** Everything from the first positional argument on is positional. */
  stopEarly?: boolean;
  /** Called for each argument that no option declares; return false to leave it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
/** What was given. */
export interface Args {
  /** Positional arguments. */
  _: (string | number)[];
  /** Options by name. */
  // deno-lint-ignore no-explicit-any
  [name: string]: any;
}
/** Parses a command line. */
export declare function parseArgs(args: readonly string[], options?: ParseOptions): Args;
