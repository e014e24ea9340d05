/**
 * Names in the samples of a profile.
 * @module
 */
import { ARM_HELPERS } from "../arm/helpers.ts";
import type { AtomicsStrategy } from "../exec/strategy.ts";
import { type Profile, profileOf } from "../profile/profile_data.ts";
import type { RawSample } from "../profile/sampler.ts";
import { readSymbols } from "../profile/symbols.ts";

/** Names the samples of a machine that ran under `atomics`; `file` has the guest's symbols. */
export function nameSamples(
  samples: readonly RawSample[],
  vcpus: number,
  file: Uint8Array,
  atomics: AtomicsStrategy,
): Profile {
  // As machineHelpers numbers them.
  const helpers = [...ARM_HELPERS, ...atomics.helpers].map(({ name }) => name);
  return profileOf(samples, vcpus, readSymbols(file), helpers);
}
