/**
 * `jstat` with types; it ships none.
 * @module
 */
// @ts-types="./jstat.d.ts"
export * from "npm:jstat@1.9.6";
// @ts-types="./jstat.d.ts"
export { default } from "npm:jstat@1.9.6";
