import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseResults } from "../results/reader.ts";
import { seededRandom } from "../stats/random.ts";
import { compareSessions, countDifferent, type SessionCells } from "../stats/sessions.ts";
import { CELL, END, RUN, SAMPLE } from "../testing/records.ts";
import { checkIdentical, sessionsText } from "./check_sessions.ts";
import { UserError } from "./command.ts";

/** A session of twenty cells; `factor` makes the first one faster. */
function session(name: string, seed: number, factor = 1, turns = 6): SessionCells {
  const random = seededRandom(seed);
  const cells = Array.from({ length: 20 }, (_, at) => {
    const speed = 100 * (at + 1) * (at === 0 ? factor : 1);
    const measures = Array.from({ length: turns }, (_, turn) => ({
      turn,
      value: speed * (1 + 0.1 * (random() + random() - 1)),
    }));
    return [`cell ${at}`, measures] as const;
  });
  return { name, cells: new Map(cells) };
}

Deno.test("compareSessions compares every cell of every two sessions, not by turns", () => {
  const found = compareSessions([1, 2, 3].map((seed) => session(`s${seed}`, seed)));
  assertEquals(found.length, 3 * 20);
  assert(found.every(({ paired }) => !paired));
  assertEquals(new Set(found.map(({ sessions }) => sessions.join())).size, 3);
});

Deno.test("identical sessions stay within 5 %, and a cell that changed is found and named", () => {
  const same = Array.from({ length: 8 }, (_, at) => session(`s${at}`, at));
  const { different, judged } = countDifferent(compareSessions(same));
  assertEquals(judged, 28 * 20);
  assert(different <= 0.05 * judged);
  assert(sessionsText(same).within);
  const { text } = sessionsText([...same.slice(0, 2), session("odd", 9, 3)]);
  assertStringIncludes(text, "between s0 and odd: cell 0");
  assertStringIncludes(text, "2 of 60 (3.3 %)");
});

Deno.test("sessions whose cells all differ are above the limit", () => {
  const slow = session("slow", 1), fast = session("fast", 2);
  const doubled = new Map(
    [...fast.cells].map(([cell, measures]) => [
      cell,
      measures.map(({ turn, value }) => ({ turn, value: 2 * value })),
    ]),
  );
  assert(!sessionsText([slow, { name: "fast", cells: doubled }]).within);
});

Deno.test("cells with too few processes are left out and told; nothing to judge is no success", () => {
  const { text, within } = sessionsText([session("a", 1, 1, 3), session("b", 2, 1, 3)]);
  assertStringIncludes(text, "20 more are left out");
  assertEquals(within, false);
});

Deno.test("checkIdentical refuses another engine, image or plan, naming the field", () => {
  const results = (change: object) =>
    parseResults(
      [{ ...RUN, ...change }, CELL, SAMPLE, END].map((one) => JSON.stringify(one) + "\n").join(""),
      "f",
    );
  const check = (change: object) =>
    checkIdentical([{ name: "a", results: results({}) }, { name: "b", results: results(change) }]);
  check({ seed: 5, started: "2026-03-02T03:04:05.678Z" });
  for (
    const [field, change] of [
      ["engine", { engine: { ...RUN.engine, commit: "other" } }],
      ["images", { images: { dhrystone: "1".repeat(64) } }],
      ["quick", { quick: !RUN.quick }],
    ] as const
  ) {
    const error = assertThrows(() => check(change), UserError);
    assertStringIncludes(error.message, `a and b differ in ${field}`);
  }
});
