/**
 * The reference backend: runs blocks of host-level IR directly, one instruction after the other.
 * It is also the cold tier under the WebAssembly backend.
 * @module
 */
import type { BackendHost } from "../backend.ts";
import type { IrBlock } from "../../ir/block.ts";
import { MAX_VARIABLES } from "../../ir/helper.ts";
import { EXIT, INSN_WORDS, NO_TEMP, OPS } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { InterpMemory } from "./memory.ts";
import { FpUnit, SHAPE, SHAPE_SHIFT } from "../../fp/unit.ts";
import { VectorUnit, type VectorValue } from "./vector.ts";
import { bswap32, mul64, shl64, shr64 } from "./wide.ts";

/** Temporaries, parameters and variables of a helper in IR; 64-bit ones take two words. */
class HelperFrame {
  lo: Int32Array<ArrayBuffer> = new Int32Array(256);
  hi: Int32Array<ArrayBuffer> = new Int32Array(256);
  x2: Int32Array<ArrayBuffer> = new Int32Array(256);
  x3: Int32Array<ArrayBuffer> = new Int32Array(256);
  readonly params: Int32Array<ArrayBuffer> = new Int32Array(6);
  readonly variables: Int32Array<ArrayBuffer> = new Int32Array(2 * MAX_VARIABLES);
  result = 0;

  /** Passes a temporary of the caller, if any. */
  setParam(n: number, lo: Int32Array, hi: Int32Array, temp: number): void {
    if (temp === NO_TEMP) return;
    this.params[2 * n] = lo[temp];
    this.params[2 * n + 1] = hi[temp];
  }

  /** Makes room for the temporaries of `body`; variables begin as 0. */
  begin({ types }: IrBlock): void {
    this.variables.fill(0);
    if (types.length <= this.lo.length) return;
    [this.lo, this.hi, this.x2, this.x3] = Array.from(
      { length: 4 },
      () => new Int32Array(2 * types.length),
    );
  }
}

/** Runs IR on one thread. Nothing is allocated while a block runs. */
export class InterpRunner {
  readonly #host: BackendHost;
  readonly #memory: InterpMemory;
  /** Temporaries: 32-bit values and low halves, and high halves. */
  #lo: Int32Array<ArrayBuffer> = new Int32Array(1024);
  #hi: Int32Array<ArrayBuffer> = new Int32Array(1024);
  /** The upper two words of 128-bit values. */
  #x2: Int32Array<ArrayBuffer> = new Int32Array(1024);
  #x3: Int32Array<ArrayBuffer> = new Int32Array(1024);
  readonly #vector = new VectorUnit();
  readonly #helper = new HelperFrame();
  /** High half of the latest result of a helper. */
  #high = 0;
  readonly #fp: FpUnit;

  /** One a thread. */
  constructor(host: BackendHost) {
    this.#host = host;
    this.#memory = new InterpMemory(host);
    this.#fp = new FpUnit(host.views);
  }

  /**
   * Runs one block on the vCPU at `env`: the prologue (budget and exit request), then the code.
   * @returns an EXIT code; after `goto_tb` it is `EXIT.CHAIN | slot << 7` with the pc slot set, into
   * which the caller puts the block's number.
   */
  runBlock(env: number, block: IrBlock): number {
    const i32 = this.#host.views.i32;
    const budgetAt = (env + VCPU.BUDGET) >>> 2;
    const budget = i32[budgetAt] - block.guestInsns;
    if ((budget | i32[(env + VCPU.EXIT_REQUEST) >>> 2]) < 0) {
      return EXIT.INTERRUPTED;
    }
    i32[budgetAt] = budget;
    if (block.types.length > this.#lo.length) {
      this.#lo = new Int32Array(block.types.length * 2);
      this.#hi = new Int32Array(block.types.length * 2);
      this.#x2 = new Int32Array(block.types.length * 2);
      this.#x3 = new Int32Array(block.types.length * 2);
    }
    return this.#execute(env, block, i32[(env + VCPU.PC) >>> 2]);
  }

  /** Runs a helper; the result is the low half, with the high half in #high. */
  #call(helper: number, env: number, pc: number, a: number, b: number, c: number): number {
    const lo = this.#lo;
    const body = this.#host.helperBodies[helper];
    if (typeof body !== "function") return this.#callIr(body, env, pc, a, b, c);
    return body(
      env,
      pc,
      a === NO_TEMP ? 0 : lo[a],
      b === NO_TEMP ? 0 : lo[b],
      c === NO_TEMP ? 0 : lo[c],
    );
  }

  /** Runs a helper in IR, on temporaries of its own: no such helper calls another. */
  #callIr(body: IrBlock, env: number, pc: number, a: number, b: number, c: number): number {
    const lo = this.#lo, hi = this.#hi, x2 = this.#x2, x3 = this.#x3;
    const frame = this.#helper;
    frame.begin(body);
    frame.setParam(0, lo, hi, a);
    frame.setParam(1, lo, hi, b);
    frame.setParam(2, lo, hi, c);
    this.#lo = frame.lo;
    this.#hi = frame.hi;
    this.#x2 = frame.x2;
    this.#x3 = frame.x3;
    frame.result = 0;
    this.#high = 0;
    this.#execute(env, body, pc);
    this.#lo = lo;
    this.#hi = hi;
    this.#x2 = x2;
    this.#x3 = x3;
    return frame.result;
  }

  /** Runs a floating-point operation through the scratch words; the low word of the result. */
  #float(env: number, aux: number, shape: number, a: number, b: number, c: number): number {
    const { i32 } = this.#host.views;
    const lo = this.#lo, hi = this.#hi;
    const at = (env + VCPU.FP_OPERANDS) >>> 2;
    i32[at] = lo[a];
    i32[at + 1] = hi[a];
    if (b !== NO_TEMP) {
      i32[at + 4] = lo[b];
      i32[at + 5] = hi[b];
    }
    if (c !== NO_TEMP) {
      i32[at + 8] = lo[c];
      i32[at + 9] = hi[c];
    }
    this.#fp.run(env, aux | shape << SHAPE_SHIFT);
    return i32[(env + VCPU.FP_RESULT) >>> 2];
  }

  /** A floating-point operation on each 32-bit lane. */
  #floatLanes(env: number, aux: number, d: number, a: number, b: number, c: number): void {
    const { i32 } = this.#host.views;
    const at = (env + VCPU.FP_OPERANDS) >>> 2;
    for (const [lane, file] of [this.#lo, this.#hi, this.#x2, this.#x3].entries()) {
      i32[at + lane] = file[a];
      if (b !== NO_TEMP) i32[at + 4 + lane] = file[b];
      if (c !== NO_TEMP) i32[at + 8 + lane] = file[c];
    }
    this.#fp.runLanes(env, aux);
    const result = (env + VCPU.FP_RESULT) >>> 2;
    for (const [lane, file] of [this.#lo, this.#hi, this.#x2, this.#x3].entries()) {
      file[d] = i32[result + lane];
    }
  }

  #vectorOperand({ words }: VectorValue, temp: number): void {
    words[0] = this.#lo[temp];
    words[1] = this.#hi[temp];
    words[2] = this.#x2[temp];
    words[3] = this.#x3[temp];
  }

  #vectorResult(op: number, count: number, temp: number): void {
    const vector = this.#vector;
    vector.run(op, count);
    const { words } = vector.r;
    this.#lo[temp] = words[0];
    this.#hi[temp] = words[1];
    this.#x2[temp] = words[2];
    this.#x3[temp] = words[3];
  }

  /**
   * The labels are literals, so that the engine dispatches through a jump table; a test compares
   * each with the row of the opcode table named behind it.
   */
  #execute(env: number, block: IrBlock, start: number): number {
    const { code } = block;
    const i32 = this.#host.views.i32;
    const mem = this.#memory;
    const lo = this.#lo, hi = this.#hi, x2 = this.#x2, x3 = this.#x3;
    const leave = (env + VCPU.LEAVE) >>> 2;
    const helper = this.#helper;
    let pc = start;
    /** What makes a guest address of a place. */
    const base = pc - block.pc;
    for (let at = 0; at < code.length; at += INSN_WORDS) {
      const d = code[at + 2], a = code[at + 3], b = code[at + 4], c = code[at + 5];
      switch (code[at]) {
        case 0: // const
          lo[d] = code[at + 1];
          break;
        case 1: // const64
          lo[d] = code[at + 1];
          hi[d] = a;
          break;
        case 2: // select
          lo[d] = lo[a] !== 0 ? lo[b] : lo[c];
          break;
        case 3: // add
          lo[d] = lo[a] + lo[b];
          break;
        case 4: // sub
          lo[d] = lo[a] - lo[b];
          break;
        case 5: // mul
          lo[d] = Math.imul(lo[a], lo[b]);
          break;
        case 6: // div_u
          lo[d] = lo[b] === 0 ? 0 : (lo[a] >>> 0) / (lo[b] >>> 0);
          break;
        case 7: // div_s
          lo[d] = lo[b] === 0 ? 0 : (lo[a] / lo[b]) | 0;
          break;
        case 8: // and
          lo[d] = lo[a] & lo[b];
          break;
        case 9: // or
          lo[d] = lo[a] | lo[b];
          break;
        case 10: // xor
          lo[d] = lo[a] ^ lo[b];
          break;
        case 11: // shl
          lo[d] = lo[a] << lo[b];
          break;
        case 12: // shr_u
          lo[d] = lo[a] >>> lo[b];
          break;
        case 13: // shr_s
          lo[d] = lo[a] >> lo[b];
          break;
        case 14: // rotr
          lo[d] = lo[a] >>> lo[b] | lo[a] << -lo[b];
          break;
        case 15: // clz
          lo[d] = Math.clz32(lo[a]);
          break;
        case 16: // sext8
          lo[d] = lo[a] << 24 >> 24;
          break;
        case 17: // sext16
          lo[d] = lo[a] << 16 >> 16;
          break;
        case 18: // bswap
          lo[d] = bswap32(lo[a]);
          break;
        case 19: // eqz
          lo[d] = lo[a] === 0 ? 1 : 0;
          break;
        case 20: // eq
          lo[d] = lo[a] === lo[b] ? 1 : 0;
          break;
        case 21: // ne
          lo[d] = lo[a] !== lo[b] ? 1 : 0;
          break;
        case 22: // lt_u
          lo[d] = lo[a] >>> 0 < lo[b] >>> 0 ? 1 : 0;
          break;
        case 23: // lt_s
          lo[d] = lo[a] < lo[b] ? 1 : 0;
          break;
        case 24: // le_u
          lo[d] = lo[a] >>> 0 <= lo[b] >>> 0 ? 1 : 0;
          break;
        case 25: // le_s
          lo[d] = lo[a] <= lo[b] ? 1 : 0;
          break;
        case 26: // concat
          lo[d] = lo[a];
          hi[d] = lo[b];
          break;
        case 27: // lo
          lo[d] = lo[a];
          break;
        case 28: // hi
          lo[d] = hi[a];
          break;
        case 29: // extend_u
          lo[d] = lo[a];
          hi[d] = 0;
          break;
        case 30: // extend_s
          lo[d] = lo[a];
          hi[d] = lo[a] >> 31;
          break;
        case 31: // add64
          lo[d] = lo[a] + lo[b];
          hi[d] = hi[a] + hi[b] + (lo[d] >>> 0 < lo[a] >>> 0 ? 1 : 0);
          break;
        case 32: // sub64
          lo[d] = lo[a] - lo[b];
          hi[d] = hi[a] - hi[b] - (lo[a] >>> 0 < lo[b] >>> 0 ? 1 : 0);
          break;
        case 33: // mul64
          mul64(lo, hi, d, a, b);
          break;
        case 34: // and64
          lo[d] = lo[a] & lo[b];
          hi[d] = hi[a] & hi[b];
          break;
        case 35: // or64
          lo[d] = lo[a] | lo[b];
          hi[d] = hi[a] | hi[b];
          break;
        case 36: // xor64
          lo[d] = lo[a] ^ lo[b];
          hi[d] = hi[a] ^ hi[b];
          break;
        case 37: // shl64
          shl64(lo, hi, d, a, b);
          break;
        case 38: // shr_u64
          shr64(lo, hi, d, a, b, false);
          break;
        case 39: // shr_s64
          shr64(lo, hi, d, a, b, true);
          break;
        case 40: // eq64
          lo[d] = lo[a] === lo[b] && hi[a] === hi[b] ? 1 : 0;
          break;
        case 41: // lt_s64
          lo[d] = hi[a] < hi[b] || (hi[a] === hi[b] && lo[a] >>> 0 < lo[b] >>> 0) ? 1 : 0;
          break;
        case 42: // get
          lo[d] = i32[(env + code[at + 1]) >>> 2];
          break;
        case 43: // set
          i32[(env + code[at + 1]) >>> 2] = lo[a];
          break;
        case 44: // get64
          lo[d] = i32[(env + code[at + 1]) >>> 2];
          hi[d] = i32[(env + code[at + 1] + 4) >>> 2];
          break;
        case 45: // set64
          i32[(env + code[at + 1]) >>> 2] = lo[a];
          i32[(env + code[at + 1] + 4) >>> 2] = hi[a];
          break;
        case 46: // guest_load
          lo[d] = mem.guestLoad(env, pc, lo[a], code[at + 1]);
          if (i32[leave] !== 0) return EXIT.LOOKUP;
          break;
        case 47: // guest_load64
          lo[d] = mem.guestLoad64(env, pc, lo[a], code[at + 1]);
          hi[d] = mem.high;
          if (i32[leave] !== 0) return EXIT.LOOKUP;
          break;
        case 48: // guest_store
          mem.guestStore(env, pc, lo[a], lo[b], code[at + 1]);
          if (i32[leave] !== 0) return EXIT.LOOKUP;
          break;
        case 49: // guest_store64
          mem.guestStore64(env, pc, lo[a], lo[b], hi[b], code[at + 1]);
          if (i32[leave] !== 0) return EXIT.LOOKUP;
          break;
        case 50: // probe
          lo[d] = mem.probe(env, pc, lo[a], code[at + 1]);
          if (i32[leave] !== 0) return EXIT.LOOKUP;
          break;
        case 58: // host_load
          lo[d] = mem.load(lo[a], code[at + 1]);
          break;
        case 59: // host_load64
          lo[d] = mem.load64(lo[a]);
          hi[d] = mem.high;
          break;
        case 60: // host_store
          mem.store(lo[a], lo[b], code[at + 1]);
          break;
        case 61: // host_store64
          mem.store64(lo[a], lo[b], hi[b]);
          break;
        case 62: // atomic_load
          lo[d] = mem.atomicLoad(lo[a], code[at + 1]);
          break;
        case 63: // atomic_load64
          lo[d] = mem.atomicLoad64(lo[a]);
          hi[d] = mem.high;
          break;
        case 64: // atomic_store
          mem.atomicStore(lo[a], lo[b], code[at + 1]);
          break;
        case 65: // atomic_store64
          mem.atomicStore64(lo[a], lo[b], hi[b]);
          break;
        case 66: // atomic_rmw
          lo[d] = mem.atomicRmw(lo[a], lo[b], code[at + 1]);
          break;
        case 67: // atomic_cas
          lo[d] = mem.atomicCas(lo[a], lo[b], lo[c], code[at + 1]);
          break;
        case 68: // atomic_cas64
          lo[d] = mem.atomicCas64(lo[a], lo[b], hi[b], lo[c], hi[c]);
          hi[d] = mem.high;
          break;
        case 69: // fence
          mem.fence(env);
          break;
        case 70: { // call
          const result = this.#call(code[at + 1], env, pc, a, b, c);
          if (d !== NO_TEMP) lo[d] = result;
          if (i32[leave] !== 0) return EXIT.LOOKUP;
          break;
        }
        case 71: // insn
          pc = base + code[at + 1] | 0;
          break;
        case 72: // if
          if (lo[a] === 0) at = b * INSN_WORDS;
          break;
        case 73: // else
          at = a * INSN_WORDS;
          break;
        case 74: // end
          break;
        case 75: // goto_tb
          i32[(env + VCPU.PC) >>> 2] = base + code[at + 1];
          return EXIT.CHAIN | a << 7;
        case 76: // goto_ptr
          return EXIT.LOOKUP;
        case 77: // exit
          return code[at + 1];
        case 78: { // get128
          const slot = (env + code[at + 1]) >>> 2;
          lo[d] = i32[slot];
          hi[d] = i32[slot + 1];
          x2[d] = i32[slot + 2];
          x3[d] = i32[slot + 3];
          break;
        }
        case 79: { // set128
          const slot = (env + code[at + 1]) >>> 2;
          i32[slot] = lo[a];
          i32[slot + 1] = hi[a];
          i32[slot + 2] = x2[a];
          i32[slot + 3] = x3[a];
          break;
        }
        case 80: // fp1_32
        case 81: // fp2_32
        case 82: // fp3_32
          lo[d] = this.#float(env, code[at + 1], SHAPE.ONE_SIZE_32, a, b, c);
          break;
        case 83: // fp1_64
        case 84: // fp2_64
        case 85: // fp3_64
          lo[d] = this.#float(env, code[at + 1], SHAPE.ONE_SIZE_64, a, b, c);
          hi[d] = i32[(env + VCPU.FP_RESULT + 4) >>> 2];
          break;
        case 86: // fp_narrow
          lo[d] = this.#float(env, code[at + 1], SHAPE.NARROW, a, b, c);
          break;
        case 87: // fp_widen
          lo[d] = this.#float(env, code[at + 1], SHAPE.WIDEN, a, b, c);
          hi[d] = i32[(env + VCPU.FP_RESULT + 4) >>> 2];
          break;
        case 88: // fp_test64
          lo[d] = this.#float(env, code[at + 1], SHAPE.TEST_64, a, b, c);
          break;
        case 89: // vec_fp2
          this.#floatLanes(env, code[at + 1], d, a, b, c);
          break;
        case 90: // vec1
        case 91: // vec2
        case 92: // vec3
          this.#vectorOperand(this.#vector.a, a);
          if (b !== NO_TEMP) this.#vectorOperand(this.#vector.b, b);
          if (c !== NO_TEMP) this.#vectorOperand(this.#vector.c, c);
          this.#vectorResult(code[at + 1], 0, d);
          break;
        case 93: // vec_shift
          this.#vectorOperand(this.#vector.a, a);
          this.#vectorResult(code[at + 1], lo[b], d);
          break;
        case 94: // vec_splat
          this.#vectorResult(code[at + 1], lo[a], d);
          break;
        case 95: // vec_join
          lo[d] = lo[a];
          hi[d] = hi[a];
          x2[d] = lo[b];
          x3[d] = hi[b];
          break;
        case 96: // vec_lo
          lo[d] = lo[a];
          hi[d] = hi[a];
          break;
        case 97: // vec_hi
          lo[d] = x2[a];
          hi[d] = x3[a];
          break;
        case 98: // vec_any
          lo[d] = (lo[a] | hi[a] | x2[a] | x3[a]) !== 0 ? 1 : 0;
          break;
        case 99: // call64
          lo[d] = this.#call(code[at + 1], env, pc, a, b, c);
          hi[d] = this.#high;
          if (i32[leave] !== 0) return EXIT.LOOKUP;
          break;
        case 100: // param
          lo[d] = helper.params[2 * a];
          break;
        case 101: // param64
          lo[d] = helper.params[2 * a];
          hi[d] = helper.params[2 * a + 1];
          break;
        case 102: // get_local
          lo[d] = helper.variables[2 * a];
          break;
        case 103: // get_local64
          lo[d] = helper.variables[2 * a];
          hi[d] = helper.variables[2 * a + 1];
          break;
        case 104: // set_local
          helper.variables[2 * b] = lo[a];
          helper.variables[2 * b + 1] = hi[a];
          break;
        case 105: // loop
          break;
        case 106: // repeat
        case 107: // break
          at = a * INSN_WORDS;
          break;
        case 108: // ret
          return 0;
        case 109: // ret_value
          helper.result = lo[a];
          this.#high = hi[a];
          return 0;
        case 110: // atomic_wait
          lo[d] = mem.atomicWait(lo[a], lo[b], lo[c], hi[c]);
          break;
        case 111: // atomic_notify
          lo[d] = mem.atomicNotify(lo[a], lo[b]);
          break;
        case 112: // spin_hint
          break;
        case 113: // count
          this.#host.views.f64[((env + VCPU.COUNTERS) >>> 3) + code[at + 1]]++;
          break;
        case 114: // vec_fp1
        case 115: // vec_fp3
          this.#floatLanes(env, code[at + 1], d, a, b, c);
          break;
        case 116: // code_addr
          lo[d] = base + code[at + 1];
          break;
        default:
          throw new RangeError(
            `The interpreter cannot run ${OPS[code[at]]?.name ?? code[at]}; expand the block first`,
          );
      }
    }
    throw new RangeError(`Block 0x${block.pc.toString(16)} has no terminator; verify it first`);
  }
}
