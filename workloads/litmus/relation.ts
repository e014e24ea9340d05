/**
 * Relations over a few events, as rows of bits.
 *
 * @module
 */

/** Row `i` has bit `j` set when event `i` is related to event `j`; at most 31 events. */
export type Relation = readonly number[];

/** The relation of the pairs for which `related` holds. */
export function relation(events: number, related: (a: number, b: number) => boolean): Relation {
  return Array.from({ length: events }, (_, a) => {
    let row = 0;
    for (let b = 0; b < events; b++) if (related(a, b)) row |= 1 << b;
    return row;
  });
}

/** Pairs that are in any of the relations. */
export function union(first: Relation, ...rest: Relation[]): Relation {
  return first.map((row, a) => rest.reduce((bits, one) => bits | one[a]!, row));
}

/** Pairs that are in both. */
export function intersection(first: Relation, second: Relation): Relation {
  return first.map((row, a) => row & second[a]!);
}

/** One relation after the other, from left to right. */
export function sequence(first: Relation, ...rest: Relation[]): Relation {
  return rest.reduce((left, right) =>
    left.map((row) => {
      let reached = 0;
      for (let bits = row; bits !== 0; bits &= bits - 1) {
        reached |= right[31 - Math.clz32(bits & -bits)]!;
      }
      return reached;
    }), first);
}

/** The transitive closure. */
export function closure(start: Relation): Relation {
  const rows = [...start];
  for (let middle = 0; middle < rows.length; middle++) {
    for (let a = 0; a < rows.length; a++) {
      if (rows[a]! >> middle & 1) rows[a]! |= rows[middle]!;
    }
  }
  return rows;
}

/** The reflexive and transitive closure. */
export function reflexiveClosure(start: Relation): Relation {
  return closure(start).map((row, a) => row | 1 << a);
}

/** Whether no event is related to itself. */
export function isIrreflexive(one: Relation): boolean {
  return one.every((row, a) => (row >> a & 1) === 0);
}

/** Whether following the relation never leads back. */
export function isAcyclic(one: Relation): boolean {
  return isIrreflexive(closure(one));
}

/** Whether both have the same pairs. */
export function isSame(first: Relation, second: Relation): boolean {
  return first.every((row, a) => row === second[a]);
}
