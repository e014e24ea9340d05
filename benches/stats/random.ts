/**
 * Seeded random numbers, so that the order of cells and every bootstrap interval can be had again.
 * @module
 */

/** A stream of numbers in [0, 1). */
export type Random = () => number;

/** SplitMix32 by 32-bit multiplications: small, and good enough to shuffle and resample with. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A shuffled copy (Fisher-Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const k = Math.floor(random() * (i + 1));
    [result[i], result[k]] = [result[k], result[i]];
  }
  return result;
}
