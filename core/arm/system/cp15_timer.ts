/**
 * Generic timer registers.
 * @module
 */
import { TIMER_HZ } from "../../devices/device.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { CP } from "../state.ts";
import { type CpDetails, type CpRegister, cpRow } from "./cp_register.ts";
import type { ArmContext, TimerName } from "./services.ts";

/** CNTKCTL: what User mode may access. */
const PL0_PHYSICAL_COUNTER = 0x1;
const PL0_VIRTUAL_COUNTER = 0x2;
const PL0_VIRTUAL_TIMER = 0x100;
const PL0_PHYSICAL_TIMER = 0x200;
const CNTKCTL_WRITABLE = 0x3ff;

/** A gate that is open when one of the bits is set in CNTKCTL. */
function gate(bits: number): Pick<CpDetails, "userGate"> {
  return { userGate: ({ views }, env) => (views.i32[(env + CP.CNTKCTL) >>> 2] & bits) !== 0 };
}

function vcpuOf({ views }: ArmContext, env: number): number {
  return views.i32[(env + VCPU.INDEX) >>> 2];
}

const counter: CpDetails = { read64: ({ services }) => BigInt(services.timer.ticks()) };

function timerRows(timer: TimerName, crm: number, op1: number, bits: number): CpRegister[] {
  const prefix = timer === "physical" ? "CNTP" : "CNTV";
  return [
    cpRow(`${prefix}_TVAL`, [15, 0, 14, crm, 0], "rw", "rw", {
      ...gate(bits),
      read: (cx, env) => {
        const { timer: port } = cx.services;
        const left = port.compare(vcpuOf(cx, env), timer) - BigInt(port.ticks());
        return Number(BigInt.asIntN(32, left));
      },
      write: (cx, env, value) => {
        const { timer: port } = cx.services;
        const at = BigInt.asUintN(64, BigInt(port.ticks()) + BigInt(value | 0));
        port.setCompare(vcpuOf(cx, env), timer, at);
      },
    }),
    cpRow(`${prefix}_CTL`, [15, 0, 14, crm, 1], "rw", "rw", {
      ...gate(bits),
      read: (cx, env) => cx.services.timer.control(vcpuOf(cx, env), timer),
      write: (cx, env, value) => {
        cx.services.timer.setControl(vcpuOf(cx, env), timer, value & 3);
      },
    }),
    cpRow(`${prefix}_CVAL`, [15, op1, 14], "rw", "rw", {
      ...gate(bits),
      read64: (cx, env) => cx.services.timer.compare(vcpuOf(cx, env), timer),
      write: (cx, env, value, high) => {
        const at = BigInt(high >>> 0) << 32n | BigInt(value >>> 0);
        cx.services.timer.setCompare(vcpuOf(cx, env), timer, at);
      },
    }),
  ];
}

/** The rows. */
export const TIMER_REGISTERS: readonly CpRegister[] = [
  cpRow("CNTFRQ", [15, 0, 14, 0, 0], "r", "rw", {
    ...gate(PL0_PHYSICAL_COUNTER | PL0_VIRTUAL_COUNTER),
    constant: TIMER_HZ,
  }),
  cpRow("CNTKCTL", [15, 0, 14, 1, 0], "", "rw", {
    slot: CP.CNTKCTL,
    write: ({ views }, env, value) => {
      views.i32[(env + CP.CNTKCTL) >>> 2] = value & CNTKCTL_WRITABLE;
    },
  }),
  cpRow("CNTPCT", [15, 0, 14], "r", "r", { ...gate(PL0_PHYSICAL_COUNTER), ...counter }),
  cpRow("CNTVCT", [15, 1, 14], "r", "r", { ...gate(PL0_VIRTUAL_COUNTER), ...counter }),
  ...timerRows("physical", 2, 2, PL0_PHYSICAL_TIMER),
  ...timerRows("virtual", 3, 3, PL0_VIRTUAL_TIMER),
];
