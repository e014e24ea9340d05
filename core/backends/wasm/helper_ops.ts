/**
 * What stands in the bodies of helpers only: parameters, variables, loops, returns.
 * @module
 */
import { TEMP_OPERANDS } from "../../ir/op_facts.ts";
import { INSN_WORDS } from "../../ir/ops.ts";
import { HELPER_PARAMS } from "./abi.ts";
import type { Handler, UnitLowering } from "./lowering.ts";
import { W, WASM_TYPE } from "./wasm_codes.ts";

/** Every pending read of state. */
const EVERYTHING = -1;

/** Temporaries from before the loop from `at` to `end` that it uses. */
function usedFromOutside(code: Int32Array, at: number, end: number): number[] {
  const made = new Set<number>();
  const used = new Set<number>();
  for (let i = at; i < end; i += INSN_WORDS) {
    const temps = TEMP_OPERANDS[code[i]];
    for (let k = 0; k < 3; k++) {
      const temp = code[i + 3 + k];
      if (temps & (1 << k) && temp >= 0 && !made.has(temp)) used.add(temp);
    }
    if (code[i + 2] >= 0) made.add(code[i + 2]);
  }
  return [...used];
}

function variable(u: UnitLowering, number: number): number {
  return u.helper!.variables[number];
}

const param: Handler = (u, at) => {
  u.body.get(HELPER_PARAMS + u.code[at + 3]);
  u.values.define(u.code[at + 2]);
};

const getLocal: Handler = (u, at) => {
  u.body.get(variable(u, u.code[at + 3]));
  u.values.define(u.code[at + 2]);
};

/** Operations of helpers where they stand. */
export const HELPER_STATEMENTS: Readonly<Record<string, Handler>> = {
  param,
  param64: param,
  get_local: getLocal,
  get_local64: getLocal,

  set_local(u, at) {
    u.values.push(u.code[at + 3]);
    u.body.set(variable(u, u.code[at + 4]));
  },

  // What the loop uses from outside is needed again in the next round, so it stays in its local.
  loop(u, at) {
    const { body, code, values } = u;
    values.flush(EVERYTHING);
    const held = usedFromOutside(code, at, code[at + 3] * INSN_WORDS);
    for (const temp of held) values.hold(temp);
    const after = body.open(W.BLOCK, WASM_TYPE.EMPTY);
    const head = body.open(W.LOOP, WASM_TYPE.EMPTY);
    u.helper!.loops.push({ after, head, held });
  },

  repeat(u) {
    const { body, values } = u;
    const { head, held } = u.helper!.loops.pop()!;
    body.branch(W.BR, head);
    body.close();
    body.close();
    for (const temp of held) values.release(temp);
  },

  break(u) {
    u.body.branch(W.BR, u.helper!.loops.at(-1)!.after);
  },

  ret(u) {
    u.body.op(W.RETURN);
  },

  ret_value(u, at) {
    u.values.push(u.code[at + 3]);
    u.body.op(W.RETURN);
  },
};
