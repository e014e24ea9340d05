/**
 * Helpers whose body is IR. A strategy declares them with {@linkcode irHelper}; every thread of a
 * machine builds the same IR from them. The WebAssembly backend makes one module of them, which
 * translated code calls without leaving WebAssembly; the interpreter runs them too.
 *
 * A body sees its parameters, variables of its own, loops, the vCPU's state, host memory, the softmmu
 * (`probe` and guest accesses) and helpers in TypeScript. Where a guest access faults, the helper
 * returns at once, and so does the code that called it (`mayLeave`).
 * @module
 */
import type { IrBlock } from "./block.ts";
import { IrBuilder } from "./builder.ts";
import type { HelperContext, HelperDef, HelperTable, IrHelper } from "./helper.ts";
import { verify } from "./verifier.ts";

/** What {@linkcode irHelper} is told. */
export interface IrHelperOptions extends IrHelper {
  /** Unique in a machine, snake_case. */
  readonly name: string;
  /** As in HelperDef; by default it needs and changes no state that may be cached. */
  readonly state?: HelperDef["state"];
  /** Whether an access in it may take a guest exception. */
  readonly mayLeave?: boolean;
}

/**
 * Declares a helper in IR.
 * @throws RangeError when it has more than three parameters.
 */
export function irHelper(options: IrHelperOptions): HelperDef {
  const { name, params, result, emit, state = "none", mayLeave = false } = options;
  if (params.length > 3) throw new RangeError(`Helper ${name} has more than three parameters`);
  return {
    name,
    arity: params.length as HelperDef["arity"],
    returns: result !== null,
    // A guest exception reads and changes the state in memory.
    state: mayLeave && state === "none" ? "read" : state,
    mayLeave,
    ir: { params, result, emit },
  };
}

/**
 * The bodies of the helpers in IR, by number; undefined for the others. `context` holds the addresses
 * of the machine that they work on.
 * @throws IrVerifyError when a body breaks a rule of the IR.
 */
export function buildHelperBodies(
  helpers: HelperTable,
  context: Omit<HelperContext, "b">,
): (IrBlock | undefined)[] {
  const b = new IrBuilder(helpers);
  return helpers.defs.map((def) => {
    if (def.ir === undefined) return undefined;
    b.begin(0);
    def.ir.emit({ ...context, b });
    const body = b.finish();
    verify(body, { helpers, bodyOf: def });
    return body;
  });
}
