/**
 * Lowers a unit of IR blocks to one WebAssembly function. A unit is a single block, or a region:
 * several blocks whose chaining edges among themselves become branches inside the function. This
 * file holds the frame (prologues, structure, exits, labels); what an operation becomes stands in
 * `pure_ops.ts`, `state_ops.ts`, `guest_ops.ts`, `host_ops.ts` and `control_ops.ts`.
 * @module
 */
import type { HelperDef } from "../../ir/helper.ts";
import { EXIT, INSN_WORDS } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import type { BlockSite } from "../backend.ts";
import { BLOCK_PARAMS, BUDGET_LOCAL, ENV } from "./abi.ts";
import type { ByteWriter } from "./byte_writer.ts";
import { FunctionBody } from "./function_body.ts";
import type { ImportSet } from "./imports.ts";
import { groupLength, lowerGroup } from "./group_access.ts";
import { END, GUEST_LOAD, GUEST_STORE } from "./op_facts.ts";
import { planRegion } from "./region_plan.ts";
import { BlockScan } from "./scan.ts";
import { StateCache } from "./state_cache.ts";
import { Values } from "./values.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Room for a statement with three spills of every slot, and for one node of an expression. */
const STATEMENT_BYTES = 2048;
const TREE_BYTES = 256;

/** Emits one operation; `at` is the word offset of its instruction. */
export type Handler = (unit: UnitLowering, at: number) => void;

function isGroupable(op: number): boolean {
  return op === GUEST_LOAD || op === GUEST_STORE;
}

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

/** Handler tables by opcode. */
export interface HandlerTables {
  /** Statements: every operation where it stands. */
  readonly statements: readonly Handler[];
  /** Pure operations: emit the expression, leaving the value on the stack. */
  readonly trees: readonly Handler[];
}

/** Lowers units one after the other; one object serves a whole run. */
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
  readonly #tables: HandlerTables;
  /** Code of the block that is being lowered. */
  code: Int32Array = new Int32Array(0);
  /** Guest address of the instruction that is being lowered. */
  pc = 0;
  /** Block that is being lowered. */
  site!: BlockSite;
  /** Open ifs, innermost last. */
  readonly ifs: OpenIf[] = [];
  /** Labels in scope that continue at a block of the unit, by guest address. */
  readonly #labels: Map<number, number> = new Map();
  /** State at the head of every block of a write-back unit. */
  #headValid = 0;
  #headDirty = 0;

  /** `tables` says what operations become; `imports` collects what they need. */
  constructor(helpers: readonly HelperDef[], imports: ImportSet, tables: HandlerTables) {
    this.helpers = helpers;
    this.imports = imports;
    this.#tables = tables;
    const { trees } = tables;
    this.values = new Values(this.body, this.state, (at) => {
      this.body.reserve(TREE_BYTES);
      trees[this.code[at]](this, at);
    });
  }

  /** Lowers a unit (its first block is the entry) and appends the function's body to `out`. */
  lower(sites: readonly BlockSite[], out: ByteWriter, hints?: ByteWriter): void {
    const { body, state, scan } = this;
    body.begin(BLOCK_PARAMS);
    state.slots.clear();
    const plan = planRegion(sites);
    if (plan !== null) {
      // Edges inside the unit put the pc into its local; only leaving stores it.
      state.slots.sets[state.slots.add(VCPU.PC)]++;
    }
    for (const site of sites) scan.run(site.block, state.slots, this.helpers);
    const writeBack = plan !== null;
    state.begin(writeBack);
    this.#labels.clear();
    if (plan === null) {
      this.#block(sites[0]);
    } else {
      body.reserve(STATEMENT_BYTES);
      state.ensureAll(state.cached & ~state.pcBit);
      this.#setPcLocal(sites[0].block.pc);
      this.#headValid = state.cached;
      this.#headDirty = 0;
      for (let i = 0; i < state.slots.count; i++) {
        if (state.slots.sets[i] > 0) this.#headDirty |= state.cached & (1 << i);
      }
      for (const step of plan.steps) {
        body.reserve(STATEMENT_BYTES);
        switch (step.kind) {
          case "loop":
            this.#labels.set(step.pc, body.open(W.LOOP, WASM_TYPE.EMPTY));
            break;
          case "block":
            this.#labels.set(step.pc, body.open(W.BLOCK, WASM_TYPE.EMPTY));
            break;
          case "close":
            body.close();
            this.#labels.delete(step.pc);
            break;
          case "body":
            state.valid = this.#headValid;
            state.dirty = this.#headDirty;
            if (sites.length > 1) scan.run(sites[step.site].block, state.slots, this.helpers);
            this.#block(sites[step.site]);
            break;
        }
      }
      body.op(W.UNREACHABLE);
    }
    body.finish(out, hints);
  }

  #block(site: BlockSite): void {
    const { block } = site;
    this.site = site;
    this.code = block.code;
    this.pc = block.pc;
    this.ifs.length = 0;
    this.values.begin(block.code, block.types, this.scan.uses);
    this.#prologue(site);
    const { code } = this;
    const { statements } = this.#tables;
    for (let at = 0; at < code.length; at += INSN_WORDS) {
      const group = isGroupable(code[at]) ? groupLength(this, at) : 1;
      this.body.reserve(STATEMENT_BYTES * group);
      if (group === 1) {
        statements[code[at]](this, at);
      } else {
        lowerGroup(this, at, group);
        at += (group - 1) * INSN_WORDS;
      }
    }
    // Both arms of a last `if` have left; WebAssembly's validation does not see that.
    if (code[code.length - INSN_WORDS] === END) this.body.op(W.UNREACHABLE);
  }

  /** Takes the block's instructions off the budget, and leaves when it is spent or on request. */
  #prologue(site: BlockSite): void {
    const { body, state } = this;
    const insns = site.block.guestInsns;
    body.get(BUDGET_LOCAL);
    body.i32Const(insns);
    body.op(W.I32_SUB);
    body.tee(BUDGET_LOCAL);
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, VCPU.EXIT_REQUEST);
    body.op(W.I32_OR);
    body.i32Const(0);
    body.op(W.I32_LT_S);
    body.openIf(WASM_TYPE.EMPTY, false);
    body.get(BUDGET_LOCAL);
    body.i32Const(insns);
    body.op(W.I32_ADD);
    body.set(BUDGET_LOCAL);
    state.spill(~state.pcBit);
    this.storePc(site.block.pc);
    this.leave(EXIT.INTERRUPTED);
    body.close();
  }

  /** Stores a constant to the pc slot in memory. */
  storePc(pc: number): void {
    this.body.get(ENV);
    this.body.i32Const(pc);
    this.body.memory(W.I32_STORE, 2, VCPU.PC);
  }

  /** Writes the budget back and returns an exit code. State must have been spilled. */
  leave(code: number): void {
    const { body } = this;
    body.get(ENV);
    body.get(BUDGET_LOCAL);
    body.memory(W.I32_STORE, 2, VCPU.BUDGET);
    body.i32Const(code);
    body.op(W.RETURN);
  }

  /** After a call that may take a guest exception: leaves when it did. */
  leaveIfAsked(): void {
    const { body } = this;
    body.get(ENV);
    body.memory(W.I32_LOAD, 2, VCPU.LEAVE);
    body.openIf(WASM_TYPE.EMPTY, false);
    this.leave(EXIT.LOOKUP);
    body.close();
  }

  /** Sets the local of the pc slot, which every write-back unit has. */
  #setPcLocal(pc: number): void {
    this.body.i32Const(pc);
    this.body.set(this.state.local(this.state.find(VCPU.PC)));
  }

  /**
   * Continues at the block of this unit at guest address `pc`, when it is one and its label is in
   * scope; returns whether.
   */
  branchInside(pc: number): boolean {
    const label = this.#labels.get(pc);
    if (label === undefined) return false;
    const { body, state } = this;
    state.ensureAll(this.#headValid & ~state.pcBit);
    this.#setPcLocal(pc);
    body.branch(W.BR, label);
    return true;
  }
}
