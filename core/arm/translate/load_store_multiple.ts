/**
 * Load and store multiple. Every access needs word alignment; all loads are done before a register
 * changes, so that a fault in the middle leaves the instruction restartable.
 * @module
 */
import type { V32 } from "../../ir/builder.ts";
import { EXIT } from "../../ir/ops.ts";
import type { Fields } from "../decode/row.ts";
import { TB_FLAG } from "../state.ts";
import type { Handlers } from "./handler.ts";
import type { AccessKind, Translation } from "./translation.ts";

const WORD: AccessKind = { align: 2 };

/** Numbers of the registers in a list, lowest first. */
function registersOf(list: number): readonly number[] {
  return Array.from({ length: 16 }, (_, i) => i).filter((i) => (list >>> i & 1) === 1);
}

/** Emits the address of each of `count` words and the value for the base's write-back. */
function addresses(
  t: Translation,
  f: Fields,
  count: number,
): { readonly words: readonly V32[]; readonly writeBack: V32 | null } {
  const b = t.b;
  const base = t.reg(f.n);
  const at = (offset: number): V32 => offset === 0 ? base : b.add(base, b.const(offset));
  const first = f.U === 1 ? 4 * f.P : 4 * (1 - f.P) - 4 * count;
  return {
    words: Array.from({ length: count }, (_, i) => at(first + 4 * i)),
    writeBack: f.W === 1 ? at(f.U === 1 ? 4 * count : -4 * count) : null,
  };
}

/**
 * UNPREDICTABLE: an empty list, in 32-bit Thumb encodings one of a single register, or the pc as
 * base; undefined as in QEMU.
 */
function isUnpredictable(t: Translation, f: Fields): boolean {
  return f.n === 15 || (t.wide ? (f.g & (f.g - 1)) === 0 : f.g === 0);
}

/** UNPREDICTABLE: write-back of a base in the list of a load; undefined as in QEMU. */
function listsWrittenBase(f: Fields): boolean {
  return f.W === 1 && (f.g >>> f.n & 1) === 1;
}

interface Loaded {
  readonly register: number;
  readonly value: V32;
}

/** Emits the loads of a list, then the write-back. */
function loadList(t: Translation, f: Fields, list: number): readonly Loaded[] {
  const registers = registersOf(list);
  const { words, writeBack } = addresses(t, f, registers.length);
  const loaded = registers.map((register, i) => ({
    register,
    value: t.b.guestLoad(words[i], t.memop(2, WORD)),
  }));
  if (writeBack !== null) t.setReg(f.n, writeBack);
  return loaded;
}

/** Emits the stores of a list, whose values `read` gives, then the write-back. */
function storeList(t: Translation, f: Fields, read: (register: number) => V32): void {
  const registers = registersOf(f.g);
  const values = registers.map(read);
  const { words, writeBack } = addresses(t, f, registers.length);
  for (const [i, value] of values.entries()) t.b.guestStore(words[i], value, t.memop(2, WORD));
  if (writeBack !== null) t.setReg(f.n, writeBack);
}

/** Handlers of the group. */
export const loadStoreMultiple: Handlers<"load_store_multiple"> = {
  // STM{<amode>}<c> <Rn>{!}, <registers>
  stm: (t, f) => {
    // A32 stores some value then.
    if (isUnpredictable(t, f) || t.wide && listsWrittenBase(f)) return t.undefined();
    storeList(t, f, (register) => t.reg(register));
  },
  // LDM{<amode>}<c> <Rn>{!}, <registers>
  ldm: (t, f) => {
    if (isUnpredictable(t, f) || listsWrittenBase(f)) return t.undefined();
    for (const { register, value } of loadList(t, f, f.g)) {
      t.setRegInterworking(register, value);
    }
  },
  // STM{<amode>}<c> <Rn>, <registers>^
  stm_user: (t, f) => {
    if (t.user || isUnpredictable(t, f)) return t.undefined();
    storeList(
      t,
      f,
      (register) =>
        register < 8 || register === 15
          ? t.reg(register)
          : t.b.call("arm_get_user_reg", t.b.const(register)),
    );
  },
  // LDM{<amode>}<c> <Rn>, <registers without pc>^
  ldm_user: (t, f) => {
    // Write-back is UNPREDICTABLE; undefined as in QEMU.
    if (t.user || f.W === 1 || isUnpredictable(t, f)) return t.undefined();
    for (const { register, value } of loadList(t, f, f.g)) {
      if (register < 8) t.setReg(register, value);
      else t.b.callVoid("arm_set_user_reg", t.b.const(register), value);
    }
  },
  // LDM{<amode>}<c> <Rn>{!}, <registers with pc>^
  ldm_eret: (t, f) => {
    const noSpsr = (t.flags & (TB_FLAG.USER | TB_FLAG.NO_SPSR)) !== 0;
    if (noSpsr || f.n === 15 || listsWrittenBase(f)) return t.undefined();
    for (const { register, value } of loadList(t, f, f.g | 0x8000)) {
      if (register < 15) t.setReg(register, value);
      else t.b.callVoid("arm_exception_return", value);
    }
    t.exit(EXIT.LOOKUP);
  },
};
