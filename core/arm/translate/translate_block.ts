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
  for (let count = 1; !t.ended; count++) {
    translateInstruction(t, fetch(t.pc));
    if (t.ended) return;
    t.pc = t.next;
    if (count >= options.maxInsns || t.pc >>> PAGE_BITS !== pc >>> PAGE_BITS) t.goto(t.pc);
  }
}

function translateInstruction(t: Translation, word: number): void {
  t.next = (t.pc + INSN_BYTES) >>> 0;
  t.b.insn(t.pc, INSN_BYTES);
  const decoded = A32_DECODER.decode(word);
  const condition = word >>> 28;
  if (condition >= COND_AL) return translateDecoded(t, decoded);
  const holds = testCondition(t.b, condition, t.flagsSource);
  if (decoded !== null && isSelectable(decoded)) {
    t.predicate = holds;
    translateDecoded(t, decoded);
    t.predicate = null;
    return;
  }
  t.conditional = true;
  t.b.if(holds, () => translateDecoded(t, decoded));
  t.conditional = false;
  if (t.ended) t.goto(t.next);
}

function translateDecoded(t: Translation, decoded: Decoded<A32Row> | null): void {
  if (decoded === null) return t.undefined();
  const [, handler, , group] = decoded.encoding.row;
  A32_HANDLERS[handler](t, decoded.fields);
  // A coprocessor or status register access may have changed the flags behind our back.
  if (group === "system" || group === "coprocessor") t.flagsSource = null;
}

/** Groups whose instructions without S do nothing but compute Rd. */
const PURE_GROUPS: ReadonlySet<string> = new Set(["data_processing", "packing", "bits"]);

/**
 * Whether the instruction, when conditional, is better computed always and selected: it only
 * writes one register that is not the pc, and cannot be UNDEFINED (bit fields can).
 */
function isSelectable(decoded: Decoded<A32Row>): boolean {
  const { encoding: { row, parts }, fields } = decoded;
  return PURE_GROUPS.has(row[3]) && fields.S === 0 && fields.d !== 15 &&
    parts.some((part) => part.letter === "d") && !parts.some((part) => part.letter === "i");
}
