/**
 * The state of a translation in progress and the vocabulary that the handlers share: registers,
 * flags, memory access descriptors, and the ways in which a block ends.
 * @module
 */
import type { IrBuilder, V32 } from "../../ir/builder.ts";
import type { TranslateOptions } from "../../exec/guest_cpu.ts";
import { EXIT } from "../../ir/ops.ts";
import { MEMOP, MMU_INDEX } from "../../memory/memop.ts";
import { PAGE_BITS, PAGE_SIZE } from "../../memory/vcpu_layout.ts";
import { ARM, reg, TB_FLAG } from "../state.ts";
import { ItTracker } from "./it_tracker.ts";
import type { FlagsSource } from "./condition.ts";

/** Properties of a guest access that its instruction chooses. */
export interface AccessKind {
  /** Sign-extend the loaded value. */
  readonly sign?: boolean;
  /** Required alignment as log2, whatever SCTLR.A says. */
  readonly align?: number;
  /** Checked with User mode's permissions (LDRT and its kin). */
  readonly unprivileged?: boolean;
}

/** Progress and services of the translation of one block. */
export class Translation {
  /** Takes the block's operations. */
  readonly b: IrBuilder;
  /** Block flags, a mask of TB_FLAG. */
  readonly flags: number;
  /** What the engine asks of the block. */
  readonly options: TranslateOptions;
  /** Address of the current instruction. */
  pc: number;
  /** Address of the instruction after it. */
  next = 0;
  /** Whether the current instruction stands in an arm that its condition guards. */
  conditional = false;
  /** Set when the current instruction has ended the block (or its arm). */
  ended = false;
  /** Where the flags came from, when that is known and the operands can still be used. */
  flagsSource: FlagsSource | null = null;
  /** How often the block has changed the flags so far. */
  flagWrites = 0;
  /** Set while results are to be written by `select`: the condition of the instruction. */
  predicate: V32 | null = null;
  /** Whether the block is Thumb code. */
  readonly thumb: boolean;
  /** The IT state as the block knows it. */
  readonly it: ItTracker;
  readonly #page: number;
  /** NOPs in a row, and the address behind the last one. */
  #nops = 0;
  #nopEnd = -1;

  /** Starts the translation of the block at `pc` with the block flags `flags`. */
  constructor(b: IrBuilder, pc: number, flags: number, options: TranslateOptions) {
    this.b = b;
    this.pc = pc;
    this.flags = flags;
    this.options = options;
    this.thumb = (flags & TB_FLAG.THUMB) !== 0;
    this.it = new ItTracker(b, flags);
    this.#page = pc >>> PAGE_BITS;
  }

  /** Counts the current instruction, a NOP; gives how many there have been in a row. */
  countNop(): number {
    this.#nops = this.pc === this.#nopEnd ? this.#nops + 1 : 1;
    this.#nopEnd = this.next;
    return this.#nops;
  }

  /** Whether the block runs in User mode. */
  get user(): boolean {
    return (this.flags & TB_FLAG.USER) !== 0;
  }

  /** What the current instruction reads as the program counter. */
  get pcValue(): number {
    return (this.pc + (this.thumb ? 4 : 8)) >>> 0;
  }

  /** The word-aligned program counter, which literal addresses are relative to. */
  get literalBase(): number {
    return (this.pcValue & ~3) >>> 0;
  }

  /** Whether the current instruction has a 32-bit Thumb encoding. */
  get wide(): boolean {
    return this.thumb && this.next - this.pc === 4;
  }

  /** Reads general register `n`; 15 reads as {@linkcode Translation.pcValue}. */
  reg(n: number): V32 {
    return n === 15 ? this.b.codeAddr(this.pcValue) : this.b.get(reg(n));
  }

  /** Reads general register `n` as the base of an address: the pc is aligned. */
  base(n: number): V32 {
    return n === 15 ? this.b.codeAddr(this.literalBase) : this.reg(n);
  }

  /**
   * Writes general register `n`. For 15, which is UNPREDICTABLE for the instructions that use this
   * method, it branches without a change of state, as QEMU does, and must come last.
   */
  setReg(n: number, value: V32): void {
    const b = this.b;
    if (n === 15) {
      b.set(ARM.PC, b.and(value, b.const(this.thumb ? -2 : -4)));
      this.gotoPtr();
    } else if (this.predicate !== null) {
      b.set(reg(n), b.select(this.predicate, value, b.get(reg(n))));
    } else {
      b.set(reg(n), value);
    }
  }

  /** Writes a computed register `n`; 15 branches, from A32 code by bit 0 to Thumb (ALUWritePC). */
  setRegComputed(n: number, value: V32): void {
    if (this.thumb) this.setReg(n, value);
    else this.setRegInterworking(n, value);
  }

  /** Writes a loaded register `n`; 15 branches and bit 0 selects Thumb (LoadWritePC). */
  setRegInterworking(n: number, value: V32): void {
    if (n === 15) this.branchExchange(value);
    else this.setReg(n, value);
  }

  /** To be called by whatever writes the flags: what was known of them is forgotten. */
  flagsWritten(): void {
    this.flagsSource = null;
    this.flagWrites++;
  }

  /** Descriptor of an access of 1 << `size` bytes. */
  memop(size: number, kind: AccessKind = {}): number {
    const flags = this.flags;
    const align = kind.align ?? ((flags & TB_FLAG.ALIGN) !== 0 ? size : 0);
    return size | (kind.sign ? MEMOP.SIGN : 0) | align << MEMOP.ALIGN_SHIFT |
      ((flags & TB_FLAG.BIG_ENDIAN) !== 0 && size > 0 ? MEMOP.BIG_ENDIAN : 0) |
      this.#mmuIndex(kind.unprivileged === true) << MEMOP.MMU_SHIFT;
  }

  #mmuIndex(unprivileged: boolean): number {
    if (this.user) return MMU_INDEX.USER;
    return unprivileged ? MMU_INDEX.UNPRIVILEGED : MMU_INDEX.PRIVILEGED;
  }

  /** Continues at the constant address `pc` in the same state; ends the block. */
  goto(pc: number): void {
    // A chained block has the flags of this one and lies on its page.
    if (pc >>> PAGE_BITS === this.#page && !this.#mayLeavePage(pc) && this.it.leave()) {
      this.b.gotoTb(this.conditional ? 1 : 0, pc);
    } else {
      this.b.set(ARM.PC, this.b.codeAddr(pc));
      this.gotoPtr();
    }
    this.ended = true;
  }

  /** Whether the instruction at `pc` may end on the next page. */
  #mayLeavePage(pc: number): boolean {
    return this.thumb && (pc & (PAGE_SIZE - 1)) === PAGE_SIZE - 2;
  }

  /** Continues at the pc slot, which has been set; ends the block. */
  gotoPtr(): void {
    this.it.leave();
    this.b.gotoPtr();
    this.ended = true;
  }

  /** Continues at the next instruction through the pc slot; ends the block. */
  gotoNextByPtr(): void {
    this.b.set(ARM.PC, this.b.codeAddr(this.next));
    this.gotoPtr();
  }

  /**
   * Leaves translated code with an EXIT code; a helper has set the pc slot and all that depends on
   * the new place. Ends the block.
   */
  exit(code: number): void {
    this.b.exit(code);
    this.ended = true;
  }

  /** Leaves translated code and goes on at the next instruction. Ends the block. */
  exitToNext(code: number): void {
    this.b.set(ARM.PC, this.b.codeAddr(this.next));
    this.it.leave();
    this.exit(code);
  }

  /** Branches to the constant address `pc` if `condition` is not 0, else goes on; ends the block. */
  gotoIf(condition: V32, pc: number): void {
    this.it.leave();
    this.b.if(condition, () => {
      this.conditional = true;
      this.goto(pc);
      this.conditional = false;
    });
    this.goto(this.next);
  }

  /** Branches to a run-time address whose bit 0 selects Thumb; ends the block. */
  branchExchange(target: V32): void {
    const b = this.b;
    this.it.leave();
    const toThumb = b.and(target, b.const(1));
    b.if(this.thumb ? b.eqz(toThumb) : toThumb, () => {
      b.callVoid("arm_set_thumb", target);
      b.gotoPtr();
    });
    b.set(ARM.PC, b.and(target, b.const(this.thumb ? -2 : -4)));
    this.gotoPtr();
  }

  /** Branches to the constant address `target`, whose bit 0 selects Thumb; ends the block. */
  gotoOtherState(target: number): void {
    this.it.leave();
    this.b.callVoid("arm_set_thumb", this.b.codeAddr(target));
    this.gotoPtr();
  }

  /** Takes the Undefined Instruction exception; ends the block. */
  undefined(): void {
    this.it.settle();
    this.b.callVoid("arm_undefined");
    this.exit(EXIT.LOOKUP);
  }
}
