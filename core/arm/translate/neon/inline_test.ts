/** Translated Advanced SIMD against the reference semantics, on both backends. */
import { assert, assertEquals } from "@std/assert";
import { FpUnit } from "../../../fp/unit.ts";
import { Rng } from "../../../ir/testing/rng.ts";
import { allocateShared, viewsOf } from "../../../memory/views.ts";
import { decodeVfpNeonA32 } from "../../decode/vfp_neon_decoder.ts";
import { dreg } from "../../state.ts";
import { readFpscr, writeFpscr } from "../../system/fp_system.ts";
import { TABLES } from "../../testing/instruction_set.ts";
import { randomWord } from "../../testing/random_word.ts";
import { SIMD_SEMANTICS } from "../../testing/simd/semantics.ts";
import { SimdUnit } from "../../testing/simd/simd_unit.ts";
import { FILE_CPSR, FILE_PC, FILE_WORDS, GUEST, Subject } from "../../testing/subject.ts";
import type { Tier } from "../../testing/subject_engine.ts";
import { variants } from "../../testing/variants.ts";
import { randomVectors } from "../../testing/vector_state.ts";
import { VECTOR_WORDS } from "../../testing/unicorn.ts";
import { NEON_INLINE, type NeonGroup } from "./inline.ts";
import type { HandlerName } from "../../decode/tables.ts";

const SUPERVISOR = 0x13;
const ENV = 0x1000;
const ROWS = TABLES.find(({ name }) => name === "neon-a32")!.rows.filter(({ row }) =>
  row[3] !== "neon_load_store"
);

function prepare(subject: Subject, word: number, file: Uint32Array): void {
  const registers = new Uint32Array(FILE_WORDS);
  registers[FILE_CPSR] = SUPERVISOR;
  registers[FILE_PC] = GUEST.code;
  subject.writeCode(GUEST.code, Uint32Array.of(word));
  subject.setFpGates(0x00f00000, 0x40000000);
  subject.setRegisters(registers);
  subject.setVectors(file);
}

/** FPSCR and registers after an instruction, or null when it is UNDEFINED. */
function translated(subject: Subject, word: number, file: Uint32Array): Uint32Array | null {
  prepare(subject, word, file);
  if (subject.run(1) === "undefined") return null;
  const after = new Uint32Array(VECTOR_WORDS);
  subject.getVectors(after);
  return after;
}

const views = viewsOf(allocateShared(0x10000));
const unit = new SimdUnit(views);
unit.env = ENV;

function reference(word: number, file: Uint32Array): Uint32Array | null {
  const { encoding, fields } = decodeVfpNeonA32(word)!;
  const { even, invalid, run } = SIMD_SEMANTICS[encoding.row[1] as HandlerName<NeonGroup>];
  if ((even(fields) & 1) !== 0 || invalid?.(fields)) return null;
  writeFpscr(views.i32, ENV, file[0]);
  views.u32.set(file.subarray(2), (ENV + dreg(0)) >>> 2);
  run(unit, fields);
  const after = new Uint32Array(VECTOR_WORDS);
  const at = (ENV + dreg(0)) >>> 2;
  after.set(views.u32.subarray(at, at + 64), 2);
  after[0] = readFpscr(views.i32, ENV);
  return after;
}

/** An exchange of a register with itself has no defined result. */
function isUnknown(handler: string, word: number): boolean {
  const { fields: f } = decodeVfpNeonA32(word)!;
  return /^(vswp|vtrn|vzip|vuzp)$/.test(handler) && f.D === f.M && f.d === f.m;
}

for (const [tier, rounds] of [["interp", 60], ["wasm", 8]] as const) {
  Deno.test(`Advanced SIMD agrees with its reference semantics: ${tier}`, () => {
    const subject = new Subject(tier as Tier);
    const rng = new Rng(31);
    for (const encoding of ROWS) {
      for (let i = 0; i < rounds; i++) {
        const word = randomWord(rng, encoding);
        const handler = decodeVfpNeonA32(word)!.encoding.row[1];
        if (isUnknown(handler, word)) continue;
        const { file } = randomVectors(rng);
        file[0] &= ~0x370000;
        const expected = reference(word, file);
        const got = translated(subject, word, file);
        assertEquals(got, expected, `${handler} ${word.toString(16)} of ${[...file].join()}`);
      }
    }
  });
}

/**
 * Handlers that may run in the unit behind the inline forms on ordinary operands, with the reason:
 * none now.
 */
const IN_UNIT: Readonly<Record<string, string>> = {};

/** Calls of the unit by translated code, and of these the computations on BigInt. */
function countingUnit(run: (counts: { unit: number; exact: number }) => void): void {
  const counts = { unit: 0, exact: 0 };
  const { prototype } = FpUnit;
  const { compute, run: one, runLanes } = prototype;
  prototype.compute = function (...args) {
    counts.exact++;
    return compute.apply(this, args);
  };
  prototype.run = function (...args) {
    counts.unit++;
    return one.apply(this, args);
  };
  prototype.runLanes = function (...args) {
    counts.unit++;
    return runLanes.apply(this, args);
  };
  try {
    run(counts);
  } finally {
    Object.assign(prototype, { compute, run: one, runLanes });
  }
}

/** Ordinary operands: numbers near 1 of the format that an instruction takes, and any integers. */
function ordinary(rng: Rng, double: boolean): Uint32Array {
  const file = new Uint32Array(VECTOR_WORDS);
  for (let n = 0; n < 32; n++) {
    // Their halves are ordinary numbers of half precision.
    const single = () => 0x3f800000 + rng.below(0x1000000) & ~0x4000;
    file.set(
      double ? [rng.word(), 0x3ff00000 + rng.below(0x100000)] : [single(), single()],
      2 + 2 * n,
    );
  }
  // The inexact flag is set: almost the first operation of a program sets it.
  file[0] = 0x10;
  return file;
}

Deno.test("no Advanced SIMD or VFP instruction leaves WebAssembly on ordinary operands but for a list", () => {
  const found = new Set<string>();
  countingUnit((counts) => {
    const subject = new Subject("wasm");
    subject.listing = [];
    const rng = new Rng(8);
    for (const { handler, word, text } of variants()) {
      const file = ordinary(rng, /\.f64/.test(text));
      subject.listing.length = 0;
      Object.assign(counts, { unit: 0, exact: 0 });
      assert(translated(subject, word, file) !== null, `${text} is UNDEFINED`);
      assertEquals(counts.exact, 0, `${text} computes with BigInt`);
      if (counts.unit > 0) found.add(handler);
      assert(!/= call|^\s*call/m.test(subject.listing.join("")), `${text} calls a helper`);
    }
  });
  assertEquals([...found].sort(), Object.keys(IN_UNIT).sort());
});

Deno.test("the count of BigInt computations sees one", () => {
  countingUnit((counts) => {
    const subject = new Subject("wasm");
    // vadd.f64 d0, d2, d4 rounding up, which no host arithmetic does.
    const file = ordinary(new Rng(1), true);
    file[0] |= 1 << 22;
    translated(subject, 0xee320b04, file);
    assertEquals(counts, { unit: 1, exact: 1 });
  });
});

Deno.test("every data-processing row has an inline form with the constraints of the reference", () => {
  assertEquals(Object.keys(NEON_INLINE).sort(), Object.keys(SIMD_SEMANTICS).sort());
});
