/**
 * What statistics are made of: one number a process. Repeats in one process share its luck (its place
 * in memory, the code that its compiler made), so that they are averaged and count as one.
 * @module
 */

/** What one process measured. */
export interface Measure {
  /** In which turn of the session; measures of two cells with the same turn are a pair. */
  readonly turn: number;
  /** The process's mean, in whatever unit the caller measures. */
  readonly value: number;
}

/** Where a run was made. */
export interface RunPlace {
  /** Turn of the session. */
  readonly turn: number;
  /** Process within the session. */
  readonly process: number;
}

/** One measure a process, in the order of processes; runs without a value are left out. */
export function measuresOf<T extends RunPlace>(
  runs: readonly T[],
  valueOf: (run: T) => number | null,
): Measure[] {
  const processes = Map.groupBy(runs, (run) => run.process);
  return [...processes.keys()].sort((a, b) => a - b).flatMap((key) => {
    const own = processes.get(key)!;
    const values = own.map(valueOf).filter((value) => value !== null);
    if (values.length === 0) return [];
    return [{
      turn: own[0].turn,
      value: values.reduce((sum, value) => sum + value, 0) / values.length,
    }];
  });
}
