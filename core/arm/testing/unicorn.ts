/**
 * The oracle of the differential instruction tests: the Unicorn engine (package libunicorn2) through
 * Deno's foreign function interface, as one Cortex-A15 with flat memory. It is a program of its
 * own; nothing outside tests uses it.
 * @module
 */

/** Why Unicorn stopped. */
export type OracleStop =
  | "done"
  | "undefined"
  | "svc"
  | "prefetch-abort"
  | "data-abort"
  | "bkpt"
  | "other";

const SYMBOLS = {
  uc_open: { parameters: ["i32", "i32", "buffer"], result: "i32" },
  uc_close: { parameters: ["pointer"], result: "i32" },
  uc_ctl: { parameters: ["pointer", "u32", "usize", "usize"], result: "i32" },
  uc_mem_map: { parameters: ["pointer", "u64", "usize", "u32"], result: "i32" },
  uc_mem_write: { parameters: ["pointer", "u64", "buffer", "usize"], result: "i32" },
  uc_mem_read: { parameters: ["pointer", "u64", "buffer", "usize"], result: "i32" },
  uc_reg_write_batch: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "i32" },
  uc_reg_read_batch: { parameters: ["pointer", "buffer", "buffer", "i32"], result: "i32" },
  uc_emu_start: { parameters: ["pointer", "u64", "u64", "u64", "usize"], result: "i32" },
  uc_emu_stop: { parameters: ["pointer"], result: "i32" },
  uc_hook_add: {
    parameters: ["pointer", "buffer", "i32", "function", "pointer", "u64", "u64"],
    result: "i32",
  },
} as const;

type Library = Deno.DynamicLibrary<typeof SYMBOLS>;

const ARCH_ARM = 1;
const CORTEX_A15 = 17;
const PROT_CODE = 5;
const PROT_DATA = 3;
const HOOK_INTERRUPT = 1;
/** uc_ctl requests: type, number of arguments << 26, 1 (write) << 30. */
const CTL_CPU_MODEL = 7 | 1 << 26 | 1 << 30;
const CTL_REMOVE_CACHE = 9 | 2 << 26 | 1 << 30;
const ERROR = {
  READ_UNMAPPED: 6,
  WRITE_UNMAPPED: 7,
  FETCH_UNMAPPED: 8,
  INSN_INVALID: 10,
  WRITE_PROT: 12,
  FETCH_PROT: 14,
  READ_UNALIGNED: 16,
  WRITE_UNALIGNED: 17,
  EXCEPTION: 21,
} as const;
const INTERRUPTS: Readonly<Record<number, OracleStop>> = {
  1: "undefined",
  2: "svc",
  3: "prefetch-abort",
  4: "data-abort",
  7: "bkpt",
};

/** Unicorn's register numbers: CPSR and SPSR go first, because the mode selects the bank. */
const REGISTERS = Int32Array.from([
  3,
  ...Array.from({ length: 13 }, (_, n) => 66 + n),
  12,
  10,
  11,
  13,
]);
/** FPSCR and d0 to d31; CPACR and FPEXC, which let them be used. */
const VECTOR_REGISTERS = Int32Array.from([6, ...Array.from({ length: 32 }, (_, n) => 14 + n)]);
const GATE_REGISTERS = Int32Array.from([111, 4]);
/** Words of a vector file: FPSCR and a word that is not used, then two for each of d0 to d31. */
export const VECTOR_WORDS: number = 2 * VECTOR_REGISTERS.length;

/** Places in {@linkcode Unicorn.registers}: CPSR, r0 to r15, SPSR. */
export const ORACLE_CPSR = 0, ORACLE_R0 = 1, ORACLE_PC = 16, ORACLE_SPSR = 17;

/** The library's name; Debian's package is libunicorn2. */
const LIBRARY = "libunicorn.so.2";

/** Whether the oracle can be used; where not, its tests are skipped. */
export function unicornInstalled(): boolean {
  try {
    Deno.dlopen(LIBRARY, { uc_version: { parameters: ["buffer", "buffer"], result: "u32" } })
      .close();
    return true;
  } catch {
    return false;
  }
}

/** One emulated CPU. Close it: it owns native memory. */
export class Unicorn {
  readonly #lib: Library;
  readonly #uc: Deno.PointerValue;
  readonly #interrupt: Deno.UnsafeCallback<
    { parameters: ["pointer", "u32", "pointer"]; result: "void" }
  >;
  /** Register values, 8 bytes apart, and a table of their addresses. */
  readonly #values: BigUint64Array<ArrayBuffer> = new BigUint64Array(REGISTERS.length);
  readonly #pointers: BigUint64Array<ArrayBuffer>;
  readonly #words: Uint32Array<ArrayBuffer>;
  readonly #vectors: BigUint64Array<ArrayBuffer> = new BigUint64Array(VECTOR_REGISTERS.length);
  readonly #vectorPointers: BigUint64Array<ArrayBuffer>;
  #raised = -1;

  /** Throws when the library is not installed or refuses. */
  constructor() {
    this.#lib = Deno.dlopen(LIBRARY, SYMBOLS);
    const handle = new BigUint64Array(1);
    this.#check(this.#lib.symbols.uc_open(ARCH_ARM, 0, handle), "uc_open");
    this.#uc = Deno.UnsafePointer.create(handle[0]);
    this.#check(
      this.#lib.symbols.uc_ctl(this.#uc, CTL_CPU_MODEL, BigInt(CORTEX_A15), 0n),
      "choose the CPU",
    );
    const base = Deno.UnsafePointer.value(Deno.UnsafePointer.of(this.#values));
    this.#pointers = BigUint64Array.from(REGISTERS, (_, i) => BigInt(base) + BigInt(8 * i));
    this.#words = new Uint32Array(this.#values.buffer);
    const vectors = Deno.UnsafePointer.value(Deno.UnsafePointer.of(this.#vectors));
    this.#vectorPointers = BigUint64Array.from(
      VECTOR_REGISTERS,
      (_, i) => BigInt(vectors) + BigInt(8 * i),
    );
    this.#interrupt = new Deno.UnsafeCallback(
      { parameters: ["pointer", "u32", "pointer"], result: "void" },
      (uc, number) => {
        this.#raised = number;
        this.#lib.symbols.uc_emu_stop(uc);
      },
    );
    const hook = new BigUint64Array(1);
    this.#check(
      this.#lib.symbols.uc_hook_add(
        this.#uc,
        hook,
        HOOK_INTERRUPT,
        this.#interrupt.pointer,
        null,
        1n,
        0n,
      ),
      "hook exceptions",
    );
  }

  close(): void {
    this.#lib.symbols.uc_close(this.#uc);
    this.#interrupt.close();
    this.#lib.close();
  }

  #check(error: number, what: string): void {
    if (error !== 0) throw new Error(`Unicorn could not ${what}: error ${error}`);
  }

  /** Maps memory of whole pages, zeroed. A branch to data ends the run; code cannot be stored to. */
  map(address: number, bytes: number, kind: "code" | "data"): void {
    const protection = kind === "code" ? PROT_CODE : PROT_DATA;
    const { symbols } = this.#lib;
    const error = symbols.uc_mem_map(this.#uc, BigInt(address), BigInt(bytes), protection);
    this.#check(error, `map 0x${address.toString(16)}`);
  }

  write(address: number, bytes: Uint8Array<ArrayBuffer>): void {
    const { symbols } = this.#lib;
    this.#check(
      symbols.uc_mem_write(this.#uc, BigInt(address), bytes, BigInt(bytes.length)),
      "write memory",
    );
  }

  read(address: number, bytes: Uint8Array<ArrayBuffer>): void {
    const { symbols } = this.#lib;
    this.#check(
      symbols.uc_mem_read(this.#uc, BigInt(address), bytes, BigInt(bytes.length)),
      "read memory",
    );
  }

  /** Forgets what was translated from a range of code that has been rewritten. */
  forgetCode(address: number, bytes: number): void {
    this.#lib.symbols.uc_ctl(this.#uc, CTL_REMOVE_CACHE, BigInt(address), BigInt(address + bytes));
  }

  /** Sets CPSR, r0 to r15 and SPSR (see ORACLE_CPSR and the others). */
  setRegisters(from: Uint32Array): void {
    for (let i = 0; i < REGISTERS.length; i++) this.#words[2 * i] = from[i];
    const { symbols } = this.#lib;
    const count = REGISTERS.length;
    this.#check(
      symbols.uc_reg_write_batch(this.#uc, REGISTERS, this.#pointers, count),
      "set registers",
    );
  }

  /** Changes the CPSR to a mode alone, which selects the bank that getRegisters shows. */
  setMode(mode: number): void {
    this.#words[0] = mode;
    const { symbols } = this.#lib;
    this.#check(symbols.uc_reg_write_batch(this.#uc, REGISTERS, this.#pointers, 1), "set the mode");
  }

  getRegisters(to: Uint32Array): void {
    const { symbols } = this.#lib;
    const count = REGISTERS.length;
    this.#check(
      symbols.uc_reg_read_batch(this.#uc, REGISTERS, this.#pointers, count),
      "get registers",
    );
    for (let i = 0; i < REGISTERS.length; i++) to[i] = this.#words[2 * i];
  }

  /** Sets CPACR and FPEXC, which say who may use the floating-point extension. */
  setFpGates(cpacr: number, fpexc: number): void {
    this.#vectors[0] = BigInt(cpacr);
    this.#vectors[1] = BigInt(fpexc);
    const { symbols } = this.#lib;
    this.#check(
      symbols.uc_reg_write_batch(this.#uc, GATE_REGISTERS, this.#vectorPointers, 2),
      "set the floating-point access",
    );
  }

  /** Sets FPSCR and d0 to d31 from a file of VECTOR_WORDS words. */
  setVectors(from: Uint32Array): void {
    new Uint32Array(this.#vectors.buffer).set(from);
    this.#check(
      this.#lib.symbols.uc_reg_write_batch(
        this.#uc,
        VECTOR_REGISTERS,
        this.#vectorPointers,
        VECTOR_REGISTERS.length,
      ),
      "set vectors",
    );
  }

  getVectors(to: Uint32Array): void {
    this.#vectors.fill(0n);
    this.#check(
      this.#lib.symbols.uc_reg_read_batch(
        this.#uc,
        VECTOR_REGISTERS,
        this.#vectorPointers,
        VECTOR_REGISTERS.length,
      ),
      "get vectors",
    );
    to.set(new Uint32Array(this.#vectors.buffer));
  }

  /**
   * Runs from `pc` (bit 0 selects Thumb) until `count` instructions have been run or `end` is
   * reached: Unicorn does not count the instructions of an IT block whose condition fails.
   */
  run(pc: number, count: number, end = 0xffff_fff0): OracleStop {
    this.#raised = -1;
    const error = this.#lib.symbols.uc_emu_start(
      this.#uc,
      BigInt(pc),
      BigInt(end),
      0n,
      BigInt(count),
    );
    if (this.#raised >= 0) return INTERRUPTS[this.#raised] ?? "other";
    switch (error) {
      case 0:
      // A branch to where no code is: the instruction itself is done.
      case ERROR.FETCH_UNMAPPED:
      case ERROR.FETCH_PROT:
        return "done";
      case ERROR.INSN_INVALID:
        return "undefined";
      case ERROR.READ_UNMAPPED:
      case ERROR.WRITE_UNMAPPED:
      case ERROR.WRITE_PROT:
      case ERROR.READ_UNALIGNED:
      case ERROR.WRITE_UNALIGNED:
        return "data-abort";
      default:
        return "other";
    }
  }
}
