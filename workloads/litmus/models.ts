/**
 * Memory models in axioms over candidate executions, in the manner of Alglave, Maranget and
 * Tautschnig, "Herding Cats" (TOPLAS 2014).
 *
 * @module
 */

import type { Execution } from "./execution.ts";
import {
  intersection,
  isAcyclic,
  isIrreflexive,
  isSame,
  reflexiveClosure,
  type Relation,
  relation,
  sequence,
  union,
} from "./relation.ts";

/** Whether a processor of this kind may show the execution. */
export type MemoryModel = (execution: Execution) => boolean;

function difference(first: Relation, second: Relation): Relation {
  return first.map((row, a) => row & ~second[a]!);
}

/** The parts of a communication relation between threads, and within one. */
function split({ internal }: Execution, one: Relation): { outside: Relation; inside: Relation } {
  return { outside: difference(one, internal), inside: intersection(one, internal) };
}

/** Coherence: every part of memory on its own looks sequentially consistent. */
function isCoherent(x: Execution): boolean {
  return x.lanes.every(({ poLoc, rf, co, fr }) => isAcyclic(union(poLoc, rf, co, fr)));
}

/** Single-copy atomicity: no access sees a part of another one only; LL/SC lets no store between. */
function isAtomic(x: Execution): boolean {
  const torn = sequence(x.rf, x.fr);
  const between = sequence(split(x, x.fr).outside, split(x, x.co).outside);
  return isIrreflexive(torn) && intersection(x.rmw, between).every((row) => row === 0);
}

/**
 * Preserved program order: an access has an early and a late part, initiation and commit for a load
 * and a store alike; ii, ic, ci and cc relate these parts, each defined by the others.
 */
function preservedOrder(x: Execution): Relation {
  const none: Relation = relation(x.events, () => false);
  const rfi = split(x, x.rf).inside;
  const [rfe, fre, coe] = [x.rf, x.fr, x.co].map((one) => split(x, one).outside);
  const readDifferent = intersection(x.poLoc, sequence(fre!, rfe!));
  const detour = intersection(x.poLoc, sequence(coe!, rfe!));
  const dependency = union(x.addr, x.data);
  const ii0 = union(dependency, rfi, readDifferent);
  const ci0 = union(x.ctrlIsb, detour);
  // Unlike on Power, program order on one location is not in cc: ARM may commit early there.
  const cc0 = union(dependency, x.ctrl, sequence(x.addr, x.po));
  let [ii, ic, ci, cc] = [ii0, none, ci0, cc0];
  for (;;) {
    const next = [
      union(ii0, ci, sequence(ic, ci), sequence(ii, ii)),
      union(ii, cc, sequence(ic, cc), sequence(ii, ic)),
      union(ci0, sequence(ci, ii), sequence(cc, ci)),
      union(cc0, ci, sequence(ci, ic), sequence(cc, cc)),
    ] as const;
    const settled = [ii, ic, ci, cc].every((one, k) => isSame(one, next[k]!));
    [ii, ic, ci, cc] = next;
    if (settled) break;
  }
  return union(intersection(x.kinds.RR, ii), intersection(x.kinds.RW, ic));
}

function fencesOf(x: Execution): Relation {
  return union(x.dmb, intersection(x.dmbSt, x.kinds.WW));
}

/**
 * ARMv7 as "Herding Cats" has it: stores may reach other threads at different times. ARM has since
 * promised more (see armv7MultiCopyAtomic); the older promise is the measure here, so that no
 * outcome is called an error that an ARMv7 processor could show.
 */
export function armv7(x: Execution): boolean {
  if (!isCoherent(x) || !isAtomic(x)) return false;
  const fences = fencesOf(x);
  const rfe = split(x, x.rf).outside;
  const fre = split(x, x.fr).outside;
  const happensBefore = union(preservedOrder(x), fences, rfe);
  if (!isAcyclic(happensBefore)) return false;
  const hb = reflexiveClosure(happensBefore);
  const com = reflexiveClosure(union(x.rf, x.co, x.fr));
  const base = sequence(union(fences, sequence(rfe, fences)), hb);
  const prop = union(
    intersection(x.kinds.WW, base),
    sequence(com, reflexiveClosure(base), fences, hb),
  );
  return isIrreflexive(sequence(fre, prop, hb)) && isAcyclic(union(x.co, prop));
}

/** The same where a store reaches all other threads at once, as ARM has promised since ARMv8. */
export function armv7MultiCopyAtomic(x: Execution): boolean {
  const outside = [x.rf, x.co, x.fr].map((one) => split(x, one).outside);
  return armv7(x) && isAcyclic(union(preservedOrder(x), fencesOf(x), ...outside));
}

/** Sequential consistency. */
export function sequentiallyConsistent(x: Execution): boolean {
  return isAtomic(x) && isAcyclic(union(x.po, x.rf, x.co, x.fr));
}

/**
 * x86 running the accesses as they are, with nothing for barriers: a store may pass a later load.
 * STREX is a locked instruction there.
 */
export function tsoWithoutFences(x: Execution): boolean {
  if (!isCoherent(x) || !isAtomic(x)) return false;
  const stores = x.rmw.reduce((bits, row) => bits | row, 0);
  const locked = relation(x.events, (a, b) => ((1 << a | 1 << b) & stores) !== 0);
  const kept = union(difference(x.po, x.kinds.WR), intersection(x.po, locked));
  return isAcyclic(union(kept, split(x, x.rf).outside, x.co, x.fr));
}
