/**
 * Where the state of one vCPU lies, as byte offsets from its base address in the shared memory.
 * Guest architecture state (the first kilobyte) is laid out by the front end; the rest is the
 * engine's own. Offsets that translated code touches are small, so that they encode in two bytes.
 * @module
 */

/** Bytes reserved for one vCPU. */
export const VCPU_STRIDE: number = 0x29000;

/** First byte and size of the front end's architecture state. */
export const ARCH_STATE: { readonly offset: number; readonly bytes: number } = {
  offset: 0,
  bytes: 0x400,
};

/**
 * The part of the architecture state that holds vector and floating-point registers. Backends keep
 * no copies of it, so that helpers of the kind `vector` may use it freely.
 */
export const VECTOR_STATE: { readonly offset: number; readonly bytes: number } = {
  offset: 0x200,
  bytes: 0x200,
};

/**
 * The words of the carry and overflow flags: 0 or 1, and bit 31. The front end's slots must be these.
 * Compiled code may keep the operands of a subtraction in their place (core/backends/wasm/flag_plan.ts).
 */
export const FLAG_PAIR = { carry: 0x048, overflow: 0x04c } as const;

/** The engine's words (4 bytes each unless said). */
export const VCPU = {
  /** Guest program counter; the front end's pc slot must be this word. */
  PC: 0x03c,
  /** 0, or EXIT_REQUESTED: tested at the head of every block. Set by any thread, atomically. */
  EXIT_REQUEST: 0x400,
  /** Set by a helper that changed the guest's path (exception taken): translated code returns. */
  LEAVE: 0x404,
  /** Guest instructions left in this slice, written back when translated code is left. */
  BUDGET: 0x408,
  /** This vCPU's number. */
  INDEX: 0x40c,
  /** Block flags of the current CPU state; the front end keeps it up to date (see TbKey). */
  TB_FLAGS: 0x410,
  /** Power state: POWER_OFF, POWER_ON, POWER_PENDING. */
  POWER: 0x414,
  /** Entry address and r0 for a power-on request. */
  POWER_ENTRY: 0x418,
  POWER_CONTEXT: 0x41c,
  /** 1 while interrupt lines of this vCPU are asserted: bit 0 IRQ, bit 1 FIQ. */
  IRQ_LINES: 0x420,
  /** Event register of WFE/SEV. */
  EVENT: 0x424,
  /** Futex word: changed and notified to wake a sleeping vCPU. */
  WAKE: 0x428,
  /** Execution state for exclusive sections (core/smp). */
  RUNNING: 0x42c,
  /** Set while an exclusive section waits for this vCPU. */
  HAS_WAITER: 0x430,
  /** Bit mask of queued run-on-cpu work kinds (core/smp). */
  WORK: 0x434,
  /** Bit mask of the TLB groups that were filled since the last whole flush (core/memory/tlb.ts). */
  TLB_USED: 0x438,
  /** 1 when an entry of one address space only was filled since the last flush of those. */
  TLB_NON_GLOBAL: 0x43c,
  /** Exclusive monitor as the schemes use it: virtual address, size (0: no reservation), value low/high. */
  EXCL_ADDR: 0x440,
  EXCL_SIZE: 0x444,
  EXCL_LO: 0x448,
  EXCL_HI: 0x44c,
  /** Counters, 8 bytes each, float64 unless said; see core/memory/counters.ts. */
  COUNTERS: 0x480,
  COUNTERS_BYTES: 0x180,
  /** Private word for barriers by a locked read-modify-write; always 0. */
  BARRIER_WORD: 0x600,
  /** The vCPU's own base address, so that translated code can name its words to host operations. */
  SELF: 0x604,
  /** Host address of the futex word on which this vCPU's thread sleeps; 0: its own WAKE word. */
  WAKER: 0x608,
  /** Store-exclusives executed and failed, 32-bit, counted by translated code when it was asked to. */
  STREX_ATTEMPTS: 0x60c,
  STREX_FAILURES: 0x610,
  /** 1 after a power-state call that waits for an interrupt (PSCI CPU_SUSPEND). */
  SUSPENDED: 0x614,
  /** Guest address at which the last exception was taken whose vector could be fetched. */
  EXCEPTION_PC: 0x618,
  /** Of the same exception: its number (core/arm/system/last_exception.ts), CPSR before, FSR and FAR. */
  EXCEPTION_KIND: 0x690,
  EXCEPTION_CPSR: 0x694,
  EXCEPTION_FSR: 0x698,
  EXCEPTION_FAR: 0x69c,
  /** Faults in a row at NESTED_PC that were taken in the mode that handles them. */
  NESTED_FAULTS: 0x6a0,
  NESTED_PC: 0x6a4,
  /** 1: the vCPU spins where other vCPUs need the host's cores, so its thread should sleep a little. */
  GIVE_WAY: 0x6a8,
  /** Times it has spun since it was last looked whether it should (core/smp/give_way.ts). */
  SPIN_ROUNDS: 0x6ac,
  /** 1: its slice ended in the first tier, so that the block it goes on with is a sample. */
  SAMPLED: 0x6c0,
  /** Slices since its last sample in the first tier, or since it met the last new region. */
  CALM: 0x6c4,
  /**
   * Guest instructions run in regions since they were last counted: a region adds the budget when it
   * is entered and takes it off when it is left.
   */
  REGION_INSNS: 0x6c8,
  /** Marks on the console for which its counters have been noted (core/memory/counter_marks.ts). */
  MARKS_SEEN: 0x6cc,
  /** Cumulative exceptions of the floating-point operations: FPSCR bits 0-4 and 7. */
  FP_FLAGS: 0x620,
  /** 0 once FP_FLAGS has the inexact flag, -1 before: then inexact results must be noticed. */
  FP_EXACT: 0x624,
  /** Scratch words of the floating-point operations: three operands and a result, 16 bytes each. */
  FP_OPERANDS: 0x640,
  FP_RESULT: 0x670,
  /** 1 while an entry is being looked up and filled (core/memory/tlb.ts, mayMapPage). */
  TLB_REFILL: 0x61c,
  /** Number of entries in DOMAIN_LOG, DOMAIN_LOG_ENTRIES + 1 once it has overflowed. */
  DOMAIN_LOG_COUNT: 0x680,
  /**
   * Where the jump cache's blocks come from: bit d (privileged) or 16 + d (user) for a page of domain
   * d, and in the second word 1 for a page that belongs to one address space.
   */
  JUMP_DOMAINS: 0x684,
  JUMP_NON_GLOBAL: 0x688,
  /** Lengths of the FLUSH_LOGS, FLUSH_LOG_ENTRIES + 1 for one that has overflowed. */
  FLUSH_LOG_COUNTS: 0x6b0,
  /** Byte offsets (from the vCPU) of entries outside domain 0 in the TLBs that privileged code uses. */
  DOMAIN_LOG: 0x700,
  /** Per-vCPU state of the strategies. */
  STRATEGY: 0x800,
  STRATEGY_BYTES: 0x800,
  /** Softmmu TLBs: MMU_MODES tables of TLB_ENTRIES entries. */
  TLB: 0x1000,
  /** Queues of run-on-cpu work: 4 KiB owned by core/smp/work_queue.ts. */
  WORK_QUEUE: 0xd000,
  /** Reverse filter of the TLBs: by RAM page, the groups that may map it (core/memory/tlb.ts). */
  TLB_FILTER: 0xe000,
  /** Pages that the jump cache may hold blocks of: bits hashed by page number (core/memory/tlb.ts). */
  JUMP_PAGES: 0xf000,
  JUMP_PAGES_BYTES: 0x400,
  /** The same for those of one address space only. */
  JUMP_NON_GLOBAL_PAGES: 0xf400,
  /** Four lists of FLUSH_LOG_ENTRIES words: core/memory/flush_log.ts. */
  FLUSH_LOGS: 0xf800,
  /** Jump cache: JUMP_CACHE_ENTRIES entries. */
  JUMP_CACHE: 0x10000,
  JUMP_CACHE_BYTES: 0x10000,
  /** Where jumps went: JUMP_TARGET_SETS sets of guest addresses, hashed by block id. */
  JUMP_TARGETS: 0x20000,
  /** Map of the megabytes where translations larger than a page lie that were filled from (tlb.ts). */
  LARGE: 0x28000,
  LARGE_BYTES: 0x200,
} as const;

/** Number of sets of jump targets. */
export const JUMP_TARGET_SETS = 512;
/** Guest addresses in a set, a power of two. */
export const JUMP_TARGETS = 16;

/** Offset from a vCPU's base of the guest addresses that jumps of block `id` went to. */
export function jumpTargetsOffset(id: number): number {
  return VCPU.JUMP_TARGETS + (id & (JUMP_TARGET_SETS - 1)) * 4 * JUMP_TARGETS;
}

/** Value of EXIT_REQUEST when set: the sign bit, so that `(budget | request) < 0` tests both. */
export const EXIT_REQUESTED: number = -0x80000000;

/** Power state: runs nothing. */
export const POWER_OFF = 0;
/** Power state: runs. */
export const POWER_ON = 1;
/** Power state: starts at POWER_ENTRY when its thread next looks. */
export const POWER_PENDING = 2;

/** Log2 of PAGE_SIZE. */
export const PAGE_BITS = 12;
/** Bytes of a guest page. */
export const PAGE_SIZE = 4096;
/** Keeps the page of an address. */
export const PAGE_MASK: number = -4096;
/** Entries of one table, direct-mapped by virtual page. */
export const TLB_ENTRIES = 1024;
/** An entry is four words: read tag, write tag, execute tag, addend. */
export const TLB_ENTRY_BYTES = 16;
/** Shift and mask that turn an address into the byte offset of its entry in a TLB. */
export const TLB_INDEX: { readonly SHIFT: number; readonly MASK: number } = {
  SHIFT: PAGE_BITS - Math.log2(TLB_ENTRY_BYTES),
  MASK: (TLB_ENTRIES - 1) * TLB_ENTRY_BYTES,
};
/** Bytes of one table. */
export const TLB_BYTES = 16384;
/** Tables a vCPU has: one for each of MMU_INDEX (memop.ts). */
export const MMU_MODES = 3;
/** Byte offset of the read tag in a TLB entry. */
export const TLB_READ = 0;
/** Byte offset of the write tag. */
export const TLB_WRITE = 4;
/** Compared by the softmmu only, so its low bits carry facts about the entry: see TLB_FACT. */
export const TLB_EXEC = 8;
/** Host address = guest address + addend (modulo 2^32). For an MMIO page: the physical page - virtual page. */
export const TLB_ADDEND = 12;

/**
 * Flags in the low bits of a TLB tag. A tag is `virtual page | flags`; translated code compares it
 * with the page of the access, so any flag sends the access to the slow path. All flags lie above
 * the alignment bits of the largest access (bits 0-2).
 */
export const TLB_FLAG = {
  /** The entry holds no translation. */
  INVALID: 0x800,
  /** Device memory. */
  MMIO: 0x400,
  /** The page holds translated code: a store must invalidate it. Write tag only. */
  CODE: 0x200,
  /** The page holds exclusive reservations (tlb-excl). Write tag only. */
  EXCL: 0x100,
} as const;

/** Capacity of DOMAIN_LOG. */
export const DOMAIN_LOG_ENTRIES = 64;

/** Capacity of each of the FLUSH_LOGS. */
export const FLUSH_LOG_ENTRIES = 128;

/** Low bits of an execute tag: what selective flushes go by. */
export const TLB_FACT = {
  /** The guest's domain number, bits 0-3. */
  DOMAIN_MASK: 0xf,
  /** The entry belongs to one address space only. */
  NON_GLOBAL: 0x10,
  /** How large the translation is that the entry is a page of: an index into LARGE_SIZES. */
  SIZE_SHIFT: 5,
  SIZE_MASK: 0xe0,
} as const;

/**
 * Log2 of the sizes that TLB entries tell apart; a translation of another size counts as the next
 * larger one, so that maintenance drops too much and never too little.
 */
export const LARGE_SIZES: readonly number[] = [PAGE_BITS, 16, 20, 21, 24, 25, 30, 32];

/** Entries of a jump cache, direct-mapped by guest pc. */
export const JUMP_CACHE_ENTRIES = 4096;
/** Bytes of a jump cache entry. */
export const JUMP_CACHE_ENTRY_BYTES = 16;
/** Byte offsets of an entry's words. */
export const JUMP_ENTRY = {
  /** Guest address. */
  PC: 0,
  /** Block flags. */
  FLAGS: 4,
  /** Index in the function table once the vCPU's thread has compiled the block, else 0. */
  INDEX: 8,
  /** The block's id, whatever runs it; 0 in an empty entry. */
  ID: 12,
} as const;
/**
 * The index of an address's entry is `(pc >>> LOW ^ pc >>> HIGH) & MASK`: instructions are aligned to
 * two bytes, and the page takes part.
 */
export const JUMP_CACHE_INDEX: {
  readonly LOW: number;
  readonly HIGH: number;
  readonly MASK: number;
} = { LOW: 1, HIGH: PAGE_BITS + 1, MASK: JUMP_CACHE_ENTRIES - 1 };

/** Byte offset of the jump cache entry for `pc`, from the vCPU's base. */
export function jumpCacheOffset(pc: number): number {
  const { LOW, HIGH, MASK } = JUMP_CACHE_INDEX;
  return VCPU.JUMP_CACHE + (((pc >>> LOW) ^ (pc >>> HIGH)) & MASK) * JUMP_CACHE_ENTRY_BYTES;
}

/** Byte offset of the TLB entry for a guest address, from the vCPU's base. */
export function tlbOffset(mmuIndex: number, address: number): number {
  return VCPU.TLB + mmuIndex * TLB_BYTES + ((address >>> TLB_INDEX.SHIFT) & TLB_INDEX.MASK);
}
