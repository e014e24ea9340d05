/**
 * Runs blocks by the reference interpreter and by the WebAssembly backend and compares.
 * @module
 */
import { assertEquals } from "@std/assert";
import { EXIT } from "../../../ir/ops.ts";
import { printBlock } from "../../../ir/printer.ts";
import { VCPU } from "../../../memory/vcpu_layout.ts";
import type { BlockSite } from "../../backend.ts";
import { InterpRunner } from "../../interp/runner.ts";
import { TestHost } from "../../testing/host.ts";
import { ModuleBuilder, type Unit } from "../module.ts";
import { WasmRunner } from "../runner.ts";
import { interpret, linkAll } from "./units.ts";

/** How far a page is mapped from its places: a block must not care. */
const SHIFTS = [0, 0x1000, -0x8000, 0x7654_3000] as const;

/** Runs sites both ways from the same random state and compares everything visible. */
export class Comparison {
  readonly #reference = new TestHost(1);
  /** Runs the WebAssembly. */
  readonly host: TestHost = new TestHost(1);
  readonly #interp = new InterpRunner(this.#reference);
  readonly #builder = new ModuleBuilder({ helpers: this.host.helpers });
  readonly #runner = new WasmRunner(this.host, 64);

  /**
   * Compares a run from the state of `seed`. `exact`: the units look at the budget at the head of
   * every block, as the interpreter does. `prepare` changes the state before the run.
   */
  check(
    seed: number,
    sites: readonly BlockSite[],
    units: readonly Unit[],
    budget: number,
    exact: boolean = true,
    prepare?: (host: TestHost) => void,
  ): void {
    const { host } = this;
    const reference = this.#reference;
    const shift = SHIFTS[seed % SHIFTS.length];
    const about = () =>
      `seed ${seed}, shift 0x${shift.toString(16)}\n${
        sites.map((s) => printBlock(s.block, { helpers: host.helpers })).join("")
      }`;
    try {
      this.#runner.addModule(this.#builder.build(units), units.map((unit) => unit[0].id));
    } catch (error) {
      throw new Error(`${error} ${about()}`);
    }
    for (const each of [reference, host]) {
      each.reset(seed);
      each.views.i32[(each.env + VCPU.BUDGET) >>> 2] = budget;
      each.enter(sites[0].block, shift);
      prepare?.(each);
    }
    linkAll(host, sites);
    const expected = interpret(this.#interp, reference, sites, shift);
    if (exact || expected !== EXIT.INTERRUPTED) {
      const result = this.#runner.run(host.env, sites[0].id);
      assertEquals(host.outcome(result), reference.outcome(expected), about());
    }
    this.#runner.removeAll();
  }
}
