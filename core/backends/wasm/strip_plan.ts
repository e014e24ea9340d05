/**
 * Finds out whether a block that loops to itself can be strip-mined: whether every guest access of it
 * has an address that moves by the same number of bytes each round, so that a look at the TLB before
 * the first round tells for how many rounds all accesses stay on the pages that they begin on.
 *
 * Addresses are followed as linear forms of what the state slots hold at the head of a round.
 * @module
 */
import type { IrBlock } from "../../ir/block.ts";
import { TERMINATOR } from "../../ir/op_facts.ts";
import { INSN_WORDS, OP, OPS } from "../../ir/ops.ts";
import { MEMOP, memopAlign, memopMmuIndex, memopSize } from "../../memory/memop.ts";
import { PAGE_SIZE, VCPU } from "../../memory/vcpu_layout.ts";

/** Most tags that are looked at before the first round. */
const MAX_WINDOWS = 6;
/** Most slots that an address is the sum of. */
const MAX_TERMS = 2;

/** A number of times what a slot holds at the head of a round. */
export interface Term {
  /** Byte offset of the slot. */
  readonly slot: number;
  /** How many times it counts. */
  readonly factor: number;
}

/** Bytes that are accessed through one tag in a round, and how they move. */
export interface Window {
  /** The address of the first byte at the head of a round, but for `offset`. */
  readonly terms: readonly Term[];
  /** Index of the softmmu TLB. */
  readonly mmuIndex: number;
  /** Whether the write tag counts. */
  readonly write: boolean;
  /** Bytes that the address moves by from one round to the next. */
  readonly step: number;
  /** What is added to the terms. */
  offset: number;
  /** First byte behind the window, likewise. */
  end: number;
  /** Alignment that the accesses ask for. */
  align: number;
}

/** A loop that can be strip-mined. */
export interface StripPlan {
  /** What must stay on its page. */
  readonly windows: readonly Window[];
  /** Index of the window of the access at a word offset in the code. */
  readonly windowAt: ReadonlyMap<number, number>;
  /** Word offsets of each `set` that matters only once the loop is left. */
  readonly results: ReadonlySet<number>;
}

/** The sum of a constant and some terms. */
interface Form {
  readonly terms: readonly Term[];
  readonly constant: number;
}

/** What an access asks for, with the form of its address. */
interface Access {
  readonly at: number;
  readonly form: Form;
  readonly memop: number;
  readonly write: boolean;
}

/** Operations that touch memory and may stand in a strip-mined loop. */
const HOST_OPS = new Set([OP.host_load, OP.host_load64, OP.host_store, OP.host_store64]);
const LOADS = new Set([OP.guest_load, OP.guest_load64]);
const STORES = new Set([OP.guest_store, OP.guest_store64]);

/** The plan for `block`, whose goto_tb to its own address are the way round; null when there is none. */
export function planStrip(block: IrBlock): StripPlan | null {
  return new Analysis(block).plan();
}

class Analysis {
  readonly #block: IrBlock;
  readonly #temps: (Form | null)[];
  /** What slots hold that the block has set so far; null: nobody knows. */
  #slots = new Map<number, Form | null>();
  readonly #accesses: Access[] = [];
  /** What the slots hold on each way round. */
  readonly #rounds: Map<number, Form | null>[] = [];

  constructor(block: IrBlock) {
    this.#block = block;
    this.#temps = new Array(block.types.length).fill(null);
  }

  plan(): StripPlan | null {
    if (!this.#walk()) return null;
    const windows: Window[] = [];
    const windowAt = new Map<number, number>();
    for (const access of this.#accesses) {
      const step = this.#step(access.form.terms);
      if (step === null || step % alignOf(access) !== 0) return null;
      windowAt.set(access.at, include(windows, access, step));
    }
    if (windows.length > MAX_WINDOWS || !windows.some(({ step }) => step !== 0)) return null;
    if (windows.some(({ offset, end }) => end - offset > PAGE_SIZE)) return null;
    return { windows, windowAt, results: resultSets(this.#block) };
  }

  /** Follows the whole block; false when it does what a strip-mined loop may not. */
  #walk(): boolean {
    const { code, pc } = this.#block;
    /** What the slots held before each open `if`, and after its first arm; undefined: not reached. */
    const open: { before: Slots; then: Slots | undefined }[] = [];
    for (let at = 0; at < code.length; at += INSN_WORDS) {
      const op = code[at];
      const arrives = at > 0 && !TERMINATOR[code[at - INSN_WORDS]];
      switch (op) {
        case OP.if:
          open.push({ before: new Map(this.#slots), then: undefined });
          break;
        case OP.else: {
          const frame = open[open.length - 1];
          if (arrives) frame.then = this.#slots;
          this.#slots = new Map(frame.before);
          // From here on the other way to the end is the first arm, if that goes on.
          frame.before = frame.then ?? NOT_REACHED;
          break;
        }
        case OP.end:
          this.#slots = join(arrives ? this.#slots : NOT_REACHED, open.pop()!.before);
          break;
        case OP.goto_tb:
          if (code[at + 1] === (pc | 0)) this.#rounds.push(this.#slots);
          break;
        default:
          if (!this.#operation(op, at)) return false;
      }
    }
    return this.#rounds.length > 0;
  }

  #operation(op: number, at: number): boolean {
    const { code } = this.#block;
    const aux = code[at + 1];
    const dst = code[at + 2];
    switch (op) {
      case OP.get:
        this.#temps[dst] = this.#slot(aux);
        return true;
      case OP.set:
        this.#slots.set(aux, this.#temps[code[at + 3]]);
        return true;
      case OP.set64:
      case OP.set128:
        for (let word = 0; word < (op === OP.set64 ? 8 : 16); word += 4) {
          this.#slots.set(aux + word, null);
        }
        return true;
      case OP.const:
        this.#temps[dst] = { terms: [], constant: aux };
        return true;
      case OP.add:
      case OP.sub:
        this.#temps[dst] = sum(
          this.#temps[code[at + 3]],
          this.#temps[code[at + 4]],
          op === OP.add ? 1 : -1,
        );
        return true;
      case OP.shl:
        this.#temps[dst] = shifted(this.#temps[code[at + 3]], this.#temps[code[at + 4]]);
        return true;
    }
    if (!OPS[op].memory) return true;
    return HOST_OPS.has(op) || this.#access(op, at);
  }

  #access(op: number, at: number): boolean {
    const { code } = this.#block;
    const memop = code[at + 1];
    const probe = op === OP.probe;
    if (!probe && !LOADS.has(op) && !STORES.has(op)) return false;
    if ((memop & (MEMOP.BIG_ENDIAN | MEMOP.SEQ_CST | MEMOP.EXCLUSIVE)) !== 0) return false;
    const form = this.#temps[code[at + 3]];
    if (form === null || form.terms.length === 0) return false;
    const write = probe ? (memop & MEMOP.WRITE) !== 0 : STORES.has(op);
    this.#accesses.push({ at, form, memop, write });
    return true;
  }

  #slot(slot: number): Form | null {
    const form = this.#slots.get(slot);
    return form === undefined ? { terms: [{ slot, factor: 1 }], constant: 0 } : form;
  }

  /** What a round adds to the terms, the same on every way round; null when that is not so. */
  #step(terms: readonly Term[]): number | null {
    let step: number | null = null;
    for (const slots of this.#rounds) {
      if (slots.has(VCPU.PC)) return null;
      let moved = 0;
      for (const { slot, factor } of terms) {
        const form = slots.get(slot);
        if (form === undefined) continue;
        if (form === null || form.terms.length !== 1) return null;
        if (form.terms[0].slot !== slot || form.terms[0].factor !== 1) return null;
        moved = moved + Math.imul(form.constant, factor) | 0;
      }
      if (step !== null && moved !== step) return null;
      step = moved;
    }
    return step !== null && Math.abs(step) < PAGE_SIZE ? step : null;
  }
}

/**
 * Sets of slots that the block reads nowhere and sets in every round before it can be left: what they
 * hold within the loop is seen by nobody.
 */
function resultSets({ code }: IrBlock): Set<number> {
  const found = new Map<number, number[]>();
  const others = new Set<number>();
  let depth = 0;
  let leaves = false;
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    const op = code[at];
    const slot = code[at + 1];
    if (op === OP.if) depth++;
    else if (op === OP.end) depth--;
    else if (TERMINATOR[op]) leaves = true;
    else if (op === OP.set && depth === 0 && !leaves) {
      found.set(slot, [...found.get(slot) ?? [], at]);
    } else if (OPS[op].aux === "slot") {
      for (let word = 0; word < SLOT_BYTES[op]; word += 4) others.add(slot + word);
    }
  }
  return new Set([...found].flatMap(([slot, sets]) => others.has(slot) ? [] : sets));
}

/** Bytes of state that an operation on a slot touches, by opcode. */
const SLOT_BYTES: Readonly<Record<number, number>> = {
  [OP.get]: 4,
  [OP.set]: 4,
  [OP.get64]: 8,
  [OP.set64]: 8,
  [OP.get128]: 16,
  [OP.set128]: 16,
};

type Slots = ReadonlyMap<number, Form | null>;

/** Stands for the end of an arm that leaves the block. */
const NOT_REACHED: Slots = new Map();

/** What is known behind an `if` that two ways lead out of. */
function join(one: Slots, other: Slots): Map<number, Form | null> {
  if (one === NOT_REACHED) return new Map(other);
  const joined = new Map(one);
  if (other === NOT_REACHED) return joined;
  for (const slot of new Set([...one.keys(), ...other.keys()])) {
    if (!equal(one.get(slot), other.get(slot))) joined.set(slot, null);
  }
  return joined;
}

function equal(a: Form | null | undefined, b: Form | null | undefined): boolean {
  if (!a || !b) return a === b;
  return a.constant === b.constant && keyOf(a.terms) === keyOf(b.terms);
}

/** `a + sign * b`. */
function sum(a: Form | null, b: Form | null, sign: number): Form | null {
  if (a === null || b === null) return null;
  const factors = new Map(a.terms.map(({ slot, factor }) => [slot, factor]));
  for (const { slot, factor } of b.terms) {
    factors.set(slot, (factors.get(slot) ?? 0) + sign * factor | 0);
  }
  const terms = [...factors].filter(([, factor]) => factor !== 0)
    .map(([slot, factor]) => ({ slot, factor }));
  if (terms.length > MAX_TERMS) return null;
  return { terms, constant: a.constant + sign * b.constant | 0 };
}

function shifted(a: Form | null, by: Form | null): Form | null {
  if (a === null || by === null || by.terms.length !== 0) return null;
  const times = (factor: number) => factor << by.constant;
  const terms = a.terms.map(({ slot, factor }) => ({ slot, factor: times(factor) }));
  if (terms.some(({ factor }) => factor === 0)) return null;
  return { terms, constant: times(a.constant) };
}

function keyOf(terms: readonly Term[]): string {
  return terms.map(({ slot, factor }) => `${slot}*${factor}`).sort().join("+");
}

function alignOf({ memop }: Access): number {
  return memopAlign(memop);
}

/** Makes room for an access in a window; returns the window's index. */
function include(windows: Window[], access: Access, step: number): number {
  const { form, memop, write } = access;
  const { terms, constant } = form;
  const mmuIndex = memopMmuIndex(memop);
  const key = keyOf(terms);
  const end = constant + memopSize(memop);
  const found = windows.findIndex((w) =>
    w.write === write && w.mmuIndex === mmuIndex && keyOf(w.terms) === key &&
    (w.offset - constant) % alignOf(access) === 0 && (w.offset - constant) % w.align === 0
  );
  if (found < 0) {
    const align = alignOf(access);
    return windows.push({ terms, mmuIndex, write, step, offset: constant, end, align }) - 1;
  }
  const window = windows[found];
  window.offset = Math.min(window.offset, constant);
  window.end = Math.max(window.end, end);
  window.align = Math.max(window.align, alignOf(access));
  return found;
}
