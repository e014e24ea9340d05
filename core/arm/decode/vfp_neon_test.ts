import { assert, assertEquals } from "@std/assert";
import { matches } from "./decoder.ts";
import { A32_DECODER } from "./a32_decoder.ts";
import { a32OfT32, isVfpNeonA32, VFP_NEON_DECODER } from "./vfp_neon_decoder.ts";
import { Rng } from "../../ir/testing/rng.ts";

const encodings = VFP_NEON_DECODER.encodings;

Deno.test("VFP and Advanced SIMD rows that overlap have different numbers of fixed bits", () => {
  const rng = new Rng(2);
  for (const [i, a] of encodings.entries()) {
    for (const b of encodings.slice(i + 1)) {
      if (a.conditional !== b.conditional) continue;
      if (((a.value ^ b.value) & a.mask & b.mask) !== 0) continue;
      if (a.specificity !== b.specificity) continue;
      // Excluded field values may keep them apart.
      for (let k = 0; k < 500; k++) {
        const word = (a.value | b.value | rng.word() & ~(a.mask | b.mask)) >>> 0;
        assert(
          !(matches(a, word) && matches(b, word)),
          `rows ${a.row[1]} (${a.row[0]}) and ${b.row[1]} (${b.row[0]}) overlap`,
        );
      }
    }
  }
});

Deno.test("VFP and Advanced SIMD handler names are unique", () => {
  assertEquals(new Set(encodings.map((e) => e.row[1])).size, encodings.length);
});

Deno.test("VFP and Advanced SIMD space holds every word that a row matches", () => {
  const rng = new Rng(3);
  for (const encoding of encodings) {
    for (let i = 0; i < 20; i++) {
      const word = (encoding.value | rng.word() & ~encoding.mask) >>> 0;
      const always = encoding.conditional ? (word & 0x0fffffff | 0xe0000000) >>> 0 : word;
      assert(isVfpNeonA32(always), `${encoding.row[1]} ${always.toString(16)}`);
    }
  }
});

Deno.test("words outside of the space are left to the A32 table", () => {
  // A memory hint, a branch with exchange, and coprocessor 15.
  for (const word of [0xf4100000, 0xfa000000, 0xee070fba, 0xfe300a01]) {
    assertEquals(isVfpNeonA32(word), false, word.toString(16));
  }
  assertEquals(A32_DECODER.match(0xf4100000)?.row[1], "mem_hint_imm");
});

Deno.test("T32 words become A32 words", () => {
  assertEquals(a32OfT32(0xee300a01), 0xee300a01); // vadd.f32 s0, s0, s2
  assertEquals(a32OfT32(0xff200840), 0xf3200840); // vsub.i32 q0, q0, q0
  assertEquals(a32OfT32(0xef200840), 0xf2200840); // vadd.i32 q0, q0, q0
  assertEquals(a32OfT32(0xf920070d), 0xf420070d); // vld1.8 {d0}, [r0]!
  // A load of a byte, a coprocessor 15 access, and the space of VFPv5.
  for (const word of [0xf9100000, 0xee070fba, 0xfe300a01]) {
    assertEquals(a32OfT32(word), 0, word.toString(16));
  }
});
