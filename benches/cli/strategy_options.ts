/**
 * The options of tasks that run or show one machine: one strategy of each kind.
 * @module
 */
import { names } from "../experiments/catalogue.ts";
import { CATALOGUE } from "../experiments/registries.ts";
import type { Option, Parsed } from "./command.ts";

/** A kind of strategy. */
export type StrategyKind = "atomics" | "barriers" | "scheduling";

const KINDS: Readonly<Record<StrategyKind, { readonly help: string; readonly standard: string }>> =
  {
    atomics: { help: "Atomics strategy.", standard: "cmpxchg" },
    barriers: { help: "Barrier strategy.", standard: "typed" },
    scheduling: { help: "Scheduling strategy.", standard: "thread-per-vcpu" },
  };

/** The option `--<kind>`. */
export function strategyOption(kind: StrategyKind): Option {
  return { name: kind, type: "text", choices: names(CATALOGUE[kind]), ...KINDS[kind] };
}

/** Name of the strategy that was asked for, or the standard one. */
export function chosenStrategy(parsed: Parsed, kind: StrategyKind): string {
  return parsed.text(kind) ?? KINDS[kind].standard;
}
