/**
 * Near names for a mistyped one.
 * @module
 */

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let k = 1; k <= b.length; k++) {
      const same = a[i - 1] === b[k - 1] ? 0 : 1;
      next[k] = Math.min(row[k] + 1, next[k - 1] + 1, row[k - 1] + same);
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1]) {
        next[k] = Math.min(next[k], before[k - 2] + 1);
      }
    }
    before = row;
    row = next;
  }
  return row[b.length];
}

/**
 * At most three of `known` that `name` may stand for, nearest first. Where some are one edit away, only
 * those: longer names that merely hold it are not what was meant.
 */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const lower = name.toLowerCase();
  const limit = Math.max(1, Math.floor(name.length / 3) + 1);
  const near = known
    .map((candidate) => {
      const other = candidate.toLowerCase();
      const edits = editDistance(lower, other);
      const within = lower.length >= 3 && (other.includes(lower) || lower.includes(other));
      return { candidate, edits, distance: within ? 1 : edits };
    })
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  const oneEdit = near.filter(({ edits }) => edits <= 1);
  return (oneEdit.length > 0 ? oneEdit : near).slice(0, 3).map(({ candidate }) => candidate);
}

/** `Unknown KIND NAME. Did you mean ...?`, or the whole list when nothing is near. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const near = nearestNames(name, known);
  return `Unknown ${kind} "${name}". ` +
    (near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `Known: ${known.join(", ")}`);
}
