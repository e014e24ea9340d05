import { assertEquals, assertThrows } from "@std/assert";
import { checkExpected, parseExpected } from "./expected.ts";
import { type GuestReport, parseGuestOutput } from "./protocol.ts";

function report(end: string, begin = "kind=llsc"): GuestReport {
  return parseGuestOutput([
    `@mttcg begin workload=w vcpus=2 freq=1000 ${begin}`,
    `@mttcg end ticks=5 ops=3 ${end}`,
    "@mttcg vcpu id=0 ticks=5 ops=1 checksum=0x1",
    "@mttcg vcpu id=1 ticks=4 ops=2 checksum=0x2",
    "@mttcg outcome name=rule count=0 kind=rule",
    "@mttcg done",
  ].join("\n"));
}

function differences(expected: string, end = "check=pass lost=0", begin?: string): string[] {
  return checkExpected(report(end, begin), parseExpected(expected, "w.txt"));
}

Deno.test("checkExpected accepts a run that prints what is expected", () => {
  const expected = `# a comment
[always]
end check=pass lost=0
vcpu id=1 ops=2 checksum=0x2
outcome name=rule count=0
`;
  assertEquals(differences(expected), []);
});

Deno.test("checkExpected names line, field and both values of a difference", () => {
  assertEquals(differences("[always]\nend check=pass lost=0", "check=fail lost=7"), [
    'The line "end" has check=fail where pass is expected.',
    'The line "end" has lost=7 where 0 is expected.',
  ]);
  assertEquals(differences("[always]\nvcpu id=1 checksum=0x3\nend found=1"), [
    'The line "vcpu id=1" has checksum=0x2 where 0x3 is expected.',
    'The line "end" has found=(nothing) where 1 is expected.',
  ]);
});

Deno.test("checkExpected applies a section only to runs with its parameters", () => {
  const expected = "[kind=wfe]\nend lost=9\n[kind=llsc iterations=2]\nend lost=8";
  assertEquals(differences(expected), []);
  assertEquals(differences(expected, "check=pass lost=0", "kind=llsc iterations=2").length, 1);
});

Deno.test("checkExpected skips vCPUs that did not take part", () => {
  assertEquals(differences("[always]\nvcpu id=2 checksum=0x9"), []);
});

Deno.test("checkExpected asks for outcome lines unless the guest skipped its work", () => {
  const expected = "[always]\noutcome name=other count=0";
  assertEquals(differences(expected), ['The line "outcome name=other" is missing.']);
  assertEquals(differences(expected, "check=pass skipped=1"), []);
});

Deno.test("parseExpected names file and line of a mistake", () => {
  assertThrows(() => parseExpected("end a=1", "w.txt"), SyntaxError, "w.txt, line 1");
  assertThrows(() => parseExpected("[always]\nvcpus id=1", "w.txt"), SyntaxError, "line 2");
  assertThrows(() => parseExpected("[always]\nend a", "w.txt"), SyntaxError, '"a" is not key');
});
