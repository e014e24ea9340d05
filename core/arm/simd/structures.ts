/**
 * The order in which the structure loads and stores of Advanced SIMD take elements from memory.
 * @module
 */
import type { Fields } from "../decode/row.ts";
import { dreg } from "../state.ts";
import { regD } from "./fields.ts";

/** Shape of VLDn and VSTn (multiple structures). */
export interface Structure {
  /** Groups of registers that follow one another in memory. */
  readonly groups: number;
  /** Elements of a structure: registers that take turns. */
  readonly interleave: number;
  /** Distance of these registers. */
  readonly spacing: number;
}

/** By the type field; the other types are UNDEFINED. */
const STRUCTURES: readonly Structure[] = [
  [1, 4, 1],
  [1, 4, 2],
  [4, 1, 1],
  [2, 2, 2],
  [1, 3, 1],
  [1, 3, 2],
  [3, 1, 1],
  [1, 1, 1],
  [1, 2, 1],
  [1, 2, 2],
  [2, 1, 1],
].map(([groups, interleave, spacing]) => ({ groups, interleave, spacing }));

/** Shape of an instruction; null when it is UNDEFINED, or names registers that do not exist. */
export function structureOf(f: Fields): Structure | null {
  const shape = STRUCTURES[f.t];
  if (shape === undefined) return null;
  if (f.s === 3 && shape.interleave !== 1) return null;
  if ((f.t & 12) === 4 && f.a >= 2 || (f.t & 12) === 8 && f.a === 3) return null;
  const last = regD(f) + shape.groups - 1 + shape.spacing * (shape.interleave - 1);
  return last > 31 ? null : shape;
}

/** Offset in memory and in the register file of each element, in bytes. */
export function elementsOf(f: Fields, shape: Structure): { memory: number; state: number }[] {
  const bytes = 1 << f.s;
  const elements: { memory: number; state: number }[] = [];
  let memory = 0;
  for (let group = 0; group < shape.groups; group++) {
    for (let lane = 0; lane < 8; lane += bytes) {
      for (let turn = 0; turn < shape.interleave; turn++) {
        const register = regD(f) + group + shape.spacing * turn;
        elements.push({ memory, state: dreg(register) + lane });
        memory += bytes;
      }
    }
  }
  return elements;
}
