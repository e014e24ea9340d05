import type { AtomicsStrategy } from "../types.ts";
import { cmpxchg, COMPARE_EXCHANGE } from "./cmpxchg.ts";
import { plain } from "./plain.ts";
import { expansionOf, probeWrite, serialOr } from "./shared/expansion.ts";
import { irTrio } from "./shared/ir_trio.ts";
import { compareExchange, notedValue } from "./shared/value.ts";

const TRIO = irTrio("cmpxchg-helper", {
  load: COMPARE_EXCHANGE.load,
  store: (x, address, raw, memop) =>
    compareExchange(x.b, probeWrite(x, address, memop), notedValue(x.b, memop), raw, memop),
  swap: COMPARE_EXCHANGE.swap,
});

/** The same as `cmpxchg`, in helpers: the difference is what the calls cost. */
export const cmpxchgHelper: AtomicsStrategy = {
  ...cmpxchg,
  name: "cmpxchg-helper",
  role: "control",
  summary: "cmpxchg in helpers: what the calls cost that the schemes with helpers make",
  source: "a control of this project; COREMU (Wang et al., PPoPP 2011) does it so",
  weaknesses: [...cmpxchg.weaknesses, "Every exclusive access is a call."],
  helpers: TRIO.defs,
  expansion: serialOr(plain.expansion, expansionOf(TRIO.ops)),
};
