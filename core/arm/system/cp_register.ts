/**
 * Coprocessor registers as data: one row a register, found by its encoding.
 * @module
 */
import type { ArmContext } from "./services.ts";

/** Who may do what: nothing, read, write. */
export type CpRights = "" | "r" | "w" | "rw";

/** One coprocessor register of 32 or (MRRC, MCRR) 64 bits. */
export interface CpRegister {
  /** Name in the Architecture Manual. */
  readonly name: string;
  /** From {@linkcode cpKey} or {@linkcode cpKey64}. */
  readonly key: number;
  /** Rights of User mode. */
  readonly user: CpRights;
  /** Rights of the other modes. */
  readonly privileged: CpRights;
  /** State slot that a read gives as it is (64-bit: the low half), and that a write sets. */
  readonly slot?: number;
  /** Constant that a read gives; writes, where allowed, are ignored. */
  readonly constant?: number;
  /** Slot's value at reset, when not 0. */
  readonly reset?: number;
  /** Read of a 32-bit register with a meaning of its own. */
  readonly read?: (cx: ArmContext, env: number) => number;
  /** The same for a 64-bit register. */
  readonly read64?: (cx: ArmContext, env: number) => bigint | number;
  /** Write with a meaning of its own. `high` is 0 for a 32-bit register. */
  readonly write?: (cx: ArmContext, env: number, value: number, high: number) => void;
  /** Whether User mode's rights also hang on a register: asked at each such access. */
  readonly userGate?: (cx: ArmContext, env: number) => boolean;
  /** A write changes how the following instructions are fetched or translated. */
  readonly endsBlock?: boolean;
  /** A write only orders memory: BARRIER kinds (core/ir/ops.ts); INSTRUCTION_BARRIER ends the block. */
  readonly barrier?: number;
}

/** {@linkcode CpRegister.barrier} of the instruction barrier. */
export const INSTRUCTION_BARRIER = 0x100;

/** Encoding of an MRC/MCR register: `p<cp>, op1, crn, crm, op2`, as in assembly. */
export function cpKey(cp: number, op1: number, crn: number, crm: number, op2: number): number {
  return cp << 16 | op1 << 12 | crn << 8 | crm << 4 | op2;
}

/** Encoding of an MRRC/MCRR register: `p<cp>, op1, crm`. */
export function cpKey64(cp: number, op1: number, crm: number): number {
  return 1 << 24 | cp << 16 | op1 << 12 | crm << 4;
}

/** Operands of {@linkcode cpKey} or, with three numbers, of {@linkcode cpKey64}. */
export type CpPlace =
  | readonly [number, number, number, number, number]
  | readonly [number, number, number];

/** What a row may say besides name, place and rights. */
export type CpDetails = Omit<CpRegister, "name" | "key" | "user" | "privileged">;

/** Makes a row. */
export function cpRow(
  name: string,
  place: CpPlace,
  user: CpRights,
  privileged: CpRights,
  details: CpDetails,
): CpRegister {
  const key = place.length === 3
    ? cpKey64(place[0], place[1], place[2])
    : cpKey(place[0], place[1], place[2], place[3], place[4]);
  return { name, key, user, privileged, ...details };
}
