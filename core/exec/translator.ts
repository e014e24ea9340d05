/**
 * Makes blocks: front end, expansion of synchronisation by the strategies, optimisation, entry
 * into the code cache. One object a thread; `translate` is called with the translation lock held.
 * @module
 */
import type { IrBlock } from "../ir/block.ts";
import { IrBuilder } from "../ir/builder.ts";
import type { SyncExpansion } from "../ir/expansion.ts";
import type { HelperTable } from "../ir/helper.ts";
import { Expander } from "../ir/passes/expand.ts";
import { Optimiser } from "../ir/passes/optimise.ts";
import { verify } from "../ir/verifier.ts";
import type { GuestCpu, TranslateOptions } from "./guest_cpu.ts";

/** A block after each stage; gone when its translator makes the next one. */
export interface Stages {
  /** As the front end emits it. */
  readonly front: IrBlock;
  /** After the strategies' expansion. */
  readonly expanded: IrBlock;
  /** After the IR passes: what the backends get. */
  readonly optimised: IrBlock;
}

/** Front end, expansion and passes of one thread. */
export class Translator {
  readonly #builder: IrBuilder;
  readonly #expander: Expander;
  readonly #optimiser: Optimiser;
  readonly #options: TranslateOptions;
  readonly #check: boolean;

  /** `check` runs the IR verifier after each stage (tests, `--verify-ir`). */
  constructor(
    helpers: HelperTable,
    sync: SyncExpansion,
    options: TranslateOptions,
    check: boolean,
  ) {
    this.#builder = new IrBuilder(helpers);
    this.#expander = new Expander(helpers, sync);
    const { barriers, barriersContext } = sync;
    const keeps = barriers.keepsDependencies === true && barriersContext.parallel;
    this.#optimiser = new Optimiser(helpers, keeps);
    this.#options = options;
    this.#check = check;
  }

  /** Translates the block at place `pc`; `fetch` gives the instruction word at a place of its page. */
  stages(
    cpu: Pick<GuestCpu, "translate">,
    pc: number,
    flags: number,
    fetch: (place: number) => number,
  ): Stages {
    this.#builder.begin(pc);
    cpu.translate(this.#builder, pc, flags, fetch, this.#options);
    const front = this.#builder.borrow();
    const { helpers } = this.#builder;
    if (this.#check) verify(front, { helpers });
    const expanded = this.#expander.expand(front);
    if (this.#check) verify(expanded, { helpers, expanded: true });
    const optimised = this.#optimiser.optimiseOnce(expanded);
    if (this.#check) verify(optimised, { helpers, expanded: true });
    return { front, expanded, optimised };
  }
}
