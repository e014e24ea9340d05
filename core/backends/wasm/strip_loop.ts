/**
 * A strip-mined loop: a copy of a block that loops to itself, without TLB lookups, slow paths and
 * looks at the budget and at exit requests. It stands before the ordinary copy:
 *
 *     loop head
 *       block ordinary
 *         how many rounds? the fewest of: until an access leaves its page; until the budget is spent
 *         too few, a lookup that misses, an exit request: to `ordinary`
 *         loop inner: a round; while rounds are left and the guest goes round: to `inner`, else `head`
 *       end
 *       the ordinary block
 *     end
 *
 * State that no round reads is not kept up to date by the inner loop but set when it is left.
 * docs/rationale.md says why that is right.
 * @module
 */
import {
  PAGE_MASK,
  PAGE_SIZE,
  TLB_ADDEND,
  TLB_BYTES,
  TLB_READ,
  TLB_WRITE,
  VCPU,
} from "../../memory/vcpu_layout.ts";
import { BUDGET_LOCAL } from "./abi.ts";
import { pushTag } from "./guest_ops.ts";
import type { Strip, UnitLowering } from "./lowering.ts";
import type { StripPlan, Window } from "./strip_plan.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Fewer rounds are left to the ordinary block. */
const MIN_ROUNDS = 4;
/** Room for setting a slot when the loop is left, besides what the value takes. */
const RESULT_BYTES = 64;

/** The strip-mined loop that is being lowered. */
export class StripLoop implements Strip {
  readonly #plan: StripPlan;
  readonly #insns: number;
  /** Local with the addend of each window. */
  readonly #addends: readonly number[];
  /** Local with the rounds that are left, the current one among them. */
  readonly #rounds: number;
  /** Label of the head of a round. */
  readonly #inner: number;
  /** What slots, by offset, are set to when the loop is left: temporaries. */
  readonly #results: Map<number, number> = new Map();

  private constructor(
    plan: StripPlan,
    insns: number,
    addends: readonly number[],
    rounds: number,
    inner: number,
  ) {
    this.#plan = plan;
    this.#insns = insns;
    this.#addends = addends;
    this.#rounds = rounds;
    this.#inner = inner;
  }

  /** Whether everything that the addresses depend on is in locals. */
  static fits(u: UnitLowering, plan: StripPlan): boolean {
    return plan.windows.every(({ terms }) => terms.every(({ slot }) => u.state.find(slot) >= 0));
  }

  /** Emits what stands before the first round; every slot is valid. */
  static begin(u: UnitLowering, plan: StripPlan, insns: number): StripLoop {
    const { body } = u;
    const ordinary = body.open(W.BLOCK, WASM_TYPE.EMPTY);
    const rounds = body.allocate(false);
    body.get(BUDGET_LOCAL);
    u.pushInterrupted();
    leaveIf(u, ordinary);
    body.get(BUDGET_LOCAL);
    divide(u, insns);
    body.set(rounds);
    const addends = plan.windows.map((window) => lookUp(u, window, ordinary, rounds));
    body.get(rounds);
    body.i32Const(MIN_ROUNDS);
    body.op(W.I32_LT_U);
    leaveIf(u, ordinary);
    body.get(BUDGET_LOCAL);
    body.get(rounds);
    body.i32Const(insns);
    body.op(W.I32_MUL);
    body.op(W.I32_SUB);
    body.set(BUDGET_LOCAL);
    const inner = body.open(W.LOOP, WASM_TYPE.EMPTY);
    return new StripLoop(plan, insns, addends, rounds, inner);
  }

  /** Pushes the host address of the access at word offset `at`, whose address is anchored. */
  pushHost(u: UnitLowering, at: number): void {
    u.values.pushAgain(u.code[at + 3]);
    u.body.get(this.#addends[this.#plan.windowAt.get(at)!]);
    u.body.op(W.I32_ADD);
  }

  /** The guest goes round: on with the next round when one is left. */
  nextRound(u: UnitLowering): void {
    const { body } = u;
    body.get(this.#rounds);
    body.i32Const(1);
    body.op(W.I32_SUB);
    body.tee(this.#rounds);
    body.branch(W.BR_IF, this.#inner);
    this.#settle(u);
  }

  /**
   * The guest leaves the loop: sets what was put off and gives the budget of the rounds back that
   * will not be run.
   */
  leave(u: UnitLowering): void {
    const { body } = u;
    body.get(BUDGET_LOCAL);
    body.get(this.#rounds);
    body.i32Const(1);
    body.op(W.I32_SUB);
    body.i32Const(this.#insns);
    body.op(W.I32_MUL);
    body.op(W.I32_ADD);
    body.set(BUDGET_LOCAL);
    this.#settle(u);
  }

  /**
   * Puts the `set` at word offset `at` off until the loop is left, when no round needs it; returns
   * whether. Above all, flags are computed once and not each round.
   */
  postpones(u: UnitLowering, at: number): boolean {
    const offset = u.code[at + 1];
    if (!this.#plan.results.has(at) || u.state.find(offset) < 0) return false;
    const earlier = this.#results.get(offset);
    if (earlier !== undefined) u.values.discard(earlier);
    const value = u.code[at + 3];
    u.values.freeze(value);
    this.#results.set(offset, value);
    return true;
  }

  #settle(u: UnitLowering): void {
    for (const [offset, value] of this.#results) {
      u.body.reserve(RESULT_BYTES);
      u.values.pushFrozen(value);
      u.state.set(u.state.find(offset), offset);
    }
  }

  /** Ends the inner loop; the ordinary block follows. */
  end(u: UnitLowering): void {
    const { body } = u;
    body.op(W.UNREACHABLE);
    body.close();
    body.op(W.UNREACHABLE);
    body.close();
    for (const value of this.#results.values()) u.values.discard(value);
    for (const addend of this.#addends) body.release(addend, false);
    body.release(this.#rounds, false);
  }
}

/** Branches to `label`, which is unlikely, when the value on the stack is not 0. */
function leaveIf(u: UnitLowering, label: number): void {
  u.body.openIf(WASM_TYPE.EMPTY, false);
  u.body.branch(W.BR, label);
  u.body.close();
}

/** Divides the number on the stack, which is not negative. */
function divide(u: UnitLowering, by: number): void {
  if (by === 1) return;
  const shift = 31 - Math.clz32(by);
  u.body.i32Const(by === 1 << shift ? shift : by);
  u.body.op(by === 1 << shift ? W.I32_SHR_U : W.I32_DIV_U);
}

/**
 * Looks a window's page up, leaving to `ordinary` when it misses, and lowers `rounds` to those until
 * the window leaves the page. Returns a local with the entry's addend.
 */
function lookUp(u: UnitLowering, window: Window, ordinary: number, rounds: number): number {
  const { body } = u;
  const { align, mmuIndex, offset, step, write } = window;
  const bytes = window.end - offset;
  const table = VCPU.TLB + mmuIndex * TLB_BYTES;
  const address = body.allocate(false);
  const addend = body.allocate(false);
  body.i32Const(offset);
  for (const { slot, factor } of window.terms) {
    body.get(u.state.local(u.state.find(slot)));
    if (factor !== 1) {
      body.i32Const(factor);
      body.op(W.I32_MUL);
    }
    body.op(W.I32_ADD);
  }
  body.tee(address);
  pushTag(u, addend, table + (write ? TLB_WRITE : TLB_READ));
  // The page of the last byte, with the alignment bits of the first.
  body.get(address);
  body.i32Const(Math.trunc((bytes - 1) / align) * align);
  body.op(W.I32_ADD);
  body.i32Const(PAGE_MASK | (align - 1));
  body.op(W.I32_AND);
  body.op(W.I32_NE);
  leaveIf(u, ordinary);
  body.get(addend);
  body.memory(W.I32_LOAD, 2, table + TLB_ADDEND);
  body.set(addend);
  if (step !== 0) {
    const fitting = body.allocate(false);
    body.get(address);
    body.i32Const(PAGE_SIZE - 1);
    body.op(W.I32_AND);
    if (step > 0) {
      body.set(fitting);
      body.i32Const(PAGE_SIZE - bytes);
      body.get(fitting);
      body.op(W.I32_SUB);
    }
    divide(u, Math.abs(step));
    body.i32Const(1);
    body.op(W.I32_ADD);
    body.tee(fitting);
    body.get(rounds);
    body.get(fitting);
    body.get(rounds);
    body.op(W.I32_LT_U);
    body.op(W.SELECT);
    body.set(rounds);
    body.release(fitting, false);
  }
  body.release(address, false);
  return addend;
}
