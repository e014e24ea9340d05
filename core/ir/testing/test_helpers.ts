/**
 * The helpers that random IR calls: one of each declared behaviour. A test host supplies bodies
 * (core/backends/testing/host.ts).
 * @module
 */
import { type HelperDef, HelperTable } from "../helper.ts";

export const TEST_HELPERS: readonly HelperDef[] = [
  { name: "test_mix", arity: 3, returns: true, state: "none", mayLeave: false },
  { name: "test_note", arity: 2, returns: false, state: "none", mayLeave: false },
  { name: "test_read", arity: 1, returns: true, state: "read", mayLeave: false },
  { name: "test_write", arity: 2, returns: true, state: "write", mayLeave: false },
  { name: "test_leave", arity: 1, returns: false, state: "write", mayLeave: true },
];

/** A fresh table of {@linkcode TEST_HELPERS}. */
export function testHelperTable(): HelperTable {
  return new HelperTable(TEST_HELPERS);
}
