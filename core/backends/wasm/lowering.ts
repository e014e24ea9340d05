/**
 * The lowering of one unit in progress: what the handlers of the operations (`pure_ops.ts`,
 * `state_ops.ts`, `guest_ops.ts`, `host_ops.ts`, `control_ops.ts` and so on) work with.
 * `lower_unit.ts` drives it.
 * @module
 */
import type { HelperDef } from "../../ir/helper.ts";
import { EXIT } from "../../ir/ops.ts";
import {
  JUMP_CACHE_ENTRY_BYTES,
  JUMP_CACHE_INDEX,
  JUMP_ENTRY,
  VCPU,
} from "../../memory/vcpu_layout.ts";
import type { BlockSite } from "../backend.ts";
import { BUDGET_LOCAL, ENV, HELPER_PC } from "./abi.ts";
import { FunctionBody } from "./function_body.ts";
import type { FlagPlan, Flags } from "./flag_plan.ts";
import type { ImportSet } from "./imports.ts";
import type { RegionEdge } from "./region_plan.ts";
import { BlockScan } from "./scan.ts";
import { StateCache } from "./state_cache.ts";
import { Values } from "./values.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Room for one node of an expression. */
const TREE_BYTES = 256;

/** Emits one operation; `at` is the word offset of its instruction. */
export type Handler = (unit: UnitLowering, at: number) => void;

/** What a unit's state looked like when an `if` opened. */
export interface OpenIf {
  /** Slots that were valid. */
  valid: number;
  /** Slots that were dirty. */
  dirty: number;
  /** Slots that must be valid where an arm reaches the end. */
  merge: number;
  /** Slots that were valid at the end of the first arm, once there is an else. */
  thenValid: number;
  /** Slots that were dirty there. */
  thenDirty: number;
  /** Whether the first arm goes on behind the `if`. */
  thenReached: boolean;
  /** Whether there was an else. */
  hasElse: boolean;
}

/** A strip-mined loop as far as the operations in it care (strip_loop.ts). */
export interface Strip {
  /** Pushes the host address of the access at word offset `at`, whose address is anchored. */
  pushHost(unit: UnitLowering, at: number): void;
  /** The guest goes round. */
  nextRound(unit: UnitLowering): void;
  /** The guest leaves the loop. */
  leave(unit: UnitLowering): void;
  /** Puts the `set` at word offset `at` off until the loop is left, if it may; returns whether. */
  postpones(unit: UnitLowering, at: number): boolean;
}

/** The function of a helper as far as the operations in it care. */
export interface HelperFrame {
  /** WASM_TYPE of the result; null without. */
  readonly result: number | null;
  /** Local of each variable, by number. */
  readonly variables: readonly number[];
  /** Open loops, innermost last. */
  readonly loops: OpenLoop[];
}

/** A loop of a helper. */
export interface OpenLoop {
  /** Label behind the loop. */
  readonly after: number;
  /** Label of its head. */
  readonly head: number;
  /** Temporaries from before it that it uses. */
  readonly held: readonly number[];
}

/** Handler tables by opcode. */
export interface HandlerTables {
  /** Statements: every operation where it stands. */
  readonly statements: readonly Handler[];
  /** Pure operations: emit the expression, leaving the value on the stack. */
  readonly trees: readonly Handler[];
}

/** Progress and services of the lowering of a unit; one object serves all units of a thread. */
export class UnitLowering {
  /** Declarations of the helpers, by number. */
  readonly helpers: readonly HelperDef[];
  /** Functions that the module imports so far. */
  readonly imports: ImportSet;
  /** Code of the function. */
  readonly body: FunctionBody = new FunctionBody();
  /** State slots in locals. */
  readonly state: StateCache = new StateCache(this.body);
  /** What the scan found in the block that is being lowered. */
  readonly scan: BlockScan = new BlockScan();
  /** Temporaries: on the stack, in locals, or pending. */
  readonly values: Values;
  /** Code of the block that is being lowered. */
  code: Int32Array = new Int32Array(0);
  /** Place of the instruction that is being lowered. */
  pc = 0;
  /** Local with the guest address of place `origin` of the block that is being lowered. */
  base: number = -1;
  /** The place that `base` stands for. */
  origin: number = 0;
  /** The local of each block of a write-back unit, where the origin is 0: those on one page share it. */
  bases: readonly number[] = [];
  /** Block that is being lowered. */
  site!: BlockSite;
  /** Open ifs, innermost last. */
  readonly ifs: OpenIf[] = [];
  /** Edges of the block that is being lowered, in a write-back unit. */
  edges: readonly RegionEdge[] = [];
  /** Labels in scope that continue at a block of the unit, by its index. */
  readonly labels: Map<number, number> = new Map();
  /** Slots that are valid at the head of every block of a write-back unit. */
  headValid = 0;
  /** What the block does to the flags; null where they are computed at once. */
  flagPlan: FlagPlan | null = null;
  /** What the flags' locals hold at the head of each block of a write-back unit. */
  flagHeads: readonly Flags[] = [];
  /** The strip-mined loop that is being lowered, if any. */
  strip: Strip | null = null;
  /** FROM_REGION in a unit that is a region of the second tier, else 0. */
  fromRegion = 0;
  /** The helper that is being lowered; null for a unit of blocks. */
  helper: HelperFrame | null = null;

  /** `trees` are the handlers of pure operations; `imports` collects what they need. */
  constructor(helpers: readonly HelperDef[], imports: ImportSet, trees: readonly Handler[]) {
    this.helpers = helpers;
    this.imports = imports;
    this.values = new Values(this.body, this.state, (at) => {
      this.body.reserve(TREE_BYTES);
      trees[this.code[at]](this, at);
    });
  }

  /** Pushes the guest address of the instruction, for a helper. */
  pushPc(): void {
    if (this.helper === null) this.pushAddress(this.pc);
    else this.body.get(HELPER_PC);
  }

  /** Pushes the guest address of a place of the block. */
  pushAddress(place: number): void {
    this.body.get(this.base);
    const offset = (place - this.origin) | 0;
    if (offset === 0) return;
    this.body.i32Const(offset);
    this.body.op(W.I32_ADD);
  }

  /** Goes on with place 0 as the origin: takes the address of `place` from the stack into a base. */
  setBase(base: number, place: number): void {
    const { body } = this;
    body.i32Const(place);
    body.op(W.I32_SUB);
    body.set(base);
  }

  /** Pushes where the jump cache entry for the address in a local is, less its offset in the vCPU. */
  #pushJumpEntry(pc: number): void {
    const { body } = this;
    body.get(pc);
    body.i32Const(JUMP_CACHE_INDEX.LOW);
    body.op(W.I32_SHR_U);
    body.get(pc);
    body.i32Const(JUMP_CACHE_INDEX.HIGH);
    body.op(W.I32_SHR_U);
    body.op(W.I32_XOR);
    body.i32Const(JUMP_CACHE_INDEX.MASK);
    body.op(W.I32_AND);
    body.i32Const(Math.log2(JUMP_CACHE_ENTRY_BYTES));
    body.op(W.I32_SHL);
    body.get(ENV);
    body.op(W.I32_ADD);
  }

  /** Stores the address of a place to the pc slot in memory. */
  storePc(place: number): void {
    this.body.get(ENV);
    this.pushAddress(place);
    this.body.memory(W.I32_STORE, 2, VCPU.PC);
  }

  /** Writes the budget back and returns an exit code. State must have been spilled. */
  leave(code: number): void {
    const { body } = this;
    body.get(ENV);
    body.get(BUDGET_LOCAL);
    body.memory(W.I32_STORE, 2, VCPU.BUDGET);
    body.i32Const(code | this.fromRegion);
    body.op(W.RETURN);
  }

  /** In a region, where it is entered: what is left of the budget counts as run there. */
  enterRegion(): void {
    if (this.fromRegion !== 0) this.#countRegion(W.I32_ADD);
  }

  /**
   * In a region, where other code goes on: what is left of the budget is not run there. Where a
   * region returns, whoever called it does the same (WasmRunner).
   */
  leaveRegion(): void {
    if (this.fromRegion !== 0) this.#countRegion(W.I32_SUB);
  }

  #countRegion(op: number): void {
    const { body } = this;
    body.get(ENV);
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, VCPU.REGION_INSNS);
    body.get(BUDGET_LOCAL);
    body.op(op);
    body.memory(W.I32_STORE, 2, VCPU.REGION_INSNS);
  }

  /** Takes a budget from the stack and pushes whether it is spent or an exit has been requested. */
  pushInterrupted(): void {
    const { body } = this;
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, VCPU.EXIT_REQUEST);
    body.op(W.I32_OR);
    body.i32Const(0);
    body.op(W.I32_LT_S);
  }

  /** After a call that may take a guest exception: leaves when it did. */
  leaveIfAsked(): void {
    const { body } = this;
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, VCPU.LEAVE);
    body.openIf(WASM_TYPE.EMPTY, false);
    if (this.helper === null) this.leave(EXIT.LOOKUP);
    else this.#leaveHelper(this.helper);
    body.close();
  }

  /** Its caller looks at LEAVE itself, not at the result. */
  #leaveHelper({ result }: HelperFrame): void {
    if (result === WASM_TYPE.I64) this.body.i64Const(0, 0);
    else if (result !== null) this.body.i32Const(0);
    this.body.op(W.RETURN);
  }

  /** Sets the local of the pc slot, which every write-back unit has, to the address of a place. */
  setPcLocal(place: number): void {
    this.pushAddress(place);
    this.body.set(this.state.local(this.state.find(VCPU.PC)));
  }

  /**
   * Continues at the block of this unit that a goto_tb to place `pc` leads to, when there is one and its
   * label is in scope; returns whether.
   */
  branchInside(pc: number): boolean {
    const edge = this.edges.find((edge) => edge.guard === null && edge.pc === pc);
    const label = edge && this.labels.get(edge.node);
    if (label === undefined) return false;
    const { body, state } = this;
    state.ensureAll(this.headValid & ~state.pcBit);
    if (this.strip !== null && pc === (this.site.block.pc | 0)) this.strip.nextRound(this);
    else this.strip?.leave(this);
    this.setPcLocal(pc);
    state.agreeOnFlags(this.flagHeads[edge!.node]);
    body.branch(W.BR, label);
    return true;
  }

  /** Continues at the blocks of this unit that a goto_ptr is expected to lead to, when it does. */
  jumpInside(): void {
    const { body, state } = this;
    const edges = this.edges.filter(({ guard, node }) => guard !== null && this.labels.has(node));
    const pcSlot = state.find(VCPU.PC);
    const found = edges.some(({ guard }) => guard!.otherPage) ? this.#foundByJumpCache(pcSlot) : -1;
    for (const { pc, node, guard } of edges) {
      const { flags, id, otherPage } = guard!;
      if (otherPage) {
        body.get(found);
        body.i32Const(id);
        body.op(W.I32_EQ);
      } else {
        state.push(pcSlot);
        this.pushAddress(pc);
        body.op(W.I32_XOR);
        this.#pushFlagsDifference(flags);
        body.op(W.I32_OR);
        body.op(W.I32_EQZ);
      }
      body.openIf(WASM_TYPE.EMPTY, true);
      const { valid } = state;
      if (otherPage) {
        state.push(pcSlot);
        this.setBase(this.bases[node], pc);
      }
      state.ensureAll(this.headValid);
      state.agreeOnFlags(this.flagHeads[node]);
      body.branch(W.BR, this.labels.get(node)!);
      body.close();
      state.valid = valid;
    }
    if (found >= 0) body.release(found, false);
  }

  /** Pushes 0 when the vCPU's block flags are `flags`. */
  #pushFlagsDifference(flags: number): void {
    const { body } = this;
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, VCPU.TB_FLAGS);
    body.i32Const(flags);
    body.op(W.I32_XOR);
  }

  /**
   * Pushes the word `field` of the jump cache's entry for local `pc`, 0 where the entry is another
   * block's; local `entry` then has the entry.
   */
  pushFromJumpCache(pc: number, entry: number, field: number): void {
    const { body } = this;
    this.#pushJumpEntry(pc);
    body.tee(entry);
    body.memory(W.I32_LOAD, 2, VCPU.JUMP_CACHE + field);
    body.i32Const(0);
    body.get(entry);
    body.memory(W.I32_LOAD, 2, VCPU.JUMP_CACHE + JUMP_ENTRY.PC);
    body.get(pc);
    body.op(W.I32_EQ);
    body.get(entry);
    body.memory(W.I32_LOAD, 2, VCPU.JUMP_CACHE + JUMP_ENTRY.FLAGS);
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, VCPU.TB_FLAGS);
    body.op(W.I32_EQ);
    body.op(W.I32_AND);
    body.op(W.SELECT);
  }

  /** A local with the id of the block at the pc slot as the jump cache knows it, 0 if it does not. */
  #foundByJumpCache(pcSlot: number): number {
    const { body, state } = this;
    const entry = body.allocate(false);
    state.ensure(pcSlot);
    const pc = state.local(pcSlot);
    this.pushFromJumpCache(pc, entry, JUMP_ENTRY.ID);
    body.set(entry);
    return entry;
  }
}
