/**
 * Looking at results to decide on going on (`--until-clear`) without more false verdicts: looks are
 * taken at fixed numbers of measures only, and a probability is multiplied by the number of looks that
 * there can be (the union bound). What comes out holds at any look, whatever made the run end, so
 * that it can be corrected for the number of comparisons like any other probability.
 * @module
 */

/** Numbers of measures at which a comparison is looked at; the steps grow by about 1.4. */
export const LOOKS: readonly number[] = [5, 7, 10, 14, 20, 28, 40];

/** More turns than this cannot change a verdict. */
export const MOST_TURNS: number = LOOKS[LOOKS.length - 1];

/** The looks that `count` measures allow. */
export function looksUpTo(count: number): number[] {
  return LOOKS.filter((look) => look <= count);
}

/** The next look after `count` measures; null when there is none. */
export function nextLook(count: number): number | null {
  return LOOKS.find((look) => look > count) ?? null;
}
