/**
 * Differences between the oracle and the subject that are right: each with its reason. Everything
 * else is a failure.
 * @module
 */
import { fieldsOf } from "../decode/decoder.ts";
import { advanceIt, inItBlock } from "../decode/it_state.ts";
import { itState, MODE, PSR } from "../system/psr.ts";
import type { TestCase } from "./case.ts";
import type { Difference, Outcome } from "./differ.ts";
import { instructionSetOf, isVector, sizeOf, type TestEncoding } from "./instruction_set.ts";
import { FILE_CPSR, FILE_PC } from "./subject.ts";
import {
  type Explanation,
  faultedHere,
  type Run,
  type Suspect,
  type Unpredictable,
} from "./suspect.ts";
import { THUMB_UNPREDICTABLE } from "./thumb_explained.ts";
import { VECTOR_EXPLANATIONS, VECTOR_UNPREDICTABLE } from "./vector_explained.ts";

const is = (pattern: RegExp) => (s: Suspect): boolean => pattern.test(s.handler);
const LOAD_STORE = /^(ldr|str)/;
const EXCLUSIVE = /^(ldrex|strex)/;
const DUAL = /^(ldrd|strd)_/;
const ANY_PC = "ndmstalh";

/** The register fields that name the pc. */
function pcFields({ f, letters }: Suspect): string {
  return [...ANY_PC].filter((l) => letters.includes(l) && f[l as "n"] === 15).join("");
}

/** Whether the access writes its base register back. */
function writesBack({ f }: Suspect): boolean {
  return f.P === 0 || f.W === 1;
}

/** Encodings whose effect the architecture leaves open; the two sides need not agree on them. */
const UNPREDICTABLE: readonly Unpredictable[] = [
  {
    reason:
      "UNPREDICTABLE: the pc as an operand or result of an instruction that has no use for it",
    applies: (s) =>
      pcFields(s) !== "" &&
      (/^(multiply|divide|saturating|parallel|packing|bits)$/.test(s.group) ||
        /_rsr$/.test(s.handler) && s.group === "data_processing" ||
        EXCLUSIVE.test(s.handler) || /^(swp|mrs|msr)/.test(s.handler)),
  },
  {
    reason: "UNPREDICTABLE: RdHi and RdLo of a long multiplication are the same",
    applies: ({ f, letters }) => letters.includes("h") && letters.includes("l") && f.h === f.l,
  },
  {
    reason:
      "UNPREDICTABLE: the pc as base with write-back, as index, or as the register of a byte, " +
      "halfword, doubleword or unprivileged access",
    applies: (s) =>
      LOAD_STORE.test(s.handler) && !EXCLUSIVE.test(s.handler) &&
      (s.f.n === 15 && (writesBack(s) || /^(ldr|str)\w*t_/.test(s.handler)) ||
        s.letters.includes("m") && s.f.m === 15 ||
        s.f.t === 15 && !/^(ldr|str)_/.test(s.handler)),
  },
  {
    reason: "UNPREDICTABLE: write-back to a register that is loaded or stored too",
    applies: (s) =>
      LOAD_STORE.test(s.handler) && !EXCLUSIVE.test(s.handler) &&
      (writesBack(s) || /t_(imm|reg)$/.test(s.handler)) &&
      (s.f.n === s.f.t || DUAL.test(s.handler) && s.f.n === s.f.t + 1),
  },
  {
    reason:
      "UNPREDICTABLE: doubleword access to a pair that begins at an odd register or at r14, " +
      "or whose index register is one of a loaded pair, or with P = 0 and W = 1",
    applies: (s) =>
      !s.thumb && (DUAL.test(s.handler) || /^(ldrexd|strexd)$/.test(s.handler)) &&
      ((s.f.t & 1) === 1 || s.f.t === 14 || s.f.P === 0 && s.f.W === 1 ||
        s.handler === "ldrd_reg" && (s.f.m === s.f.t || s.f.m === s.f.t + 1)),
  },
  {
    reason: "UNPREDICTABLE: registers of SWP or of a store-exclusive that overlap",
    applies: ({ handler, f }) =>
      /^swp/.test(handler) && (f.n === f.t || f.n === f.m) ||
      /^strex/.test(handler) &&
        (f.d === f.n || f.d === f.t || handler === "strexd" && f.d === f.t + 1),
  },
  {
    reason: "UNPREDICTABLE: empty list, pc as base, or write-back of a base in the list",
    applies: ({ group, f }) =>
      group === "load_store_multiple" &&
      (f.g === 0 || f.n === 15 || f.W === 1 && (f.g >>> f.n & 1) === 1),
  },
  {
    reason: "UNPREDICTABLE: write-back with the user registers",
    applies: (s) => is(/^(ldm|stm)_user$/)(s) && s.f.W === 1,
  },
  {
    reason: "UNPREDICTABLE: a bit field that ends before it begins or beyond bit 31",
    applies: (s) =>
      is(/^(bfi|bfc)$/)(s) && s.f.b < s.f.i || is(/^[su]bfx$/)(s) && s.f.i + s.f.w > 31,
  },
  {
    reason: "UNPREDICTABLE: CPS that changes nothing, or with a mode but no M bit",
    applies: ({ handler, f }) =>
      handler === "cps" &&
      (f.i === 1 || f.i === 0 && (f.M === 0 || (f.A | f.I | f.F) !== 0) ||
        f.i >= 2 && (f.A | f.I | f.F) === 0 || f.M === 0 && f.v !== 0),
  },
  {
    reason: "UNPREDICTABLE: BKPT or HVC with a condition",
    applies: (s) => is(/^(bkpt|hvc)$/)(s) && s.f.c !== 14,
  },
  {
    reason: "UNPREDICTABLE: pc as the base of RFE, or as the target register of BXJ and BLX",
    applies: (s) => is(/^rfe$/)(s) && s.f.n === 15 || is(/^(bxj|blx_reg)$/)(s) && s.f.m === 15,
  },
];

function startMode({ test }: Run): number {
  return test.file[FILE_CPSR] & PSR.MODE;
}

/** Whether the load-exclusive before this store-exclusive has another size. */
function sizeDiffers({ handler, index, test }: Run): boolean {
  const before = test.encodings.slice(0, index).map(({ row }) => row[1]);
  const load = before.findLast((name) => name.startsWith("ldrex"));
  return load !== undefined && load.slice("ldrex".length) !== handler.slice("strex".length);
}

function cpsrOf(outcome: Outcome): number {
  return outcome.file[FILE_CPSR] & PSR.ALL;
}

function stops({ difference }: Run, oracle: string, subject: string): boolean {
  return difference.oracle.stop === oracle && difference.subject.stop === subject;
}

function writesPcOrBranches({ group, index, test }: Run): boolean {
  return group === "branch" || writesPc(test.encodings[index], test.words[index], true);
}

/** Data-processing instruction with S whose result goes to the pc. */
function returnsFromException({ group, handler, f }: Run): boolean {
  return group === "data_processing" && f.S === 1 && f.d === 15 &&
    !/^(tst|teq|cmp|cmn)/.test(handler);
}

/** Differences that any instruction may have. */
const COMMON_EXPLANATIONS: readonly Explanation[] = [
  {
    reason:
      "in an IT block the oracle goes on behind a store that faults, with its write-back and the " +
      "next instructions",
    applies: (run) =>
      inItBlock(run.it) && /^(str|stm|srs|vst)/.test(run.handler) && faultedHere(run) &&
      run.difference.subject.stop === "data-abort",
  },
  {
    reason:
      "the oracle does not count instructions that an IT block skips and runs on behind a branch, " +
      "into what follows there, which is not defined",
    applies: (run) =>
      run.thumb && itStates(run.test).some(inItBlock) &&
      run.index === run.test.encodings.length - 1 && writesPcOrBranches(run) &&
      (stops(run, "undefined", "done") ||
        stops(run, "done", "done") &&
          run.difference.oracle.file[FILE_PC] !== run.difference.subject.file[FILE_PC]),
  },
];

/** Differences that come from the start state or from what the oracle does not do. */
const EXPLANATIONS: readonly Explanation[] = [
  {
    reason:
      "UNPREDICTABLE: branch to an address with bits 1-0 = 10 in ARM state; the oracle keeps " +
      "bit 1, the subject clears it",
    applies: ({ difference: { oracle, subject, lines } }) =>
      lines.length === 1 && oracle.file[FILE_PC] === subject.file[FILE_PC] + 2 &&
      (oracle.file[FILE_CPSR] & PSR.T) === 0,
  },
  {
    reason:
      "UNPREDICTABLE: exception return, access to the SPSR or to the user registers, in User " +
      "or System mode",
    applies: (run) =>
      (startMode(run) === MODE.USR || startMode(run) === MODE.SYS) &&
      (returnsFromException(run) ||
        /^(ldm_eret|ldm_user|stm_user|rfe|srs|eret)$/.test(run.handler) ||
        /^(mrs|msr)/.test(run.handler) && run.f.R === 1),
  },
  {
    reason:
      "the oracle returns from exceptions by SUBS and MOVS to the pc alone; the architecture " +
      "by every data-processing instruction",
    applies: (run) =>
      returnsFromException(run) && !/^(sub|mov|lsl|lsr|asr|ror|rrx)/.test(run.handler),
  },
  {
    reason: "the oracle does not check the word alignment of LDRD, STRD, LDM, STM, RFE and SRS, " +
      "which the architecture demands",
    applies: (run) =>
      run.difference.subject.misaligned && faultedHere(run) &&
      (DUAL.test(run.handler) || run.group === "load_store_multiple" ||
        /^(rfe|srs)$/.test(run.handler)),
  },
  {
    reason: "the oracle leaves its emulation at WFE and YIELD, whatever their should-be-zero bits",
    applies: (run) => /^(wfe|yield|hint)$/.test(run.handler) && stops(run, "undefined", "done"),
  },
  {
    reason:
      "UNPREDICTABLE: a store-exclusive of another size than the load-exclusive; the oracle " +
      "compares address and value, the subject also the size",
    applies: (run) => /^strex/.test(run.handler) && sizeDiffers(run),
  },
  {
    reason: "the oracle does not let User mode write CPSR.E by MSR; the architecture does",
    applies: (run) =>
      /^msr_(imm|reg)$/.test(run.handler) && startMode(run) === MODE.USR && run.f.R === 0 &&
      run.difference.lines.length === 1 &&
      (cpsrOf(run.difference.oracle) ^ cpsrOf(run.difference.subject)) === PSR.E,
  },
  {
    reason:
      "the oracle has the Virtualization Extensions; the subject has not, so that MRS and MSR " +
      "of banked registers are UNDEFINED",
    applies: (run) => /^(mrs|msr)_bank$/.test(run.handler) && stops(run, "done", "undefined"),
  },
  {
    reason:
      "the oracle reports SVC without taking it; taken in Supervisor mode it replaces LR and " +
      "the SPSR",
    applies: (run) =>
      run.handler === "svc" && startMode(run) === MODE.SVC && stops(run, "svc", "svc") &&
      run.difference.lines.every((line) => /^(r14|spsr):/.test(line)),
  },
  {
    reason: "the oracle has the Security Extensions; the subject has not, so that SMC is UNDEFINED",
    applies: (run) => run.handler === "smc" && stops(run, "other", "undefined"),
  },
];

const UNPREDICTABLE_IN_THUMB = [...UNPREDICTABLE, ...THUMB_UNPREDICTABLE];

function suspectOf(
  encoding: TestEncoding,
  word: number,
  thumb: boolean,
  it: number,
): Suspect {
  return {
    bytes: sizeOf(encoding),
    thumb,
    it,
    handler: encoding.row[1],
    group: encoding.row[3],
    f: fieldsOf(encoding, word, it),
    letters: encoding.parts.map((part) => part.letter).join(""),
  };
}

/** Every reason there is, for the documentation. */
export const REASONS: readonly string[] = [
  ...UNPREDICTABLE_IN_THUMB,
  ...VECTOR_UNPREDICTABLE,
  ...COMMON_EXPLANATIONS,
  ...EXPLANATIONS,
  ...VECTOR_EXPLANATIONS,
].map(({ reason }) => reason);

/** Why the architecture leaves an instruction's effect open, or null when it does not. */
export function unpredictable(
  encoding: TestEncoding,
  word: number,
  thumb: boolean,
  it = 0,
): string | null {
  const suspect = suspectOf(encoding, word, thumb, it);
  const open = isVector(encoding)
    ? VECTOR_UNPREDICTABLE
    : thumb
    ? UNPREDICTABLE_IN_THUMB
    : UNPREDICTABLE;
  return open.find((u) => u.applies(suspect))?.reason ?? null;
}

/** The IT state at each instruction of a case. */
function itStates({ encodings, words, file }: TestCase): number[] {
  let it = itState(file[FILE_CPSR]);
  return encodings.map((encoding, i) => {
    const now = it;
    it = encoding.row[1] === "it" ? words[i] & 0xff : advanceIt(now);
    return now;
  });
}

/** Whether the instruction may branch by writing the pc as its result. */
export function writesPc(encoding: TestEncoding, word: number, thumb: boolean): boolean {
  if (isVector(encoding)) return false;
  const { f, group, letters } = suspectOf(encoding, word, thumb, 0);
  return letters.includes("d") && f.d === 15 || letters.includes("t") && f.t === 15 ||
    group === "load_store_multiple" && (f.g >>> 15 === 1 || encoding.row[1] === "ldm_eret");
}

/** The reason why the difference is right, or null when it is not explained. */
export function explain(test: TestCase, difference: Difference): string | null {
  const { thumb } = instructionSetOf(test.file[FILE_CPSR]);
  const its = itStates(test);
  for (const [i, encoding] of test.encodings.entries()) {
    const open = unpredictable(encoding, test.words[i], thumb, its[i]);
    if (open !== null) return open;
    const suspect = suspectOf(encoding, test.words[i], thumb, its[i]);
    const run: Run = { ...suspect, index: i, test, difference };
    const explanations = isVector(encoding) ? VECTOR_EXPLANATIONS : EXPLANATIONS;
    const found = [...COMMON_EXPLANATIONS, ...explanations].find((e) => e.applies(run));
    if (found) return found.reason;
  }
  return null;
}
