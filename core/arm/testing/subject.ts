/**
 * The front end under test: translates, expands, optimises and runs guest code on one vCPU with flat
 * memory, the way the run loop does it but without the rest of a machine.
 * @module
 */
import { createArmHelpers } from "../system/helpers.ts";
import { PSR, readCpsr, readSpsr, updateBlockFlags, writeCpsr, writeSpsr } from "../system/psr.ts";
import { readFpscr, writeFpscr } from "../system/fp_system.ts";
import { resetArm } from "../system/reset.ts";
import { SCTLR } from "../system/sctlr.ts";
import type { ArmServices } from "../system/services.ts";
import { ARM_HELPERS } from "../helpers.ts";
import { ARM, CP, FPS, reg } from "../state.ts";
import { translateBlock } from "../translate/translate_block.ts";
import type { BackendHost } from "../../backends/backend.ts";
import type { IrBlock } from "../../ir/block.ts";
import { COUNTER } from "../../memory/counters.ts";
import { IrBuilder } from "../../ir/builder.ts";
import { HelperTable } from "../../ir/helper.ts";
import { Expander } from "../../ir/passes/expand.ts";
import { Optimiser } from "../../ir/passes/optimise.ts";
import { printBlock } from "../../ir/printer.ts";
import { verify } from "../../ir/verifier.ts";
import { MEMOP, memopAlign, memopSize } from "../../memory/memop.ts";
import { MMU_MODES, PAGE_SIZE, TLB_FLAG, tlbOffset, VCPU } from "../../memory/vcpu_layout.ts";
import { allocateShared, type Views, viewsOf } from "../../memory/views.ts";
import { NO_RESERVATION, SINGLE_VCPU_SYNC } from "./single_vcpu_sync.ts";
import { createEngine, type Engine, type Tier } from "./subject_engine.ts";
import type { OracleStop } from "./unicorn.ts";

/** Guest memory: one page of code, read-only, and pages of data; nothing else is there. */
export const GUEST = {
  code: 0x8000,
  codeBytes: 0x1000,
  data: 0x20000,
  dataBytes: 0x4000,
} as const;

/** Bytes of the code page that a case may use; the slots of the page take turns. */
export const SLOT_BYTES = 64;

const ENV = 0x20000;
const CODE_HOST = 0x50000;
const DATA_HOST = 0x51000;
const MEMORY_BYTES = 0x60000;

/** Places in a register file: CPSR, r0 to r15, SPSR, as in the oracle. */
export const FILE_CPSR = 0, FILE_R0 = 1, FILE_PC = 16, FILE_SPSR = 17, FILE_WORDS = 18;

/** Vectors of the exceptions that end a run. */
const STOPS: Readonly<Record<number, OracleStop>> = {
  0x04: "undefined",
  0x08: "svc",
  0x0c: "bkpt",
  0x10: "data-abort",
};
/** How far LR is behind the address that is reported; else 4, or 2 for Thumb. */
const BEHIND: Readonly<Record<number, number>> = { 0x08: 0, 0x10: 8 };
/** Status of DFSR in the short format; 1 is an alignment fault. */
const DFSR_STATUS = 0x40f;
const TRANSLATE = {
  leaveAfterLoadExclusive: false,
  leaveAfterStoreExclusive: false,
  countExclusives: false,
} as const;

function notWanted(name: string): never {
  throw new Error(`The instruction asked for the service ${name}, which a test subject lacks`);
}

const SERVICES: ArmServices = {
  get timer(): never {
    return notWanted("timer");
  },
  clearExclusive: () => {},
  sendEvent: () => {},
  spins: () => {},
  interruptsChanged: () => {},
  flushOtherTlbs: () => {},
  invalidateCode: () => notWanted("invalidateCode"),
  invalidateAllCode: () => notWanted("invalidateAllCode"),
  hypervisorCall: () => false,
  faultLoop: () => notWanted("faultLoop"),
};

/** One vCPU under test. */
export class Subject implements BackendHost {
  readonly views: Views = viewsOf(allocateShared(MEMORY_BYTES));
  readonly helpers: HelperTable = new HelperTable(ARM_HELPERS);
  readonly helperBodies: BackendHost["helperBodies"];
  readonly #engine: Engine;
  readonly #optimiser: Optimiser;
  readonly #expander: Expander;
  readonly #b: IrBuilder;
  #faulted = false;
  /** Whether the latest run ended in an alignment fault. */
  misaligned = false;
  /** IR of the blocks of the latest run, before and after the passes; kept when `listing` is set. */
  listing: string[] | null = null;

  /** Makes a subject that does everything on one tier. */
  constructor(tier: Tier = "interp") {
    const bus = { ramAddress: () => 0, hasDevice: () => false, readDevice: () => 0 };
    const bodies = createArmHelpers({
      views: this.views,
      bus: { ...bus, writeDevice: () => {} },
      services: SERVICES,
      vcpus: 1,
    });
    this.helperBodies = ARM_HELPERS.map((def) => bodies[def.name]);
    this.#engine = createEngine(tier, this);
    this.#expander = new Expander(this.helpers, SINGLE_VCPU_SYNC);
    this.#optimiser = new Optimiser(this.helpers);
    this.#b = new IrBuilder(this.helpers);
    resetArm(this.views, ENV, 0);
    this.views.i32[(ENV + CP.SCTLR) >>> 2] |= SCTLR.SW;
    for (let mmu = 0; mmu < MMU_MODES; mmu++) {
      this.#map(mmu, GUEST.code, GUEST.codeBytes, CODE_HOST, TLB_FLAG.INVALID);
      this.#map(mmu, GUEST.data, GUEST.dataBytes, DATA_HOST, 0);
    }
  }

  #map(mmu: number, address: number, bytes: number, host: number, write: number): void {
    for (let page = address; page < address + bytes; page += PAGE_SIZE) {
      const entry = (ENV + tlbOffset(mmu, page)) >>> 2;
      this.views.i32.set([page, page | write, page, host - address], entry);
    }
  }

  /** The data pages. */
  get data(): Uint8Array<SharedArrayBuffer> {
    return this.views.u8.subarray(DATA_HOST, DATA_HOST + GUEST.dataBytes);
  }

  writeCode(address: number, words: Uint32Array): void {
    this.views.u32.set(words, (address - GUEST.code + CODE_HOST) >>> 2);
  }

  /** Drops the exclusive reservation. */
  clearExclusive(): void {
    this.views.i32[(ENV + VCPU.EXCL_SIZE) >>> 2] = NO_RESERVATION;
  }

  /** Clears the coprocessor registers that cases write and read. */
  clearThreadRegisters(): void {
    for (const at of [CP.TPIDRURW, CP.TPIDRURO, CP.TPIDRPRW]) this.views.i32[(ENV + at) >>> 2] = 0;
  }

  /** Sets CPSR, r0 to r15 and SPSR. */
  setRegisters(file: Uint32Array): void {
    const { i32 } = this.views;
    writeCpsr(i32, ENV, file[FILE_CPSR], PSR.ALL);
    for (let n = 0; n < 16; n++) i32[(ENV + reg(n)) >>> 2] = file[FILE_R0 + n];
    writeSpsr(i32, ENV, file[FILE_SPSR], PSR.ALL);
    updateBlockFlags(i32, ENV);
  }

  /** Sets CPACR and FPEXC, which say who may use the floating-point extension. */
  setFpGates(cpacr: number, fpexc: number): void {
    this.views.i32[(ENV + CP.CPACR) >>> 2] = cpacr;
    this.views.i32[(ENV + FPS.FPEXC) >>> 2] = fpexc;
    updateBlockFlags(this.views.i32, ENV);
  }

  /** Sets FPSCR (word 0) and d0 to d31 (from word 2 on). */
  setVectors(file: Uint32Array): void {
    writeFpscr(this.views.i32, ENV, file[0]);
    this.views.u32.set(file.subarray(2), (ENV + FPS.D0) >>> 2);
  }

  getVectors(file: Uint32Array): void {
    const at = (ENV + FPS.D0) >>> 2;
    file.set(this.views.u32.subarray(at, at + 64), 2);
    file[0] = readFpscr(this.views.i32, ENV);
  }

  /** Changes the CPSR to a mode alone, which selects the bank that getRegisters shows. */
  setMode(mode: number): void {
    writeCpsr(this.views.i32, ENV, mode, PSR.ALL);
  }

  getRegisters(file: Uint32Array): void {
    const { i32 } = this.views;
    file[FILE_CPSR] = readCpsr(i32, ENV);
    for (let n = 0; n < 16; n++) file[FILE_R0 + n] = i32[(ENV + reg(n)) >>> 2];
    file[FILE_SPSR] = readSpsr(i32, ENV);
  }

  /**
   * Runs `count` instructions from the pc in blocks of at most `blockInsns`; regions reach as far as
   * the block at `end`. After an exception the registers are as they were when
   * it was taken, with the pc of the instruction that raised it (SVC: of the next one), as if it
   * had not been entered.
   */
  run(count: number, blockInsns: number = count, end = 0): OracleStop {
    const { i32, f64 } = this.views;
    const exceptions = ((ENV + VCPU.COUNTERS) >>> 3) + COUNTER.exceptions;
    f64[exceptions] = 0;
    this.#faulted = false;
    this.misaligned = false;
    for (let left = count; left > 0;) {
      i32[(ENV + VCPU.BUDGET) >>> 2] = left;
      i32[(ENV + VCPU.LEAVE) >>> 2] = 0;
      const pc = i32[(ENV + VCPU.PC) >>> 2] >>> 0;
      if (pc < GUEST.code || pc >= GUEST.code + GUEST.codeBytes) return "done";
      this.#blocks(pc, Math.min(left, blockInsns), end);
      if (this.#faulted) return "data-abort";
      if (f64[exceptions] > 0) return this.#undoException();
      left = i32[(ENV + VCPU.BUDGET) >>> 2];
    }
    return "done";
  }

  #blocks(pc: number, maxInsns: number, end: number): void {
    const flags = this.views.i32[(ENV + VCPU.TB_FLAGS) >>> 2];
    // In a region only loop heads look at the budget. So no block may go on behind the case, and none
    // begin before the end of another: a branch back leads to a head or out of the region.
    let reached = pc;
    const add = (block: IrBlock): IrBlock => {
      reached = Math.max(reached, block.pc + block.guestBytes);
      return block;
    };
    this.#engine.run(ENV, pc, flags, (at) => {
      if (at === pc) return add(this.#translate(at, flags, maxInsns));
      if (at > end || at < reached) return null;
      for (let insns = maxInsns;; insns--) {
        const block = this.#translate(at, flags, insns);
        if (insns === 1 || at + block.guestBytes <= end) return add(block);
      }
    });
  }

  #translate(pc: number, flags: number, maxInsns: number): IrBlock {
    const { i32 } = this.views;
    const b = this.#b;
    const { helpers } = this;
    b.begin(pc);
    const fetch = (address: number) => i32[(address - GUEST.code + CODE_HOST) >>> 2] >>> 0;
    translateBlock(b, pc, flags, fetch, { ...TRANSLATE, maxInsns });
    const abstract = b.finish();
    this.listing?.push(printBlock(abstract, { helpers }));
    verify(abstract, { helpers });
    const block = this.#optimiser.optimise(this.#expander.expand(abstract));
    this.listing?.push(printBlock(block, { helpers }));
    verify(block, { helpers, expanded: true });
    return block;
  }

  #undoException(): OracleStop {
    const { i32 } = this.views;
    const vector = i32[(ENV + VCPU.PC) >>> 2];
    const before = readSpsr(i32, ENV);
    this.misaligned = vector === 0x10 && (i32[(ENV + CP.DFSR) >>> 2] & DFSR_STATUS) === 1;
    const behind = BEHIND[vector] ?? (vector === 0x04 && (before & PSR.T) !== 0 ? 2 : 4);
    const address = i32[(ENV + reg(14)) >>> 2] - behind;
    writeCpsr(i32, ENV, before, PSR.ALL);
    i32[(ENV + ARM.PC) >>> 2] = address;
    return STOPS[vector] ?? "other";
  }

  /** Host address of a guest access; 0 when it faults. Code may be read only. */
  #host(address: number, memop: number, write: boolean): number {
    const at = address >>> 0;
    const last = at + memopSize(memop) - 1;
    this.misaligned = at % memopAlign(memop) !== 0;
    if (this.misaligned) return 0;
    if (at >= GUEST.data && last < GUEST.data + GUEST.dataBytes) return at - GUEST.data + DATA_HOST;
    if (write) return 0;
    if (at >= GUEST.code && last < GUEST.code + GUEST.codeBytes) return at - GUEST.code + CODE_HOST;
    return 0;
  }

  #fault(env: number, pc: number): void {
    this.#faulted = true;
    this.views.i32[(env + VCPU.PC) >>> 2] = pc;
    this.views.i32[(env + VCPU.LEAVE) >>> 2] = 1;
  }

  slowLoad = (env: number, pc: number, address: number, memop: number): number => {
    const value = Number(BigInt.asIntN(32, this.slowLoad64(env, pc, address, memop)));
    const unused = 32 - 8 * memopSize(memop);
    return memop & MEMOP.SIGN ? value << unused >> unused : value;
  };

  slowLoad64 = (env: number, pc: number, address: number, memop: number): bigint => {
    const host = this.#host(address, memop, false);
    if (host === 0) {
      this.#fault(env, pc);
      return 0n;
    }
    const size = memopSize(memop);
    let value = 0n;
    for (let i = 0; i < size; i++) {
      const byte = memop & MEMOP.BIG_ENDIAN ? i : size - 1 - i;
      value = value << 8n | BigInt(this.views.u8[host + byte]);
    }
    return value;
  };

  slowStore = (env: number, pc: number, address: number, value: number, memop: number): void => {
    this.slowStore64(env, pc, address, BigInt(value >>> 0), memop);
  };

  slowStore64 = (env: number, pc: number, address: number, value: bigint, memop: number): void => {
    const host = this.#host(address, memop, true);
    if (host === 0) {
      this.#fault(env, pc);
      return;
    }
    const size = memopSize(memop);
    for (let i = 0; i < size; i++) {
      const byte = memop & MEMOP.BIG_ENDIAN ? size - 1 - i : i;
      this.views.u8[host + i] = Number(value >> BigInt(8 * byte) & 0xffn);
    }
  };

  slowProbe = (env: number, pc: number, address: number, memop: number): number => {
    const host = this.#host(address, memop, (memop & MEMOP.WRITE) !== 0);
    if (host === 0 && (memop & MEMOP.SOFT) === 0) this.#fault(env, pc);
    return host;
  };
}
