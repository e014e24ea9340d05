/**
 * The interfaces a strategy implements. They are the core's (it calls strategies, it never imports
 * one); this file is where strategies import them from.
 * @module
 */
export type * from "../core/exec/strategy.ts";
