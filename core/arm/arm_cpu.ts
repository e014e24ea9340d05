/**
 * The ARM front end as the execution engine sees it.
 * @module
 */
import type { GuestCpu } from "../exec/guest_cpu.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { reg } from "./state.ts";
import { takeInterrupt } from "./system/exceptions.ts";
import { createArmHelpers } from "./system/helpers.ts";
import { ArmMmu } from "./system/mmu.ts";
import { resetArm } from "./system/reset.ts";
import type { ArmContext } from "./system/services.ts";
import { translateBlock } from "./translate/translate_block.ts";

/** The ARM front end and what only it needs to tell the softmmu. */
export interface ArmCpu extends GuestCpu {
  readonly mmu: ArmMmu;
}

/** Makes the front end of one thread. */
export function createArmCpu(cx: ArmContext): ArmCpu {
  const { i32 } = cx.views;
  return {
    helpers: createArmHelpers(cx),
    mmu: new ArmMmu(cx),
    translate: translateBlock,
    reset: (env, index) => resetArm(cx.views, env, index),
    powerOn: (env, entry, context) => {
      // Bit 0 of the entry address would select Thumb; the board's firmware starts ARM code.
      resetArm(cx.views, env, i32[(env + VCPU.INDEX) >>> 2]);
      i32[(env + VCPU.PC) >>> 2] = entry & ~3;
      i32[(env + reg(0)) >>> 2] = context;
      cx.services.clearExclusive(env);
    },
    deliverInterrupt: (env) => takeInterrupt(cx, env),
    interruptPending: (env) => Atomics.load(i32, (env + VCPU.IRQ_LINES) >>> 2) !== 0,
  };
}
