/**
 * The type of the functions that translate one instruction.
 * @module
 */
import type { Fields } from "../decode/row.ts";
import type { Group, HandlerName } from "../decode/tables.ts";
import type { Translation } from "./translation.ts";

/**
 * Emits the IR of one instruction. It performs its checks and faulting accesses before it sets any
 * state slot. The driver has emitted the condition already. A handler that ends the block calls one
 * of the ending methods of {@linkcode Translation} last.
 */
export type Handler = (t: Translation, f: Fields) => void;

/** All handlers of a group: one that is missing, or that no row names, is a compile error. */
export type Handlers<G extends Group> = Readonly<Record<HandlerName<G>, Handler>>;
