import { assertEquals } from "@std/assert";
import { FILE_CPSR, FILE_PC, FILE_R0, FILE_WORDS, GUEST, Subject } from "../testing/subject.ts";
import { MODE } from "./psr.ts";

/** Runs instructions from a state; gives how they stopped, the registers and FPSCR with d0 to d31. */
class Run {
  readonly subject = new Subject();
  readonly file = new Uint32Array(FILE_WORDS);
  readonly vectors = new Uint32Array(66);

  constructor(mode: number = MODE.SVC) {
    this.file[FILE_CPSR] = mode;
  }

  go(...words: number[]): string {
    this.file[FILE_PC] = GUEST.code;
    this.subject.writeCode(GUEST.code, Uint32Array.from(words));
    this.subject.setRegisters(this.file);
    const stop = this.subject.run(words.length);
    this.subject.getRegisters(this.file);
    this.subject.getVectors(this.vectors);
    return stop;
  }

  r(n: number): number {
    return this.file[FILE_R0 + n];
  }

  set(n: number, value: number): this {
    this.file[FILE_R0 + n] = value;
    return this;
  }
}

const VADD = 0xee300a01; // vadd.f32 s0, s0, s2
const NEON_VADD = 0xf2200800; // vadd.i32 d0, d0, d0
const VMRS_FPEXC = 0xeef80a10; // vmrs r0, fpexc
const VMSR_FPEXC = 0xeee80a10; // vmsr fpexc, r0
const VMRS_FPSID = 0xeef00a10; // vmrs r0, fpsid
const VMRS_MVFR0 = 0xeef70a10;
const VMRS_MVFR1 = 0xeef60a10;
const VMSR_FPSCR = 0xeee10a10;
const VMRS_FPSCR = 0xeef10a10;
const WRITE_CPACR = 0xee010f50; // mcr p15, 0, r0, c1, c0, 2

Deno.test("floating point is UNDEFINED until CPACR and FPEXC allow it, in this order", () => {
  const run = new Run();
  assertEquals(run.go(VADD), "undefined");
  assertEquals(run.go(VMRS_FPSID), "undefined");
  assertEquals(run.set(0, 0x00f00000).go(WRITE_CPACR), "done");
  // Identification and FPEXC can be read while FPEXC.EN is clear; the rest cannot be used.
  assertEquals([run.go(VMRS_FPSID), run.r(0)], ["done", 0x410430f0]);
  assertEquals([run.go(VMRS_MVFR0), run.r(0)], ["done", 0x10110222]);
  assertEquals([run.go(VMRS_MVFR1), run.r(0)], ["done", 0x11111111]);
  assertEquals([run.go(VMRS_FPEXC), run.r(0)], ["done", 0]);
  assertEquals([run.go(VADD), run.go(NEON_VADD), run.go(VMRS_FPSCR)], [
    "undefined",
    "undefined",
    "undefined",
  ]);
  assertEquals(run.set(0, 0xffffffff).go(VMSR_FPEXC), "done");
  assertEquals([run.go(VMRS_FPEXC), run.r(0)], ["done", 0x40000000]);
  assertEquals([run.go(VADD), run.go(NEON_VADD), run.go(VMRS_FPSCR)], ["done", "done", "done"]);
});

Deno.test("User mode needs CPACR's full access and never sees FPEXC", () => {
  const run = new Run();
  run.set(0, 0x00500000).go(WRITE_CPACR);
  run.set(0, 0x40000000).go(VMSR_FPEXC);
  assertEquals(run.go(VADD), "done");
  run.file[FILE_CPSR] = MODE.USR;
  assertEquals(run.go(VADD), "undefined");
  run.file[FILE_CPSR] = MODE.SVC;
  run.set(0, 0x00f00000).go(WRITE_CPACR);
  run.file[FILE_CPSR] = MODE.USR;
  assertEquals([run.go(VADD), run.go(VMRS_FPEXC)], ["done", "undefined"]);
});

Deno.test("FPSCR keeps its implemented bits and selects the mode of what follows", () => {
  const run = new Run();
  run.subject.setFpGates(0x00f00000, 0x40000000);
  assertEquals([run.set(0, 0xffffffff).go(VMSR_FPSCR, VMRS_FPSCR), run.r(0)], [
    "done",
    0xfff7009f,
  ]);
  // LEN and STRIDE are set: short vectors do not exist here.
  assertEquals(run.go(VADD), "undefined");
  // 1 / 3 upwards and downwards: vdiv.f32 s0, s2, s4
  const third = (fpscr: number): number => {
    run.set(0, fpscr).go(VMSR_FPSCR);
    run.vectors.fill(0);
    run.vectors[0] = fpscr;
    run.vectors[3] = 0x3f800000;
    run.vectors[4] = 0x40400000;
    run.vectors[2 + 1] = 0x3f800000;
    run.vectors[2 + 2] = 0x40400000;
    run.subject.setVectors(run.vectors);
    run.go(0xee800a81); // vdiv.f32 s0, s1, s2
    return run.vectors[2];
  };
  assertEquals([third(0), third(1 << 22), third(2 << 22)], [0x3eaaaaab, 0x3eaaaaab, 0x3eaaaaaa]);
});
