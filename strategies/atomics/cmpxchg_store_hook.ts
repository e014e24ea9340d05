import type { AtomicsStrategy } from "../types.ts";
import { cmpxchg, COMPARE_EXCHANGE } from "./cmpxchg.ts";
import { expansionOf } from "./shared/expansion.ts";
import { dataStore } from "./shared/value.ts";

/** `cmpxchg` with a hook on plain stores that does nothing but the store. */
export const cmpxchgStoreHook: AtomicsStrategy = {
  ...cmpxchg,
  name: "cmpxchg-store-hook",
  role: "control",
  summary: "cmpxchg with a hook on stores that does nothing: what hooking stores costs",
  source: "a control of this project; for hst, hst-weak, aie, pico-st and global-lock",
  weaknesses: [...cmpxchg.weaknesses, "Every plain store asks for its host address first."],
  constraints: { ...cmpxchg.constraints, hooksStores: true },
  // On one core too, as the schemes with reservations keep their hooks there.
  expansion: expansionOf({
    ...COMPARE_EXCHANGE,
    plainStore: (x, host, raw, memop) => dataStore(x.b, host, raw, memop),
  }),
};
