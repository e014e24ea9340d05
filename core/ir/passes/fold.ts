/**
 * The fold pass, forward over the block: folds constants, applies identities, forwards the values
 * of state slots from `set` and `get` to later `get`s (also into arms), drops stores of a value that
 * the slot already holds, and inlines arms whose condition is constant.
 * @module
 */
import type { IrBlock } from "../block.ts";
import type { HelperTable } from "../helper.ts";
import { BOOLEAN, RESULT_TYPE, TEMP_OPERANDS, TERMINATOR } from "../op_facts.ts";
import { INSN_WORDS, NO_TEMP, OP } from "../ops.ts";
import { ARCH_STATE, VCPU, VECTOR_STATE } from "../../memory/vcpu_layout.ts";
import { FOLD_RULES, type Foldable } from "./fold_rules.ts";
import { SlotValues } from "./slot_values.ts";
import type { WorkBlock } from "./work.ts";

const { const: CONST, const64: CONST64, get: GET, set: SET, call: CALL, call64: CALL64 } = OP;
const { get64: GET64, set64: SET64, get128: GET128, set128: SET128 } = OP;
const { if: IF, else: ELSE, end: END, eqz: EQZ, ne: NE, and: AND, or: OR } = OP;

const STATE_OPS: ReadonlySet<number> = new Set([GET, SET, GET64, SET64, GET128, SET128]);
const FIRST_VECTOR_SLOT = (VECTOR_STATE.offset - ARCH_STATE.offset) >>> 2;

/** Runs the pass; keeps its tables from block to block. */
export class FoldPass implements Foldable {
  readonly #helpers: HelperTable;
  readonly #slots = new SlotValues();
  #source: Int32Array = new Int32Array(0);
  #out!: WorkBlock;
  /** What stands for each temporary of the source. */
  #alias = new Int32Array(512);
  /** Word offset of the instruction of the copy that defines each temporary. */
  #def = new Int32Array(512);
  /** Word offset of the instruction that rules look at. */
  #at = 0;

  /** See {@linkcode Foldable.keepsDependencies}. */
  readonly keepsDependencies: boolean;

  /** `helpers` says which calls change the state. */
  constructor(helpers: HelperTable, keepsDependencies: boolean) {
    this.#helpers = helpers;
    this.keepsDependencies = keepsDependencies;
  }

  /** Folds `block` into `out`. */
  run(block: IrBlock, out: WorkBlock): void {
    out.begin(block);
    const words = block.code.length;
    // An instruction gives at most itself and one new constant, or what keeps a dependency.
    const added = this.keepsDependencies ? 3 : 1;
    out.reserve((1 + added) * words);
    const temps = block.types.length + added * words / INSN_WORDS;
    if (temps > this.#alias.length) {
      this.#alias = new Int32Array(2 * temps);
      this.#def = new Int32Array(2 * temps);
    }
    this.#out = out;
    this.#source = block.code;
    this.#slots.reset();
    this.#sequence(0, words);
  }

  /** Copies the words `from` to `to`, whole ifs; tells whether every path ended in a terminator. */
  #sequence(from: number, to: number): boolean {
    const code = this.#source;
    for (let at = from; at < to; at += INSN_WORDS) {
      const op = code[at];
      if (op === IF) {
        const middle = code[at + 4] * INSN_WORDS;
        const end = code[middle] === ELSE ? code[middle + 3] * INSN_WORDS : middle;
        if (this.#if(at, middle, end)) return true;
        at = end;
      } else {
        this.#instruction(at, op);
        if (TERMINATOR[op]) return true;
      }
    }
    return false;
  }

  #if(at: number, middle: number, end: number): boolean {
    const cond = this.#condition(this.#alias[this.#source[at + 3]]);
    const then = at + INSN_WORDS;
    const otherwise = middle + INSN_WORDS;
    if (this.isConst(cond)) {
      return this.valueOf(cond) !== 0
        ? this.#sequence(then, middle)
        : middle !== end && this.#sequence(otherwise, end);
    }
    const slots = this.#slots;
    slots.open();
    const head = this.#emit(IF, cond, 0);
    const thenEnded = this.#sequence(then, middle);
    slots.closeArm(thenEnded);
    let patch = head + 4;
    let elseEnded = false;
    if (middle !== end) {
      const between = this.#emit(ELSE, 0, NO_TEMP);
      this.#out.code[patch] = between / INSN_WORDS;
      patch = between + 3;
      elseEnded = this.#sequence(otherwise, end);
      slots.closeArm(elseEnded);
    }
    this.#out.code[patch] = this.#emit(END, NO_TEMP, NO_TEMP) / INSN_WORDS;
    slots.merge();
    return thenEnded && elseEnded;
  }

  /** A condition that holds exactly when `cond` is not 0, with detours removed. */
  #condition(cond: number): number {
    for (;;) {
      const op = this.opOf(cond);
      const x = this.operand(cond, 0);
      if (
        op === NE && this.isConst(this.operand(cond, 1)) &&
        this.valueOf(this.operand(cond, 1)) === 0
      ) {
        cond = x;
      } else if (op === EQZ && this.opOf(x) === EQZ) cond = this.operand(x, 0);
      else return cond;
    }
  }

  #emit(op: number, a: number, b: number): number {
    const out = this.#out;
    const at = out.length;
    const code = out.code;
    code[at] = op;
    code[at + 1] = 0;
    code[at + 2] = NO_TEMP;
    code[at + 3] = a;
    code[at + 4] = b;
    code[at + 5] = NO_TEMP;
    out.length = at + INSN_WORDS;
    return at;
  }

  /** Copies one instruction, with its operands replaced, and simplifies it. */
  #instruction(from: number, op: number): void {
    const code = this.#source;
    const to = this.#out.code;
    const at = this.#out.length;
    const alias = this.#alias;
    const dst = code[from + 2];
    const a = code[from + 3], b = code[from + 4], c = code[from + 5];
    const temps = TEMP_OPERANDS[op];
    to[at] = op;
    to[at + 1] = code[from + 1];
    to[at + 2] = dst;
    to[at + 3] = temps & 1 && a !== NO_TEMP ? alias[a] : a;
    to[at + 4] = temps & 2 && b !== NO_TEMP ? alias[b] : b;
    to[at + 5] = temps & 4 && c !== NO_TEMP ? alias[c] : c;
    this.#out.length = at + INSN_WORDS;
    this.#at = at;
    if (dst !== NO_TEMP) {
      alias[dst] = dst;
      this.#def[dst] = at;
    }
    const rule = FOLD_RULES[op];
    if (rule !== undefined) rule(this);
    else if (STATE_OPS.has(op)) this.#state(op, at);
    else if (op === CALL || op === CALL64) {
      const { state } = this.#helpers.defs[to[at + 1]];
      if (state === "write") this.#slots.forget();
      else if (state === "vector") this.#slots.forget(FIRST_VECTOR_SLOT);
    }
  }

  #state(op: number, at: number): void {
    const code = this.#out.code;
    const offset = code[at + 1] - ARCH_STATE.offset;
    // Slots outside the architecture state may change behind the block's back.
    if (offset < 0 || offset >= ARCH_STATE.bytes) return;
    const slot = offset >>> 2;
    const slots = this.#slots;
    if (op === GET) {
      const known = slots.value(slot);
      if (known >= 0 && this.#words(known) === 1) this.alias(known);
      else if (known === NO_TEMP) slots.note(slot, code[at + 2]);
    } else if (op === SET) {
      if (slots.value(slot) === code[at + 3]) this.#out.length = at;
      else slots.write(slot, code[at + 3]);
    } else if (op === GET64 || op === GET128) {
      const words = op === GET64 ? 2 : 4;
      const known = slots.value(slot);
      if (known >= 0 && this.#words(known) === words && slots.isWhole(slot, words)) {
        this.alias(known);
      } else slots.noteWide(slot, words, code[at + 2]);
    } else {
      slots.writeWide(slot, op === SET64 ? 2 : 4, code[at + 3]);
    }
  }

  /** Size of a temporary in words. */
  #words(temp: number): number {
    return 1 << RESULT_TYPE[this.opOf(temp)];
  }

  // What rules use.

  get a(): number {
    return this.#out.code[this.#at + 3];
  }
  get b(): number {
    return this.#out.code[this.#at + 4];
  }
  get c(): number {
    return this.#out.code[this.#at + 5];
  }

  opOf(temp: number): number {
    return this.#out.code[this.#def[temp]];
  }

  operand(temp: number, k: 0 | 1): number {
    return this.#out.code[this.#def[temp] + 3 + k];
  }

  isConst(temp: number): boolean {
    return this.#out.code[this.#def[temp]] === CONST;
  }

  valueOf(temp: number): number {
    return this.#out.code[this.#def[temp] + 1];
  }

  highOf(temp: number): number {
    return this.#out.code[this.#def[temp] + 3];
  }

  isBoolean(temp: number): boolean {
    const at = this.#def[temp];
    const code = this.#out.code;
    return BOOLEAN[code[at]] === 1 || code[at] === CONST && (code[at + 1] & ~1) === 0;
  }

  alias(temp: number): void {
    const out = this.#out;
    this.#alias[out.code[this.#at + 2]] = temp;
    out.length = this.#at;
  }

  toConst(value: number): void {
    this.become(CONST, NO_TEMP);
    this.#out.code[this.#at + 1] = value;
  }

  toCodeAddr(place: number): void {
    this.become(OP.code_addr, NO_TEMP);
    this.#out.code[this.#at + 1] = place;
  }

  toConst64(lo: number, hi: number): void {
    this.become(CONST64, hi);
    this.#out.code[this.#at + 1] = lo;
  }

  become(op: number, a: number, b: number = NO_TEMP, c: number = NO_TEMP): void {
    const code = this.#out.code;
    code[this.#at] = op;
    code[this.#at + 3] = a;
    code[this.#at + 4] = b;
    code[this.#at + 5] = c;
  }

  toConstOf(value: number, on: number): void {
    if (!this.keepsDependencies) return this.toConst(value);
    // A word that is always 0, which neither this pass nor the WebAssembly engine knows.
    const zero = this.#insert(GET, VCPU.BARRIER_WORD, NO_TEMP, NO_TEMP);
    if (value === 0) return this.become(AND, on, zero);
    const nothing = this.#insert(AND, 0, on, zero);
    this.become(OR, nothing, this.newConst(value));
  }

  newConst(value: number): number {
    return this.#insert(CONST, value, NO_TEMP, NO_TEMP);
  }

  /** Puts an operation with a 32-bit result before the instruction that rules look at. */
  #insert(op: number, aux: number, a: number, b: number): number {
    const out = this.#out;
    const code = out.code;
    const at = this.#at;
    code.copyWithin(at + INSN_WORDS, at, at + INSN_WORDS);
    out.length = at + 2 * INSN_WORDS;
    const temp = out.newTemp();
    code[at] = op;
    code[at + 1] = aux;
    code[at + 2] = temp;
    code[at + 3] = a;
    code[at + 4] = b;
    code[at + 5] = NO_TEMP;
    this.#def[temp] = at;
    this.#at = at + INSN_WORDS;
    this.#def[code[this.#at + 2]] = this.#at;
    return temp;
  }
}
