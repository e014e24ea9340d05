/**
 * The Advanced SIMD encodings.
 * @module
 */
export const NEON_ROWS = [] as const;
