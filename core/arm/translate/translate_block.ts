/**
 * Translates one block of guest code into abstract IR.
 * @module
 */
import type { TranslateOptions } from "../../exec/guest_cpu.ts";
import type { IrBuilder } from "../../ir/builder.ts";
import { PAGE_BITS } from "../../memory/vcpu_layout.ts";
import { COND_AL, testCondition } from "./condition.ts";
import { type Fetch, fetchA32, fetchThumb, type Insn, spansPages } from "./fetch.ts";
import { handlerOf } from "./handlers.ts";
import { Translation } from "./translation.ts";

/**
 * Emits the block that starts at `pc`: up to `options.maxInsns` instructions of its page, up to the
 * first that changes the flow or the translation state. `b` has been begun at `pc`; `fetch` gives
 * the little-endian word at a word-aligned address of the page. An instruction that ends on the next
 * page is a block of its own, for which `fetch` is asked for the next page too.
 */
export function translateBlock(
  b: IrBuilder,
  pc: number,
  flags: number,
  fetch: Fetch,
  options: TranslateOptions,
): void {
  new BlockTranslator(new Translation(b, pc, flags, options), fetch).translate();
}

/** The loop over the instructions of a block. */
class BlockTranslator {
  readonly #t: Translation;
  readonly #fetch: Fetch;
  readonly #page: number;
  /** Instructions that still fit. */
  #left: number;

  constructor(t: Translation, fetch: Fetch) {
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
        this.#prepare(insn);
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

  /** The instruction at `pc`, which follows the current one. */
  #decode(pc: number): Insn {
    const { thumb, it } = this.#t;
    return thumb ? fetchThumb(this.#fetch, pc, it.next) : fetchA32(this.#fetch, pc);
  }

  /** Makes `insn` the current instruction. */
  #start(insn: Insn, pc: number): Insn {
    const t = this.#t;
    t.pc = pc;
    t.next = (pc + insn.bytes) >>> 0;
    t.it.advance();
    t.b.insn(pc, insn.bytes, t.it.now);
    this.#left--;
    return insn;
  }

  /** Whether the next instruction still belongs to the block. */
  #fits(): boolean {
    const { next, flags } = this.#t;
    return this.#left > 0 && next >>> PAGE_BITS === this.#page &&
      !spansPages(this.#fetch, next, flags);
  }

  /** Emits what an instruction that may fault needs before it. */
  #prepare({ decoded }: Insn): void {
    const { it } = this.#t;
    const group = decoded?.encoding.row[3];
    if (group === undefined || FAULTLESS_GROUPS.has(group)) return;
    it.settle();
    if (STATE_GROUPS.has(group)) it.flagsRenewed();
  }

  #handle({ decoded }: Insn): void {
    const t = this.#t;
    if (decoded === null) return t.undefined();
    const { row } = decoded.encoding;
    handlerOf(row)(t, decoded.fields);
    // A coprocessor or status register access may have changed the flags behind our back.
    if (STATE_GROUPS.has(row[3])) t.flagsWritten();
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
    this.#prepare(first);
    t.conditional = true;
    t.it.branch(() => t.b.if(holds, () => this.#arm(first)), () => !t.ended);
    t.conditional = false;
  }

  /** The instruction `first` and those that follow under its condition until the flags change. */
  #arm(first: Insn): void {
    const t = this.#t;
    const flagWrites = t.flagWrites;
    this.#handle(first);
    while (!t.ended && t.flagWrites === flagWrites && this.#fits()) {
      const next = this.#decode(t.next);
      if (next.condition !== first.condition) return;
      this.#start(next, t.next);
      this.#prepare(next);
      this.#handle(next);
    }
  }
}

/**
 * Groups whose instructions take no exception, except by being undefined or with what they prepare
 * for themselves.
 */
const FAULTLESS_GROUPS: ReadonlySet<string> = new Set([
  "data_processing",
  "multiply",
  "divide",
  "saturating",
  "parallel",
  "packing",
  "bits",
  "hints",
  "branch",
  "vfp",
  "vfp_convert",
  "neon_integer",
  "neon_lengths",
  "neon_shifts",
  "neon_permute",
  "neon_float",
]);

/** Groups with instructions that may change the condition flags or the block flags. */
const STATE_GROUPS: ReadonlySet<string> = new Set(["system", "coprocessor", "vfp_transfer"]);

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
