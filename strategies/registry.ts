/**
 * Look-up by name in a list of strategies.
 * @module
 */
import type { StrategyInfo } from "./types.ts";

/**
 * The strategy called `name`.
 * @throws RangeError that names the known ones, and the nearest when it looks like a slip.
 */
export function findByName<T extends StrategyInfo>(
  kind: string,
  list: readonly T[],
  name: string,
): T {
  const found = list.find((strategy) => strategy.name === name);
  if (found) return found;
  const names = list.map((strategy) => strategy.name);
  const near = nearest(name, names);
  const hint = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new RangeError(
    `No ${kind} strategy is named ${name}.${hint} Choose one of: ${names.join(", ")}`,
  );
}

/** The name with the least edit distance to `name`, unless that is more than a third of its length. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .sort((x, y) => x.distance - y.distance);
  const best = ranked[0];
  return best && best.distance <= Math.ceil(name.length / 3) ? best.candidate : undefined;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, n) => n);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
