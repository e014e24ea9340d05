/**
 * System state in words, for reports and traces: modes, exceptions, fault statuses.
 * @module
 */
import type { ExceptionName } from "./exception_kinds.ts";
import { FS, LONG_FS } from "./fault_status.ts";
import type { LastException } from "./last_exception.ts";
import { MODE, PSR } from "./psr.ts";

/** Names of the modes as the architecture abbreviates them, in lower case. */
export const MODE_NAMES: readonly string[] = Object.keys(MODE).map((name) => name.toLowerCase());

/** A guest address or word as eight hexadecimal digits. */
export function hex(value: number): string {
  return "0x" + (value >>> 0).toString(16).padStart(8, "0");
}

/** Name of the mode in a CPSR. */
export function modeName(cpsr: number): string {
  const mode = cpsr & PSR.MODE;
  const entry = Object.entries(MODE).find(([, bits]) => bits === mode);
  return entry === undefined ? `0x${mode.toString(16)}` : entry[0].toLowerCase();
}

const EXCEPTION_TEXTS: Readonly<Record<ExceptionName, string>> = {
  undefined: "undefined instruction",
  supervisorCall: "supervisor call",
  prefetchAbort: "prefetch abort",
  dataAbort: "data abort",
  irq: "IRQ",
  fiq: "FIQ",
};

/** An exception's name in words. */
export function exceptionText(name: ExceptionName): string {
  return EXCEPTION_TEXTS[name];
}

const SHORT_TEXTS: Readonly<Record<number, string>> = {
  [FS.ALIGNMENT]: "alignment fault",
  [FS.DEBUG]: "debug event",
  [FS.ACCESS_FLAG_SECTION]: "access flag fault of a section",
  [FS.ACCESS_FLAG_PAGE]: "access flag fault of a page",
  [FS.TRANSLATION_SECTION]: "translation fault of a section",
  [FS.TRANSLATION_PAGE]: "translation fault of a page",
  [FS.EXTERNAL]: "external abort, nothing answers there",
  [FS.DOMAIN_SECTION]: "domain fault of a section",
  [FS.DOMAIN_PAGE]: "domain fault of a page",
  [FS.WALK_LEVEL_1]: "external abort of the table walk, level 1",
  [FS.WALK_LEVEL_2]: "external abort of the table walk, level 2",
  [FS.PERMISSION_SECTION]: "permission fault of a section",
  [FS.PERMISSION_PAGE]: "permission fault of a page",
};

/** Codes of the long format that carry a level in their low two bits. */
const LEVEL_TEXTS: readonly (readonly [number, string])[] = [
  [LONG_FS.TRANSLATION, "translation fault"],
  [LONG_FS.ACCESS_FLAG, "access flag fault"],
  [LONG_FS.PERMISSION, "permission fault"],
  [LONG_FS.WALK, "external abort of the table walk"],
];
const LONG_TEXTS: Readonly<Record<number, string>> = {
  [LONG_FS.EXTERNAL]: "external abort, nothing answers there",
  [LONG_FS.ALIGNMENT]: "alignment fault",
  [LONG_FS.DEBUG]: "debug event",
};

function longText(status: number): string | undefined {
  const row = LEVEL_TEXTS.find(([code]) => code === (status & ~3));
  return row === undefined ? LONG_TEXTS[status] : `${row[1]}, level ${status & 3}`;
}

/** Bit 9 of DFSR and IFSR: the long-descriptor format is in use. */
const LPAE = 0x200;

/** A fault code as a translation gives it (FS, or LONG_FS when `long`) in words. */
export function faultCodeText(code: number, long: boolean): string {
  return (long ? longText(code) : SHORT_TEXTS[code]) ?? `fault code 0x${code.toString(16)}`;
}

/** The cause in a DFSR or IFSR, in words. */
export function faultStatusText(fsr: number): string {
  if ((fsr & LPAE) !== 0) return faultCodeText(fsr & 0x3f, true);
  return faultCodeText((fsr & 0xf) | ((fsr >>> 6) & 0x10), false);
}

/** DFSR: the access was a write. */
const WNR = 0x800;

/** What an abort was about, such as `permission fault of a page, write to 0x00001000`. */
export function abortText(name: ExceptionName, fsr: number, far: number): string {
  const cause = faultStatusText(fsr);
  if (name === "prefetchAbort") return `${cause}, fetch from ${hex(far)} (IFSR ${hex(fsr)})`;
  const access = (fsr & WNR) !== 0 ? "write to" : "read of";
  return `${cause}, ${access} ${hex(far)} (DFSR ${hex(fsr)})`;
}

/** An exception in one phrase: what, where, in which mode, why. */
export function lastExceptionText({ name, pc, cpsr, fsr, far }: LastException): string {
  const what = `${exceptionText(name)} at ${hex(pc)} in ${modeName(cpsr)} mode`;
  const abort = name === "dataAbort" || name === "prefetchAbort";
  return abort ? `${what}: ${abortText(name, fsr, far)}` : what;
}
