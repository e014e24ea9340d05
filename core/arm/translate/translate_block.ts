/**
 * Translates one block of guest code into abstract IR.
 * @module
 */
import type { TranslateOptions } from "../../exec/guest_cpu.ts";
import type { IrBuilder } from "../../ir/builder.ts";
import { PAGE_BITS } from "../../memory/vcpu_layout.ts";
import { A32_DECODER, type A32Row } from "../decode/a32_decoder.ts";
import type { Decoded } from "../decode/decoder.ts";
import { TB_FLAG } from "../state.ts";
import { A32_HANDLERS } from "./a32_handlers.ts";
import { COND_AL, testCondition } from "./condition.ts";
import { Translation } from "./translation.ts";

/** Size of an A32 instruction. */
const INSN_BYTES = 4;

/**
 * Emits the block that starts at `pc`: up to `options.maxInsns` instructions of its page, up to the
 * first that changes the flow or the translation state. `b` has been begun at `pc`; `fetch` gives
 * the little-endian instruction word at an address of the page.
 */
export function translateBlock(
  b: IrBuilder,
  pc: number,
  flags: number,
  fetch: (address: number) => number,
  options: TranslateOptions,
): void {
  const t = new Translation(b, pc, flags, options);
  if ((flags & TB_FLAG.THUMB) !== 0) {
    // Thumb has no table yet: every instruction is undefined.
    b.insn(pc, 2);
    return t.undefined();
  }
  new A32Block(t, fetch).translate();
}

/** An instruction that has been fetched. */
interface Insn {
  /** Bits 31-28. */
  readonly condition: number;
  /** Null when no row matches. */
  readonly decoded: Decoded<A32Row> | null;
}

/** The loop over the instructions of a block. */
class A32Block {
  readonly #t: Translation;
  readonly #fetch: (address: number) => number;
  readonly #page: number;
  /** Instructions that still fit. */
  #left: number;

  constructor(t: Translation, fetch: (address: number) => number) {
    this.#t = t;
    this.#fetch = fetch;
    this.#page = t.pc >>> PAGE_BITS;
    this.#left = t.options.maxInsns;
  }

  translate(): void {
    const t = this.#t;
    let insn: Insn | null = this.#start(this.#decode(t.pc), t.pc);
    while (insn !== null) {
      if (insn.condition >= COND_AL) {
        this.#handle(insn);
      } else {
        this.#conditional(insn);
        if (t.ended) t.goto(t.next);
      }
      if (t.ended) return;
      insn = this.#fits() ? this.#start(this.#decode(t.next), t.next) : null;
    }
    t.goto(t.next);
  }

  #decode(pc: number): Insn {
    const word = this.#fetch(pc);
    return { condition: word >>> 28, decoded: A32_DECODER.decode(word) };
  }

  /** Makes `insn` the current instruction. */
  #start(insn: Insn, pc: number): Insn {
    const t = this.#t;
    t.pc = pc;
    t.next = (pc + INSN_BYTES) >>> 0;
    t.b.insn(pc, INSN_BYTES);
    this.#left--;
    return insn;
  }

  /** Whether the next instruction still belongs to the block. */
  #fits(): boolean {
    return this.#left > 0 && this.#t.next >>> PAGE_BITS === this.#page;
  }

  #handle({ decoded }: Insn): void {
    const t = this.#t;
    if (decoded === null) return t.undefined();
    const [, handler, , group] = decoded.encoding.row;
    A32_HANDLERS[handler](t, decoded.fields);
    // A coprocessor or status register access may have changed the flags behind our back.
    if (group === "system" || group === "coprocessor") t.flagsWritten();
  }

  #conditional(first: Insn): void {
    const t = this.#t;
    const holds = testCondition(t.b, first.condition, t.flagsSource);
    if (isSelectable(first)) {
      t.predicate = holds;
      this.#handle(first);
      t.predicate = null;
      return;
    }
    t.conditional = true;
    t.b.if(holds, () => {
      // Instructions that follow under the same condition share the arm until the flags change.
      const flagWrites = t.flagWrites;
      for (let insn: Insn | null = first; insn !== null;) {
        this.#handle(insn);
        insn = null;
        if (!t.ended && t.flagWrites === flagWrites && this.#fits()) {
          const next = this.#decode(t.next);
          if (next.condition === first.condition) insn = this.#start(next, t.next);
        }
      }
    });
    t.conditional = false;
  }
}

/** Groups whose instructions without S do nothing but compute Rd. */
const PURE_GROUPS: ReadonlySet<string> = new Set(["data_processing", "packing", "bits"]);

/**
 * Whether the instruction, when conditional, is better computed always and selected: it only
 * writes one register that is not the pc, and cannot be UNDEFINED (bit fields can).
 */
function isSelectable({ decoded }: Insn): boolean {
  if (decoded === null) return false;
  const { encoding: { row, parts }, fields } = decoded;
  return PURE_GROUPS.has(row[3]) && fields.S === 0 && fields.d !== 15 &&
    parts.some((part) => part.letter === "d") && !parts.some((part) => part.letter === "i");
}
