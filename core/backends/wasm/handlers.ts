/**
 * The handler tables by opcode, put together from the groups. An abstract operation has no handler:
 * strategies expand it before a backend sees the block.
 * @module
 */
import { OPS } from "../../ir/ops.ts";
import { CONTROL_STATEMENTS } from "./control_ops.ts";
import { FP_STATEMENTS } from "./fp_ops.ts";
import { GUEST_STATEMENTS } from "./guest_ops.ts";
import { HELPER_STATEMENTS } from "./helper_ops.ts";
import { HOST_STATEMENTS } from "./host_ops.ts";
import type { Handler, HandlerTables } from "./lowering.ts";
import { CONST, CONST64 } from "./op_facts.ts";
import { PURE_TREES } from "./pure_ops.ts";
import { STATE_STATEMENTS, STATE_TREES } from "./state_ops.ts";
import { VECTOR_STATEMENTS, VECTOR_TREES } from "./vector_ops.ts";

const STATEMENTS: Readonly<Record<string, Handler>> = {
  ...STATE_STATEMENTS,
  ...GUEST_STATEMENTS,
  ...HOST_STATEMENTS,
  ...CONTROL_STATEMENTS,
  ...HELPER_STATEMENTS,
  ...FP_STATEMENTS,
  ...VECTOR_STATEMENTS,
};
const TREES: Readonly<Record<string, Handler>> = {
  ...PURE_TREES,
  ...STATE_TREES,
  ...VECTOR_TREES,
};

function missing(name: string): Handler {
  return () => {
    throw new TypeError(
      `The wasm backend was given the operation ${name}; run the expansion pass over the block first`,
    );
  };
}

/** A pure operation where it stands only notes where it is; its consumer emits it. */
function note(op: number): Handler {
  const cheap = op === CONST || op === CONST64;
  return (u, at) => u.values.defer(u.code[at + 2], at, 0, cheap);
}

/** What every opcode becomes. */
export const HANDLERS: HandlerTables = {
  statements: OPS.map((row, op) =>
    Object.hasOwn(STATEMENTS, row.name)
      ? STATEMENTS[row.name]
      : row.pure
      ? note(op)
      : missing(row.name)
  ),
  trees: OPS.map((row) => Object.hasOwn(TREES, row.name) ? TREES[row.name] : missing(row.name)),
};
