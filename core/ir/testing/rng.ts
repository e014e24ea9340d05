/**
 * A small seeded generator of pseudo-random numbers for tests and fuzzers (xorshift32): the same
 * seed gives the same run on every machine.
 * @module
 */
export class Rng {
  #state: number;

  /** Any 32-bit seed; neighbouring seeds give unrelated sequences. */
  constructor(seed: number) {
    const mixed = Math.imul(seed ^ seed >>> 16, 0x45d9f3b) ^ 0x6a09e667;
    this.#state = (mixed ^ mixed >>> 15) || 1;
    for (let i = 0; i < 4; i++) this.word();
  }

  /** A random signed 32-bit word. */
  word(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return Math.imul(x, 0x2545f491) ^ x >>> 7;
  }

  /** An integer from 0 up to, not including, `bound`. */
  below(bound: number): number {
    return Math.floor((this.word() >>> 0) / 0x1_0000_0000 * bound);
  }

  /** Whether an event of probability `p` happens. */
  chance(p: number): boolean {
    return (this.word() >>> 0) < p * 0x1_0000_0000;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** A word that is often a corner case. */
  cornerWord(): number {
    return this.chance(0.6) ? this.pick(CORNERS) : this.word();
  }
}

const CORNERS = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 0xff, 0x7f, 0x80, 0xffff, 0x8000, -1]
  .concat([
    -2,
    -4,
    -8,
    0x7fffffff,
    -0x80000000,
    0x80000001 | 0,
    0x12345678,
    -0x1000,
    0xfffff000 | 0,
  ]);
