/**
 * Host cores for those who can use them: a guest that spins until another vCPU writes something
 * keeps that vCPU from running when there are more of them than cores.
 * @module
 */
import type { MachineLayout } from "../memory/machine_layout.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import { requestExit } from "./kick.ts";
import { SpinGate } from "./spin_gate.ts";

/** Rounds of spinning between two looks at the other vCPUs: a wait that ends soon is let alone. */
const ROUNDS = 32;

/** Hears of spinning vCPUs on one thread. */
export class GiveWay {
  readonly #i32: Int32Array;
  readonly #gate: SpinGate;

  /** One a thread; `cores` are those of the host. */
  constructor(views: Views, layout: MachineLayout, cores?: number) {
    this.#i32 = views.i32;
    this.#gate = new SpinGate(views.i32, layout, cores);
  }

  /** The vCPU at `env`, which this thread runs, has spun once more: it may have to give way. */
  spins(env: number): void {
    const rounds = (env + VCPU.SPIN_ROUNDS) >>> 2;
    if (++this.#i32[rounds] < ROUNDS) return;
    this.#i32[rounds] = 0;
    if (!this.#gate.crowded) return;
    this.#i32[(env + VCPU.GIVE_WAY) >>> 2] = 1;
    requestExit(this.#i32, env);
  }
}
