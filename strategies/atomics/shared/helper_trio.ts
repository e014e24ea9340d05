/**
 * Schemes whose exclusive accesses are helper calls: the declarations of the helpers, each scheme's
 * under its own names, and the operations that call them.
 * @module
 */
import type { HelperDef } from "../../../core/ir/helper.ts";
import { loadByHelper, release, type SchemeOps, storeByHelper } from "./expansion.ts";

/** Names of a scheme's load-exclusive, store-exclusive and swap helpers. */
export interface HelperTrio {
  /** Name of the load-exclusive helper. */
  readonly load: string;
  /** Name of the store-exclusive helper; it returns 0 stored, 1 failed. */
  readonly store: string;
  /** Name of the swap helper; it returns the value before. */
  readonly swap: string;
  /** Their declarations, for the strategy's `helpers`. */
  readonly defs: readonly HelperDef[];
}

/**
 * The three helpers of scheme `name`: `(address, memop)`, with the value in the VALUE slot. They
 * probe the address, so a guest exception may leave translated code.
 */
export function helperTrio(name: string): HelperTrio {
  const prefix = name.replaceAll("-", "_");
  const [load, store, swap] = ["load_exclusive", "store_exclusive", "swap"].map((operation) =>
    `${prefix}_${operation}`
  );
  const def = { arity: 2, state: "read", mayLeave: true } as const;
  return {
    load,
    store,
    swap,
    defs: [
      { name: load, returns: false, ...def },
      { name: store, returns: true, ...def },
      { name: swap, returns: true, ...def },
    ],
  };
}

/** The operations of a scheme that leaves all three to its helpers. */
export function byHelpers(trio: HelperTrio): Pick<SchemeOps, "load" | "store" | "swap"> {
  return {
    load: (x, address, memop) => loadByHelper(x, trio.load, address, memop),
    store: (x, address, raw, memop) => {
      const failed = storeByHelper(x, trio.store, address, raw, memop);
      release(x);
      return failed;
    },
    swap: (x, address, raw, memop) => storeByHelper(x, trio.swap, address, raw, memop),
  };
}
