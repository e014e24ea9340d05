import { assertEquals } from "@std/assert";
import { abortText, faultStatusText, lastExceptionText, modeName } from "./describe.ts";
import { MODE } from "./psr.ts";

Deno.test("modeName knows the modes and shows the number of any other", () => {
  assertEquals(modeName(0x6000_0000 | MODE.SVC), "svc");
  assertEquals(modeName(MODE.USR), "usr");
  assertEquals(modeName(0x1a), "0x1a");
});

Deno.test("faultStatusText decodes both formats", () => {
  const cases: readonly [number, string][] = [
    [0x805, "translation fault of a section"],
    [0x817, "translation fault of a page"],
    [0x00f, "permission fault of a page"],
    [0x001, "alignment fault"],
    [0x01b, "domain fault of a page"],
    [0x008, "external abort, nothing answers there"],
    [0x002, "debug event"],
    [0x40a, "fault code 0x1a"],
    [0x206, "translation fault, level 2"],
    [0xa0f, "permission fault, level 3"],
    [0x221, "alignment fault"],
    [0x23f, "fault code 0x3f"],
  ];
  for (const [fsr, text] of cases) assertEquals(faultStatusText(fsr), text, fsr.toString(16));
});

Deno.test("abortText says which way the access went", () => {
  assertEquals(
    abortText("dataAbort", 0x817, 0x1000),
    "translation fault of a page, write to 0x00001000 (DFSR 0x00000817)",
  );
  assertEquals(
    abortText("prefetchAbort", 0x205, -4),
    "translation fault, level 1, fetch from 0xfffffffc (IFSR 0x00000205)",
  );
});

Deno.test("lastExceptionText gives a cause to aborts only", () => {
  const at = { pc: 0x8000, cpsr: MODE.USR, fsr: 0x7, far: 0x10 };
  assertEquals(
    lastExceptionText({ name: "dataAbort", ...at }),
    "data abort at 0x00008000 in usr mode: translation fault of a page, read of 0x00000010 " +
      "(DFSR 0x00000007)",
  );
  assertEquals(lastExceptionText({ name: "irq", ...at }), "IRQ at 0x00008000 in usr mode");
});
