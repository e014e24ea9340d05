/**
 * Lowers a unit of IR blocks to one WebAssembly function. A unit is a single block, or a region:
 * several blocks whose chaining edges among themselves become branches inside the function. This
 * file holds the frame: prologues, structure, labels; what an operation becomes is its handler's.
 * @module
 */
import { type IrBlock, TYPE_CODES } from "../../ir/block.ts";
import { type HelperDef, helperParams, helperResult, type HelperType } from "../../ir/helper.ts";
import { EXIT, FROM_REGION, INSN_WORDS, OP } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import type { BlockSite } from "../backend.ts";
import { BLOCK_PARAMS, BUDGET_LOCAL, ENV, HELPER_PARAMS } from "./abi.ts";
import type { ByteWriter } from "./byte_writer.ts";
import { FLAGS, flagsAtHeads, planFlags } from "./flag_plan.ts";
import { groupLength, isGroupable, lowerGroup } from "./group_access.ts";
import type { ImportSet } from "./imports.ts";
import { type Handler, type HandlerTables, UnitLowering } from "./lowering.ts";
import { END, USES_ADDRESS } from "./op_facts.ts";
import { planRegion, type RegionEdge, unitEdges, type UnitSite } from "./region_plan.ts";
import { StripLoop } from "./strip_loop.ts";
import { planStrip, type StripPlan } from "./strip_plan.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Room for a statement with three spills of every slot. */
const STATEMENT_BYTES = 2048;

/** Lowers units one after the other; one object a thread. */
export class UnitLowerer {
  readonly #unit: UnitLowering;
  readonly #statements: readonly Handler[];
  /** Id of the entry of a unit that was planned with its edges, else 0: tells where it was left. */
  #head = 0;

  /** `tables` says what operations become; `imports` collects what they need. */
  constructor(helpers: readonly HelperDef[], imports: ImportSet, tables: HandlerTables) {
    this.#unit = new UnitLowering(helpers, imports, tables.trees);
    this.#statements = tables.statements;
  }

  /** Lowers a unit (its first block is the entry) and appends the function's body to `out`. */
  lower(sites: readonly UnitSite[], out: ByteWriter, hints?: ByteWriter): void {
    const unit = this.#unit;
    const { body, scan, state } = unit;
    body.begin(BLOCK_PARAMS);
    state.slots.clear();
    const edges = unitEdges(sites);
    const plan = planRegion(sites, edges);
    if (plan !== null) {
      // Edges inside the unit put the pc into its local; only leaving stores it.
      state.slots.sets[state.slots.add(VCPU.PC)]++;
    }
    const sets: number[] = [];
    for (const site of sites) {
      scan.run(site.block, state.slots, unit.helpers);
      sets.push(scan.sets);
    }
    const writeBack = plan !== null;
    state.begin(writeBack);
    unit.labels.clear();
    unit.edges = [];
    this.#head = 0;
    unit.fromRegion = 0;
    unit.flagPlan = null;
    unit.flagHeads = [];
    if (plan === null) {
      unit.base = -1;
      if (usesAddresses(sites[0].block)) {
        unit.base = body.allocate(false);
        body.get(ENV);
        body.memory(W.I32_LOAD, 2, VCPU.PC);
        body.set(unit.base);
        unit.origin = sites[0].block.pc;
      }
      this.#prologue(sites[0], true, false);
      this.#block(sites[0]);
    } else {
      this.#head = sites[0].edges === undefined ? 0 : sites[0].id;
      unit.fromRegion = this.#head === 0 ? 0 : FROM_REGION;
      body.reserve(STATEMENT_BYTES);
      unit.enterRegion();
      state.ensureAll(state.cached);
      unit.bases = this.#bases(sites);
      unit.origin = 0;
      state.push(state.find(VCPU.PC));
      unit.setBase(unit.bases[0], sites[0].block.pc);
      unit.headValid = state.cached;
      const dirty = dirtyAtHeads(edges, sets, state.cached, state.pcBit);
      const strips = sites.map((site, i) => stripPlan(site, i, edges[i]));
      const flagPlans = state.flagBits === 0
        ? null
        : sites.map((site, i) => planFlags(site.block, unit.helpers, strips[i] !== null));
      unit.flagHeads = flagPlans === null
        ? sites.map(() => FLAGS.VALUES)
        : flagsAtHeads(edges, flagPlans);
      const checked = this.#head === 0 ? new Set(sites.keys()) : jumpTargets(edges);
      checked.add(0);
      for (const { kind, site } of plan.steps) {
        body.reserve(STATEMENT_BYTES);
        switch (kind) {
          case "loop":
            unit.labels.set(site, body.open(W.LOOP, WASM_TYPE.EMPTY));
            checked.add(site);
            break;
          case "block":
            unit.labels.set(site, body.open(W.BLOCK, WASM_TYPE.EMPTY));
            break;
          case "close":
            body.close();
            unit.labels.delete(site);
            break;
          case "body":
            state.valid = unit.headValid;
            state.dirty = dirty[site];
            state.flags = unit.flagHeads[site];
            unit.flagPlan = flagPlans?.[site] ?? null;
            unit.edges = edges[site];
            unit.base = unit.bases[site];
            if (this.#strip(sites[site], strips[site])) {
              state.valid = unit.headValid;
              state.dirty = dirty[site];
              scan.run(sites[site].block, state.slots, unit.helpers);
            } else if (sites.length > 1) {
              scan.run(sites[site].block, state.slots, unit.helpers);
            }
            this.#prologue(sites[site], checked.has(site), true);
            this.#block(sites[site]);
            break;
        }
      }
      body.op(W.UNREACHABLE);
    }
    body.finish(out, hints);
  }

  /**
   * Lowers the body of a helper in IR and appends the function to `out`. It keeps no state in
   * locals: whoever calls it has put the state into memory where the helper may want it.
   */
  lowerHelper(def: HelperDef, block: IrBlock, out: ByteWriter, hints: ByteWriter): void {
    const unit = this.#unit;
    const { body, scan, state } = unit;
    const params = helperParams(def);
    body.begin(HELPER_PARAMS + params.length);
    state.slots.clear();
    scan.run(block, state.slots, unit.helpers);
    state.slots.clear();
    state.begin(false);
    unit.code = block.code;
    unit.ifs.length = 0;
    unit.flagPlan = null;
    unit.helper = {
      result: wasmType(helperResult(def)),
      variables: variableTypes(block).map((type) => body.allocateTyped(type)),
      loops: [],
    };
    unit.values.begin(block.code, block.types, scan.uses);
    for (let at = 0; at < block.code.length; at += INSN_WORDS) {
      body.reserve(STATEMENT_BYTES);
      this.#statements[block.code[at]](unit, at);
    }
    // Every path has returned; WebAssembly's validation does not see that.
    body.op(W.UNREACHABLE);
    body.finish(out, hints);
    unit.helper = null;
  }

  /** A local for each page of the unit, by block: see UnitLowering.bases. */
  #bases(sites: readonly UnitSite[]): number[] {
    const locals = new Map<number, number>();
    return sites.map(({ page = 0 }) => {
      const local = locals.get(page) ?? this.#unit.body.allocate(false);
      locals.set(page, local);
      return local;
    });
  }

  /** Puts a strip-mined copy of a block before the ordinary one, when there is a plan that fits. */
  #strip(site: BlockSite, plan: StripPlan | null): boolean {
    const unit = this.#unit;
    if (plan === null) return false;
    // Neither copy puts flags off in its own way.
    unit.state.settleFlags();
    if (!StripLoop.fits(unit, plan)) return false;
    unit.scan.run(site.block, unit.state.slots, unit.helpers);
    const strip = StripLoop.begin(unit, plan, site.block.guestInsns);
    unit.strip = strip;
    this.#block(site);
    strip.end(unit);
    unit.strip = null;
    unit.body.reserve(STATEMENT_BYTES);
    return true;
  }

  #block(site: BlockSite): void {
    const { block } = site;
    const { code } = block;
    const unit = this.#unit;
    unit.site = site;
    unit.code = code;
    unit.pc = block.pc;
    unit.ifs.length = 0;
    unit.values.begin(code, block.types, unit.scan.uses);
    for (let at = 0; at < code.length; at += INSN_WORDS) {
      const group = isGroupable(code[at]) ? groupLength(unit, at) : 1;
      unit.body.reserve(STATEMENT_BYTES * group);
      if (group === 1) {
        this.#statements[code[at]](unit, at);
      } else {
        lowerGroup(unit, at, group);
        at += (group - 1) * INSN_WORDS;
      }
    }
    // Both arms of a last `if` have left; WebAssembly's validation does not see that.
    if (code[code.length - INSN_WORDS] === END) unit.body.op(W.UNREACHABLE);
  }

  /**
   * Takes the block's instructions off the budget and, when it is `checked`, leaves when that is
   * spent or on request. In a unit that was planned with its edges the entry, loop heads and what is
   * jumped to are checked: so is every way round. `writeBack`: the pc slot may be behind.
   */
  #prologue(site: BlockSite, checked: boolean, writeBack: boolean): void {
    const { body, state } = this.#unit;
    const insns = site.block.guestInsns;
    body.get(BUDGET_LOCAL);
    body.i32Const(insns);
    body.op(W.I32_SUB);
    if (!checked) {
      body.set(BUDGET_LOCAL);
      return;
    }
    body.tee(BUDGET_LOCAL);
    this.#unit.pushInterrupted();
    body.openIf(WASM_TYPE.EMPTY, false);
    body.get(BUDGET_LOCAL);
    body.i32Const(insns);
    body.op(W.I32_ADD);
    body.set(BUDGET_LOCAL);
    state.spill(~state.pcBit);
    if (writeBack) this.#unit.storePc(site.block.pc);
    this.#unit.leave(EXIT.INTERRUPTED | this.#head << 8);
    body.close();
  }
}

function wasmType(type: HelperType | null): number | null {
  return type === null ? null : type === "i64" ? WASM_TYPE.I64 : WASM_TYPE.I32;
}

/** WASM_TYPE of each variable of a helper's body, by number. */
function variableTypes({ code, types }: IrBlock): number[] {
  const found: number[] = [];
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    const [op, , dst, a, b] = code.subarray(at, at + INSN_WORDS);
    const type = (temp: number) =>
      TYPE_CODES[types[temp]] === "i64" ? WASM_TYPE.I64 : WASM_TYPE.I32;
    if (op === OP.set_local) found[b] = type(a);
    else if (op === OP.get_local || op === OP.get_local64) found[a] = type(dst);
  }
  // A number that nothing uses has a local all the same.
  return Array.from(found, (type) => type ?? WASM_TYPE.I32);
}

/** Whether a block's code needs a guest address of its own. */
function usesAddresses({ code }: IrBlock): boolean {
  for (let at = 0; at < code.length; at += INSN_WORDS) if (USES_ADDRESS[code[at]]) return true;
  return false;
}

/** How to strip-mine a block, number `index` of its unit, that loops to itself; null: not. */
function stripPlan(
  site: BlockSite,
  index: number,
  edges: readonly RegionEdge[],
): StripPlan | null {
  const loops = edges.some(({ node, guard }) => node === index && guard === null);
  return loops ? planStrip(site.block) : null;
}

/** Blocks that are reached otherwise than by goto_tb. */
function jumpTargets(edges: readonly (readonly RegionEdge[])[]): Set<number> {
  return new Set(edges.flat().flatMap(({ node, guard }) => guard === null ? [] : [node]));
}

/**
 * Slots that may be newer in their locals than in memory at the head of each block: those that a
 * block before it sets, and the pc.
 */
function dirtyAtHeads(
  edges: readonly (readonly RegionEdge[])[],
  sets: readonly number[],
  cached: number,
  pcBit: number,
): number[] {
  const dirty = edges.map(() => pcBit);
  for (let changed = true; changed;) {
    changed = false;
    for (const [i, out] of edges.entries()) {
      const after = (dirty[i] | sets[i]) & cached;
      for (const { node } of out) {
        if ((dirty[node] | after) === dirty[node]) continue;
        dirty[node] |= after;
        changed = true;
      }
    }
  }
  return dirty;
}
