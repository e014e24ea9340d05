/**
 * The IT state of Thumb code (CPSR.IT): eight bits, the condition of the next instruction in bits
 * 7-4 and a mask that shifts through bits 4-0; 0 outside of IT blocks.
 * @module
 */

/** The condition that always holds. */
const ALWAYS = 14;

/** Whether an instruction at a place with this state belongs to an IT block. */
export function inItBlock(it: number): boolean {
  return (it & 15) !== 0;
}

/** The condition of an instruction at a place with this state. */
export function conditionOf(it: number): number {
  return inItBlock(it) ? it >>> 4 : ALWAYS;
}

/** The state behind an instruction (ITAdvance). */
export function advanceIt(it: number): number {
  return (it & 7) === 0 ? 0 : it & 0xe0 | (it << 1) & 0x1f;
}
