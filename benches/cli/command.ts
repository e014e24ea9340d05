/**
 * A small command parser: options as data, help made from them, unknown names answered with near ones.
 * @module
 */
import { parseArgs } from "@std/cli/parse-args";
import { printable } from "../results/printable.ts";
import { unknownName } from "./nearest.ts";

/**
 * One option. `list` and `numbers` take comma-separated values and may be repeated; `texts` may be
 * repeated, with one value each.
 */
export interface Option {
  /** As it is written. */
  readonly name: string;
  /** What values it takes. */
  readonly type: "flag" | "text" | "texts" | "number" | "list" | "numbers";
  /** What it does, one or two sentences; choices and the standard value are added to it. */
  readonly help: string;
  /** Stands for the value in the help, such as `DIR`. */
  readonly placeholder?: string;
  /** The values that are known. */
  readonly choices?: readonly string[];
  /** Told in the help; the command itself applies it. */
  readonly standard?: string;
  /** Numbers: whole ones in this range. */
  readonly least?: number;
  /** Greatest value or number. */
  readonly most?: number;
}

/** Words without a dash. */
export interface Positionals {
  /** As it is written. */
  readonly name: string;
  /** What it is, in a sentence or two. */
  readonly help: string;
  /** Least value or number. */
  readonly least: number;
  /** Greatest value or number. */
  readonly most: number;
  /** The values that are known. */
  readonly choices?: readonly string[];
}

/** One task of the command line. */
export interface Command {
  /** As it is called, such as `deno task bench`. */
  readonly name: string;
  /** What the task does, in a sentence. */
  readonly summary: string;
  /** Its options, `--help` aside. */
  readonly options: readonly Option[];
  /** Words without a dash. */
  readonly positionals?: Positionals;
  /** Further text for the help. */
  readonly details?: string;
}

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  /** Tells it from other errors. */
  override name = "UsageError";
}

/** The checked command line. */
export interface Parsed {
  /** Words without a dash. */
  readonly positionals: readonly string[];
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** A text, if given. */
  text(name: string): string | undefined;
  /** A number, if given. */
  number(name: string): number | undefined;
  /** The values of a `list` or of `texts`, if given. */
  list(name: string): readonly string[] | undefined;
  /** A list of numbers, if given. */
  numbers(name: string): readonly number[] | undefined;
  /** An option's values as words; empty when it was not given. */
  words(name: string): readonly string[];
  /** Names of the options that were given. */
  readonly given: readonly string[];
}

const HELP: Option = { name: "help", type: "flag", help: "Show this text." };

function wholeNumber(option: Option, text: string): number {
  const value = Number(text);
  const least = option.least ?? 0, most = option.most ?? Number.MAX_SAFE_INTEGER;
  if (!/^-?\d+$/.test(text) || value < least || value > most) {
    const range = option.most === undefined ? `${least} or more` : `${least} to ${most}`;
    throw new UsageError(`--${option.name} takes a whole number, ${range}; "${text}" is none`);
  }
  return value;
}

function checkChoice(option: Option, value: string): string {
  if (option.choices && !option.choices.includes(value)) {
    throw new UsageError(unknownName(`value of --${option.name}`, value, option.choices));
  }
  return value;
}

/** The values of an option as given: "" for a missing one, several for a repeated one. */
function wordsOf(option: Option, raw: unknown): string[] {
  const words = (Array.isArray(raw) ? raw : [raw]).map(String);
  const lists = option.type === "list" || option.type === "numbers";
  if (words.length > 1 && !lists && option.type !== "texts") {
    throw new UsageError(`--${option.name} is given ${words.length} times; give it once`);
  }
  const values = lists ? words.flatMap((word) => word.split(",")) : words;
  if (values.some((value) => value === "")) {
    throw new UsageError(`--${option.name} needs a value: ${usageOf(option)}`);
  }
  return values;
}

function checkPositionals(command: Command, words: readonly string[]): void {
  const wanted = command.positionals;
  if (wanted === undefined || words.length > wanted.most) {
    if (words.length === 0) return;
    throw new UsageError(
      `"${words[wanted?.most ?? 0]}" is one word too many: ${command.name} takes ` +
        (wanted === undefined ? "options only" : `at most ${wanted.most} ${wanted.name}`),
    );
  }
  if (words.length < wanted.least) {
    throw new UsageError(`${command.name} needs ${wanted.name}: ${wanted.help}`);
  }
  for (const word of words) {
    if (wanted.choices && !wanted.choices.includes(word)) {
      throw new UsageError(unknownName(wanted.name, word, wanted.choices));
    }
  }
}

/** Joins `--name value` to `--name=value`, so that a value may be empty or begin with a dash. */
function joined(args: readonly string[], options: readonly Option[]): string[] {
  const takesValue = (arg: string) =>
    options.some((option) => option.type !== "flag" && arg === `--${option.name}`);
  const result: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const next = args[at + 1];
    const value = takesValue(args[at]) && next !== undefined && !next.startsWith("--");
    result.push(value ? `${args[at]}=${args[++at]}` : args[at]);
  }
  return result;
}

/** `--quick=no` would mean the same as `--quick`. */
function refuseFlagValues(args: readonly string[], options: readonly Option[]): void {
  for (const arg of args) {
    if (arg === "--") return;
    const flag = options.find(({ name, type }) => type === "flag" && arg.startsWith(`--${name}=`));
    if (flag) {
      throw new UsageError(`--${flag.name} takes no value: leave it out where it is not wanted`);
    }
  }
}

/**
 * Checks a command line; null when it asks for help.
 * @throws {UsageError} naming the option and what it takes.
 */
export function parseCommand(command: Command, args: readonly string[]): Parsed | null {
  const options = [...command.options, HELP];
  const known = options.map((option) => `--${option.name}`);
  refuseFlagValues(args, options);
  const parsed = parseArgs(joined(args, options), {
    boolean: options.filter((option) => option.type === "flag").map((option) => option.name),
    string: [
      ...options.filter((option) => option.type !== "flag").map((option) => option.name),
      "_",
    ],
    collect: options.filter((option) => option.type !== "flag").map((option) => option.name),
    alias: { help: "h" },
    unknown: (arg: string, key?: string) => {
      if (key === undefined) return true;
      throw new UsageError(unknownName("option", arg.replace(/=.*/, ""), known));
    },
  });
  if (parsed.help === true) return null;
  const positionals = parsed._.map(String);
  checkPositionals(command, positionals);
  const values = new Map<string, readonly (string | number)[]>();
  for (const option of command.options) {
    const raw: unknown = parsed[option.name];
    if (option.type === "flag" || raw === undefined || (Array.isArray(raw) && raw.length === 0)) {
      continue;
    }
    const words = wordsOf(option, raw).map((word) => checkChoice(option, word));
    const numeric = option.type === "number" || option.type === "numbers";
    values.set(option.name, numeric ? words.map((word) => wholeNumber(option, word)) : words);
  }
  const flags = command.options.filter((option) => parsed[option.name] === true);
  return {
    positionals,
    flag: (name) => parsed[name] === true,
    text: (name) => values.get(name)?.[0] as string | undefined,
    number: (name) => values.get(name)?.[0] as number | undefined,
    list: (name) => values.get(name) as readonly string[] | undefined,
    numbers: (name) => values.get(name) as readonly number[] | undefined,
    words: (name) => (values.get(name) ?? []).map(String),
    given: [...values.keys(), ...flags.map((option) => option.name)],
  };
}

const PLACEHOLDERS = {
  flag: "",
  text: "TEXT",
  texts: "TEXT",
  number: "N",
  list: "A,B",
  numbers: "N,N",
} as const;

function usageOf(option: Option): string {
  const placeholder = option.placeholder ?? PLACEHOLDERS[option.type];
  return placeholder === "" ? `--${option.name}` : `--${option.name} ${placeholder}`;
}

/** Breaks a text into lines of `width`. */
function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines[lines.length - 1];
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}

/** The text of `--help`. */
export function helpText(command: Command): string {
  const { positionals } = command;
  const words = positionals === undefined
    ? ""
    : positionals.least > 0
    ? ` ${positionals.name}`
    : ` [${positionals.name}]`;
  const rows: [string, string][] = [];
  if (positionals) {
    const choices = positionals.choices ? ` One of: ${positionals.choices.join(", ")}.` : "";
    rows.push([positionals.name, positionals.help + choices]);
  }
  for (const option of [...command.options, HELP]) {
    const choices = option.choices ? ` One of: ${option.choices.join(", ")}.` : "";
    const standard = option.standard ? ` Standard: ${option.standard}.` : "";
    rows.push([usageOf(option), option.help + choices + standard]);
  }
  const indent = Math.max(...rows.map(([left]) => left.length)) + 4;
  const lines = rows.flatMap(([left, right]) =>
    wrapped(right, 100 - indent).map((line, at) =>
      (at === 0 ? `  ${left}` : "").padEnd(indent) + line
    )
  );
  return [
    ...wrapped(command.summary, 100),
    "",
    `Usage: ${command.name}${words}${command.options.length > 0 ? " [options]" : ""}`,
    "",
    ...lines,
    ...(command.details ? ["", command.details] : []),
  ].join("\n");
}

/** Errors whose message is all that a user needs; everything else is shown with its stack. */
export class UserError extends Error {
  /** Tells it from other errors. */
  override name = "UserError";
}

const PLAIN_ERRORS = [
  "UserError",
  "ImageError",
  "OutDirectoryError",
  "ResultsError",
  "RangeError",
  "StartError",
];

/**
 * Runs a command: help, usage errors (exit code 2), failures (exit code 1), or what `body` answers.
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  body: (parsed: Parsed) => Promise<number>,
): Promise<number> {
  try {
    const parsed = parseCommand(command, args);
    if (parsed === null) {
      console.log(helpText(command));
      return 0;
    }
    return await body(parsed);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${printable(error.message)}\nSee ${command.name} --help`);
      return 2;
    }
    const plain = error instanceof Error && PLAIN_ERRORS.includes(error.name);
    console.error(plain ? printable(error.message) : error);
    return 1;
  }
}
