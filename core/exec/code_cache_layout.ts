/**
 * Inside of one code cache in the shared memory: header, block descriptors, hash table, lists of
 * blocks by page, an arena for IR and one for WebAssembly modules. All of it is readable by every
 * vCPU thread; writers hold the cache's translation lock.
 * @module
 */

/** Words of the header, as byte offsets from the cache's base. */
export const HEADER = {
  /** Futex mutex: 64 bytes. */
  LOCK: 0x00,
  /** Counts flushes; a thread whose own copy differs drops its compiled functions. */
  GENERATION: 0x40,
  /** Next unused block id; ids start at 1. */
  NEXT_ID: 0x44,
  /** Next free byte of the IR arena, relative to its start. */
  IR_USED: 0x48,
  /** Next free byte of the module arena, relative to its start. */
  MODULE_USED: 0x4c,
  /** Number of blocks waiting to be compiled; their ids stand at PENDING. */
  PENDING_COUNT: 0x50,
  /** Set when an arena or the descriptors ran out: a flush is due. */
  FULL: 0x54,
  /** Module record of the last region that was published; 0 when there is none. */
  LAST_REGION: 0x58,
  /** Number of regions that are wanted; vCPU, block id and pc of each stand at REGION_REQUESTS. */
  REGION_REQUEST_COUNT: 0x5c,
  PENDING: 0x100,
  REGION_REQUESTS: 0x500,
  BYTES: 0x5c0,
} as const;

/** Most blocks that wait for compilation at a time. */
export const MAX_PENDING = 256;
/** Most regions that wait for it at a time. */
export const MAX_REGION_REQUESTS = 16;

/** Byte offsets in a block descriptor. */
export const TB = {
  /** Guest address at which the block was found first. Others may map it elsewhere: for traces only. */
  SEEN_AT: 0x00,
  FLAGS: 0x04,
  /** Physical address of the first instruction. */
  PHYSICAL: 0x08,
  GUEST_BYTES: 0x0c,
  GUEST_INSNS: 0x10,
  /** TB_VALID or TB_INVALID; 0 when unused. */
  STATE: 0x14,
  HASH_NEXT: 0x18,
  PAGE_NEXT: 0x1c,
  /** Host address of the IR, its number of words, and of temporaries (types follow the words). */
  IR: 0x20,
  IR_WORDS: 0x24,
  TEMPS: 0x28,
  /** Times the interpreter ran the block. */
  RUNS: 0x2c,
  /** Host address of the module that holds the compiled block; 0 when there is none. */
  MODULE: 0x30,
  /** Chaining slots: id of the block that follows, 0 unlinked. */
  CHAIN: 0x34,
  /** Head of the list of chaining slots that lead here, as id * 2 + slot. */
  INCOMING: 0x3c,
  /** Next in the list that each chaining slot is on. */
  CHAIN_NEXT: 0x40,
  /** Physical range of code that the compiled function holds: more than its own in a region. */
  REGION_START: 0x48,
  REGION_END: 0x4c,
  /** Physical address at which a block goes on that spans two pages, and its link there; else 0. */
  SECOND: 0x50,
  SECOND_NEXT: 0x54,
  /** 1 once the block's function is a region of the second tier. */
  REGION: 0x58,
  /** Times the block was found running in the first tier. */
  SAMPLES: 0x5c,
  /**
   * Set in a descriptor that is no block but a part of a region on another page than its head's:
   * the head's id. What drops the part drops the head.
   */
  OWNER: 0x60,
  /**
   * Guest addresses, with bit 0 set, at which the block is in jump caches (JUMP_PLACES words), and 1
   * behind them when there have been more.
   */
  JUMPS: 0x64,
  MANY_JUMPS: 0x6c,
  BYTES: 0x80,
} as const;

/** Addresses that a descriptor remembers to be in jump caches. */
export const JUMP_PLACES = 2;

/** The block may be found and run. */
export const TB_VALID = 1;
/** Dropped: no look-up, chaining slot or jump cache leads to it any more. */
export const TB_INVALID = 2;

/**
 * Byte offsets in a module record: length of the code, number of blocks, of a region the record of
 * the region published before it, the blocks' ids, the bytes.
 */
export const MODULE = { LENGTH: 0, COUNT: 4, PREVIOUS: 8, IDS: 12 } as const;

/** Average arena bytes per descriptor; running out of either flushes the cache. */
const IR_BYTES_PER_TB = 2048;
const MODULE_BYTES_PER_TB = 2048;

/** Where the parts of a cache lie, relative to its base. */
export interface CodeCacheLayout {
  /** Number of descriptors. */
  readonly tbCount: number;
  /** Descriptors, TB.BYTES apart. */
  readonly tbs: number;
  /** Hash table: one word a bucket, the id of its first block. */
  readonly hash: number;
  /** Number of hash buckets, a power of two. */
  readonly buckets: number;
  /** IR arena. */
  readonly ir: number;
  /** Its size. */
  readonly irBytes: number;
  /** Module arena. */
  readonly modules: number;
  /** Its size. */
  readonly moduleBytes: number;
  /** Size of the whole cache. */
  readonly bytes: number;
}

/** Plans a cache of `tbCount` descriptors (a power of two). */
export function planCodeCache(tbCount: number): CodeCacheLayout {
  const buckets = tbCount;
  const tbs = HEADER.BYTES;
  const hash = tbs + tbCount * TB.BYTES;
  const ir = hash + buckets * 4;
  const irBytes = tbCount * IR_BYTES_PER_TB;
  const modules = ir + irBytes;
  const moduleBytes = tbCount * MODULE_BYTES_PER_TB;
  return {
    tbCount,
    tbs,
    hash,
    buckets,
    ir,
    irBytes,
    modules,
    moduleBytes,
    bytes: modules + moduleBytes,
  };
}
