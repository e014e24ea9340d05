/**
 * Bodies of the helpers that core/arm/helpers.ts declares.
 * @module
 */
import type { HelperBody } from "../../ir/helper.ts";
import { ACCESS } from "../../memory/guest_mmu.ts";
import { ARM } from "../state.ts";
import { fpSystemHelpers } from "./fp_system.ts";
import { findCpRegister, gateOpen, readCp, readCp64, writeCp } from "./cp15.ts";
import type { CpRegister } from "./cp_register.ts";
import { enterUser } from "./domains.ts";
import {
  announceInterrupts,
  raise,
  raiseBreakpoint,
  returnFromException,
  returnTo,
} from "./exceptions.ts";
import {
  branchExchange,
  currentMode,
  MODE,
  readBankedSp,
  readSpsr,
  readUserReg,
  writeBankedSp,
  writeCpsrByInstruction,
  writeSpsr,
  writeUserReg,
} from "./psr.ts";
import { ArmMmu } from "./mmu.ts";
import type { ArmContext } from "./services.ts";

/** Makes the bodies of all helpers whose names begin with `arm_`, for one thread. */
export function createArmHelpers(cx: ArmContext): Record<string, HelperBody> {
  return {
    ...exceptionHelpers(cx),
    ...coprocessorHelpers(cx),
    ...psrHelpers(cx),
    ...fpSystemHelpers(cx),
    ...alignmentHelpers(cx),
    arm_sev: () => {
      cx.services.sendEvent();
      return 0;
    },
    arm_spin: (env) => {
      cx.services.spins(env);
      return 0;
    },
  };
}

function alignmentHelpers(cx: ArmContext): Record<string, HelperBody> {
  const mmu = new ArmMmu(cx);
  return {
    arm_alignment_fault: (env, pc, address, write) => {
      mmu.raiseAlignment(env, pc, address, write !== 0 ? ACCESS.STORE : ACCESS.LOAD);
      return 0;
    },
  };
}

function exceptionHelpers(cx: ArmContext): Record<string, HelperBody> {
  return {
    arm_undefined: (env, pc) => {
      raise(cx, env, "undefined", pc);
      return 0;
    },
    arm_svc: (env, pc) => {
      raise(cx, env, "supervisorCall", pc);
      return 0;
    },
    arm_bkpt: (env, pc) => {
      raiseBreakpoint(cx, env, pc);
      return 0;
    },
    // The translator has set the pc slot behind the instruction; an exception overwrites it.
    arm_hvc: (env, pc) => {
      const user = currentMode(cx.views.i32, env) === MODE.USR;
      if (user || !cx.services.hypervisorCall(env)) raise(cx, env, "undefined", pc);
      return 0;
    },
    // There are no Security Extensions.
    arm_smc: (env, pc) => {
      raise(cx, env, "undefined", pc);
      return 0;
    },
    arm_exception_return: (env, _pc, target) => {
      returnFromException(cx, env, target);
      return 0;
    },
    arm_rfe: (env, _pc, target, cpsr) => {
      returnTo(cx, env, target, cpsr);
      return 0;
    },
  };
}

function coprocessorHelpers(cx: ArmContext): Record<string, HelperBody> {
  const { i32 } = cx.views;
  const find = (env: number, pc: number, key: number, write: boolean): CpRegister | undefined => {
    const user = currentMode(i32, env) === MODE.USR;
    const register = findCpRegister(key, user, write);
    if (register !== undefined && gateOpen(cx, env, register, user)) return register;
    raise(cx, env, "undefined", pc);
    return undefined;
  };
  return {
    arm_cp_read: (env, pc, key) => {
      const register = find(env, pc, key, false);
      return register === undefined ? 0 : readCp(cx, env, register);
    },
    arm_cp_write: (env, pc, key, value) => {
      const register = find(env, pc, key, true);
      if (register !== undefined) writeCp(cx, env, register, value, 0);
      return 0;
    },
    arm_mrrc: (env, pc, key) => {
      const register = find(env, pc, key, false);
      if (register === undefined) return 0;
      const value = readCp64(cx, env, register);
      if (typeof value === "number") {
        i32[(env + ARM.SCRATCH_HI) >>> 2] = value / 0x1_0000_0000;
        return value | 0;
      }
      i32[(env + ARM.SCRATCH_HI) >>> 2] = Number(BigInt.asIntN(32, value >> 32n));
      return Number(BigInt.asIntN(32, value));
    },
    arm_mcrr: (env, pc, key, low, high) => {
      const register = find(env, pc, key, true);
      if (register !== undefined) writeCp(cx, env, register, low, high);
      return 0;
    },
  };
}

function psrHelpers(cx: ArmContext): Record<string, HelperBody> {
  const { i32 } = cx.views;
  return {
    arm_write_cpsr: (env, _pc, value, mask) => {
      writeCpsrByInstruction(i32, env, value, mask);
      if (currentMode(i32, env) === MODE.USR) enterUser(cx, env);
      announceInterrupts(cx, env);
      return 0;
    },
    arm_read_spsr: (env) => readSpsr(i32, env),
    arm_write_spsr: (env, _pc, value, mask) => {
      writeSpsr(i32, env, value, mask);
      return 0;
    },
    arm_get_user_reg: (env, _pc, n) => readUserReg(i32, env, n),
    arm_set_user_reg: (env, _pc, n, value) => {
      writeUserReg(i32, env, n, value);
      return 0;
    },
    arm_get_banked_sp: (env, _pc, mode) => readBankedSp(i32, env, mode),
    arm_set_banked_sp: (env, _pc, mode, value) => {
      writeBankedSp(i32, env, mode, value);
      return 0;
    },
    arm_set_thumb: (env, _pc, target) => {
      branchExchange(i32, env, target);
      return 0;
    },
  };
}
