/**
 * `@std/assert` from the npm registry. JSR users map `@std/assert` to `jsr:@std/assert` in
 * `deno.json` instead; nothing else changes.
 * @module
 */
// @ts-types="./assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
