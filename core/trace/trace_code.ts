/**
 * Traces code: what is translated, compiled and run.
 * @module
 */
import { insnLine, listBlock } from "../arm/disasm/listing.ts";
import { ARM_SLOT_NAMES } from "../arm/slot_names.ts";
import { hex, modeName } from "../arm/system/describe.ts";
import { readCpsr } from "../arm/system/psr.ts";
import { reg, TB_FLAG } from "../arm/state.ts";
import type { BlockSite } from "../backends/backend.ts";
import { ModuleBuilder, type Unit } from "../backends/wasm/module.ts";
import { moduleText } from "../backends/wasm/wat.ts";
import type { ExecObserver } from "../exec/exec_observer.ts";
import type { Stages } from "../exec/translator.ts";
import type { HelperTable } from "../ir/helper.ts";
import { printBlock } from "../ir/printer.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import type { Tracer } from "./tracer.ts";

/** Traces in_asm, op, op_opt, wasm and exec on one thread. */
export class CodeTrace implements ExecObserver {
  /** See ExecObserver. */
  readonly everyBlock: boolean;
  readonly #tracer: Tracer;
  readonly #i32: Int32Array;
  readonly #helpers: HelperTable;
  readonly #modules: ModuleBuilder;

  /** `helpers` are the machine's. */
  constructor(tracer: Tracer, views: Views, helpers: HelperTable) {
    this.#tracer = tracer;
    this.#i32 = views.i32;
    this.#helpers = helpers;
    this.#modules = new ModuleBuilder({ helpers });
    this.everyBlock = tracer.on("exec");
  }

  /** See ExecObserver. */
  translated(
    env: number,
    stages: Stages,
    flags: number,
    page: number,
    fetch: (place: number) => number,
  ): void {
    const tracer = this.#tracer;
    const { front, optimised } = stages;
    const pc = page + front.pc;
    const insns = `${front.guestInsns} instruction${front.guestInsns === 1 ? "" : "s"}`;
    const set = (flags & TB_FLAG.THUMB) !== 0 ? "T32" : "A32";
    const head = `${hex(pc)} ${set}, ${insns}, flags ${hex(flags)}`;
    if (tracer.wants("in_asm", env, pc)) {
      const listing = listBlock((address) => fetch(address - page), pc, front.guestBytes, flags)
        .map(insnLine).join("\n");
      tracer.record("in_asm", env, head, listing);
    }
    const options = { helpers: this.#helpers, slots: ARM_SLOT_NAMES, page };
    if (tracer.wants("op", env, pc)) tracer.record("op", env, head, printBlock(front, options));
    if (tracer.wants("op_opt", env, pc)) {
      tracer.record("op_opt", env, head, printBlock(optimised, options));
    }
  }

  /** See ExecObserver. A unit is shown when one of its blocks passes the filters. */
  compiled(env: number, units: readonly Unit[]): void {
    const tracer = this.#tracer;
    if (!tracer.on("wasm")) return;
    for (const unit of units) {
      if (!unit.some((site) => tracer.wants("wasm", env, seenAt(site)))) continue;
      const [head, ...others] = unit;
      const region = others.length === 0 ? "" : `, with ${others.length} more blocks`;
      const name = `${hex(seenAt(head))} (table ${head.id})`;
      const text = moduleText(this.#modules.build([unit]), this.#helpers, [name]);
      tracer.record("wasm", env, `${name}${region}`, text);
    }
  }

  /** See ExecObserver. */
  entered(env: number, insns: number, tier: "interp" | "wasm"): void {
    const i32 = this.#i32;
    const pc = i32[(env + VCPU.PC) >>> 2];
    if (!this.#tracer.wants("exec", env, pc)) return;
    const set = (i32[(env + VCPU.TB_FLAGS) >>> 2] & TB_FLAG.THUMB) !== 0 ? "T32" : "A32";
    const registers = [0, 1, 2, 3].map((n) => `r${n} ${hex(i32[(env + reg(n)) >>> 2])}`);
    this.#tracer.record(
      "exec",
      env,
      `${hex(pc)} ${set} ${modeName(readCpsr(i32, env))} ${insns} by ${tier}; ` +
        `${registers.join(" ")} sp ${hex(i32[(env + reg(13)) >>> 2])} ` +
        `lr ${hex(i32[(env + reg(14)) >>> 2])}`,
    );
  }
}

/** Where the guest had the block when it was made; it may run at other addresses since. */
function seenAt({ block, seenAt = block.pc }: BlockSite): number {
  return seenAt;
}
