/**
 * Litmus tests as data: a shape is what each thread accesses, a test is a shape with links between
 * the accesses of each thread (nothing, a barrier, a dependency).
 *
 * @module
 */

/** What one access does: load, store, or LDREX and STREX of a new value until it succeeds. */
export type AccessKind = "R" | "W" | "U";

/** One access of a thread. */
export interface Access {
  /** What it does. */
  readonly kind: AccessKind;
  /** Name of the location: `x`, `y` or `z`. */
  readonly location: string;
  /** Byte of the location that it accesses; undefined for the whole word. */
  readonly byte?: 0 | 1;
  /** Value stored; 0 for a load. */
  readonly value: number;
}

/**
 * What stands between two accesses of a thread. A dependency starts at the load before it (of an
 * LL/SC pair: at its LDREX).
 */
export type Link = "po" | "dmb" | "dmb.st" | "addr" | "data" | "ctrl" | "ctrlisb";

/** What each thread accesses, in program order. */
export interface Shape {
  /** As in the literature where it has a name there. */
  readonly name: string;
  /** Two to four. */
  readonly threads: readonly (readonly Access[])[];
}

/** A value that an outcome is made of. */
export type Observable =
  /** What an access loaded, and the name of the register that holds it. */
  | { readonly kind: "register"; readonly thread: number; readonly access: number }
  /** What a location holds in the end. */
  | { readonly kind: "final"; readonly location: string };

/** A shape with its links. */
export interface LitmusTest {
  /** `SHAPE` where nothing is between the accesses, else `SHAPE+LINKS`. */
  readonly name: string;
  /** The shape. */
  readonly shape: Shape;
  /** As in the table: one word for each thread that has links, or one for all of them. */
  readonly links: string;
  /** Of each thread: one link less than it has accesses. */
  readonly linksOf: readonly (readonly Link[])[];
  /** What an outcome says, in order. */
  readonly observables: readonly Observable[];
}

const LINKS: ReadonlySet<string> = new Set(
  ["po", "dmb", "dmb.st", "addr", "data", "ctrl", "ctrlisb"] satisfies Link[],
);
const ACCESS = /^([RWU]) ([xyz])(?:\[([01])\])?(?: (\d+))?$/;

function accessOf(text: string, shape: string): Access {
  const [, kind, location, byte, value] = ACCESS.exec(text.trim()) ?? [];
  if (kind === undefined || (kind === "R") !== (value === undefined)) {
    throw new SyntaxError(
      `Litmus shape ${shape}: "${text.trim()}" is not like "R x", "W x 1", "U x 1" or "W x[1] 1".`,
    );
  }
  return {
    kind: kind as AccessKind,
    location: location!,
    value: Number(value ?? 0),
    ...(byte === undefined ? {} : { byte: Number(byte) as 0 | 1 }),
  };
}

/**
 * Reads the accesses of a shape: threads are separated by `|`, accesses by `;`.
 *
 * @throws {SyntaxError} naming the shape and the access for one of another form.
 */
export function parseShape(name: string, text: string): Shape {
  const threads = text.split("|").map((thread) =>
    thread.split(";").map((access) => accessOf(access, name))
  );
  return { name, threads };
}

function linksOfThread(word: string, accesses: readonly Access[], test: string): Link[] {
  const gaps = accesses.length - 1;
  const links = word.split("-");
  const all = links.length === 1 ? Array<string>(gaps).fill(links[0]!) : links;
  if (all.length !== gaps || all.some((link) => !LINKS.has(link))) {
    throw new SyntaxError(
      `Litmus test ${test}: "${word}" is not ${gaps} links of ${[...LINKS].join(", ")}.`,
    );
  }
  for (const [index, link] of all.entries()) {
    const [from, to] = [accesses[index]!, accesses[index + 1]!];
    const dependency = link !== "po" && !link.startsWith("dmb");
    if (dependency && from.kind === "W" || link === "data" && to.kind === "R") {
      throw new SyntaxError(
        `Litmus test ${test}: ${from.kind} and ${to.kind} cannot have ${link}.`,
      );
    }
  }
  return all as Link[];
}

function wordsOf(shape: Shape, links: string, test: string): string[] {
  const linked = shape.threads.filter((thread) => thread.length > 1).length;
  const words = links === "po"
    ? Array<string>(linked).fill("po")
    : links.endsWith("s")
    ? Array<string>(linked).fill(links.slice(0, -1))
    : links.split("+");
  if (words.length !== linked) {
    throw new SyntaxError(
      `Litmus test ${test}: ${linked} threads have links, "${links}" names ${words.length}.`,
    );
  }
  return words;
}

/** Locations of a shape, by name. */
export function locationsOf(shape: Shape): string[] {
  return [...new Set(shape.threads.flat().map((one) => one.location))].sort();
}

/** Whether some access of the shape is to a single byte of the location. */
export function isSplit(shape: Shape, location: string): boolean {
  return shape.threads.flat().some((one) => one.location === location && one.byte !== undefined);
}

/** Every loaded value, and the last value of locations with more than one writer. */
function observablesOf(shape: Shape): Observable[] {
  const registers = shape.threads.flatMap((accesses, thread) =>
    accesses.flatMap((access, index): Observable[] =>
      access.kind === "W" ? [] : [{ kind: "register", thread, access: index }]
    )
  );
  const finals = locationsOf(shape)
    .filter((location) => {
      const writers = shape.threads.flat()
        .filter((one) => one.kind !== "R" && one.location === location);
      return writers.length > 1 && !isSplit(shape, location);
    })
    .map((location): Observable => ({ kind: "final", location }));
  return [...registers, ...finals];
}

/**
 * A shape with `links`: `po` for nothing anywhere, `dmbs` (or another link with an s) for the same
 * link everywhere, else one word for each thread that has more than one access, joined by `+`; in a
 * word the links of a thread are joined by `-`, or one stands for all of them.
 *
 * @throws {SyntaxError} when the links do not fit the shape.
 */
export function testOf(shape: Shape, links: string): LitmusTest {
  const name = links === "po" ? shape.name : `${shape.name}+${links}`;
  const words = wordsOf(shape, links, name);
  let next = 0;
  const linksOf = shape.threads.map((accesses) =>
    accesses.length > 1 ? linksOfThread(words[next++]!, accesses, name) : []
  );
  return { name, shape, links, linksOf, observables: observablesOf(shape) };
}

/** The load of an observable, or undefined for a final value. */
export function loadOf(test: LitmusTest, observable: Observable): Access | undefined {
  return observable.kind === "register"
    ? test.shape.threads[observable.thread]![observable.access]
    : undefined;
}

/** `1:x` for what thread 1 loaded from x (`1:x.2` the second time), `x` for the final value of x. */
export function observableName(test: LitmusTest, observable: Observable): string {
  if (observable.kind === "final") return observable.location;
  const accesses = test.shape.threads[observable.thread]!;
  const { location, byte } = accesses[observable.access]!;
  const place = byte === undefined ? location : `${location}[${byte}]`;
  const earlier = accesses.slice(0, observable.access)
    .filter((one) => one.kind !== "W" && one.location === location && one.byte === byte).length;
  return `${observable.thread}:${place}${earlier > 0 ? `.${earlier + 1}` : ""}`;
}
