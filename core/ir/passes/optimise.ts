/**
 * The chain of passes that every block goes through after expansion.
 * @module
 */
import { copyBlock, type IrBlock } from "../block.ts";
import type { HelperTable } from "../helper.ts";
import { DeadCodePass } from "./dead_code.ts";
import { DeadStatePass } from "./dead_state.ts";
import { FoldPass } from "./fold.ts";
import { WorkBlock } from "./work.ts";

/** The passes in order, as listings name them. */
export const PASS_NAMES = ["fold", "dead_state", "dead_code"] as const;
/** One of {@linkcode PASS_NAMES}. */
export type PassName = (typeof PASS_NAMES)[number];

/** Optimises blocks; one object a thread, so that its buffers are reused. */
export class Optimiser {
  readonly #work = new WorkBlock();
  readonly #fold: FoldPass;
  readonly #deadState: DeadStatePass;
  readonly #deadCode = new DeadCodePass();

  /**
   * Makes the passes; they keep their buffers from block to block. With `keepsDependencies` no
   * operation on a value that was loaded is folded away, so that a later access still depends on it.
   */
  constructor(helpers: HelperTable, keepsDependencies = false) {
    this.#fold = new FoldPass(helpers, keepsDependencies);
    this.#deadState = new DeadStatePass(helpers);
  }

  /**
   * A block that does the same with fewer operations. Abstract operations may be in it.
   * @param afterPass is given the block as it is after each pass, for listings.
   */
  optimise(block: IrBlock, afterPass?: (name: PassName, block: IrBlock) => void): IrBlock {
    return copyBlock(this.optimiseOnce(block, (name, work) => afterPass?.(name, copyBlock(work))));
  }

  /** {@linkcode Optimiser.optimise} without copies: a block is gone when the next one is given. */
  optimiseOnce(block: IrBlock, afterPass?: (name: PassName, block: IrBlock) => void): IrBlock {
    const work = this.#work;
    this.#fold.run(block, work);
    afterPass?.("fold", work.view());
    this.#deadState.run(work);
    afterPass?.("dead_state", work.view());
    this.#deadCode.run(work);
    const result = work.view();
    afterPass?.("dead_code", result);
    return result;
  }
}
