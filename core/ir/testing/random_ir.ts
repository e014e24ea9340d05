/**
 * Random valid blocks of IR, for properties that must hold of every block: printing and parsing,
 * passes that must not change what a block does, backends that must agree.
 * @module
 */
import type { IrBlock } from "../block.ts";
import { IrBuilder, type V32, type V64 } from "../builder.ts";
import type { HelperTable } from "../helper.ts";
import { BARRIER, EXIT, type RmwOp } from "../ops.ts";
import { MEMOP } from "../../memory/memop.ts";
import type { Rng } from "./rng.ts";

/** Where the generated code may reach; see the test host for a memory that fits. */
export interface RandomIrOptions {
  /** Must hold TEST_HELPERS. */
  readonly helpers: HelperTable;
  /** About how many operations the block has. */
  readonly size: number;
  /** State slots to use (byte offsets, 8 bytes apart at least for 64-bit accesses to pair up). */
  readonly slots: readonly number[];
  /** Guest addresses: each is `guestBase + (random & guestMask)`. */
  readonly guestBase: number;
  readonly guestMask: number;
  /** Host scratch memory: 8-aligned address and size as a power of two. */
  readonly hostBase: number;
  readonly hostBytes: number;
  /** Also emit operations that the expansion pass replaces. */
  readonly abstract?: boolean;
}

const BIN = ["add", "sub", "mul", "div_u", "div_s", "and", "or", "xor", "shl", "shr_u"] as const;
const BIN2 = ["shr_s", "rotr", "eq", "ne", "lt_u", "lt_s", "le_u", "le_s"] as const;
const UN = ["clz", "sext8", "sext16", "bswap", "eqz"] as const;
const BIN64 = ["add64", "sub64", "mul64", "and64", "or64", "xor64", "shl64"] as const;
const SHR64 = ["shr_u64", "shr_s64"] as const;

/** A random block at guest address 0x8000 that verifies. */
export function randomBlock(rng: Rng, options: RandomIrOptions): IrBlock {
  return new Generator(rng, options).run();
}

class Generator {
  readonly #r: Rng;
  readonly #o: RandomIrOptions;
  readonly #b: IrBuilder;
  /** Visible temporaries. */
  #narrow: V32[] = [];
  #wide: V64[] = [];
  #left: number;
  #pc = 0x8000;

  constructor(rng: Rng, options: RandomIrOptions) {
    this.#r = rng;
    this.#o = options;
    this.#b = new IrBuilder(options.helpers);
    this.#left = options.size;
  }

  run(): IrBlock {
    this.#b.begin(this.#pc);
    this.#marker();
    while (this.#left > 0) this.#step(0);
    this.#terminate();
    return this.#b.finish();
  }

  #marker(): void {
    const bytes = this.#r.pick([2, 4]);
    this.#b.insn(this.#pc, bytes, this.#r.below(4));
    this.#pc += bytes;
  }

  #v32(): V32 {
    if (this.#narrow.length === 0 || this.#r.chance(0.15)) return this.#constant();
    // Recent values are the likelier operands, so that chains of operations grow.
    const back = Math.min(this.#r.below(8), this.#r.below(this.#narrow.length));
    return this.#narrow[this.#narrow.length - 1 - back];
  }

  #v64(): V64 {
    if (this.#wide.length === 0 || this.#r.chance(0.2)) {
      return this.#keep64(this.#b.const64(this.#r.cornerWord(), this.#r.cornerWord()));
    }
    return this.#r.pick(this.#wide);
  }

  #constant(): V32 {
    const b = this.#b;
    const place = this.#r.chance(0.1);
    return this.#keep(
      place ? b.codeAddr(this.#pc + this.#r.below(0x2000)) : b.const(this.#r.cornerWord()),
    );
  }

  #keep(v: V32): V32 {
    this.#narrow.push(v);
    return v;
  }

  #keep64(v: V64): V64 {
    this.#wide.push(v);
    return v;
  }

  #step(depth: number): void {
    this.#left--;
    const r = this.#r;
    const roll = r.below(100);
    if (roll < 8) this.#marker();
    else if (roll < 40) this.#arithmetic();
    else if (roll < 52) this.#arithmetic64();
    else if (roll < 68) this.#state();
    else if (roll < 77) this.#guest();
    else if (roll < 87) this.#host();
    else if (roll < 92) this.#call();
    else if (roll < 98 || !this.#o.abstract) {
      if (depth < 3) this.#if(depth);
    } else this.#abstract();
  }

  #arithmetic(): void {
    const roll = this.#r.below(10);
    const b = this.#b;
    if (roll < 5) this.#keep(b.bin(this.#r.pick(BIN), this.#v32(), this.#v32()));
    else if (roll < 7) this.#keep(b.bin(this.#r.pick(BIN2), this.#v32(), this.#v32()));
    else if (roll < 9) this.#keep(b.un(this.#r.pick(UN), this.#v32()));
    else this.#keep(b.select(this.#v32(), this.#v32(), this.#v32()));
  }

  #arithmetic64(): void {
    const b = this.#b;
    switch (this.#r.below(9)) {
      case 0:
        this.#keep64(b.concat(this.#v32(), this.#v32()));
        break;
      case 1:
        this.#keep(b.lo(this.#v64()));
        break;
      case 2:
        this.#keep(b.hi(this.#v64()));
        break;
      case 3:
        this.#keep64(this.#r.chance(0.5) ? b.extendU(this.#v32()) : b.extendS(this.#v32()));
        break;
      case 4:
        this.#keep(b.eq64(this.#v64(), this.#v64()));
        break;
      case 5:
        this.#keep(b.ltS64(this.#v64(), this.#v64()));
        break;
      case 6:
        this.#keep64(b.bin64(this.#r.pick(SHR64), this.#v64(), this.#v64()));
        break;
      default:
        this.#keep64(b.bin64(this.#r.pick(BIN64), this.#v64(), this.#v64()));
    }
  }

  #state(): void {
    const b = this.#b;
    const slot = this.#r.pick(this.#o.slots);
    const roll = this.#r.below(10);
    if (roll < 4) this.#keep(b.get(slot));
    else if (roll < 8) b.set(slot, this.#v32());
    else if (roll < 9) this.#keep64(b.get64(slot));
    else b.set64(slot, this.#v64());
  }

  #guestAddress(): V32 {
    const b = this.#b;
    const offset = this.#r.chance(0.5)
      ? b.const(this.#r.word() & this.#o.guestMask)
      : b.and(this.#v32(), b.const(this.#o.guestMask));
    return b.add(b.const(this.#o.guestBase), offset);
  }

  /** A memop of at most `1 << most` bytes, at least `1 << least`. */
  #memop(least: number, most: number): number {
    const r = this.#r;
    let op = least + r.below(most - least + 1);
    if (op < 2 && r.chance(0.4)) op |= MEMOP.SIGN;
    if (r.chance(0.3)) op |= Math.min(op & 3, r.below(4)) << MEMOP.ALIGN_SHIFT;
    if (r.chance(0.2)) op |= MEMOP.BIG_ENDIAN;
    if (r.chance(0.3)) op |= 1 << MEMOP.MMU_SHIFT;
    if (r.chance(0.2)) op |= MEMOP.SEQ_CST;
    return op;
  }

  #guest(): void {
    const b = this.#b;
    const address = this.#guestAddress();
    switch (this.#r.below(6)) {
      case 0:
        this.#keep64(b.guestLoad64(address, this.#memop(3, 3)));
        break;
      case 1:
        b.guestStore64(address, this.#v64(), this.#memop(3, 3));
        break;
      case 2:
      case 3:
        b.guestStore(address, this.#v32(), this.#memop(0, 2));
        break;
      default:
        this.#keep(b.guestLoad(address, this.#memop(0, 2)));
    }
    if (this.#r.chance(0.1)) {
      const extra = this.#r.pick([0, MEMOP.WRITE]) | this.#r.pick([0, MEMOP.SOFT]);
      const found = b.probe(this.#guestAddress(), this.#memop(0, 3) & ~MEMOP.SEQ_CST | extra);
      // Host addresses differ from machine to machine: keep only whether there was one.
      this.#keep(b.eqz(found));
    }
  }

  /** A host address aligned to `1 << log2`. */
  #hostAddress(log2: number): V32 {
    const b = this.#b;
    const mask = (this.#o.hostBytes - 8) & -(1 << log2);
    return b.add(b.const(this.#o.hostBase), b.and(this.#v32(), b.const(mask)));
  }

  #host(): void {
    const b = this.#b;
    const size = this.#r.below(3);
    const aligned = this.#hostAddress(size);
    switch (this.#r.below(11)) {
      case 0:
        this.#keep(b.hostLoad(this.#hostAddress(0), this.#r.pick([0, 1, 2, 4, 5])));
        break;
      case 1:
        this.#keep64(b.hostLoad64(this.#hostAddress(0)));
        break;
      case 2:
        b.hostStore(this.#hostAddress(0), this.#v32(), size);
        break;
      case 3:
        b.hostStore64(this.#hostAddress(0), this.#v64());
        break;
      case 4:
        this.#keep(b.atomicLoad(aligned, size));
        break;
      case 5:
        b.atomicStore(aligned, this.#v32(), size);
        break;
      case 6:
        this.#keep(b.atomicRmw(this.#r.below(6) as RmwOp, aligned, this.#v32(), size));
        break;
      case 7:
        this.#keep(b.atomicCas(aligned, this.#v32(), this.#v32(), size));
        break;
      case 8:
        this.#keep64(b.atomicLoad64(this.#hostAddress(3)));
        break;
      case 9:
        this.#keep64(b.atomicCas64(this.#hostAddress(3), this.#v64(), this.#v64()));
        break;
      default:
        b.atomicStore64(this.#hostAddress(3), this.#v64());
        b.fence();
    }
  }

  #call(): void {
    const b = this.#b;
    switch (this.#r.below(6)) {
      case 0:
        this.#keep(b.call("test_mix", this.#v32(), this.#v32(), this.#v32()));
        break;
      case 1:
        b.callVoid("test_note", this.#v32(), this.#v32());
        break;
      case 2:
        this.#keep(b.call("test_read", this.#v32()));
        break;
      case 3:
        this.#keep(b.call("test_write", this.#v32(), this.#v32()));
        break;
      case 4:
        b.callVoid("test_write", this.#v32(), this.#v32());
        break;
      default:
        b.callVoid("test_leave", this.#v32());
    }
  }

  #abstract(): void {
    const b = this.#b;
    const address = this.#guestAddress();
    switch (this.#r.below(7)) {
      case 0:
        this.#keep(b.loadExclusive(address, this.#memop(0, 2)));
        break;
      case 1:
        this.#keep64(b.loadExclusive64(address, this.#memop(3, 3)));
        break;
      case 2:
        this.#keep(b.storeExclusive(address, this.#v32(), this.#memop(0, 2)));
        break;
      case 3:
        this.#keep(b.storeExclusive64(address, this.#v64(), this.#memop(3, 3)));
        break;
      case 4:
        b.clearExclusive();
        break;
      case 5:
        this.#keep(b.atomicSwap(address, this.#v32(), this.#memop(0, 2)));
        break;
      default:
        b.memoryBarrier(1 + this.#r.below(BARRIER.ALL | BARRIER.DSB));
    }
  }

  #if(depth: number): void {
    const ends = this.#r.chance(0.3);
    const elseEnds = !ends && this.#r.chance(0.2);
    const otherwise = this.#r.chance(0.5)
      ? () => this.#arm(depth, elseEnds && this.#r.chance(0.5))
      : undefined;
    this.#b.if(this.#v32(), () => this.#arm(depth, ends), otherwise);
  }

  #arm(depth: number, ends: boolean): void {
    const narrow = this.#narrow.length, wide = this.#wide.length;
    const steps = this.#r.below(8);
    for (let i = 0; i < steps && this.#left > 0; i++) this.#step(depth + 1);
    if (ends) this.#terminate();
    this.#narrow.length = narrow;
    this.#wide.length = wide;
  }

  #terminate(): void {
    const b = this.#b;
    const roll = this.#r.below(4);
    if (roll < 2) {
      const slot = roll as 0 | 1;
      b.gotoTb(slot, 0x8100 + 16 * slot);
    } else if (roll === 2) b.gotoPtr();
    else b.exit(this.#r.pick([EXIT.LOOKUP, EXIT.WFI, EXIT.YIELD]));
  }
}
