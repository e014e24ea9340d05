/**
 * The guest's MMU as the softmmu sees it: flat when off, else the table format that TTBCR chooses;
 * and the aborts.
 * @module
 */
import {
  ACCESS,
  type Access,
  blankTranslation,
  type GuestMmu,
  type Translation,
} from "../../memory/guest_mmu.ts";
import { MMU_INDEX } from "../../memory/memop.ts";
import { PAGE_BITS, VCPU } from "../../memory/vcpu_layout.ts";
import { CP, TB_FLAG } from "../state.ts";
import { raise } from "./exceptions.ts";
import { faultFormat } from "./fault_status.ts";
import {
  LongDescriptorWalker,
  type MemoryAttributes,
  STRONGLY_ORDERED,
} from "./long_descriptor.ts";
import { SCTLR } from "./sctlr.ts";
import type { ArmContext } from "./services.ts";
import { ShortDescriptorWalker } from "./short_descriptor.ts";
import { usesLongDescriptors } from "./ttbcr.ts";

/** A table format's walk; see GuestMmu.translate. `address` is unsigned. */
interface Walker {
  walk(env: number, address: number, access: Access, user: boolean, t: Translation): void;
}

/** One thread's view of its vCPUs' MMUs. */
export class ArmMmu implements GuestMmu {
  readonly #cx: ArmContext;
  readonly #i32: Int32Array<SharedArrayBuffer>;
  readonly #short: Walker;
  readonly #long: LongDescriptorWalker;
  readonly #t: Translation = blankTranslation();

  /** One a thread. */
  constructor(cx: ArmContext) {
    this.#cx = cx;
    this.#i32 = cx.views.i32;
    this.#short = new ShortDescriptorWalker(cx.views, cx.bus);
    this.#long = new LongDescriptorWalker(cx.views, cx.bus);
  }

  /** See GuestMmu. */
  mmuIndex(env: number): number {
    return (this.#i32[(env + VCPU.TB_FLAGS) >>> 2] & TB_FLAG.USER) !== 0
      ? MMU_INDEX.USER
      : MMU_INDEX.PRIVILEGED;
  }

  /**
   * See GuestMmu. With the MMU off, memory counts as normal, as on QEMU: unaligned accesses work
   * although the architecture calls everything strongly-ordered then.
   */
  translate(env: number, address: number, access: Access, mmuIndex: number): Translation {
    const t = this.#t;
    const virtual = address >>> 0;
    if ((this.#i32[(env + CP.SCTLR) >>> 2] & SCTLR.M) !== 0) {
      const long = usesLongDescriptors(this.#i32[(env + CP.TTBCR) >>> 2]);
      const walker: Walker = long ? this.#long : this.#short;
      walker.walk(env, virtual, access, mmuIndex !== MMU_INDEX.PRIVILEGED, t);
    } else {
      t.physical = virtual;
      t.readable = t.writable = t.executable = true;
      t.device = t.nonGlobal = false;
      t.fault = t.domain = 0;
      t.sizeBits = PAGE_BITS;
    }
    return t;
  }

  /**
   * MAIR byte and shareability of the memory that the last translation found, for PAR; with long
   * descriptors only.
   */
  longAttributes(env: number): MemoryAttributes {
    const on = (this.#i32[(env + CP.SCTLR) >>> 2] & SCTLR.M) !== 0;
    return on ? this.#long.attributes(env) : STRONGLY_ORDERED;
  }

  /** See GuestMmu. */
  raiseAbort(env: number, pc: number, address: number, access: Access, t: Translation): void {
    this.#abort(env, pc, address, access, t.fault, t.domain);
  }

  /** See GuestMmu. */
  raiseAlignment(env: number, pc: number, address: number, access: Access): void {
    this.#abort(env, pc, address, access, faultFormat(this.#i32, env).alignment, 0);
  }

  /** See GuestMmu. */
  raiseExternal(env: number, pc: number, address: number, access: Access): void {
    this.#abort(env, pc, address, access, faultFormat(this.#i32, env).external, 0);
  }

  #abort(
    env: number,
    pc: number,
    address: number,
    access: Access,
    code: number,
    domain: number,
  ): void {
    const i32 = this.#i32;
    const format = faultFormat(i32, env);
    if (access === ACCESS.FETCH) {
      i32[(env + CP.IFSR) >>> 2] = format.instruction(code);
      i32[(env + CP.IFAR) >>> 2] = address;
      raise(this.#cx, env, "prefetchAbort", pc);
      return;
    }
    i32[(env + CP.DFSR) >>> 2] = format.data(code, domain, access === ACCESS.STORE);
    i32[(env + CP.DFAR) >>> 2] = address;
    raise(this.#cx, env, "dataAbort", pc);
  }
}
