/**
 * Generic timer registers.
 * @module
 */
import { TIMER_HZ } from "../../devices/device.ts";
import { TIMER, type TimerKind } from "../../devices/generic_timer.ts";
import { VCPU } from "../../memory/vcpu_layout.ts";
import { CP } from "../state.ts";
import { type CpDetails, type CpRegister, cpRow } from "./cp_register.ts";
import type { ArmContext, TimerPort } from "./services.ts";

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

const counter: CpDetails = { read64: ({ services }) => services.timer.count() };

/** Reads and writes of one timer's register, given the timers, the vCPU and the timer. */
interface TimerAccess {
  readonly read: (timers: TimerPort, vcpu: number, timer: TimerKind) => number;
  readonly write: (timers: TimerPort, vcpu: number, timer: TimerKind, value: number) => void;
}

const TVAL: TimerAccess = {
  read: (timers, vcpu, timer) => timers.readTval(vcpu, timer) | 0,
  write: (timers, vcpu, timer, value) => timers.writeTval(vcpu, timer, value),
};

const CTL: TimerAccess = {
  read: (timers, vcpu, timer) => timers.readCtl(vcpu, timer),
  write: (timers, vcpu, timer, value) => timers.writeCtl(vcpu, timer, value),
};

function timerRows(timer: TimerKind, crm: number, bits: number): CpRegister[] {
  const prefix = timer === TIMER.PHYSICAL ? "CNTP" : "CNTV";
  const word = (name: string, op2: number, { read, write }: TimerAccess): CpRegister =>
    cpRow(prefix + name, [15, 0, 14, crm, op2], "rw", "rw", {
      ...gate(bits),
      read: (cx, env) => read(cx.services.timer, vcpuOf(cx, env), timer),
      write: (cx, env, value) => write(cx.services.timer, vcpuOf(cx, env), timer, value),
    });
  return [
    word("_TVAL", 0, TVAL),
    word("_CTL", 1, CTL),
    cpRow(`${prefix}_CVAL`, [15, crm, 14], "rw", "rw", {
      ...gate(bits),
      read64: (cx, env) => cx.services.timer.readCval(vcpuOf(cx, env), timer),
      write: (cx, env, value, high) => {
        const at = BigInt(high >>> 0) << 32n | BigInt(value >>> 0);
        cx.services.timer.writeCval(vcpuOf(cx, env), timer, at);
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
  ...timerRows(TIMER.PHYSICAL, 2, PL0_PHYSICAL_TIMER),
  ...timerRows(TIMER.VIRTUAL, 3, PL0_VIRTUAL_TIMER),
];
