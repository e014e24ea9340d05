/** The part of `@std/cli/parse-args` that this project uses. */
export interface ParseOptions {
  "--"?: boolean;
  alias?: Record<string, string | readonly string[]>;
  boolean?: boolean | readonly string[];
  default?: Record<string, unknown>;
  string?: readonly string[];
  collect?: readonly string[];
  negatable?: readonly string[];
  stopEarly?: boolean;
  /** Called for each argument that no option declares; return false to leave it out. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}
export interface Args {
  _: (string | number)[];
  // deno-lint-ignore no-explicit-any
  [name: string]: any;
}
export declare function parseArgs(args: readonly string[], options?: ParseOptions): Args;
