/**
 * The reference backend: runs blocks of host-level IR directly, one instruction after the other.
 * It is also the cold tier under the WebAssembly backend.
 * @module
 */
import type { BackendHost } from "../backend.ts";
import type { IrBlock } from "../../ir/block.ts";
import { EXIT, INSN_WORDS, NO_TEMP, OPS } from "../../ir/ops.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { InterpMemory } from "./memory.ts";
import { bswap32, mul64, shl64, shr64 } from "./wide.ts";

/** Runs IR on one thread. Nothing is allocated while a block runs. */
export class InterpRunner {
  readonly #host: BackendHost;
  readonly #memory: InterpMemory;
  /** Temporaries: 32-bit values and low halves, and high halves. */
  #lo: Int32Array<ArrayBuffer> = new Int32Array(1024);
  #hi: Int32Array<ArrayBuffer> = new Int32Array(1024);

  constructor(host: BackendHost) {
    this.#host = host;
    this.#memory = new InterpMemory(host);
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
      i32[(env + VCPU.PC) >>> 2] = block.pc;
      return EXIT.INTERRUPTED;
    }
    i32[budgetAt] = budget;
    if (block.types.length > this.#lo.length) {
      this.#lo = new Int32Array(block.types.length * 2);
      this.#hi = new Int32Array(block.types.length * 2);
    }
    return this.#execute(env, block);
  }

  #call(helper: number, env: number, pc: number, a: number, b: number, c: number): number {
    const lo = this.#lo;
    return this.#host.helperBodies[helper](
      env,
      pc,
      a === NO_TEMP ? 0 : lo[a],
      b === NO_TEMP ? 0 : lo[b],
      c === NO_TEMP ? 0 : lo[c],
    );
  }

  /**
   * The labels are literals, so that the engine dispatches through a jump table; a test compares
   * each with the row of the opcode table named behind it.
   */
  #execute(env: number, block: IrBlock): number {
    const { code } = block;
    const i32 = this.#host.views.i32;
    const mem = this.#memory;
    const lo = this.#lo, hi = this.#hi;
    const leave = (env + VCPU.LEAVE) >>> 2;
    let pc = block.pc | 0;
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
          pc = code[at + 1];
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
          i32[(env + VCPU.PC) >>> 2] = code[at + 1];
          return EXIT.CHAIN | a << 7;
        case 76: // goto_ptr
          return EXIT.LOOKUP;
        case 77: // exit
          return code[at + 1];
        default:
          throw new RangeError(
            `The interpreter cannot run ${OPS[code[at]]?.name ?? code[at]}; expand the block first`,
          );
      }
    }
    throw new RangeError(`Block 0x${block.pc.toString(16)} has no terminator; verify it first`);
  }
}
