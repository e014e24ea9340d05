/**
 * The device tree of the board, as QEMU's `virt` makes it for the devices that we have.
 * @module
 */
import { affinityOf, BOARD, PERIPHERAL_CLOCK_HZ, POWER_KEY_PIN, TIMER_PPIS } from "./board.ts";
import { type FdtNode, fdtNode, writeFdt } from "./fdt.ts";
import { PSCI } from "./psci.ts";

/** What differs between machines. */
export interface VirtTreeOptions {
  /** Number of vCPUs. */
  readonly vcpus: number;
  /** Bytes of RAM. */
  readonly ramBytes: number;
  /** Kernel command line. */
  readonly bootargs?: string;
  /** Physical addresses of the initial ramdisk: first byte and first byte after it. */
  readonly initrd?: { readonly start: number; readonly end: number };
}

const PHANDLE = { CLOCK: 0x8000, GIC: 0x8001, GPIO: 0x8002 } as const;
/** Interrupt specifier cells of the GIC's binding. */
const SPI = 0;
const PPI = 1;
const EDGE_RISING = 1;
const LEVEL_HIGH = 4;
const CPU_MASK_SHIFT = 8;

function hex(value: number): string {
  return value.toString(16);
}

/** `reg` of a block in the root node's two plus two cells. */
function reg(block: { readonly base: number; readonly size: number }): number[] {
  return [0, block.base, 0, block.size];
}

function peripheral(
  kind: string,
  block: { readonly base: number; readonly size: number; readonly spi: number },
  clocks: readonly string[],
  more: Readonly<Record<string, number | true>> = {},
): FdtNode {
  return fdtNode(`${kind}@${hex(block.base)}`, {
    compatible: [`arm,${kind}`, "arm,primecell"],
    reg: reg(block),
    interrupts: [SPI, block.spi, LEVEL_HIGH],
    clocks: clocks.map(() => PHANDLE.CLOCK),
    "clock-names": clocks,
    ...more,
  });
}

function cpus(count: number): FdtNode {
  const nodes = Array.from(
    { length: count },
    (_, index) =>
      fdtNode(`cpu@${hex(affinityOf(index))}`, {
        device_type: "cpu",
        compatible: "arm,cortex-a15",
        ...(count > 1 ? { "enable-method": "psci" } : {}),
        reg: affinityOf(index),
      }),
  );
  return fdtNode("cpus", { "#address-cells": 1, "#size-cells": 0 }, nodes);
}

function timer(vcpus: number): FdtNode {
  const flags = LEVEL_HIGH | (((1 << vcpus) - 1) << CPU_MASK_SHIFT);
  return fdtNode("timer", {
    compatible: "arm,armv7-timer",
    "always-on": true,
    interrupts: TIMER_PPIS.flatMap((ppi) => [PPI, ppi, flags]),
  });
}

function virtioSlots(): FdtNode[] {
  const { base, stride, count, spi } = BOARD.virtio;
  return Array.from({ length: count }, (_, slot) => {
    const at = base + slot * stride;
    return fdtNode(`virtio_mmio@${hex(at)}`, {
      compatible: "virtio,mmio",
      reg: reg({ base: at, size: stride }),
      interrupts: [SPI, spi + slot, EDGE_RISING],
      "dma-coherent": true,
    });
  });
}

function chosen(options: VirtTreeOptions): FdtNode {
  const { bootargs, initrd } = options;
  return fdtNode("chosen", {
    ...(bootargs === undefined ? {} : { bootargs }),
    ...(initrd === undefined
      ? {}
      : { "linux,initrd-start": initrd.start, "linux,initrd-end": initrd.end }),
    "stdout-path": `/pl011@${hex(BOARD.uart.base)}`,
  });
}

/** The tree as nodes. */
export function virtTree(options: VirtTreeOptions): FdtNode {
  const { gicDistributor, gicCpuInterface, ram } = BOARD;
  return fdtNode("", {
    compatible: "linux,dummy-virt",
    model: "linux,dummy-virt",
    "#address-cells": 2,
    "#size-cells": 2,
    "interrupt-parent": PHANDLE.GIC,
  }, [
    fdtNode("psci", {
      compatible: ["arm,psci-1.0", "arm,psci-0.2", "arm,psci"],
      method: "hvc",
      cpu_suspend: PSCI.CPU_SUSPEND,
      cpu_off: PSCI.CPU_OFF,
      cpu_on: PSCI.CPU_ON,
      migrate: PSCI.MIGRATE,
    }),
    fdtNode(`memory@${hex(ram.base)}`, {
      device_type: "memory",
      reg: reg({ base: ram.base, size: options.ramBytes }),
    }),
    cpus(options.vcpus),
    timer(options.vcpus),
    fdtNode("apb-pclk", {
      compatible: "fixed-clock",
      "#clock-cells": 0,
      "clock-frequency": PERIPHERAL_CLOCK_HZ,
      "clock-output-names": "clk24mhz",
      phandle: PHANDLE.CLOCK,
    }),
    fdtNode(`intc@${hex(gicDistributor.base)}`, {
      compatible: "arm,cortex-a15-gic",
      "#interrupt-cells": 3,
      "#address-cells": 2,
      "#size-cells": 2,
      ranges: true,
      "interrupt-controller": true,
      reg: [...reg(gicDistributor), ...reg(gicCpuInterface)],
      phandle: PHANDLE.GIC,
    }),
    peripheral("pl011", BOARD.uart, ["uartclk", "apb_pclk"]),
    peripheral("pl031", BOARD.rtc, ["apb_pclk"]),
    peripheral("pl061", BOARD.gpio, ["apb_pclk"], {
      "gpio-controller": true,
      "#gpio-cells": 2,
      phandle: PHANDLE.GPIO,
    }),
    fdtNode("gpio-keys", { compatible: "gpio-keys" }, [
      fdtNode("poweroff", {
        label: "GPIO Key Poweroff",
        // Linux's KEY_POWER.
        "linux,code": 116,
        gpios: [PHANDLE.GPIO, POWER_KEY_PIN, 0],
      }),
    ]),
    fdtNode(`fw-cfg@${hex(BOARD.fwCfg.base)}`, {
      compatible: "qemu,fw-cfg-mmio",
      reg: reg(BOARD.fwCfg),
      "dma-coherent": true,
    }),
    ...virtioSlots(),
    chosen(options),
  ]);
}

/** The tree as the blob that a guest gets. */
export function virtDtb(options: VirtTreeOptions): Uint8Array<ArrayBuffer> {
  return writeFdt(virtTree(options));
}
