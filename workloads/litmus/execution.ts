/**
 * Candidate executions of a litmus test: for every load a store to read from, for every location an
 * order of its stores. Which of them a processor may show is for a memory model to say.
 *
 * @module
 */

import { intersection, type Relation, relation, union } from "./relation.ts";
import { isSplit, type Link, type LitmusTest, locationsOf } from "./shape.ts";

/** One access to memory; LL/SC has two. */
interface Event {
  readonly thread: number;
  /** Number of the access in its thread, and place in program order within the test. */
  readonly access: number;
  readonly write: boolean;
  readonly exclusive: boolean;
  readonly location: string;
  /** The parts of the location that it accesses, as bits; a location that no byte access splits has one. */
  readonly lanes: number;
  readonly value: number;
}

/** The relations of one candidate execution. Those with `lane` in their name are given for each part of a word. */
export interface Execution {
  /** Number of events. */
  readonly events: number;
  /** Program order. */
  readonly po: Relation;
  /** Pairs of one thread. */
  readonly internal: Relation;
  /** Store to load that reads from it. */
  readonly rf: Relation;
  /** Coherence: order of the stores to a location. */
  readonly co: Relation;
  /** From-read: load to the stores that come after the one that it read from. */
  readonly fr: Relation;
  /** Program order of accesses that overlap, and rf, co and fr, part by part. */
  readonly lanes: readonly {
    readonly poLoc: Relation;
    readonly rf: Relation;
    readonly co: Relation;
    readonly fr: Relation;
  }[];
  /** Program order of accesses that overlap. */
  readonly poLoc: Relation;
  /** Address dependencies. */
  readonly addr: Relation;
  /** Data dependencies. */
  readonly data: Relation;
  /** Control dependencies, those with an ISB included. */
  readonly ctrl: Relation;
  /** Control dependencies with an ISB. */
  readonly ctrlIsb: Relation;
  /** Pairs with a DMB between them. */
  readonly dmb: Relation;
  /** Pairs with a DMB ST between them, whatever their kinds. */
  readonly dmbSt: Relation;
  /** LDREX to its STREX. */
  readonly rmw: Relation;
  /** Pairs of a load and a load, and so on. */
  readonly kinds: Readonly<Record<"RR" | "RW" | "WR" | "WW", Relation>>;
}

/** An execution and the values that it ends with, in the order of the test's observables. */
export interface Candidate {
  /** How. */
  readonly execution: Execution;
  /** What. */
  readonly outcome: readonly number[];
}

function eventsOf(test: LitmusTest): Event[] {
  return test.shape.threads.flatMap((accesses, thread) =>
    accesses.flatMap(({ kind, location, byte, value }, access): Event[] => {
      const lanes = !isSplit(test.shape, location) ? 1 : byte === undefined ? 3 : 1 << byte;
      const event = { thread, access, location, lanes, exclusive: kind === "U" };
      const read: Event = { ...event, write: false, value: 0 };
      const write: Event = { ...event, write: true, value };
      return kind === "R" ? [read] : kind === "W" ? [write] : [read, write];
    })
  );
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((one, at) =>
    permutations(items.filter((_, other) => other !== at)).map((rest) => [one, ...rest])
  );
}

function* choices<T>(options: readonly (readonly T[])[]): Generator<T[]> {
  if (options.length === 0) {
    yield [];
    return;
  }
  for (const rest of choices(options.slice(1))) {
    for (const one of options[0]!) yield [one, ...rest];
  }
}

/** The relations that every execution of a test has. */
function fixedRelations(test: LitmusTest, events: readonly Event[]) {
  const count = events.length;
  const between = (holds: (a: Event, b: Event, i: number, j: number) => boolean) =>
    relation(count, (i, j) => holds(events[i]!, events[j]!, i, j));
  const po = between((a, b, i, j) => a.thread === b.thread && i < j);
  const overlap = between((a, b) => a.location === b.location && (a.lanes & b.lanes) !== 0);
  /** Whether a link that `is` says stands between the accesses. */
  const linked = (a: Event, b: Event, is: (link: Link) => boolean) =>
    a.thread === b.thread &&
    test.linksOf[a.thread]!.slice(a.access, Math.max(a.access, b.access)).some(is);
  const next = (a: Event, b: Event, link: Link) =>
    a.thread === b.thread && !a.write && b.access === a.access + 1 &&
    test.linksOf[a.thread]![a.access] === link;
  const after = (a: Event, b: Event, link: Link) =>
    a.thread === b.thread && !a.write && b.access > a.access &&
    test.linksOf[a.thread]![a.access] === link;
  const ctrlIsb = between((a, b) => after(a, b, "ctrlisb"));
  return {
    events: count,
    po,
    internal: between((a, b) => a.thread === b.thread),
    poLoc: intersection(po, overlap),
    addr: between((a, b) => next(a, b, "addr")),
    data: between((a, b) => next(a, b, "data") && b.write),
    ctrl: union(between((a, b) => after(a, b, "ctrl")), ctrlIsb),
    ctrlIsb,
    dmb: between((a, b) => linked(a, b, (link) => link === "dmb")),
    dmbSt: between((a, b) => linked(a, b, (link) => link === "dmb.st")),
    rmw: between((a, b) => a.thread === b.thread && a.access === b.access && !a.write && b.write),
    kinds: {
      RR: between((a, b) => !a.write && !b.write),
      RW: between((a, b) => !a.write && b.write),
      WR: between((a, b) => a.write && !b.write),
      WW: between((a, b) => a.write && b.write),
    },
  };
}

/** No store of the test: the value that memory had before. */
const INITIAL = -1;
const LANES = [0, 1];

/** All candidate executions of a test. */
export function* candidatesOf(test: LitmusTest): Generator<Candidate> {
  const events = eventsOf(test);
  const count = events.length;
  const fixed = fixedRelations(test, events);
  const numbers = events.map((_, index) => index);
  const locations = locationsOf(test.shape);
  const writesTo = (location: string) =>
    numbers.filter((n) => events[n]!.write && events[n]!.location === location);
  const touches = (n: number, lane: number) => (events[n]!.lanes >> lane & 1) === 1;
  // What each load reads each of its parts from.
  const reads = numbers.filter((n) => !events[n]!.write)
    .flatMap((n) => LANES.filter((lane) => touches(n, lane)).map((lane) => ({ n, lane })));
  const sources = reads.map(({ n, lane }) => [
    INITIAL,
    ...writesTo(events[n]!.location).filter((write) => touches(write, lane)),
  ]);
  const valueAt = (write: number, lane: number, location: string) => {
    if (write === INITIAL) return 0;
    const { value, lanes } = events[write]!;
    if (!isSplit(test.shape, location)) return value;
    return lanes === 3 ? value >> 8 * lane & 0xff : value;
  };
  const firstOf = (thread: number, access: number) =>
    events.findIndex((one) => one.thread === thread && one.access === access);

  for (const orders of choices(locations.map((location) => permutations(writesTo(location))))) {
    const place = numbers.map((n) => orders.flat().indexOf(n));
    const before = (a: number, b: number) =>
      events[a]!.write && events[b]!.write && events[a]!.location === events[b]!.location &&
      place[a]! < place[b]!;
    for (const from of choices(sources)) {
      const lanes = LANES.map((lane) => {
        const both = (a: number, b: number) => touches(a, lane) && touches(b, lane);
        const source = (read: number) =>
          from[reads.findIndex((one) => one.n === read && one.lane === lane)];
        return {
          poLoc: relation(count, (a, b) => (fixed.poLoc[a]! >> b & 1) === 1 && both(a, b)),
          rf: relation(count, (a, b) => both(a, b) && source(b) === a),
          co: relation(count, (a, b) => both(a, b) && before(a, b)),
          fr: relation(count, (a, b) => {
            if (!both(a, b) || events[a]!.write || !events[b]!.write) return false;
            if (events[a]!.location !== events[b]!.location) return false;
            const read = source(a);
            return read === INITIAL || read !== undefined && before(read, b);
          }),
        };
      });
      const [low, high] = lanes as [typeof lanes[0], typeof lanes[0]];
      const outcome = test.observables.map((observable) => {
        if (observable.kind === "final") {
          const last = orders[locations.indexOf(observable.location)]!.at(-1)!;
          return events[last]!.value;
        }
        const read = firstOf(observable.thread, observable.access);
        const parts = reads.flatMap(({ n, lane }, index) =>
          n === read ? [{ lane, value: valueAt(from[index]!, lane, events[n]!.location) }] : []
        );
        return parts.length === 1
          ? parts[0]!.value
          : parts.reduce((sum, { lane, value }) => sum | value << 8 * lane, 0);
      });
      yield {
        execution: {
          ...fixed,
          rf: union(low.rf, high.rf),
          co: union(low.co, high.co),
          fr: union(low.fr, high.fr),
          lanes,
        },
        outcome,
      };
    }
  }
}
