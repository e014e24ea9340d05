/**
 * The table of litmus tests: a row a shape. Code for the guest and what the memory models allow are
 * made from it (`generate.ts`), so that adding a shape is adding a row.
 *
 * @module
 */

import { type LitmusTest, parseShape, testOf } from "./shape.ts";

/** Name, accesses of the threads, and the links of each test of the shape. */
type Row = readonly [name: string, accesses: string, links: string];

const ROWS: readonly Row[] = [
  // Two threads, two locations: the six ways in which two pairs of accesses can form a cycle.
  ["SB", "W x 1; R y | W y 1; R x", "po dmb+po dmbs dmb.sts"],
  [
    "MP",
    "W x 1; W y 1 | R y; R x",
    "po po+addr dmb+po dmb+ctrl dmb+ctrlisb dmb+addr dmbs " +
    "dmb.st+po dmb.st+addr dmb.st+ctrlisb dmb.st+dmb",
  ],
  ["LB", "R x; W y 1 | R y; W x 1", "po dmb+po datas addrs ctrls data+dmb dmbs"],
  [
    "S",
    "W x 2; W y 1 | R y; W x 1",
    "po dmb+po dmb+ctrl dmb+data dmb+addr dmbs dmb.st+data dmb.st+dmb",
  ],
  ["R", "W x 1; W y 1 | W y 2; R x", "po dmb+po po+dmb dmbs dmb.st+dmb"],
  ["2+2W", "W x 1; W y 2 | W y 1; W x 2", "po dmb+po dmbs dmb.sts"],
  // One location: coherence.
  ["CoRR", "W x 1 | R x; R x", "po addr dmb"],
  ["CoWW", "W x 1; W x 2 | R x; R x", "po dmb.st+addr dmbs"],
  ["CoRW", "R x; W x 1 | W x 2", "po data dmb"],
  ["CoWR", "W x 1; R x | W x 2", "po dmb"],
  // Three threads.
  ["WRC", "W x 1 | R x; W y 1 | R y; R x", "po addrs data+addr dmb+addr dmb+ctrlisb dmbs"],
  ["RWC", "W x 1 | R x; R y | W y 1; R x", "po addr+dmb dmb+po dmbs"],
  ["WWC", "W x 2 | R x; W y 1 | R y; W x 1", "po addrs datas dmb+data dmbs"],
  ["WRW+2W", "W x 1 | R x; W y 1 | W y 2; W x 2", "po data+dmb dmbs"],
  [
    "ISA2",
    "W x 1; W y 1 | R y; W z 1 | R z; R x",
    "po dmb+addr+addr dmb+data+addr dmb+ctrl+addr dmbs",
  ],
  ["3.SB", "W x 1; R y | W y 1; R z | W z 1; R x", "po dmb+dmb+po dmbs"],
  ["3.LB", "R x; W y 1 | R y; W z 1 | R z; W x 1", "po datas dmbs"],
  ["3.2W", "W x 1; W y 2 | W y 1; W z 2 | W z 1; W x 2", "po dmb.sts dmbs"],
  ["Z6.0", "W x 1; W y 1 | R y; W z 1 | W z 2; R x", "po dmb+data+dmb dmb+addr+dmb dmbs"],
  ["Z6.1", "W x 1; W y 1 | W y 2; W z 1 | R z; W x 2", "po dmb+dmb+data dmbs"],
  ["Z6.2", "W x 2; W y 1 | R y; W z 1 | R z; W x 1", "po dmb+data+data dmb+addr+addr dmbs"],
  ["Z6.3", "W x 1; W y 1 | W y 2; W z 1 | R z; R x", "po dmb+dmb+addr dmb.st+dmb.st+addr dmbs"],
  ["Z6.4", "W x 1; W y 1 | W y 2; R z | W z 1; R x", "po dmbs"],
  ["Z6.5", "W x 1; W y 1 | W y 2; W z 1 | W z 2; R x", "po dmbs"],
  // Four threads: whether two readers see two stores in the same order.
  ["IRIW", "W x 1 | W y 1 | R x; R y | R y; R x", "po addrs ctrlisbs dmb+addr dmbs"],
  // Preserved program order through a store and the load that it feeds.
  [
    "PPO",
    "W x 1; W y 1 | R y; W z 1; R z; R x",
    "po dmb+ctrl-po-addr dmb+addr-po-addr dmb+data-po-addr dmb+ctrlisb-po-addr dmbs",
  ],
  // The same load twice on the way.
  ["MP.rr", "W x 1; W y 1 | R y; R z; R z; R x", "dmb+addr-po-addr dmb+ctrl-po-addr"],
  // LL/SC in place of stores, and against each other.
  ["SB.ex", "U x 1; R y | U y 1; R x", "po dmbs"],
  ["MP.ex", "W x 1; U y 1 | R y; R x", "po dmb+addr dmb+ctrlisb dmbs"],
  ["LB.ex", "R x; U y 1 | R y; U x 1", "po datas ctrls dmbs"],
  ["2U", "U x 1 | U x 2", "po"],
  ["CoUW", "U x 1; R x | W x 2", "po dmb"],
  // Bytes and words of one location, and bytes where the other thread has words.
  ["SB.byte", "W x[0] 1; R x | W x[1] 1; R x", "po dmbs"],
  ["MP.byte", "W x[0] 1; W y[0] 1 | R y; R x", "po dmb+addr dmb.st+addr dmbs"],
  ["MP.half", "W x 257 | R x[0]; R x[1]", "po addr dmb"],
  ["CoRR.byte", "W x 257 | R x; R x[1]", "po addr dmb"],
];

/** All tests, in the order of the table. */
export const LITMUS_TESTS: readonly LitmusTest[] = ROWS.flatMap(([name, accesses, links]) => {
  const shape = parseShape(name, accesses);
  return links.split(" ").map((one) => testOf(shape, one));
});

/** Names of all shapes, in the order of the table. */
export const SHAPE_NAMES: readonly string[] = ROWS.map(([name]) => name);
