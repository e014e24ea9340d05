import { assertEquals, assertThrows } from "@std/assert";
import { observableName, parseShape, testOf } from "./shape.ts";

const MP = parseShape("MP", "W x 1; W y 1 | R y; R x");

Deno.test("parseShape reads accesses of words and bytes", () => {
  const { threads } = parseShape("T", "U x 2; W y[1] 3 | R y");
  assertEquals(threads, [
    [
      { kind: "U", location: "x", value: 2 },
      { kind: "W", location: "y", byte: 1, value: 3 },
    ],
    [{ kind: "R", location: "y", value: 0 }],
  ]);
});

Deno.test("parseShape names shape and access of another form", () => {
  for (const wrong of ["W x", "R x 1", "X x 1", "W q 1", "W x[2] 1", ""]) {
    assertThrows(() => parseShape("BAD", `R x | ${wrong}`), SyntaxError, `BAD: "${wrong}"`);
  }
});

Deno.test("testOf reads one link for all, for each thread, and for each gap", () => {
  assertEquals(testOf(MP, "po").linksOf, [["po"], ["po"]]);
  assertEquals(testOf(MP, "dmbs").linksOf, [["dmb"], ["dmb"]]);
  assertEquals(testOf(MP, "dmb.st+ctrlisb").linksOf, [["dmb.st"], ["ctrlisb"]]);
  const long = parseShape("L", "W x 1 | R x; R y; R z");
  assertEquals(testOf(long, "addr-ctrl").linksOf, [[], ["addr", "ctrl"]]);
  assertEquals(testOf(long, "dmb").linksOf, [[], ["dmb", "dmb"]]);
  assertEquals([testOf(MP, "po").name, testOf(MP, "dmb+addr").name], ["MP", "MP+dmb+addr"]);
});

Deno.test("testOf refuses links that do not fit", () => {
  const refused = (links: string, message: string) =>
    assertThrows(() => testOf(MP, links), SyntaxError, message);
  refused("dmb", "2 threads have links");
  refused("dmb+isb", '"isb" is not 1 links');
  refused("dmb+addr-addr", "is not 1 links");
  refused("addr+po", "W and W cannot have addr");
  refused("dmb+data", "R and R cannot have data");
});

Deno.test("an outcome has every load and the last value of what several threads wrote", () => {
  const names = (text: string) => {
    const test = testOf(parseShape("T", text), "po");
    return test.observables.map((one) => observableName(test, one));
  };
  assertEquals(names("W x 1; R y | W y 1; R x"), ["0:y", "1:x"]);
  assertEquals(names("W x 1; W x 2 | R x; R x"), ["1:x", "1:x.2", "x"]);
  assertEquals(names("U x 1 | U x 2"), ["0:x", "1:x", "x"]);
  assertEquals(names("W x[0] 1; R x | W x[1] 1; R x[1]"), ["0:x", "1:x[1]"]);
});
