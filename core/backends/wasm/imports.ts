/**
 * The function imports of a module under construction: only what its code calls.
 * @module
 */

/** Numbers imported functions in the order of their first use. */
export class ImportSet {
  /** Import numbers (see `abi.ts`), by function index. */
  readonly numbers: number[] = [];
  readonly #index: number[] = [];

  /** Forgets all imports. */
  clear(): void {
    for (const number of this.numbers) this.#index[number] = -1;
    this.numbers.length = 0;
  }

  /** Function index of import `number`. */
  indexOf(number: number): number {
    const index = this.#index[number] ?? -1;
    return index >= 0 ? index : (this.#index[number] = this.numbers.push(number) - 1);
  }
}
