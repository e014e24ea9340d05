/** The part of `@std/assert` that this project's tests use. */
export declare function assert(expr: unknown, msg?: string): asserts expr;
/** Fails unless the values are equal in depth. */
export declare function assertEquals<T>(actual: T, expected: T, msg?: string): void;
/** Fails when the values are equal in depth. */
export declare function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless the values are the same (`Object.is`). */
export declare function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): void;
/** Fails unless the numbers differ by at most `tolerance` (1e-7 of `expected` unless given). */
export declare function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void;
/** Fails for null and undefined. */
export declare function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
/** Fails unless `actual` contains `expected`. */
export declare function assertStringIncludes(actual: string, expected: string, msg?: string): void;
/** Fails unless `actual` matches the expression. */
export declare function assertMatch(actual: string, expected: RegExp, msg?: string): void;
/** Fails unless every value of `expected` is in `actual`. */
export declare function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void;
/** Fails unless `actual > expected`. */
export declare function assertGreater<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless `actual >= expected`. */
export declare function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless `actual < expected`. */
export declare function assertLess<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless `actual <= expected`. */
export declare function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
/** Fails unless `actual` is an instance of the class. */
export declare function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any
  expectedType: new (...args: any[]) => T,
  msg?: string,
): asserts actual is T;
/**
 * Fails unless `fn` throws, an `ErrorClass` whose message includes `msgIncludes`; gives the error.
 */
export declare function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass?: new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
/** The same for a promise that must be rejected. */
export declare function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass?: new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
/** Fails always. */
export declare function fail(msg?: string): never;
/** Fails: control should never come here. */
export declare function unreachable(msg?: string): never;
