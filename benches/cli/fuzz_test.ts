import { assertEquals, assertThrows } from "@std/assert";
import { parseCommand, UsageError } from "./command.ts";
import { FUZZ } from "./fuzz.ts";

Deno.test("fuzz takes several tiers and refuses unknown sets", () => {
  const parsed = parseCommand(FUZZ, ["--tier", "interp,region", "--seed", "9"]);
  assertEquals(parsed?.list("tier"), ["interp", "region"]);
  assertThrows(() => parseCommand(FUZZ, ["--set", "sve"]), UsageError, "sve");
});
