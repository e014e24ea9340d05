/**
 * A tiny machine for tests of backends and passes: one vCPU, a few pages of guest memory of every
 * kind, and slow paths and helpers that log what they see. Two hosts made with the same seed start
 * out equal, so two ways to run a block can be compared by their {@linkcode TestHost.outcome}.
 * @module
 */
import type { BackendHost } from "../backend.ts";
import type { HelperBody, HelperTable } from "../../ir/helper.ts";
import { buildHelperBodies } from "../../ir/helper_body.ts";
import { Rng } from "../../ir/testing/rng.ts";
import { testHelperTable } from "../../ir/testing/test_helpers.ts";
import type { MachineLayout } from "../../memory/machine_layout.ts";
import { MEMOP, memopMmuIndex, memopSize } from "../../memory/memop.ts";
import type { IrBlock } from "../../ir/block.ts";
import {
  ARCH_STATE,
  FLAG_PAIR,
  MMU_MODES,
  PAGE_SIZE,
  TLB_ENTRIES,
  TLB_FLAG,
  tlbOffset,
  VCPU,
} from "../../memory/vcpu_layout.ts";
import { allocateShared, type Views, viewsOf } from "../../memory/views.ts";

/** Where everything lies in a test host. */
export const TEST_LAYOUT = {
  env: 0x14000,
  /** Host scratch memory for host-level operations. */
  scratch: 0x40000,
  scratchBytes: 0x1000,
  /** Host address of guest RAM. */
  ram: 0x50000,
  /** First guest address; 8 pages follow, see {@linkcode TestHost}. */
  guestBase: 0x10_0000,
  guestMask: 0x7fff,
} as const;

/** What helpers in IR are told: the scratch memory is their shared state. */
const HELPER_CONTEXT = {
  shared: TEST_LAYOUT.scratch,
  perVcpu: VCPU.STRATEGY,
  parallel: true,
  layout: {} as MachineLayout,
} as const;

/**
 * Guest pages from guestBase: 0-3 RAM in the TLB for both modes; 4 RAM that only the slow path
 * reaches; 5 RAM with a write tag that sends stores to the slow path; 6 a device whose reads depend
 * on the address; 7 nothing: accesses fault.
 */
export class TestHost implements BackendHost {
  readonly views: Views;
  readonly helpers: HelperTable;
  readonly helperBodies: BackendHost["helperBodies"];
  /** What slow paths and helpers saw, in order. */
  readonly log: string[] = [];
  readonly env: number = TEST_LAYOUT.env;

  constructor(seed: number, helpers: HelperTable = testHelperTable()) {
    this.views = viewsOf(allocateShared(0x60000));
    this.helpers = helpers;
    const inIr = buildHelperBodies(helpers, HELPER_CONTEXT);
    this.helperBodies = helpers.defs.map((def, n) => inIr[n] ?? this.#body(def.name));
    this.reset(seed);
  }

  /** Puts memory and state into the start state of `seed`. */
  reset(seed: number): void {
    const rng = new Rng(seed);
    const { i32 } = this.views;
    this.log.length = 0;
    const { env, scratch, scratchBytes, ram } = TEST_LAYOUT;
    for (let a = env; a < env + 0x1000; a += 4) i32[a >>> 2] = rng.cornerWord();
    for (let a = scratch; a < scratch + scratchBytes; a += 4) i32[a >>> 2] = rng.word();
    for (let a = ram; a < ram + 6 * PAGE_SIZE; a += 4) i32[a >>> 2] = rng.word();
    i32[(env + VCPU.EXIT_REQUEST) >>> 2] = 0;
    i32[(env + VCPU.LEAVE) >>> 2] = 0;
    i32[(env + VCPU.BUDGET) >>> 2] = 1_000_000;
    for (let mmu = 0; mmu < MMU_MODES; mmu++) {
      for (let page = 0; page < TLB_ENTRIES; page++) {
        const entry = (env + tlbOffset(mmu, page * PAGE_SIZE)) >>> 2;
        i32.fill(TLB_FLAG.INVALID, entry, entry + 4);
      }
      for (const page of [0, 1, 2, 3, 5, 6]) this.#fill(mmu, page);
    }
  }

  /** Puts the vCPU at the head of a block whose page is mapped `shift` bytes from its places. */
  enter({ pc }: IrBlock, shift: number = 0): void {
    this.views.i32[(this.env + VCPU.PC) >>> 2] = pc + shift;
  }

  #fill(mmu: number, page: number): void {
    const { env, guestBase, ram } = TEST_LAYOUT;
    const address = guestBase + page * PAGE_SIZE;
    const entry = (env + tlbOffset(mmu, address)) >>> 2;
    const { i32 } = this.views;
    const mmio = page === 6 ? TLB_FLAG.MMIO : 0;
    i32[entry] = address | mmio;
    i32[entry + 1] = address | mmio | (page === 5 ? TLB_FLAG.CODE : 0);
    i32[entry + 2] = address | mmio;
    i32[entry + 3] = ram - guestBase | 0;
  }

  /** Text that is equal exactly when two runs had the same effects and result. */
  outcome(result: number): string {
    const { env, scratch, scratchBytes, ram } = TEST_LAYOUT;
    return [
      `exit ${result}`,
      ...this.log,
      `pc ${this.views.i32[(env + VCPU.PC) >>> 2] >>> 0}`,
      `state ${this.#hash(env, env + 0x1000)}`,
      `scratch ${this.#hash(scratch, scratch + scratchBytes)}`,
      `ram ${this.#hash(ram, ram + 6 * PAGE_SIZE)}`,
    ].join("\n");
  }

  slowLoad = (env: number, pc: number, address: number, memop: number): number => {
    const value = this.#access("load", env, pc, address, memop, (at) => this.#bytes(at, memop));
    const low = Number(value & 0xffff_ffffn);
    switch (memop & 7) {
      case 4:
        return low << 24 >> 24;
      case 5:
        return low << 16 >> 16;
      default:
        return low | 0;
    }
  };

  slowLoad64 = (env: number, pc: number, address: number, memop: number): bigint =>
    this.#access("load", env, pc, address, memop, (at) => this.#bytes(at, memop));

  slowStore = (env: number, pc: number, address: number, value: number, memop: number): void => {
    this.slowStore64(env, pc, address, BigInt(value >>> 0), memop);
  };

  slowStore64 = (env: number, pc: number, address: number, value: bigint, memop: number): void => {
    this.#access(`store ${this.#hexOf(value, memop)}`, env, pc, address, memop, (at) => {
      const size = memopSize(memop);
      for (let i = 0; i < size; i++) {
        const byte = memop & MEMOP.BIG_ENDIAN ? size - 1 - i : i;
        this.views.u8[at + i] = Number(value >> BigInt(8 * byte) & 0xffn);
      }
      return 0n;
    });
  };

  slowProbe = (env: number, pc: number, address: number, memop: number): number => {
    if (memop & MEMOP.SOFT && this.#kind(address, memop) === "device") return 0;
    return Number(this.#access("probe", env, pc, address, memop, (at) => BigInt(at)));
  };

  #hexOf(value: bigint, memop: number): string {
    return BigInt.asUintN(8 * memopSize(memop), value).toString(16);
  }

  #kind(address: number, memop: number): "ram" | "device" | "fault" {
    const last = (address >>> 0) + memopSize(memop) - 1;
    const page = Math.floor((last - TEST_LAYOUT.guestBase) / PAGE_SIZE);
    if (page < 0 || page > 6) return "fault";
    return page === 6 ? "device" : "ram";
  }

  #access(
    what: string,
    env: number,
    pc: number,
    address: number,
    memop: number,
    perform: (at: number) => bigint,
  ): bigint {
    const kind = this.#kind(address, memop);
    const where = `${(address >>> 0).toString(16)} mmu${memopMmuIndex(memop)}`;
    this.log.push(
      `slow ${what} ${where} ${kind} pc ${(pc >>> 0).toString(16)} ${this.#archHash()}`,
    );
    if (kind === "fault") {
      this.#leave(env, 0xffff0010);
      return 0n;
    }
    if (kind === "device") {
      return BigInt.asUintN(8 * memopSize(memop), BigInt(address >>> 0) * 0x9e3779b97f4a7c15n);
    }
    return perform((address >>> 0) - TEST_LAYOUT.guestBase + TEST_LAYOUT.ram);
  }

  #bytes(at: number, memop: number): bigint {
    const size = memopSize(memop);
    let value = 0n;
    for (let i = 0; i < size; i++) {
      const byte = memop & MEMOP.BIG_ENDIAN ? i : size - 1 - i;
      value = value << 8n | BigInt(this.views.u8[at + byte]);
    }
    return value;
  }

  #leave(env: number, pc: number): void {
    this.views.i32[(env + VCPU.LEAVE) >>> 2] = 1;
    this.views.i32[(env + VCPU.PC) >>> 2] = pc;
  }

  #body(name: string): HelperBody {
    return (env, pc, a, b, c) => {
      const seesState = name !== "test_mix" && name !== "test_note";
      const state = seesState ? this.#archHash() : "";
      this.log.push(`call ${name} ${a} ${b} ${c} pc ${(pc >>> 0).toString(16)} ${state}`);
      if (name === "test_write") {
        for (const slot of [0, 8, 64]) this.views.i32[(env + slot) >>> 2] += a ^ slot;
      }
      if (name === "test_leave" && a & 1) this.#leave(env, 0xffff0004);
      return Math.imul(a ^ b, 0x9e3779b1) + c | 0;
    };
  }

  /** Hash of the architecture state without the pc slot. */
  #archHash(): string {
    const start = TEST_LAYOUT.env + ARCH_STATE.offset;
    const pc = TEST_LAYOUT.env + VCPU.PC;
    return `${this.#hash(start, pc)}/${this.#hash(pc + 4, start + ARCH_STATE.bytes)}`;
  }

  #hash(from: number, to: number): string {
    let hash = 0x811c9dc5;
    for (let i = from >>> 2; i < to >>> 2; i++) {
      // Which tier ran is nobody's state.
      if (i === (TEST_LAYOUT.env + VCPU.REGION_INSNS) >>> 2) continue;
      // Of the overflow flag's word only the sign counts.
      const sign = i === (TEST_LAYOUT.env + FLAG_PAIR.overflow) >>> 2;
      const word = sign ? this.views.i32[i] >> 31 : this.views.i32[i];
      hash = Math.imul(hash ^ word, 0x01000193);
      hash ^= hash >>> 13;
    }
    return (hash >>> 0).toString(16);
  }
}
