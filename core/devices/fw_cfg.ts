/**
 * QEMU's firmware configuration device, as far as a guest needs to find that it is there and holds no
 * files: signature, interface identification (no DMA), empty directory. Source: QEMU's specification fw_cfg.
 * @module
 */
import type { Views } from "../memory/views.ts";
import type { Device } from "./device.ts";

/** Words of the state. */
const STATE = { KEY: 0, POSITION: 1 } as const;
/** Bytes of the state. */
export const FW_CFG_BYTES = 64;

/** Offsets of the registers: data (8 bytes, any size), selector (2 bytes, big-endian). */
const DATA_END = 8;
const SELECTOR = 8;

/** Contents by key; every other key reads as zeros. */
const ITEMS: Readonly<Record<number, readonly number[]>> = {
  0x0000: [0x51, 0x45, 0x4d, 0x55],
  // Bit 0: this interface; bit 1 would be DMA. Little-endian.
  0x0001: [1, 0, 0, 0],
  // Number of files, big-endian.
  0x0019: [0, 0, 0, 0],
};

/** The device as one thread sees it. */
export class FwCfg implements Device {
  readonly name = "fw-cfg";
  readonly base: number;
  readonly size = 0x18;
  readonly #u32: Uint32Array;
  readonly #word: number;

  /** `state` is the address of FW_CFG_BYTES. */
  constructor(views: Views, state: number, base: number) {
    this.#u32 = views.u32;
    this.#word = state >>> 2;
    this.base = base;
  }

  reset(): void {
    this.#select(0);
  }

  #select(key: number): void {
    this.#u32[this.#word + STATE.KEY] = key;
    this.#u32[this.#word + STATE.POSITION] = 0;
  }

  /** Reading data takes the item's next bytes, in the order in which memory would hold them. */
  read(offset: number, size: number, _vcpu: number): number {
    if (offset >= DATA_END) return 0;
    const item = ITEMS[this.#u32[this.#word + STATE.KEY]] ?? [];
    let value = 0;
    for (let i = 0; i < size; i++) {
      value |= (item[this.#u32[this.#word + STATE.POSITION]++] ?? 0) << (8 * i);
    }
    return value >>> 0;
  }

  write(offset: number, size: number, value: number, _vcpu: number): void {
    if (offset !== SELECTOR || size !== 2) return;
    this.#select(((value & 0xff) << 8) | ((value >>> 8) & 0xff));
  }
}
