/**
 * Synchronisation: exclusives, swaps and barriers. They stay abstract here; the machine's strategies
 * expand them.
 * @module
 */
import type { V32 } from "../../ir/builder.ts";
import { BARRIER, EXIT } from "../../ir/ops.ts";
import { MEMOP } from "../../memory/memop.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import type { Fields } from "../decode/row.ts";
import { TB_FLAG } from "../state.ts";
import type { Handler, Handlers } from "./handler.ts";
import type { Translation } from "./translation.ts";

function isBigEndian(t: Translation): boolean {
  return (t.flags & TB_FLAG.BIG_ENDIAN) !== 0;
}

/** [<Rn>], in Thumb also [<Rn>, #<imm>] */
function addressOf(t: Translation, f: Fields): V32 {
  return f.v === 0 ? t.reg(f.n) : t.b.add(t.reg(f.n), t.b.const(f.v));
}

/** Whether register `n` cannot be stored, loaded or a result: the pc, in Thumb the sp too. */
function isBadData(t: Translation, n: number): boolean {
  return n === 15 || t.thumb && n === 13;
}

/** Whether Rt and Rt2 cannot be a doubleword: UNPREDICTABLE; undefined as in QEMU. */
function isBadPair(t: Translation, f: Fields): boolean {
  return t.thumb ? isBadData(t, f.a) : (f.t & 1) === 1 || f.t === 14;
}

/** LDREX{B,H,D}<c> <Rt>, {<Rt2>, }[<Rn>] */
function loadExclusive(size: number): Handler {
  return (t, f) => {
    // UNPREDICTABLE; undefined as in QEMU.
    if (f.n === 15 || isBadData(t, f.t)) return t.undefined();
    if (size === 3 && (isBadPair(t, f) || f.t === f.a)) return t.undefined();
    const b = t.b;
    const memop = t.memop(size, { align: size });
    const address = addressOf(t, f);
    if (size === 3) {
      const value = b.loadExclusive64(address, memop);
      t.setReg(f.t, isBigEndian(t) ? b.hi(value) : b.lo(value));
      t.setReg(f.a, isBigEndian(t) ? b.lo(value) : b.hi(value));
    } else {
      t.setReg(f.t, b.loadExclusive(address, memop));
    }
    if (t.options.leaveAfterLoadExclusive) t.exitToNext(EXIT.LOOKUP);
  };
}

/** Adds `amount` to one of the vCPU's engine words. */
function addToWord(t: Translation, offset: number, amount: V32): void {
  t.b.set(offset, t.b.add(t.b.get(offset), amount));
}

/** STREX{B,H,D}<c> <Rd>, <Rt>, {<Rt2>, }[<Rn>] */
function storeExclusive(size: number): Handler {
  return (t, f) => {
    // UNPREDICTABLE; undefined as in QEMU.
    if (f.n === 15 || isBadData(t, f.d) || isBadData(t, f.t) || f.d === f.n || f.d === f.t) {
      return t.undefined();
    }
    if (size === 3 && (isBadPair(t, f) || f.d === f.a)) return t.undefined();
    const b = t.b;
    const memop = t.memop(size, { align: size });
    const address = addressOf(t, f);
    const failed = size === 3
      ? b.storeExclusive64(address, pair(t, f), memop)
      : b.storeExclusive(address, t.reg(f.t), memop);
    t.setReg(f.d, failed);
    if (t.options.countExclusives) {
      addToWord(t, VCPU.STREX_ATTEMPTS, b.const(1));
      addToWord(t, VCPU.STREX_FAILURES, failed);
    }
    if (t.options.leaveAfterStoreExclusive) t.exitToNext(EXIT.LOOKUP);
  };
}

/** Rt and Rt2 as a doubleword in memory order. */
function pair(t: Translation, f: Fields): ReturnType<Translation["b"]["concat"]> {
  const first = t.reg(f.t);
  const second = t.reg(f.a);
  return isBigEndian(t) ? t.b.concat(second, first) : t.b.concat(first, second);
}

/** SWP{B}<c> <Rt>, <Rt2>, [<Rn>] */
function swap(size: number): Handler {
  return (t, f) => {
    if ((t.flags & TB_FLAG.SWP) === 0) return t.undefined();
    if (f.n === 15 || f.t === 15 || f.m === 15 || f.n === f.t || f.n === f.m) {
      return t.undefined();
    }
    const memop = t.memop(size, { align: size });
    const address = t.reg(f.n);
    // A fault that the load alone would have taken is reported as that of a load.
    t.b.probe(address, (memop & ~MEMOP.BIG_ENDIAN) | MEMOP.EXCLUSIVE);
    t.setReg(f.t, t.b.atomicSwap(address, t.reg(f.m), memop));
  };
}

/** Whether a barrier's option limits it to stores: ST, ISHST, NSHST, OSHST. Reserved ones are SY. */
function storesOnly(option: number): boolean {
  return (option & 3) === 2;
}

/** Handlers of the group. */
export const sync: Handlers<"sync"> = {
  swp: swap(2),
  swpb: swap(0),
  ldrex: loadExclusive(2),
  ldrexb: loadExclusive(0),
  ldrexh: loadExclusive(1),
  ldrexd: loadExclusive(3),
  strex: storeExclusive(2),
  strexb: storeExclusive(0),
  strexh: storeExclusive(1),
  strexd: storeExclusive(3),
  // CLREX
  clrex: (t) => t.b.clearExclusive(),
  // DMB <option>
  dmb: (t, f) => t.b.memoryBarrier(storesOnly(f.v) ? BARRIER.ST_ST : BARRIER.ALL),
  // DSB <option>: later accesses of every kind wait for the earlier ones
  dsb: (t, f) =>
    t.b.memoryBarrier(
      (storesOnly(f.v) ? BARRIER.ST_ST | BARRIER.ST_LD : BARRIER.ALL) | BARRIER.DSB,
    ),
  // ISB <option>: orders no data accesses; what follows is fetched anew
  isb: (t) => t.gotoNextByPtr(),
};
