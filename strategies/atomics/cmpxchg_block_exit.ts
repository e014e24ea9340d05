import type { AtomicsStrategy } from "../types.ts";
import { cmpxchg, COMPARE_EXCHANGE } from "./cmpxchg.ts";
import { expansionOf } from "./shared/expansion.ts";

/** `cmpxchg` whose exclusive accesses end their block, as those that stop the world have to. */
export const cmpxchgBlockExit: AtomicsStrategy = {
  ...cmpxchg,
  name: "cmpxchg-block-exit",
  role: "control",
  summary: "cmpxchg that leaves the block after each exclusive access: what leaving costs",
  source: "a control of this project; for pico-st, hst and tlb-excl",
  weaknesses: [...cmpxchg.weaknesses, "Every exclusive access goes through the run loop."],
  constraints: {
    ...cmpxchg.constraints,
    endsBlock: ["load-exclusive", "store-exclusive"],
  },
  // On one core too, as the schemes that stop the world leave there.
  expansion: expansionOf(COMPARE_EXCHANGE),
};
