/**
 * Tables of made-up results, for tests.
 * @module
 */
import { parseResults } from "../../benches/results/reader.ts";
import { type Tables, tablesOf } from "../data/cells.ts";
import { type FixtureGroup, type FixtureOptions, fixtureText } from "./fixture.ts";

/** The tables of a fixture. */
export function fixtureTables(options: FixtureOptions): Tables {
  return tablesOf(parseResults(fixtureText(options), "fixture"));
}

/** The tables of a few groups, with QEMU. */
export function tablesOfGroups(groups: readonly FixtureGroup[], qemu = true): Tables {
  return fixtureTables({ groups, qemu, seed: 5 });
}
