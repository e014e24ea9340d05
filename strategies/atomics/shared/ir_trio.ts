/**
 * Schemes whose exclusive accesses are calls of helpers in IR, as the published schemes' were calls
 * of C functions. There is one helper for each operation, size and softmmu TLB, so that each has its
 * constants in the code. The byte order stays with the caller.
 * @module
 */
import type { V32 } from "../../../core/ir/builder.ts";
import type { ExpandContext } from "../../../core/ir/expansion.ts";
import type { HelperContext, HelperDef, HelperType } from "../../../core/ir/helper.ts";
import { irHelper } from "../../../core/ir/helper_body.ts";
import { MEMOP, memopAlign, memopMmuIndex, memopSize } from "../../../core/memory/memop.ts";
import { MMU_MODES, VCPU } from "../../../core/memory/vcpu_layout.ts";
import { release, type SchemeOps } from "./expansion.ts";
import { isWide, type Value } from "./value.ts";

/** What the helpers do; `raw` values are in memory order. */
export interface TrioBodies {
  /** Load-exclusive: reads, and notes in the local monitor (see `reserve`). */
  load(x: HelperContext, address: V32, memop: number): Value;
  /**
   * Store-exclusive where the local monitor holds this address and size; gives 1 when it stored, else
   * 0. The local monitor is cleared after it.
   */
  store(x: HelperContext, address: V32, raw: Value, memop: number): V32;
  /** Swap of one, two or four bytes. */
  swap(x: HelperContext, address: V32, raw: V32, memop: number): V32;
}

/** A scheme's helpers, and the operations that call them. */
export interface IrTrio {
  /** For the strategy's `helpers`. */
  readonly defs: readonly HelperDef[];
  /** For `expansionOf`. */
  readonly ops: Pick<SchemeOps, "load" | "store" | "swap">;
}

const OPERATIONS = ["load_exclusive", "store_exclusive", "swap"] as const;
type Operation = (typeof OPERATIONS)[number];

/** The part of a memop that a helper is made for. */
function kindOf(memop: number): number {
  if (memopAlign(memop) !== memopSize(memop)) {
    throw new RangeError(`An exclusive access must ask for its natural alignment (memop ${memop})`);
  }
  return memop & (MEMOP.SIZE_MASK | MEMOP.ALIGN_MASK | MEMOP.MMU_MASK);
}

/** Every kind of exclusive access. */
const KINDS: readonly number[] = [0, 1, 2, 3].flatMap((log2) =>
  Array.from(
    { length: MMU_MODES },
    (_, mmu) => log2 | log2 << MEMOP.ALIGN_SHIFT | mmu << MEMOP.MMU_SHIFT,
  )
);

function nameOf(scheme: string, operation: Operation, memop: number): string {
  const prefix = scheme.replaceAll("-", "_");
  return `${prefix}_${operation}${8 * memopSize(memop)}_mmu${memopMmuIndex(memop)}`;
}

function valueType(memop: number): HelperType {
  return isWide(memop) ? "i64" : "i32";
}

/** The value that is parameter 1. */
function rawParam({ b }: HelperContext, memop: number): Value {
  return isWide(memop) ? b.param64(1) : b.param(1);
}

function emitStore(x: HelperContext, bodies: TrioBodies, memop: number): void {
  const { b } = x;
  const address = b.param(0);
  const here = b.eq(b.get(VCPU.EXCL_ADDR), address);
  const size = b.eq(b.get(VCPU.EXCL_SIZE), b.const(memopSize(memop)));
  b.if(b.and(here, size), () => {
    const stored = bodies.store(x, address, rawParam(x, memop), memop);
    release(x);
    b.ret(b.eqz(stored));
  });
  release(x);
  b.ret(b.const(1));
}

function defsOf(scheme: string, bodies: TrioBodies, memop: number): HelperDef[] {
  const value = valueType(memop);
  const common = (operation: Operation) =>
    ({ name: nameOf(scheme, operation, memop), mayLeave: true }) as const;
  const defs = [
    irHelper({
      ...common("load_exclusive"),
      params: ["i32"],
      result: value,
      emit: (x) => x.b.ret(bodies.load(x, x.b.param(0), memop)),
    }),
    irHelper({
      ...common("store_exclusive"),
      params: ["i32", value],
      result: "i32",
      emit: (x) => emitStore(x, bodies, memop),
    }),
  ];
  if (!isWide(memop)) {
    defs.push(irHelper({
      ...common("swap"),
      params: ["i32", "i32"],
      result: "i32",
      emit: (x) => x.b.ret(bodies.swap(x, x.b.param(0), x.b.param(1), memop)),
    }));
  }
  return defs;
}

/** Calls a helper that gives a value of the access's size. */
function callFor(x: ExpandContext, name: string, memop: number, ...args: Value[]): Value {
  return isWide(memop) ? x.b.call64(name, ...args) : x.b.call(name, ...args);
}

/** The helpers of scheme `name`. */
export function irTrio(name: string, bodies: TrioBodies): IrTrio {
  const helper = (operation: Operation, memop: number) => nameOf(name, operation, kindOf(memop));
  return {
    defs: KINDS.flatMap((memop) => defsOf(name, bodies, memop)),
    ops: {
      load: (x, address, memop) => callFor(x, helper("load_exclusive", memop), memop, address),
      store: (x, address, raw, memop) => x.b.call(helper("store_exclusive", memop), address, raw),
      swap: (x, address, raw, memop) => x.b.call(helper("swap", memop), address, raw),
    },
  };
}
