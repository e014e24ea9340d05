/**
 * The rules that an atomics scheme keeps, each a test on a {@linkcode Rig}. What a scheme may do
 * differently follows from its declared constraints, so the table proves the declarations.
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { MEMOP } from "../../core/memory/memop.ts";
import type { AtomicsConstraints } from "../types.ts";
import { DEVICE, GuestFault, RAM, type Rig } from "./rig.ts";

/** A rule. */
export interface Rule {
  readonly name: string;
  readonly check: (rig: Rig, constraints: AtomicsConstraints) => void;
}

const SIZES = [1, 2, 4, 8] as const;
/** A word in the middle of a page. */
const A = RAM + 0x1100;
const OLD = 0x1122_3344_5566_7788n;
const NEW = 0x99aa_bbcc_ddee_ff00n;

function low(value: bigint, size: number): bigint {
  return BigInt.asUintN(8 * size, value);
}

/** The bytes in reverse. */
function reversed(value: bigint, size: number): bigint {
  let result = 0n;
  for (let i = 0; i < size; i++) result = result << 8n | (value >> BigInt(8 * i) & 0xffn);
  return result;
}

/**
 * vCPU 0 load-exclusives; `between` happens without changing memory; then vCPU 0's store-exclusive
 * must fail exactly when the scheme notices stores of the same value.
 */
function sameValue(
  rig: Rig,
  { abaSafe }: AtomicsConstraints,
  address: number,
  size: number,
  between: () => void,
): void {
  rig.poke(address - 8, 8, OLD);
  rig.poke(address, 8, OLD);
  rig.loadExclusive(0, address, size);
  between();
  assertEquals(rig.peek(address, 8), OLD, "the test stores what was there");
  const stored = rig.storeExclusive(0, address, size, NEW);
  assertEquals(stored, abaSafe !== "yes", "store-exclusive succeeds only when ABA goes unnoticed");
  assertEquals(rig.peek(address, size), low(stored ? NEW : OLD, size));
}

/** The table. */
export const RULES: readonly Rule[] = [
  {
    name: "a pair reads, stores and uses the reservation up",
    check: (rig) => {
      for (const size of SIZES) {
        rig.poke(A, 8, OLD);
        assertEquals(rig.loadExclusive(0, A, size), low(OLD, size));
        assertEquals(rig.storeExclusive(0, A, size, NEW), true);
        assertEquals(rig.peek(A, 8), OLD >> BigInt(8 * size) << BigInt(8 * size) | low(NEW, size));
        assertEquals(rig.storeExclusive(0, A, size, OLD), false);
        assertEquals(rig.peek(A, size), low(NEW, size));
      }
    },
  },
  {
    name: "big-endian data are reversed in memory",
    check: (rig) => {
      for (const size of SIZES) {
        const value = low(OLD, size);
        rig.poke(A, size, reversed(value, size));
        assertEquals(rig.loadExclusive(0, A, size, MEMOP.BIG_ENDIAN), value);
        assertEquals(rig.storeExclusive(0, A, size, NEW, MEMOP.BIG_ENDIAN), true);
        assertEquals(rig.peek(A, size), reversed(low(NEW, size), size));
        rig.store(1, A, size, value, MEMOP.BIG_ENDIAN);
        assertEquals(rig.peek(A, size), reversed(value, size));
        assertEquals(rig.load(0, A, size, MEMOP.BIG_ENDIAN), value);
        if (size === 8) continue;
        assertEquals(rig.swap(0, A, size, NEW, MEMOP.BIG_ENDIAN), value);
        assertEquals(rig.peek(A, size), reversed(low(NEW, size), size));
      }
    },
  },
  {
    name: "a store-exclusive fails without a load-exclusive",
    check: (rig) => {
      rig.poke(A, 8, 0n);
      assertEquals(rig.storeExclusive(0, A, 4, NEW), false);
      assertEquals(rig.storeExclusive(0, 0, 4, NEW), false, "not even a fault");
      assertEquals(rig.peek(A, 4), 0n);
    },
  },
  {
    name: "a store-exclusive to another address fails and uses the reservation up",
    check: (rig) => {
      for (const other of [A + 4, A + 8, A + 0x1000]) {
        rig.loadExclusive(0, A, 4);
        assertEquals(rig.storeExclusive(0, other, 4, NEW), false);
        assertEquals(rig.storeExclusive(0, A, 4, NEW), false);
      }
    },
  },
  {
    name: "a store-exclusive of another size fails",
    check: (rig) => {
      for (const size of SIZES) {
        for (const other of SIZES) {
          rig.loadExclusive(0, A, size);
          assertEquals(rig.storeExclusive(0, A, other, NEW), other === size);
        }
      }
    },
  },
  {
    name: "a second load-exclusive moves the reservation",
    check: (rig) => {
      rig.loadExclusive(0, A, 4);
      rig.loadExclusive(0, A + 0x1000, 4);
      assertEquals(rig.storeExclusive(0, A, 4, NEW), false);
      rig.loadExclusive(0, A, 4);
      rig.loadExclusive(0, A + 0x1000, 4);
      assertEquals(rig.storeExclusive(0, A + 0x1000, 4, NEW), true);
    },
  },
  {
    name: "a reservation ends with clear-exclusive and with an exception",
    check: (rig) => {
      for (const end of [() => rig.clearExclusive(0), () => rig.takeException(0)]) {
        rig.loadExclusive(0, A, 4);
        end();
        assertEquals(rig.storeExclusive(0, A, 4, NEW), false);
        rig.loadExclusive(0, A, 4);
        assertEquals(rig.storeExclusive(0, A, 4, NEW), true, "the next pair works");
      }
    },
  },
  {
    name: "another value stored by another vCPU makes it fail",
    check: (rig) => {
      for (const size of SIZES) {
        rig.poke(A, 8, OLD);
        rig.loadExclusive(0, A, size);
        rig.store(1, A, size, 0x77n);
        assertEquals(rig.storeExclusive(0, A, size, NEW), false);
        assertEquals(rig.peek(A, size), 0x77n);
      }
    },
  },
  {
    name: "the same value stored by another vCPU makes it fail in ABA-safe schemes",
    check: (rig, constraints) => {
      for (const size of SIZES) {
        sameValue(rig, constraints, A, size, () => rig.store(1, A, size, OLD));
      }
      sameValue(rig, constraints, A, 4, () => rig.store(1, A, 8, OLD));
      sameValue(rig, constraints, A, 8, () => rig.store(1, A + 4, 4, OLD >> 32n));
      sameValue(rig, constraints, A, 4, () => {
        rig.store(1, A, 4, NEW);
        rig.store(1, A, 4, OLD);
      });
    },
  },
  {
    name: "so does an unaligned, a page-crossing and a code-page store",
    check: (rig, constraints) => {
      sameValue(rig, constraints, A, 4, () => rig.store(1, A - 2, 4, OLD >> 48n | OLD << 16n));
      sameValue(rig, constraints, RAM + 0x3000, 4, () => {
        rig.store(1, RAM + 0x2ffe, 4, OLD >> 48n | OLD << 16n);
      });
      rig.markCode(RAM + 0x4000);
      sameValue(rig, constraints, RAM + 0x4010, 4, () => rig.store(1, RAM + 0x4010, 4, OLD));
    },
  },
  {
    name: "so do another vCPU's swap and store-exclusive",
    check: (rig, constraints) => {
      for (const size of [1, 2, 4]) {
        sameValue(rig, constraints, A, size, () => rig.swap(1, A, size, OLD));
      }
    },
  },
  {
    name: "of two reservations of one word only one store-exclusive succeeds",
    check: (rig) => {
      for (const size of SIZES) {
        rig.poke(A, 8, OLD);
        rig.loadExclusive(0, A, size);
        rig.loadExclusive(1, A, size);
        assertEquals(rig.storeExclusive(1, A, size, NEW), true);
        assertEquals(rig.storeExclusive(0, A, size, 0n), false);
        assertEquals(rig.peek(A, size), low(NEW, size));
      }
    },
  },
  {
    name: "stores elsewhere in the page and the vCPU's own stores elsewhere leave it alone",
    check: (rig) => {
      rig.loadExclusive(0, A, 4);
      rig.store(1, A + 0x400, 8, NEW);
      rig.store(1, A + 0x3fe, 4, NEW);
      rig.store(0, A + 0x40, 4, NEW);
      rig.swap(1, A + 0x440, 4, NEW);
      assertEquals(rig.storeExclusive(0, A, 4, NEW), true);
    },
  },
  {
    name: "two vCPUs with reservations in one page do not disturb each other",
    check: (rig) => {
      rig.loadExclusive(0, A, 4);
      rig.loadExclusive(1, A + 0x80, 4);
      assertEquals(rig.storeExclusive(0, A, 4, NEW), true);
      assertEquals(rig.storeExclusive(1, A + 0x80, 4, NEW), true);
    },
  },
  {
    name: "a swap gives the old value and stores the new one",
    check: (rig) => {
      for (const size of [1, 2, 4]) {
        rig.poke(A, 8, OLD);
        assertEquals(rig.swap(0, A, size, NEW), low(OLD, size));
        assertEquals(rig.peek(A, 8), OLD >> BigInt(8 * size) << BigInt(8 * size) | low(NEW, size));
      }
    },
  },
  {
    name: "misaligned exclusives fault and leave no reservation",
    check: (rig) => {
      for (const size of [2, 4, 8]) {
        assertThrows(() => rig.loadExclusive(0, A + 1, size), GuestFault, "alignment fault");
        assertEquals(rig.storeExclusive(0, A, size, NEW), false);
      }
      assertThrows(() => rig.swap(0, A + 2, 4, NEW), GuestFault, "alignment fault");
    },
  },
  {
    name: "exclusives to device memory take an external abort",
    check: (rig) => {
      assertThrows(() => rig.loadExclusive(0, DEVICE, 4), GuestFault, "external abort");
      assertThrows(() => rig.swap(0, DEVICE, 4, NEW), GuestFault, "external abort");
      assertEquals(rig.storeExclusive(0, DEVICE, 4, NEW), false);
    },
  },
  {
    name: "plain accesses of every size and alignment do what they say",
    check: (rig) => {
      for (const extra of [0, MEMOP.SEQ_CST]) {
        for (const size of SIZES) {
          for (const address of [A, A + 1, RAM + 0x1ffe, RAM + 0x1fff]) {
            rig.poke(address, 8, OLD);
            rig.store(0, address, size, NEW, extra);
            assertEquals(rig.peek(address, size), low(NEW, size));
            assertEquals(rig.load(1, address, size, extra), low(NEW, size));
          }
        }
      }
      rig.poke(A, 4, 0x80f0n);
      assertEquals(rig.load(0, A, 1, MEMOP.SIGN), 0xffff_fff0n);
      assertEquals(rig.load(0, A, 2, MEMOP.SIGN), 0xffff_80f0n);
    },
  },
];
