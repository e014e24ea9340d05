/**
 * Checks that a block keeps every rule of the IR. Always on in tests; the translator may run it in
 * a debug mode.
 * @module
 */
import { blockLength, type IrBlock, TYPE_CODES } from "./block.ts";
import {
  type HelperDef,
  helperParams,
  helperResult,
  type HelperTable,
  MAX_VARIABLES,
} from "./helper.ts";
import { accessSize, BARRIER, EXIT, INSN_WORDS, NO_TEMP, OP, type OpRow, OPS, RMW } from "./ops.ts";
import { insnText } from "./printer.ts";
import { isFpAux } from "./fp_aux.ts";
import { VEC_NAMES } from "./vector.ts";
import { PAGE_MASK, VCPU_STRIDE } from "../memory/vcpu_layout.ts";

/** What to check besides the rules that always hold. */
export interface VerifyOptions {
  /** The block's helpers; without, helper calls are only checked for their operands' types. */
  readonly helpers?: HelperTable;
  /** Reject operations that the expansion pass should have replaced. */
  readonly expanded?: boolean;
  /** The block is the body of this helper. */
  readonly bodyOf?: HelperDef;
}

/** A block that breaks a rule. */
export class IrVerifyError extends Error {
  /** Tells it from other errors. */
  override readonly name: string = "IrVerifyError";
  /** Index of the offending instruction. */
  readonly index: number;

  /** `index` is the number of the offending instruction. */
  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

/** An open arm, or the block itself. */
interface Scope {
  /** Index of the `if`, `else` or `loop` that opened it; -1 for the block. */
  readonly head: number;
  /** Temporaries assigned in it: forgotten when it closes. */
  readonly assigned: number[];
  /** Whether every path through it so far has ended in a terminator. */
  ended: boolean;
  /** For an else arm: whether the then arm had ended. */
  readonly thenEnded: boolean;
  /** For a loop: whether something breaks out of it. */
  broken?: boolean;
}

/** Checks `block`; throws an {@linkcode IrVerifyError} that names the line of the first fault. */
export function verify(block: IrBlock, options: VerifyOptions = {}): void {
  new Verifier(block, options).run();
}

class Verifier {
  readonly #block: IrBlock;
  readonly #options: VerifyOptions;
  /** 0 never assigned, 1 visible, 2 assigned but out of scope. */
  readonly #state: Uint8Array;
  readonly #scopes: Scope[] = [{ head: -1, assigned: [], ended: false, thenEnded: false }];
  readonly #chainTargets: (number | undefined)[] = [undefined, undefined];
  /** Types of the helper's variables, by number, as far as they have been met. */
  readonly #locals: number[] = [];
  #index = 0;
  #insns = 0;
  #bytes = 0;

  constructor(block: IrBlock, options: VerifyOptions) {
    this.#block = block;
    this.#options = options;
    this.#state = new Uint8Array(block.types.length);
  }

  run(): void {
    const block = this.#block;
    const length = blockLength(block);
    if (!Number.isInteger(length)) this.#fail(`code is ${block.code.length} words long`);
    if (block.types.some((t) => t >= TYPE_CODES.length)) this.#fail("unknown type code");
    for (this.#index = 0; this.#index < length; this.#index++) this.#instruction();
    this.#index = Math.max(0, length - 1);
    if (this.#scopes.length > 1) this.#fail("an if or a loop is not closed");
    if (!this.#scopes[0].ended) this.#fail("the block can fall off its end; add a terminator");
    // A pass may have dropped markers that cannot be reached, but none may come from nowhere.
    if (this.#insns > block.guestInsns) {
      this.#fail(`guestInsns is ${block.guestInsns} but there are ${this.#insns} insn markers`);
    }
    if (this.#bytes > block.guestBytes) {
      this.#fail(`guestBytes is ${block.guestBytes} but the insn markers add up to ${this.#bytes}`);
    }
  }

  #fail(what: string): never {
    const i = this.#index;
    const { helpers } = this.#options;
    const text = i < blockLength(this.#block)
      ? insnText(this.#block, i, helpers ? { helpers } : {})
      : "";
    throw new IrVerifyError(
      `IR of block 0x${this.#block.pc.toString(16)}, line ${i + 2} "${text}": ${what}`,
      i,
    );
  }

  #instruction(): void {
    const at = this.#index * INSN_WORDS;
    const code = this.#block.code;
    const op = code[at];
    const row = OPS[op];
    if (row === undefined) this.#fail(`unknown opcode ${op}`);
    const scope = this.#scopes.at(-1)!;
    const closes = op === OP.else || op === OP.end;
    if (scope.ended && !closes && op !== OP.repeat) {
      this.#fail("unreachable: stands after a terminator");
    }
    if (row.abstract && this.#options.expanded) this.#fail("abstract operation after expansion");
    this.#place(row, op);
    this.#operands(row, at);
    this.#aux(row, at);
    this.#destination(row, code[at + 2]);
    if (row.inHelper) this.#inHelper(op, at);
    if (op === OP.if || op === OP.loop) this.#open(this.#index, false);
    else if (closes) this.#close(op);
    else if (row.terminator) scope.ended = true;
  }

  /** Bodies of helpers and blocks have operations of their own. */
  #place(row: OpRow, op: number): void {
    const { bodyOf } = this.#options;
    if (bodyOf === undefined) {
      if (row.inHelper) this.#fail("stands in the body of a helper only");
    } else if (row.abstract || op === OP.insn || (row.terminator && !row.inHelper)) {
      this.#fail("has no place in the body of a helper");
    }
  }

  #inHelper(op: number, at: number): void {
    const { code, types } = this.#block;
    const def = this.#options.bodyOf!;
    const [dst, a, b] = code.subarray(at + 2, at + 5);
    switch (op) {
      case OP.param:
      case OP.param64:
        if (TYPE_CODES[types[dst]] !== helperParams(def)[a]) {
          this.#fail(`${def.name} has no such parameter`);
        }
        break;
      case OP.get_local:
      case OP.get_local64:
        this.#local(a, types[dst]);
        break;
      case OP.set_local:
        this.#local(b, types[a]);
        break;
      case OP.ret:
        if (helperResult(def) !== null) this.#fail(`${def.name} gives a value`);
        break;
      case OP.ret_value:
        if (TYPE_CODES[types[a]] !== helperResult(def)) {
          this.#fail(`${def.name} gives ${helperResult(def) ?? "nothing"}`);
        }
        break;
      case OP.break:
        this.#break(a);
        break;
      case OP.repeat:
        this.#repeat(a);
        break;
    }
  }

  #local(number: number, type: number): void {
    if (!(number >= 0 && number < MAX_VARIABLES)) this.#fail("no such variable");
    this.#locals[number] ??= type;
    if (this.#locals[number] !== type || TYPE_CODES[type] === "v128") {
      this.#fail(`variable ${number} is ${TYPE_CODES[this.#locals[number]]}`);
    }
  }

  #break(target: number): void {
    const { code } = this.#block;
    const loop = this.#scopes.findLast(({ head }) => code[head * INSN_WORDS] === OP.loop);
    if (loop === undefined) this.#fail("stands in no loop");
    if (code[loop.head * INSN_WORDS + 3] !== target) this.#fail("leaves another loop");
    loop.broken = true;
  }

  #repeat(head: number): void {
    const scope = this.#scopes.at(-1)!;
    const { code } = this.#block;
    if (scope.head !== head || code[head * INSN_WORDS] !== OP.loop) this.#fail("ends no loop");
    if (code[head * INSN_WORDS + 3] !== this.#index) {
      this.#fail(`the matching loop points at instruction ${code[head * INSN_WORDS + 3]}`);
    }
    this.#scopes.pop();
    for (const temp of scope.assigned) this.#state[temp] = 2;
    // Only a break leads on.
    if (!scope.broken) this.#scopes.at(-1)!.ended = true;
  }

  #operands(row: OpRow, at: number): void {
    const code = this.#block.code;
    for (let k = 0; k < 3; k++) {
      const word = code[at + 3 + k];
      const want = row.args[k];
      if (want === "raw") continue;
      if (row.aux === "helper" && word === NO_TEMP) continue;
      if (want === undefined) {
        if (word !== NO_TEMP) this.#fail(`operand ${k + 1} is ${word} but is not used`);
        continue;
      }
      this.#use(word, want === "any" ? null : TYPE_CODES.indexOf(want), k);
    }
  }

  /** `type` is null for an operand of any type. */
  #use(temp: number, type: number | null, k: number): void {
    const { types } = this.#block;
    if (!(temp >= 0 && temp < types.length)) this.#fail(`operand ${k + 1} is no temporary`);
    if (this.#state[temp] === 0) this.#fail(`operand ${k + 1} is used before it is assigned`);
    if (this.#state[temp] === 2) this.#fail(`operand ${k + 1} was assigned in an arm that is over`);
    if (type !== null && types[temp] !== type) {
      this.#fail(`operand ${k + 1} is ${TYPE_CODES[types[temp]]}, not ${TYPE_CODES[type]}`);
    }
  }

  #destination(row: OpRow, dst: number): void {
    if (row.dst === null) {
      if (dst !== NO_TEMP) this.#fail("has a destination but gives no value");
      return;
    }
    if (row.aux === "helper" && dst === NO_TEMP) return;
    const { types } = this.#block;
    if (!(dst >= 0 && dst < types.length)) this.#fail("the destination is no temporary");
    if (this.#state[dst] !== 0) this.#fail("the destination is assigned twice");
    if (TYPE_CODES[types[dst]] !== row.dst) this.#fail(`the destination must be ${row.dst}`);
    this.#state[dst] = 1;
    this.#scopes.at(-1)!.assigned.push(dst);
  }

  #aux(row: OpRow, at: number): void {
    const code = this.#block.code;
    const op = code[at];
    const aux = code[at + 1];
    const a = code[at + 3];
    switch (row.aux) {
      case "none":
        if (aux !== 0) this.#fail(`aux is ${aux} but must be 0`);
        break;
      case "slot":
        if (aux < 0 || aux >= VCPU_STRIDE || aux % 4 !== 0) this.#fail("no such state slot");
        break;
      case "memop":
      case "hostop":
      case "rmw": {
        const wide = row.name.endsWith("64");
        const size = accessSize(aux);
        if (wide ? size !== 8 : size === 8 && op !== OP.probe) {
          this.#fail(`an access of ${size} bytes does not fit the operation`);
        }
        if (row.aux === "hostop" && aux & ~7) this.#fail("unknown bits in aux");
        if (row.aux === "rmw" && (aux & ~0xf07 || aux >> 8 > RMW.XCHG)) {
          this.#fail("unknown read-modify-write operation");
        }
        break;
      }
      case "barrier":
        if (aux & ~(BARRIER.ALL | BARRIER.DSB)) this.#fail("unknown barrier kinds");
        break;
      case "helper":
        this.#helper(at);
        break;
      case "pc":
        if (op === OP.insn) this.#marker(at);
        else if (op === OP.goto_tb) this.#chain(aux, a);
        break;
      case "exit":
        if (aux < 0 || aux >= EXIT.INTERRUPTED) this.#fail("no EXIT code that a block may give");
        break;
      case "fp":
        if (!isFpAux(aux)) this.#fail("no such floating-point operation");
        break;
      case "vec":
        if (VEC_NAMES[aux] === undefined) this.#fail("no such vector operation");
        break;
      case "imm":
        break;
    }
  }

  #helper(at: number): void {
    const { helpers } = this.#options;
    if (!helpers) return;
    const [, aux, dst, ...args] = this.#block.code.subarray(at, at + INSN_WORDS);
    const def = helpers.defs[aux];
    if (!def) this.#fail(`there is no helper ${aux}`);
    const given = args.filter((t) => t !== NO_TEMP).length;
    if (given !== def.arity || args.slice(0, given).includes(NO_TEMP)) {
      this.#fail(`${def.name} takes ${def.arity} arguments`);
    }
    const { types } = this.#block;
    for (const [k, want] of helperParams(def).entries()) {
      if (TYPE_CODES[types[args[k]]] !== want) this.#fail(`argument ${k + 1} must be ${want}`);
    }
    if (dst !== NO_TEMP && !def.returns) this.#fail(`${def.name} returns nothing`);
    if (dst !== NO_TEMP && TYPE_CODES[types[dst]] !== helperResult(def)) {
      this.#fail(`${def.name} returns ${helperResult(def)}`);
    }
    if (this.#options.bodyOf !== undefined && def.ir !== undefined) {
      this.#fail(`${def.name} has a body in IR itself: no helper in IR calls another`);
    }
  }

  #marker(at: number): void {
    const bytes = this.#block.code[at + 3];
    if (bytes !== 2 && bytes !== 4) this.#fail(`a guest instruction of ${bytes} bytes`);
    this.#insns++;
    this.#bytes += bytes;
  }

  #chain(pc: number, slot: number): void {
    if (slot !== 0 && slot !== 1) this.#fail(`chaining slot ${slot}; there are 0 and 1`);
    if ((pc & PAGE_MASK) !== (this.#block.pc & PAGE_MASK)) {
      this.#fail("the target is on another page");
    }
    const other = this.#chainTargets[slot];
    if (other !== undefined && other !== pc) {
      this.#fail(`chaining slot ${slot} already goes to 0x${(other >>> 0).toString(16)}`);
    }
    this.#chainTargets[slot] = pc;
  }

  #open(head: number, thenEnded: boolean): void {
    this.#scopes.push({ head, assigned: [], ended: false, thenEnded });
  }

  #close(op: number): void {
    const scope = this.#scopes.at(-1)!;
    const code = this.#block.code;
    if (scope.head < 0 || code[scope.head * INSN_WORDS] === OP.loop) this.#fail("closes no if");
    const head = scope.head * INSN_WORDS;
    const inElse = code[head] === OP.else;
    const target = code[head + (inElse ? 3 : 4)];
    if (target !== this.#index) {
      this.#fail(`the matching ${inElse ? "else" : "if"} points at instruction ${target}`);
    }
    if (op === OP.else && inElse) this.#fail("a second else");
    this.#scopes.pop();
    for (const temp of scope.assigned) this.#state[temp] = 2;
    if (op === OP.else) this.#open(this.#index, scope.ended);
    else this.#scopes.at(-1)!.ended = inElse && scope.thenEnded && scope.ended;
  }
}
