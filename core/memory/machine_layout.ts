/**
 * Where everything lies in the one shared memory of a machine. Guest RAM comes last, so that its
 * size does not move anything else; page 0 is left unused, so that host address 0 means "none".
 * @module
 */
import { VCPU_STRIDE } from "./vcpu_layout.ts";

/** Sizes that a machine chooses. */
export interface MachineSizes {
  /** Number of vCPUs, 1 to MAX_VCPUS. */
  readonly vcpus: number;
  /** Physical address of the first byte of guest RAM. */
  readonly ramBase: number;
  /** Guest RAM in bytes, a multiple of 64 KiB. */
  readonly ramBytes: number;
  /** Bytes of shared strategy state (all strategies together). */
  readonly strategyBytes: number;
  /** Number of translation block descriptors a code cache holds. */
  readonly tbCount: number;
  /** Number of separate code caches: 1 (unified) or one a vCPU. */
  readonly codeCaches: number;
}

/** Byte offsets in the shared memory; all are multiples of 64 bytes. */
export interface MachineLayout extends MachineSizes {
  /** Machine-wide engine words; see GLOBAL. */
  readonly global: number;
  /** First vCPU; the others follow VCPU_STRIDE apart. */
  readonly vcpu: number;
  /** Device state. */
  readonly devices: number;
  /** Console output ring; see core/devices/console_ring.ts. */
  readonly console: number;
  /** Shared strategy state. */
  readonly strategy: number;
  /** Physical page descriptors: one 4-byte word per RAM page (core/exec). */
  readonly pages: number;
  /** Head of the list of blocks on each RAM page, one 4-byte word a page and code cache. */
  readonly pageBlocks: number;
  /** Code caches (core/exec), codeCacheBytes apart. */
  readonly codeCache: number;
  /** Bytes of one code cache. */
  readonly codeCacheBytes: number;
  /** Guest RAM. */
  readonly ram: number;
  /** Size of the whole memory, a multiple of 64 KiB. */
  readonly totalBytes: number;
}

/** Most vCPUs a machine can have. */
export const MAX_VCPUS = 8;
/** Where the machine-wide words lie. */
const GLOBAL_OFFSET = 0x1000;
/** Bytes reserved for machine-wide words. */
const GLOBAL_BYTES = 0xf000;
/** Bytes reserved for the state of the devices. */
export const DEVICE_BYTES = 0x40000;
/** Bytes reserved for the console ring. */
export const CONSOLE_BYTES = 0x20000;

/** Offsets of machine-wide words from GLOBAL_OFFSET; what several threads wait on has a cache line of its own. */
export const GLOBAL = {
  /** 0 running; else 1 + the machine's end state (core/machine/end_state.ts). */
  END: 0x000,
  /** Detail of the end state (exit status, vCPU number). */
  END_DETAIL: 0x004,
  /** Futex word that the main thread waits on: console output, end of the machine. */
  MAIN_WAKE: 0x008,
  /** 1 once a thread ends the machine: it alone writes the other words of the end state. */
  END_CLAIM: 0x00c,
  /** 1: a device has got something that a vCPU thread has to bring into the guest's RAM. */
  DEVICE_WORK: 0x010,
  /** Futex word that the timer thread waits on. */
  TIMER_WAKE: 0x040,
  /** Lock around what threads write to the trace, and the bytes that it has got so far. */
  TRACE_LOCK: 0x080,
  TRACE_BYTES: 0x084,
  /** Number of threads that spin before they sleep (core/smp/spin_gate.ts). */
  SPINNERS: 0x0c0,
  /** Exclusive sections: 256 bytes owned by core/smp/exclusive.ts. */
  EXCLUSIVE: 0x100,
  /** 1 once a thread compiles for the vCPUs; the futex word it sleeps on, and who asked last. */
  COMPILER: 0x200,
  COMPILER_WAKE: 0x240,
  COMPILER_ENV: 0x244,
  /** How much of each mark's text the console has had (core/devices/console_marks.ts). */
  MARK_TEXTS: 0x280,
  /** Marks on the console and the counters noted at them: 1 KiB owned by counter_marks.ts. */
  MARKS: 0x2c0,
  /** Text of the error that ended the machine: length word, then UTF-8 (2 KiB). */
  ERROR_TEXT: 0x1000,
  ERROR_TEXT_BYTES: 0x800,
} as const;

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}

/** Bytes of one code cache with `tbCount` descriptors; its inside is core/exec/code_cache_layout.ts's. */
export type CodeCacheBytes = (tbCount: number) => number;

/**
 * Lays a machine out.
 * @throws RangeError when a size is out of bounds or the whole passes 4 GiB.
 */
export function planMachine(sizes: MachineSizes, codeCacheBytesOf: CodeCacheBytes): MachineLayout {
  if (!(sizes.vcpus >= 1 && sizes.vcpus <= MAX_VCPUS)) {
    throw new RangeError(`vcpus is ${sizes.vcpus}; choose 1 to ${MAX_VCPUS}`);
  }
  if (sizes.ramBytes % 65536 !== 0 || sizes.ramBytes <= 0) {
    throw new RangeError(`ramBytes is ${sizes.ramBytes}; choose a multiple of 64 KiB above 0`);
  }
  const codeCacheBytes = align(codeCacheBytesOf(sizes.tbCount), 65536);
  const vcpu = GLOBAL_OFFSET + GLOBAL_BYTES;
  const devices = vcpu + sizes.vcpus * VCPU_STRIDE;
  const console = devices + DEVICE_BYTES;
  const strategy = console + CONSOLE_BYTES;
  const pages = align(strategy + sizes.strategyBytes, 4096);
  const pageBlocks = pages + sizes.ramBytes / 1024;
  const codeCache = align(pageBlocks + sizes.codeCaches * sizes.ramBytes / 1024, 65536);
  const ram = codeCache + sizes.codeCaches * codeCacheBytes;
  const totalBytes = ram + sizes.ramBytes;
  if (totalBytes > 0x1_0000_0000) {
    throw new RangeError(
      `The machine needs ${totalBytes} bytes of shared memory, more than 4 GiB; choose less RAM`,
    );
  }
  return {
    ...sizes,
    global: GLOBAL_OFFSET,
    vcpu,
    devices,
    console,
    strategy,
    pages,
    pageBlocks,
    codeCache,
    codeCacheBytes,
    ram,
    totalBytes,
  };
}

/** Base address of vCPU `index`. */
export function vcpuBase(layout: MachineLayout, index: number): number {
  return layout.vcpu + index * VCPU_STRIDE;
}
