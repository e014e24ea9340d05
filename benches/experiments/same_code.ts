/**
 * Finds out which schemes make the same code, by having the engine translate every instruction that
 * a scheme can expand. Nothing is declared: what is compared is what a machine would run.
 * @module
 */
import { TB_FLAG } from "../../core/arm/state.ts";
import { translateBlock } from "../../core/arm/translate/translate_block.ts";
import type { AtomicsStrategy, BarrierStrategy } from "../../core/exec/strategy.ts";
import { Translator } from "../../core/exec/translator.ts";
import type { HelperTable } from "../../core/ir/helper.ts";
import { printBlock } from "../../core/ir/printer.ts";
import { DEFAULT_EXEC } from "../../core/machine/config.ts";
import { machineHelpers } from "../../core/machine/machine_helpers.ts";
import { syncExpansion } from "../../core/machine/vcpu_thread.ts";
import {
  ATOMICS,
  BARRIERS,
  findAtomics,
  findBarriers,
  findScheduling,
} from "../../strategies/mod.ts";
import type { OurSubject, SameCode } from "../results/types.ts";

/** An atomics and a barrier scheme. */
export interface Schemes {
  /** The atomics scheme. */
  readonly atomics: AtomicsStrategy;
  /** The barrier scheme. */
  readonly barriers: BarrierStrategy;
}

/**
 * A32 instructions that schemes may expand, each a block of its own: what tells most schemes apart
 * comes first.
 */
const PROBES: readonly number[] = [
  0xe1932f9f, // ldrex r2, [r3]
  0xf57ff05f, // dmb
  0xe5832000, // str r2, [r3]
  0xe5932000, // ldr r2, [r3]
  0xe1831f92, // strex r1, r2, [r3]
  0xe1d32f9f, // ldrexb
  0xe1f32f9f, // ldrexh
  0xe1b32f9f, // ldrexd
  0xe1c31f92, // strexb
  0xe1e31f92, // strexh
  0xe1a31f92, // strexd
  0xf57ff01f, // clrex
  0xe1031092, // swp r1, r2, [r3]
  0xe1431092, // swpb
  0xe5d32000, // ldrb
  0xe1d320b0, // ldrh
  0xe1c320d0, // ldrd
  0xe8930006, // ldm r3, {r1, r2}
  0xe5c32000, // strb
  0xe1c320b0, // strh
  0xe1c320f0, // strd
  0xe8830006, // stm r3, {r1, r2}
  0xed930b00, // vldr d0, [r3]
  0xed830b00, // vstr d0, [r3]
  0xf57ff05e, // dmb st
  0xf57ff04f, // dsb
  0xf57ff06f, // isb
];
const PC = 0x4000_0000;
/** `b .`: ends the block, unless the scheme has left it before. */
const BEHIND = 0xeaff_fffe;

/** What a machine makes of the probes, one after the other as far as it is asked. */
class Code {
  readonly #translator: Translator;
  readonly #helpers: HelperTable;
  readonly #flags: number;
  readonly #texts: string[] = [];

  constructor({ atomics, barriers }: Schemes, parallel: boolean) {
    this.#helpers = machineHelpers(atomics);
    const sync = syncExpansion({ atomics, barriers }, { strategy: 0 }, parallel);
    this.#translator = new Translator(this.#helpers, sync, { ...DEFAULT_EXEC, ...sync }, false);
    this.#flags = (parallel ? TB_FLAG.PARALLEL : 0) | TB_FLAG.SWP | TB_FLAG.FP_ACCESS |
      TB_FLAG.FP_ON;
  }

  text(probe: number): string {
    const fetch = (address: number) => address === PC ? PROBES[probe] : BEHIND;
    return this.#texts[probe] ??= printBlock(
      this.#translator.stages({ translate: translateBlock }, PC, this.#flags, fetch).optimised,
      { helpers: this.#helpers },
    );
  }
}

/** Compares schemes of two registries; remembers their code. */
export class SameCodeFinder {
  readonly #atomics: readonly AtomicsStrategy[];
  readonly #barriers: readonly BarrierStrategy[];
  readonly #codes: Map<string, Code> = new Map();

  /** The registries, in the order in which they are looked through. */
  constructor(atomics: readonly AtomicsStrategy[], barriers: readonly BarrierStrategy[]) {
    this.#atomics = atomics;
    this.#barriers = barriers;
  }

  /**
   * The first scheme of each registry, if it stands before the given one there, whose code is the
   * same, the other scheme being as it is. `parallel` as in ExpandContext.
   */
  find(schemes: Schemes, parallel: boolean): SameCode {
    const same = (other: Schemes) => this.#isSame(schemes, other, parallel);
    const atomics = before(this.#atomics, schemes.atomics)
      .find((atomics) => same({ ...schemes, atomics }));
    const barriers = before(this.#barriers, schemes.barriers)
      .find((barriers) => same({ ...schemes, barriers }));
    return {
      ...(atomics === undefined ? {} : { atomics: atomics.name }),
      ...(barriers === undefined ? {} : { barriers: barriers.name }),
    };
  }

  #isSame(one: Schemes, other: Schemes, parallel: boolean): boolean {
    const [a, b] = [this.#codeOf(one, parallel), this.#codeOf(other, parallel)];
    return PROBES.every((_, probe) => a.text(probe) === b.text(probe));
  }

  #codeOf(schemes: Schemes, parallel: boolean): Code {
    const key = `${schemes.atomics.name} ${schemes.barriers.name} ${parallel}`;
    let code = this.#codes.get(key);
    if (code === undefined) this.#codes.set(key, code = new Code(schemes, parallel));
    return code;
  }
}

const FINDER = new SameCodeFinder(ATOMICS, BARRIERS);

/** The same for a subject, by the registries of this project. */
export function sameCodeOf(subject: OurSubject, vcpus: number): SameCode {
  const schemes = {
    atomics: findAtomics(subject.atomics),
    barriers: findBarriers(subject.barriers),
  };
  const threads = findScheduling(subject.scheduling).threads(vcpus);
  return FINDER.find(schemes, threads.length > 1 || subject.parallelCode === "forced");
}

function before<T>(all: readonly T[], one: T): readonly T[] {
  return all.slice(0, Math.max(0, all.indexOf(one)));
}
