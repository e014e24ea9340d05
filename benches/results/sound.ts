/**
 * Makes a record one that the reader takes: what cannot be true is left out and told, never bent.
 * @module
 */
import { recordFault } from "./schema.ts";
import type { FailureRecord, ResultRecord, SampleRecord } from "./types.ts";

type Json = Record<string, unknown>;

function at(record: Json, path: readonly PropertyKey[]): Json | undefined {
  let value: unknown = record;
  for (const key of path) value = (value as Json | undefined)?.[key as string];
  return typeof value === "object" && value !== null ? value as Json : undefined;
}

/** Without the field at `path`, or with null there; undefined where the record needs it. */
function without(record: Json, path: readonly PropertyKey[]): Json | undefined {
  const last = path.at(-1) as string;
  for (const empty of [undefined, null]) {
    const copy = structuredClone(record);
    const holder = at(copy, path.slice(0, -1));
    if (holder === undefined) return undefined;
    if (empty === undefined) delete holder[last];
    else holder[last] = empty;
    const fault = recordFault(copy);
    if (fault === null || fault.path.join() !== path.join()) return copy;
  }
  return undefined;
}

/** The failure that a sample is whose numbers cannot be true: it is the guest that told them. */
export function failedSample(sample: SampleRecord, why: string): FailureRecord {
  const { schema, cell, repeat, turn, process, params } = sample;
  const { guest, outcomes, consoleTail, host } = sample;
  return {
    ...{ schema, kind: "failure", cell, repeat, turn, process, params },
    failure: "guest-error",
    message: `The run's numbers cannot be true: ${why}`,
    ...{ guest, outcomes, counters: {}, consoleTail, host },
  };
}

/**
 * The record as it can be written. Fields that a record may lack are left out, with a warning in a
 * sample; a sample with another wrong field becomes a failure.
 * @throws {TypeError} for another record that the schema refuses: a defect of the harness.
 */
export function soundRecord(record: ResultRecord): ResultRecord {
  // As the reader will see it: JSON has no NaN, and no field that is undefined.
  let sound = JSON.parse(JSON.stringify(record)) as Json;
  for (;;) {
    const fault = recordFault(sound);
    if (fault === null) return sound as unknown as ResultRecord;
    const words = `field ${fault.path.join(".")}: ${fault.message}`;
    const rest = without(sound, fault.path);
    if (rest === undefined) {
      if (record.kind === "sample") return soundRecord(failedSample(record, words));
      throw new TypeError(`A ${record.kind} record that no reader would take, ${words}`);
    }
    if (Array.isArray(rest.warnings)) {
      const value = at(record as unknown as Json, fault.path.slice(0, -1))
        ?.[fault.path.at(-1) as string];
      rest.warnings.push(`Left out ${fault.path.join(".")}, which was ${value}: ${fault.message}.`);
    }
    sound = rest;
  }
}
