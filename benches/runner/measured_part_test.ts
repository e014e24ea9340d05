import { assertEquals } from "@std/assert";
import { MeasuredPartWatch } from "./measured_part.ts";

function partOf(...pieces: string[]): unknown {
  const watch = new MeasuredPartWatch();
  pieces.forEach((piece, at) => watch.see(piece, at));
  return watch.part;
}

Deno.test("MeasuredPartWatch takes the times of the begin and the end line", () => {
  assertEquals(
    partOf("boot\n", "@mttcg begin workload=x\n", "", "@mttcg end ticks=1\n", "@mttcg done\n"),
    { from: 1, to: 3 },
  );
});

Deno.test("MeasuredPartWatch recognises lines that come in pieces, each once", () => {
  assertEquals(partOf("@mttcg be", "gin a=1\n", "b\n@mttc", "g en", "d", " t", "\n"), {
    from: 1,
    to: 4,
  });
});

Deno.test("MeasuredPartWatch runs from the first report to the last", () => {
  const both = "@mttcg begin\n@mttcg end\n";
  assertEquals(partOf("", both, both, "@mttcg done\n"), { from: 1, to: 2 });
});

Deno.test("MeasuredPartWatch has no part of a guest that did not get to its end", () => {
  assertEquals(partOf("@mttcg begin workload=x\n", "panic\n"), null);
});
