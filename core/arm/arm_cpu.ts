/**
 * The ARM front end as the execution engine sees it.
 * @module
 */
import type { GuestCpu } from "../exec/guest_cpu.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import { reg } from "./state.ts";
import { branchExchange } from "./system/psr.ts";
import { takeInterrupt } from "./system/exceptions.ts";
import { createArmHelpers } from "./system/helpers.ts";
import { ArmMmu } from "./system/mmu.ts";
import { resetArm } from "./system/reset.ts";
import type { ArmContext } from "./system/services.ts";
import { spansPages } from "./translate/fetch.ts";
import { translateBlock } from "./translate/translate_block.ts";

/** The ARM front end and what only it needs to tell the softmmu. */
export interface ArmCpu extends GuestCpu {
  /** Translation by the guest's page tables, and its aborts. */
  readonly mmu: ArmMmu;
}

/** Makes the front end of one thread. */
export function createArmCpu(cx: ArmContext): ArmCpu {
  const { i32 } = cx.views;
  return {
    helpers: createArmHelpers(cx),
    mmu: new ArmMmu(cx),
    spansPages,
    translate: translateBlock,
    reset: (env, index) => resetArm(cx.views, env, index),
    powerOn: (env, entry, context) => {
      resetArm(cx.views, env, i32[(env + VCPU.INDEX) >>> 2]);
      branchExchange(i32, env, entry);
      i32[(env + reg(0)) >>> 2] = context;
      cx.services.clearExclusive(env);
    },
    deliverInterrupt: (env) => takeInterrupt(cx, env),
    interruptPending: (env) => Atomics.load(i32, (env + VCPU.IRQ_LINES) >>> 2) !== 0,
  };
}
