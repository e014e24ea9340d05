/**
 * The walk of one guest load through the softmmu TLB, with the ways out of the fast path. The numbers
 * are those of the layout that translated code uses, so that the drawing cannot lag behind it.
 * @module
 */
import {
  PAGE_MASK,
  TLB_ADDEND,
  TLB_ENTRIES,
  TLB_FLAG,
  TLB_READ,
  tlbOffset,
} from "../../core/memory/vcpu_layout.ts";

/** Why a flag in a tag sends an access to the slow path, and what happens there. */
const REASONS: Readonly<Record<keyof typeof TLB_FLAG, readonly [why: string, then: string]>> = {
  INVALID: [
    "nothing is known of the page, or not this right",
    "walk the guest's tables, fill the entry and go on, or take the guest's abort",
  ],
  MMIO: ["the page is a device's", "read the device's register, under its lock"],
  CODE: [
    "a store, and the page holds translated code",
    "store, then drop the blocks made from those bytes",
  ],
  EXCL: [
    "a store, and the page holds reservations (tlb-excl)",
    "store as the atomics strategy says, and break what it overlaps",
  ],
};

function hex(value: number, digits = 8): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, "0")}`;
}

/** The walk of a load of `size` bytes at `address`, as text. `mmuIndex` chooses the table. */
export function softmmuWalk(address: number, size: number, mmuIndex: number): string {
  const entry = tlbOffset(mmuIndex, address);
  const page = (address + size - 1) & PAGE_MASK;
  const reasons = (Object.keys(TLB_FLAG) as (keyof typeof TLB_FLAG)[]).map((name) => [
    `${name.padEnd(8)}${hex(TLB_FLAG[name], 3)}`,
    ...REASONS[name],
  ]);
  const ways = [
    ["another page", "the entry is another page's", REASONS.INVALID[1]],
    ...reasons,
    [
      "low bits",
      "it must be aligned and is not: the comparison kept them",
      "take the alignment fault",
    ],
    ["next page", "its last byte lies there", "do it in two parts, each with its own entry"],
  ];
  return [
    `load of ${size} bytes at ${hex(address)}`,
    "  |",
    `  |   entry = env + ${
      hex(entry, 4)
    }: one of ${TLB_ENTRIES} of table ${mmuIndex}, chosen by the page`,
    `  |   tag   = word at entry + ${TLB_READ}`,
    "  v",
    `tag == ((address + ${size - 1}) & ${hex(PAGE_MASK)}), the last byte's page ${hex(page)} ?`,
    "  |                |",
    "  | equal          | not equal: the slow path, core/memory/softmmu.ts",
    "  |                |",
    "  |                +-- flag in the tag    because; and so",
    ...ways.map(([flag, why, then]) =>
      `  |                    ${flag.padEnd(16)}  ${why};\n  |${" ".repeat(38)}${then}`
    ),
    "  v",
    `host  = address + word at entry + ${TLB_ADDEND}`,
    "value = memory[host]",
    "",
  ].join("\n");
}
