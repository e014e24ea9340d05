/**
 * A machine for tests of strategies: a few vCPUs, identity-mapped RAM and one device page, the real
 * softmmu, passes and backends, and no guest architecture. Each vCPU has a runtime, softmmu and
 * runner of its own, as on a thread of its own; a test decides the order of their instructions.
 * @module
 */
import type { BackendHost } from "../../core/backends/backend.ts";
import { InterpRunner } from "../../core/backends/interp/runner.ts";
import { ModuleBuilder } from "../../core/backends/wasm/module.ts";
import { WasmRunner } from "../../core/backends/wasm/runner.ts";
import type { IrBlock } from "../../core/ir/block.ts";
import { IrBuilder, type V32, type V64 } from "../../core/ir/builder.ts";
import type { SyncExpansion } from "../../core/ir/expansion.ts";
import { HelperTable } from "../../core/ir/helper.ts";
import { buildHelperBodies } from "../../core/ir/helper_body.ts";
import { EXIT } from "../../core/ir/ops.ts";
import { expandSync } from "../../core/ir/passes/expand.ts";
import { Optimiser } from "../../core/ir/passes/optimise.ts";
import { verify } from "../../core/ir/verifier.ts";
import type { GuestMmu, PhysicalBus, Translation } from "../../core/memory/guest_mmu.ts";
import { type MachineLayout, planMachine, vcpuBase } from "../../core/memory/machine_layout.ts";
import { MEMOP } from "../../core/memory/memop.ts";
import { setPageFlag } from "../../core/memory/page_state.ts";
import { SoftMmu } from "../../core/memory/softmmu.ts";
import { resetTlb } from "../../core/memory/tlb.ts";
import { PAGE_MASK, VCPU } from "../../core/memory/vcpu_layout.ts";
import { allocateShared, type Views, viewsOf } from "../../core/memory/views.ts";
import { ExclusiveSections } from "../../core/smp/exclusive.ts";
import { none } from "../barriers/none.ts";
import type { AtomicsRuntime, AtomicsStrategy, BarrierStrategy, StrategyHost } from "../types.ts";

/** First guest address of RAM and of the device page. */
export const RAM = 0x4000_0000;
export const RAM_BYTES = 0x2_0000;
export const DEVICE = 0x1000_0000;

const CODE_PC = 0x8000;
const PER_VCPU: number = VCPU.STRATEGY + 0x100;
/** State slots that results go to. */
const RESULT = 0x40;

/** What a rig is made of. */
export interface RigOptions {
  readonly atomics: AtomicsStrategy;
  readonly barriers?: BarrierStrategy;
  readonly backend: "interp" | "wasm";
  readonly parallel: boolean;
  readonly vcpus?: number;
  /** Only vCPU `index` of a machine whose other vCPUs are rigs over the same memory. */
  readonly part?: { readonly memory: WebAssembly.Memory; readonly index: number };
}

/** A guest exception that an operation has taken. */
export class GuestFault extends Error {}

/** log2 of an access size. */
function sizeBits(size: number): number {
  return Math.log2(size);
}

/** Memop of a plain access. */
export function plainOp(size: number, extra = 0): number {
  return sizeBits(size) | extra;
}

/** Memop of an exclusive access. */
export function exclusiveOp(size: number, extra = 0): number {
  return sizeBits(size) | sizeBits(size) << MEMOP.ALIGN_SHIFT | extra;
}

/** One vCPU and what its thread would own. */
class RigVcpu {
  readonly env: number;
  readonly runtime: AtomicsRuntime;
  readonly #rig: Rig;
  readonly #host: BackendHost;
  readonly #sections: ExclusiveSections;
  readonly #optimiser: Optimiser;

  constructor(rig: Rig, index: number) {
    const { views, layout, helpers } = rig;
    this.#rig = rig;
    this.env = vcpuBase(layout, index);
    this.#sections = new ExclusiveSections(views, layout);
    this.#optimiser = new Optimiser(helpers);
    views.i32[(this.env + VCPU.INDEX) >>> 2] = index;
    views.i32[(this.env + VCPU.SELF) >>> 2] = this.env;
    resetTlb(views, this.env);
    let runtime: AtomicsRuntime | undefined = undefined;
    const softmmu: SoftMmu = new SoftMmu({
      views,
      layout,
      bus: rig.bus,
      guest: rig.guest,
      hooks: {
        codeWrite: () => {},
        slowStore: (env, host, size, commit) => {
          const hook = runtime!.slowStore;
          if (hook) hook(env, host, size, commit);
          else commit();
        },
      },
    });
    const services: StrategyHost = {
      views,
      layout,
      shared: layout.strategy,
      perVcpu: PER_VCPU,
      probe: (...args) => softmmu.slowProbe(...args),
      exclusively: (env, work) => this.#sections.exclusively(env, work),
      markExclusive: (page, on) => softmmu.markWriteFlag(page >>> 0, "excl", on),
      count: (env, counter, amount) => {
        views.f64[((env + VCPU.COUNTERS) >>> 3) + counter] += amount;
      },
    };
    this.runtime = runtime = rig.options.atomics.runtime(services);
    const bodies = buildHelperBodies(helpers, { ...rig.sync.atomicsContext, layout });
    this.#host = {
      views,
      helpers,
      helperBodies: bodies.map((body, n) => body ?? this.runtime.helpers[helpers.defs[n].name]),
      slowLoad: (...args) => softmmu.slowLoad(...args),
      slowLoad64: (...args) => softmmu.slowLoad64(...args),
      slowStore: (...args) => softmmu.slowStore(...args),
      slowStore64: (...args) => softmmu.slowStore64(...args),
      slowProbe: (...args) => softmmu.slowProbe(...args),
    };
  }

  /** Translates what `emit` emits, and runs it once as the vCPU's next block. */
  run(emit: (b: IrBuilder) => void): void {
    this.prepare(emit)();
  }

  /** Translates what `emit` emits; each call of the result runs it as the vCPU's next block. */
  prepare(emit: (b: IrBuilder) => void): () => void {
    const execute = this.#executable(this.#translate(emit));
    const { i32 } = this.#rig.views;
    const { env } = this;
    return () => {
      i32[(env + VCPU.BUDGET) >>> 2] = 1000;
      i32[(env + VCPU.LEAVE) >>> 2] = 0;
      do {
        Atomics.store(i32, (env + VCPU.EXIT_REQUEST) >>> 2, 0);
        this.#sections.execStart(env);
        const interrupted = execute() === EXIT.INTERRUPTED;
        this.#sections.execEnd(env);
        if (!interrupted) break;
      } while (true);
      if (i32[(env + VCPU.LEAVE) >>> 2] !== 0) {
        this.runtime.clear(env);
        throw new GuestFault(this.#rig.lastFault);
      }
    };
  }

  #translate(emit: (b: IrBuilder) => void): IrBlock {
    const { helpers, sync } = this.#rig;
    const b = new IrBuilder(helpers);
    b.begin(CODE_PC);
    b.insn(CODE_PC, 4);
    emit(b);
    b.exit(EXIT.LOOKUP);
    const block = b.finish();
    verify(block, { helpers });
    const expanded = expandSync(block, helpers, sync);
    verify(expanded, { helpers, expanded: true });
    const optimised = this.#optimiser.optimise(expanded);
    verify(optimised, { helpers, expanded: true });
    return optimised;
  }

  /** Runs the block once; gives its EXIT code. */
  #executable(block: IrBlock): () => number {
    if (this.#rig.options.backend === "interp") {
      const runner = new InterpRunner(this.#host);
      return () => runner.runBlock(this.env, block);
    }
    const runner = new WasmRunner(this.#host, 4);
    const site = { block, id: 1, chainSlots: 0x200, flags: 0 };
    const { helpers } = this.#rig;
    runner.addModule(new ModuleBuilder({ helpers }).build([[site]]), [1]);
    return () => runner.run(this.env, 1);
  }
}

/** Where everything lies in a rig's memory. */
export function rigLayout(atomics: AtomicsStrategy, vcpus: number): MachineLayout {
  const sizes = { vcpus, ramBytes: RAM_BYTES };
  const strategyBytes = atomics.sharedBytes(sizes);
  return planMachine(
    { ...sizes, ramBase: RAM, strategyBytes, tbCount: 1, codeCaches: 1 },
    () => 65536,
  );
}

/** The machine; vCPUs are counted from 0 in the order of this rig's own. */
export class Rig {
  readonly options: RigOptions;
  readonly views: Views;
  readonly layout: MachineLayout;
  readonly helpers: HelperTable;
  readonly bus: PhysicalBus;
  readonly guest: GuestMmu;
  readonly sync: SyncExpansion;
  lastFault = "";
  readonly #vcpus: readonly RigVcpu[];

  constructor(options: RigOptions) {
    const { atomics, barriers = none, parallel, vcpus = 2, part } = options;
    this.options = options;
    this.layout = rigLayout(atomics, vcpus);
    this.views = viewsOf(part?.memory ?? allocateShared(this.layout.totalBytes));
    this.helpers = new HelperTable(atomics.helpers);
    const ram = (physical: number) => {
      const offset = physical - RAM;
      return offset >= 0 && offset < RAM_BYTES ? this.layout.ram + offset : 0;
    };
    this.bus = {
      ramAddress: ram,
      hasDevice: (physical) => (physical & PAGE_MASK) === DEVICE,
      readDevice: () => 0,
      writeDevice: () => {},
    };
    const leave = (env: number, what: string) => {
      this.lastFault = what;
      this.views.i32[(env + VCPU.LEAVE) >>> 2] = 1;
      this.views.i32[(env + VCPU.PC) >>> 2] = 0x10;
    };
    this.guest = {
      mmuIndex: () => 0,
      translate: (_env, address): Translation => ({
        physical: address,
        readable: true,
        writable: true,
        executable: true,
        device: address < RAM,
        fault: 0,
        domain: 0,
        nonGlobal: false,
        sizeBits: 12,
      }),
      raiseAbort: (env) => leave(env, "abort"),
      raiseAlignment: (env) => leave(env, "alignment fault"),
      raiseExternal: (env) => leave(env, "external abort"),
    };
    const context = { shared: this.layout.strategy, perVcpu: PER_VCPU, parallel };
    this.sync = {
      atomics: atomics.expansion,
      atomicsContext: context,
      barriers: barriers.expansion,
      barriersContext: { ...context, shared: 0, perVcpu: 0 },
      leaveAfterLoadExclusive: false,
      leaveAfterStoreExclusive: false,
    };
    const indices = part ? [part.index] : Array.from({ length: vcpus }, (_, index) => index);
    this.#vcpus = indices.map((index) => new RigVcpu(this, index));
  }

  /** Load-exclusive; zero-extended. */
  loadExclusive(vcpu: number, address: number, size: number, extra = 0): bigint {
    const op = exclusiveOp(size, extra);
    return this.#read(
      vcpu,
      size,
      (b) => b.loadExclusive(b.const(address), op),
      (b) => b.loadExclusive64(b.const(address), op),
    );
  }

  /** Store-exclusive; whether it stored. */
  storeExclusive(vcpu: number, address: number, size: number, value: bigint, extra = 0): boolean {
    const op = exclusiveOp(size, extra);
    return this.#read(
      vcpu,
      4,
      (b) =>
        size === 8
          ? b.storeExclusive64(b.const(address), wide(b, value), op)
          : b.storeExclusive(b.const(address), narrow(b, value), op),
      null,
    ) === 0n;
  }

  clearExclusive(vcpu: number): void {
    this.#vcpus[vcpu].run((b) => b.clearExclusive());
  }

  /** What the engine does at an exception. */
  takeException(vcpu: number): void {
    this.#vcpus[vcpu].runtime.clear(this.#vcpus[vcpu].env);
  }

  swap(vcpu: number, address: number, size: number, value: bigint, extra = 0): bigint {
    const op = exclusiveOp(size, extra);
    return this.#read(
      vcpu,
      size,
      (b) => b.atomicSwap(b.const(address), narrow(b, value), op),
      null,
    );
  }

  /** Plain guest load; sign-extension shows in the upper bits of 32. */
  load(vcpu: number, address: number, size: number, extra = 0): bigint {
    const op = plainOp(size, extra);
    return this.#read(
      vcpu,
      size === 8 ? 8 : 4,
      (b) => b.guestLoad(b.const(address), op),
      (b) => b.guestLoad64(b.const(address), op),
    );
  }

  /** Plain guest store. */
  store(vcpu: number, address: number, size: number, value: bigint, extra = 0): void {
    const op = plainOp(size, extra);
    this.#vcpus[vcpu].run((b) => {
      if (size === 8) b.guestStore64(b.const(address), wide(b, value), op);
      else b.guestStore(b.const(address), narrow(b, value), op);
    });
  }

  /** Runs any block. */
  run(vcpu: number, emit: (b: IrBuilder) => void): void {
    this.#vcpus[vcpu].run(emit);
  }

  /** Translates a block once, to be run many times. Its results are read by {@linkcode Rig.result}. */
  prepare(vcpu: number, emit: (b: IrBuilder) => void): () => void {
    return this.#vcpus[vcpu].prepare(emit);
  }

  /** State slot `n` of those that prepared blocks leave results in. */
  static resultSlot(n: number): number {
    return RESULT + 4 * n;
  }

  /** What a prepared block has left in slot `n`. */
  result(vcpu: number, n: number): number {
    return this.views.i32[(this.#vcpus[vcpu].env + Rig.resultSlot(n)) >>> 2];
  }

  /** Sets slot `n` for the next prepared block. */
  tell(vcpu: number, n: number, value: number): void {
    this.views.i32[(this.#vcpus[vcpu].env + Rig.resultSlot(n)) >>> 2] = value;
  }

  /** Memory at a guest address, little-endian, without the guest. */
  peek(address: number, size: number): bigint {
    const at = this.layout.ram + address - RAM;
    return this.views.u8.subarray(at, at + size).reduceRight(
      (v, byte) => v << 8n | BigInt(byte),
      0n,
    );
  }

  poke(address: number, size: number, value: bigint): void {
    const at = this.layout.ram + address - RAM;
    for (let i = 0; i < size; i++) {
      this.views.u8[at + i] = Number(value >> BigInt(8 * i) & 0xffn);
    }
  }

  /** As if translated code had been made from the page at a guest address. */
  markCode(address: number): void {
    const page = (this.layout.ram + address - RAM & PAGE_MASK) >>> 0;
    setPageFlag(this.views, this.layout, page, "code", true);
    for (const vcpu of this.#vcpus) resetTlb(this.views, vcpu.env);
  }

  #read(
    vcpu: number,
    size: number,
    emit32: (b: IrBuilder) => V32,
    emit64: ((b: IrBuilder) => V64) | null,
  ): bigint {
    const { env } = this.#vcpus[vcpu];
    const { i32 } = this.views;
    i32[(env + RESULT + 4) >>> 2] = 0;
    this.#vcpus[vcpu].run((b) => {
      if (size === 8 && emit64) b.set64(RESULT, emit64(b));
      else b.set(RESULT, emit32(b));
    });
    const [lo, hi] = [0, 4].map((n) => BigInt(i32[(env + RESULT + n) >>> 2] >>> 0));
    return hi << 32n | lo;
  }
}

function narrow(b: IrBuilder, value: bigint): V32 {
  return b.const(Number(BigInt.asIntN(32, value)));
}

function wide(b: IrBuilder, value: bigint): V64 {
  return b.const64(
    Number(BigInt.asIntN(32, value)),
    Number(BigInt.asIntN(32, value >> 32n)),
  );
}
