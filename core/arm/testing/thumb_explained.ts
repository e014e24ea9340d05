/**
 * What the architecture leaves open in Thumb code only.
 * @module
 */
import { inItBlock } from "../decode/it_state.ts";
import type { Suspect, Unpredictable } from "./suspect.ts";

const NOT_IN_IT = /^(it|cbz|cps|setend)$/;
const MAY_BRANCH = /^(b|bl|blx_imm|blx_reg|bx|bxj|tbb|tbh|rfe|svc)$/;

/** Whether the instruction has a condition of its own. */
function isConditional({ handler, letters }: Suspect): boolean {
  return handler === "b" && letters.includes("c");
}

/** Encodings whose effect the architecture leaves open; see UNPREDICTABLE in explained.ts. */
export const THUMB_UNPREDICTABLE: readonly Unpredictable[] = [
  {
    reason: "UNPREDICTABLE: an instruction that must not stand in an IT block",
    applies: (s) => inItBlock(s.it) && (NOT_IN_IT.test(s.handler) || isConditional(s)),
  },
  {
    reason: "UNPREDICTABLE: a branch in an IT block that is not its last instruction",
    applies: (s) =>
      (s.it & 7) !== 0 &&
      (MAY_BRANCH.test(s.handler) || s.letters.includes("d") && s.f.d === 15 ||
        s.letters.includes("t") && s.f.t === 15 ||
        s.group === "load_store_multiple" && s.f.g >>> 15 === 1),
  },
  {
    reason: "UNPREDICTABLE: the pc in a doubleword or exclusive access, or as its base",
    applies: ({ handler, f }) =>
      /^(ldr|str)(d_|ex)/.test(handler) && (f.t === 15 || f.a === 15 || f.n === 15),
  },
  {
    reason: "UNPREDICTABLE: a 32-bit LDRD that loads one register twice",
    applies: ({ handler, f }) => /^ldr(d_imm|exd)$/.test(handler) && f.t === f.a,
  },
  {
    reason: "UNPREDICTABLE: write-back to the second register of a doubleword",
    applies: ({ handler, f }) =>
      /^(ldr|str)d_imm$/.test(handler) && (f.P === 0 || f.W === 1) && f.n === f.a,
  },
  {
    reason: "UNPREDICTABLE: a 32-bit list of less than two registers, with SP, or with PC and LR",
    applies: ({ group, bytes, f }) =>
      group === "load_store_multiple" && bytes === 4 &&
      ((f.g & (f.g - 1)) === 0 || (f.g & 0x2000) !== 0 || f.g >>> 14 === 3),
  },
  {
    reason: "UNPREDICTABLE: a 32-bit data-processing instruction with the pc as its result",
    applies: ({ group, handler, bytes, f, letters }) =>
      group === "data_processing" && bytes === 4 && letters.includes("d") && f.d === 15 &&
      !/^(tst|teq|cmp|cmn)/.test(handler),
  },
  {
    reason: "UNPREDICTABLE: IT with an impossible condition",
    applies: ({ handler, f }) =>
      handler === "it" && (f.k === 15 || f.k === 14 && (f.v & (f.v - 1)) !== 0),
  },
];
