/**
 * The opcode table of the intermediate representation (IR): one row an operation. Builder, printer,
 * parser, verifier, passes and both backends read these rows.
 *
 * An instruction is six 32-bit words, `[op, aux, dst, a, b, c]`. `dst`, `a`, `b` and `c` name
 * temporaries (typed, assigned exactly once) unless the row says `raw`; `aux` is what its kind says.
 * Control flow inside a block is structured (`if` / `else` / `end`), so that it maps onto
 * WebAssembly one to one; a temporary assigned inside an arm is not visible after `end`: values
 * leave an arm through state slots.
 * @module
 */

/** Type of a temporary. */
export type IrType = "i32" | "i64" | "v128";

/**
 * What the `aux` word of a row means.
 * - `none`: must be 0
 * - `imm`: a 32-bit constant
 * - `slot`: byte offset of a state slot from the vCPU's base (see `core/memory/vcpu_layout.ts`)
 * - `memop`: guest access descriptor (see `core/memory/memop.ts`)
 * - `hostop`: host access descriptor: bits 0-1 log2 of the size, bit 2 sign-extend
 * - `rmw`: `hostop` with the {@linkcode RmwOp} in bits 8-11
 * - `barrier`: mask of {@linkcode BARRIER}
 * - `helper`: index into the block's helper table
 * - `pc`: place of guest code, as the block numbers them (see `IrBlock.pc`)
 * - `exit`: an {@linkcode EXIT} code
 * - `fp`: floating-point operation and mode (see `core/ir/fp_aux.ts`)
 * - `vec`: vector operation (see `vector.ts`)
 */
export type AuxKind =
  | "none"
  | "imm"
  | "slot"
  | "memop"
  | "hostop"
  | "rmw"
  | "barrier"
  | "helper"
  | "pc"
  | "exit"
  | "fp"
  | "vec";

/** Effects that passes must respect. */
export interface OpEffects {
  /** May be removed when `dst` is unused, and moved or merged. */
  readonly pure?: boolean;
  /** Ends the block (or the arm it stands in). */
  readonly terminator?: boolean;
  /** May raise a guest exception: every state slot must be up to date in memory on that path. */
  readonly mayFault?: boolean;
  /** Touches guest or host memory, or orders accesses to it. */
  readonly memory?: boolean;
  /** Only the front end emits it; the expansion pass replaces it by host operations. */
  readonly abstract?: boolean;
  /** Stands in the body of a helper only (see `helper_body.ts`). */
  readonly inHelper?: boolean;
}

/** One row of the opcode table. */
export interface OpRow extends OpEffects {
  /** Unique; the key in {@linkcode OP} and the word in listings. */
  readonly name: string;
  /** Type of the result; null without one. */
  readonly dst: IrType | null;
  /**
   * Types of `a`, `b`, `c`; `raw` is a literal number, not a temporary, and `any` a temporary whose
   * type follows from the helper.
   */
  readonly args: readonly (IrType | "raw" | "any")[];
  /** What the `aux` word holds. */
  readonly aux: AuxKind;
  /** What it does, in one line. */
  readonly doc: string;
}

const P = { pure: true } as const;
const M = { memory: true } as const;
const MF = { memory: true, mayFault: true } as const;
const AB = { memory: true, mayFault: true, abstract: true } as const;
const T = { terminator: true } as const;
const H = { inHelper: true } as const;
const HT = { inHelper: true, terminator: true } as const;

function row(
  name: string,
  dst: IrType | null,
  args: OpRow["args"],
  aux: AuxKind,
  doc: string,
  effects: OpEffects = {},
): OpRow {
  return { name, dst, args, aux, doc, ...effects };
}

/** The table; an opcode is a row's position. */
export const OPS: readonly OpRow[] = [
  // constants and moves
  row("const", "i32", [], "imm", "dst = aux", P),
  row("const64", "i64", ["raw"], "imm", "dst = aux | raw a << 32", P),
  row("select", "i32", ["i32", "i32", "i32"], "none", "dst = a != 0 ? b : c", P),
  // i32 arithmetic; shift counts are taken modulo 32
  row("add", "i32", ["i32", "i32"], "none", "dst = a + b", P),
  row("sub", "i32", ["i32", "i32"], "none", "dst = a - b", P),
  row("mul", "i32", ["i32", "i32"], "none", "dst = a * b, low 32 bits", P),
  row("div_u", "i32", ["i32", "i32"], "none", "dst = a / b unsigned; 0 when b is 0", P),
  row(
    "div_s",
    "i32",
    ["i32", "i32"],
    "none",
    "dst = a / b signed; 0 when b is 0; MIN / -1 = MIN",
    P,
  ),
  row("and", "i32", ["i32", "i32"], "none", "dst = a & b", P),
  row("or", "i32", ["i32", "i32"], "none", "dst = a | b", P),
  row("xor", "i32", ["i32", "i32"], "none", "dst = a ^ b", P),
  row("shl", "i32", ["i32", "i32"], "none", "dst = a << (b & 31)", P),
  row("shr_u", "i32", ["i32", "i32"], "none", "dst = a >>> (b & 31)", P),
  row("shr_s", "i32", ["i32", "i32"], "none", "dst = a >> (b & 31)", P),
  row("rotr", "i32", ["i32", "i32"], "none", "dst = a rotated right by b & 31", P),
  row("clz", "i32", ["i32"], "none", "dst = count of leading zeros of a, 32 when a is 0", P),
  row("sext8", "i32", ["i32"], "none", "dst = low 8 bits of a, sign-extended", P),
  row("sext16", "i32", ["i32"], "none", "dst = low 16 bits of a, sign-extended", P),
  row("bswap", "i32", ["i32"], "none", "dst = bytes of a reversed", P),
  row("eqz", "i32", ["i32"], "none", "dst = a == 0", P),
  row("eq", "i32", ["i32", "i32"], "none", "dst = a == b", P),
  row("ne", "i32", ["i32", "i32"], "none", "dst = a != b", P),
  row("lt_u", "i32", ["i32", "i32"], "none", "dst = a < b unsigned", P),
  row("lt_s", "i32", ["i32", "i32"], "none", "dst = a < b signed", P),
  row("le_u", "i32", ["i32", "i32"], "none", "dst = a <= b unsigned", P),
  row("le_s", "i32", ["i32", "i32"], "none", "dst = a <= b signed", P),
  // i64
  row("concat", "i64", ["i32", "i32"], "none", "dst = a | b << 32", P),
  row("lo", "i32", ["i64"], "none", "dst = low half of a", P),
  row("hi", "i32", ["i64"], "none", "dst = high half of a", P),
  row("extend_u", "i64", ["i32"], "none", "dst = a zero-extended", P),
  row("extend_s", "i64", ["i32"], "none", "dst = a sign-extended", P),
  row("add64", "i64", ["i64", "i64"], "none", "dst = a + b", P),
  row("sub64", "i64", ["i64", "i64"], "none", "dst = a - b", P),
  row("mul64", "i64", ["i64", "i64"], "none", "dst = a * b, low 64 bits", P),
  row("and64", "i64", ["i64", "i64"], "none", "dst = a & b", P),
  row("or64", "i64", ["i64", "i64"], "none", "dst = a | b", P),
  row("xor64", "i64", ["i64", "i64"], "none", "dst = a ^ b", P),
  row("shl64", "i64", ["i64", "i64"], "none", "dst = a << (b & 63)", P),
  row("shr_u64", "i64", ["i64", "i64"], "none", "dst = a >>> (b & 63)", P),
  row("shr_s64", "i64", ["i64", "i64"], "none", "dst = a >> (b & 63)", P),
  row("eq64", "i32", ["i64", "i64"], "none", "dst = a == b", P),
  row("lt_s64", "i32", ["i64", "i64"], "none", "dst = a < b signed", P),
  // vCPU state
  row("get", "i32", [], "slot", "dst = state slot", {}),
  row("set", null, ["i32"], "slot", "state slot = a", {}),
  row("get64", "i64", [], "slot", "dst = 8-byte state slot (two 4-byte slots, low first)", {}),
  row("set64", null, ["i64"], "slot", "8-byte state slot = a", {}),
  // guest memory (virtual addresses, through the softmmu)
  row("guest_load", "i32", ["i32"], "memop", "dst = guest memory at a", MF),
  row("guest_load64", "i64", ["i32"], "memop", "dst = 8 bytes of guest memory at a", MF),
  row("guest_store", null, ["i32", "i32"], "memop", "guest memory at a = b", MF),
  row("guest_store64", null, ["i32", "i64"], "memop", "8 bytes of guest memory at a = b", MF),
  row(
    "probe",
    "i32",
    ["i32"],
    "memop",
    "dst = host address of guest address a; faults as the access would; with MEMOP_SOFT 0 instead when it is no plain RAM in one page",
    MF,
  ),
  // synchronisation as the guest states it; strategies expand these
  row("load_exclusive", "i32", ["i32"], "memop", "dst = load-exclusive at a", AB),
  row("load_exclusive64", "i64", ["i32"], "memop", "dst = 8-byte load-exclusive at a", AB),
  row(
    "store_exclusive",
    "i32",
    ["i32", "i32"],
    "memop",
    "store-exclusive of b at a; dst = 0 stored, 1 failed",
    AB,
  ),
  row(
    "store_exclusive64",
    "i32",
    ["i32", "i64"],
    "memop",
    "8-byte store-exclusive of b at a; dst = 0 stored, 1 failed",
    AB,
  ),
  row("clear_exclusive", null, [], "none", "drop this vCPU's reservation", {
    memory: true,
    abstract: true,
  }),
  row(
    "atomic_swap",
    "i32",
    ["i32", "i32"],
    "memop",
    "dst = guest memory at a; guest memory at a = b, in one step",
    AB,
  ),
  row("memory_barrier", null, [], "barrier", "order the kinds of accesses in the mask", {
    memory: true,
    abstract: true,
  }),
  // host memory (addresses in the shared memory)
  row("host_load", "i32", ["i32"], "hostop", "dst = host memory at a", M),
  row("host_load64", "i64", ["i32"], "hostop", "dst = 8 bytes of host memory at a", M),
  row("host_store", null, ["i32", "i32"], "hostop", "host memory at a = b", M),
  row("host_store64", null, ["i32", "i64"], "hostop", "8 bytes of host memory at a = b", M),
  row(
    "atomic_load",
    "i32",
    ["i32"],
    "hostop",
    "dst = host memory at a, sequentially consistent, zero-extended; a is aligned",
    M,
  ),
  row("atomic_load64", "i64", ["i32"], "hostop", "the same for 8 bytes", M),
  row(
    "atomic_store",
    null,
    ["i32", "i32"],
    "hostop",
    "host memory at a = b, sequentially consistent",
    M,
  ),
  row("atomic_store64", null, ["i32", "i64"], "hostop", "the same for 8 bytes", M),
  row(
    "atomic_rmw",
    "i32",
    ["i32", "i32"],
    "rmw",
    "dst = host memory at a (zero-extended); host memory at a = op(old, b)",
    M,
  ),
  row(
    "atomic_cas",
    "i32",
    ["i32", "i32", "i32"],
    "hostop",
    "dst = old value at a (zero-extended); if old == b (its low bits) memory at a = c",
    M,
  ),
  row("atomic_cas64", "i64", ["i32", "i64", "i64"], "hostop", "the same for 8 bytes", M),
  row("fence", null, [], "none", "sequentially consistent host fence", M),
  // calls
  row(
    "call",
    "i32",
    ["any", "any", "any"],
    "helper",
    "dst = helper(a, b, c); see HelperDef for which are used, and of what type",
    MF,
  ),
  // structure
  row(
    "insn",
    null,
    ["raw", "raw"],
    "pc",
    "start of the guest instruction at place aux; raw a: its size in bytes, raw b: IT state",
    {},
  ),
  row(
    "if",
    null,
    ["i32", "raw"],
    "none",
    "run the arm when a != 0; raw b: index of the matching else or end",
    {},
  ),
  row("else", null, ["raw"], "none", "raw a: index of the matching end", {}),
  row("end", null, [], "none", "end of an if", {}),
  // terminators; the block's next pc is in the pc state slot except for goto_tb
  row(
    "goto_tb",
    null,
    ["raw"],
    "pc",
    "continue at place aux on the same page through chaining slot raw a (0 or 1); stores its guest address to the pc slot",
    T,
  ),
  row(
    "goto_ptr",
    null,
    [],
    "none",
    "continue at the pc slot: look the block up without leaving translated code when possible",
    T,
  ),
  row(
    "exit",
    null,
    [],
    "exit",
    "leave translated code with an EXIT code; the pc slot says where to go on",
    T,
  ),
  // vectors and floating point; bit patterns travel in integer temporaries
  row("get128", "v128", [], "slot", "dst = 16-byte vector state slot", {}),
  row("set128", null, ["v128"], "slot", "16-byte vector state slot = a", {}),
  row("fp1_32", "i32", ["i32"], "fp", "dst = fp(a), 32 to 32 bits", {}),
  row("fp2_32", "i32", ["i32", "i32"], "fp", "dst = fp(a, b), 32 bits", {}),
  row("fp3_32", "i32", ["i32", "i32", "i32"], "fp", "dst = fp(a, b, c), 32 bits", {}),
  row("fp1_64", "i64", ["i64"], "fp", "dst = fp(a), 64 to 64 bits", {}),
  row("fp2_64", "i64", ["i64", "i64"], "fp", "dst = fp(a, b), 64 bits", {}),
  row("fp3_64", "i64", ["i64", "i64", "i64"], "fp", "dst = fp(a, b, c), 64 bits", {}),
  row("fp_narrow", "i32", ["i64"], "fp", "dst = fp(a), 64 to 32 bits", {}),
  row("fp_widen", "i64", ["i32"], "fp", "dst = fp(a), 32 to 64 bits", {}),
  row("fp_test64", "i32", ["i64", "i64"], "fp", "dst = fp(a, b), comparison of 64 bits", {}),
  row("vec_fp2", "v128", ["v128", "v128"], "fp", "dst = fp(a, b) of each 32-bit lane", {}),
  row("vec1", "v128", ["v128"], "vec", "dst = vec(a)", P),
  row("vec2", "v128", ["v128", "v128"], "vec", "dst = vec(a, b)", P),
  row("vec3", "v128", ["v128", "v128", "v128"], "vec", "dst = vec(a, b, c)", P),
  row("vec_shift", "v128", ["v128", "i32"], "vec", "dst = vec(a, b), each lane shifted by b", P),
  row("vec_splat", "v128", ["i32"], "vec", "dst = a in every lane", P),
  row("vec_join", "v128", ["i64", "i64"], "none", "dst = a in the low half, b in the high", P),
  row("vec_lo", "i64", ["v128"], "none", "dst = low half of a", P),
  row("vec_hi", "i64", ["v128"], "none", "dst = high half of a", P),
  row("vec_any", "i32", ["v128"], "none", "dst = 1 when a bit of a is set, else 0", P),
  // helpers with a body in IR
  row("call64", "i64", ["any", "any", "any"], "helper", "call of a helper that gives 64 bits", MF),
  row("param", "i32", ["raw"], "none", "dst = parameter raw a of the helper", H),
  row("param64", "i64", ["raw"], "none", "dst = 64-bit parameter raw a of the helper", H),
  row("get_local", "i32", ["raw"], "none", "dst = variable raw a of the helper; 0 at first", H),
  row("get_local64", "i64", ["raw"], "none", "the same for 64 bits", H),
  row("set_local", null, ["any", "raw"], "none", "variable raw b of the helper = a", H),
  row("loop", null, ["raw"], "none", "repeat what follows; raw a: index of its repeat", H),
  row("repeat", null, ["raw"], "none", "go round the loop at index raw a", H),
  row("break", null, ["raw"], "none", "leave the loop whose repeat is at index raw a", HT),
  row("ret", null, [], "none", "return from a helper that gives nothing", HT),
  row("ret_value", null, ["any"], "none", "return a from a helper", HT),
  // waiting
  row(
    "atomic_wait",
    "i32",
    ["i32", "i32", "i64"],
    "none",
    "sleep on the word at host address a while it is b, c ns at most (negative: for ever); dst = 0 woken, 1 it was not b, 2 timed out",
    M,
  ),
  row("atomic_notify", "i32", ["i32", "i32"], "none", "wake b sleepers at a; dst = how many", M),
  row("spin_hint", null, [], "none", "this loop waits for another thread", M),
  row("count", null, [], "imm", "add 1 to COUNTER aux of the vCPU", M),
  row("vec_fp1", "v128", ["v128"], "fp", "dst = fp(a) of each 32-bit lane", {}),
  row("vec_fp3", "v128", ["v128", "v128", "v128"], "fp", "dst = fp(a, b, c) of each lane", {}),
  row("code_addr", "i32", [], "pc", "dst = guest address of aux as the block is mapped now", P),
];

/** Words per instruction. */
export const INSN_WORDS = 6;

/** Opcode by name: `OP.add`. */
export const OP: Readonly<Record<string, number>> = Object.freeze(
  Object.fromEntries(OPS.map((r, i) => [r.name, i])),
);

/** Marks an unused operand. */
export const NO_TEMP: number = -1;

/** Kinds of ordering a `memory_barrier` asks for (bit mask): earlier access kind, later access kind. */
export const BARRIER = {
  LD_LD: 1,
  ST_LD: 2,
  LD_ST: 4,
  ST_ST: 8,
  ALL: 15,
  /** Set for DSB: also wait until TLB and cache maintenance has finished on the other vCPUs. */
  DSB: 16,
} as const;

/** Host read-modify-write operations. */
export const RMW = { ADD: 0, SUB: 1, AND: 2, OR: 3, XOR: 4, XCHG: 5 } as const;
/** One of {@linkcode RMW}. */
export type RmwOp = (typeof RMW)[keyof typeof RMW];

/** Why translated code returns to the run loop. */
export const EXIT = {
  /** Look up the block at the pc slot and go on; also after an exception was taken. */
  LOOKUP: 0,
  /** Wait for an interrupt. */
  WFI: 1,
  /** Wait for an event. */
  WFE: 2,
  /** The guest hints that it spins. */
  YIELD: 3,
  /** Exit request or spent budget at a block's head; nothing of the block was run. */
  INTERRUPTED: 5,
  /** goto_tb through a slot that is not linked yet: bits 8.. block id, bit 7 slot. */
  CHAIN: 6,
} as const;

/** Added to the EXIT code that a region of the second tier leaves with. */
export const FROM_REGION = 0x40;

/** Size in bytes of a `hostop` or `memop` (bits 0-1 are the log2). */
export function accessSize(op: number): number {
  return 1 << (op & 3);
}
