import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Command, helpText, parseCommand, UsageError } from "./command.ts";
import { editDistance, nearestNames, unknownName } from "./nearest.ts";

const COMMAND: Command = {
  name: "deno task brew",
  summary: "Brews.",
  options: [
    { name: "out", type: "text", help: "Where to.", placeholder: "DIR" },
    { name: "seed", type: "number", help: "Seed.", standard: "1" },
    { name: "vcpus", type: "numbers", help: "How many.", least: 1, most: 8 },
    { name: "atomics", type: "list", help: "Schemes.", choices: ["cmpxchg", "hst", "pico-st"] },
    { name: "quick", type: "flag", help: "Less of all." },
  ],
  positionals: { name: "FIGURE", help: "Figures.", least: 0, most: 2, choices: ["F1", "F2"] },
};

function parse(...args: string[]) {
  const parsed = parseCommand(COMMAND, args);
  assert(parsed !== null);
  return parsed;
}

Deno.test("parseCommand reads every type of option", () => {
  const parsed = parse(
    ...[
      "--out",
      "a/b",
      "--seed=7",
      "--vcpus",
      "1,2",
      "--vcpus",
      "4",
      "--atomics",
      "hst",
      "--quick",
    ],
    "F2",
  );
  assertEquals(parsed.text("out"), "a/b");
  assertEquals(parsed.number("seed"), 7);
  assertEquals(parsed.numbers("vcpus"), [1, 2, 4]);
  assertEquals(parsed.list("atomics"), ["hst"]);
  assert(parsed.flag("quick"));
  assertEquals(parsed.positionals, ["F2"]);
  assertEquals(parsed.given, ["out", "seed", "vcpus", "atomics", "quick"]);
});

Deno.test("parseCommand leaves out what was not given", () => {
  const parsed = parse();
  assertEquals(parsed.text("out"), undefined);
  assertEquals(parsed.list("atomics"), undefined);
  assertEquals(parsed.flag("quick"), false);
  assertEquals(parsed.given, []);
});

Deno.test("parseCommand answers null to --help and -h", () => {
  assertEquals(parseCommand(COMMAND, ["--help"]), null);
  assertEquals(parseCommand(COMMAND, ["-h"]), null);
});

for (
  const [args, message] of [
    [["--atomcs", "hst"], 'Unknown option "--atomcs". Did you mean --atomics?'],
    [["--atomics", "pico"], 'Unknown value of --atomics "pico". Did you mean pico-st?'],
    [["--atomics", "zzzzzz"], "Known: cmpxchg, hst, pico-st"],
    [["--seed", "x1"], '--seed takes a whole number, 0 or more; "x1" is none'],
    [["--vcpus", "0"], "1 to 8"],
    [["--vcpus", "9"], "1 to 8"],
    [["--seed", "-4"], "0 or more"],
    [["--out"], "--out needs a value: --out DIR"],
    [["--out", ""], "--out needs a value: --out DIR"],
    [["--atomics", "hst,,cmpxchg"], "--atomics needs a value"],
    [["--seed", "1", "--seed", "2"], "--seed is given 2 times"],
    [["--quick=no"], "--quick takes no value"],
    [["F3"], 'Unknown FIGURE "F3". Did you mean F1 or F2?'],
    [["F1", "F2", "F1"], "one word too many"],
  ] as const
) {
  Deno.test(`parseCommand refuses ${JSON.stringify(args)}`, () => {
    assertThrows(() => parseCommand(COMMAND, args), UsageError, message);
  });
}

Deno.test("helpText names every option, its value, choices and standard", () => {
  const help = helpText(COMMAND);
  for (const option of COMMAND.options) assertStringIncludes(help, `--${option.name}`);
  assertStringIncludes(help, "--out DIR");
  assertStringIncludes(help, "One of: cmpxchg, hst, pico-st.");
  assertStringIncludes(help, "Standard: 1.");
  assertStringIncludes(help, "Usage: deno task brew [FIGURE] [options]");
  assert(help.split("\n").every((line) => line.length <= 100));
});

Deno.test("editDistance counts inserts, deletes, replacements and swaps", () => {
  assertEquals(editDistance("", "abc"), 3);
  assertEquals(editDistance("kitten", "sitting"), 3);
  assertEquals(editDistance("hts", "hst"), 1);
  assertEquals(editDistance("same", "same"), 0);
});

Deno.test("nearestNames orders by distance and leaves out the far", () => {
  assertEquals(nearestNames("spinlok", ["mutex", "spinlock", "plain"]), ["spinlock"]);
  assertEquals(nearestNames("DHRY", ["dhrystone", "mmio"]), ["dhrystone"]);
  assertEquals(nearestNames("cmpxch", ["cmpxchg-helper", "cmpxchg"]), ["cmpxchg"]);
  assertStringIncludes(unknownName("workload", "qqq", ["dhrystone"]), "Known: dhrystone");
});
