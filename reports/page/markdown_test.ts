import { assertEquals } from "@std/assert";
import { escaped, markdown } from "./markdown.ts";

Deno.test("escaped leaves no markup, link, list or control character", () => {
  assertEquals(
    escaped("a <b> & [c](d) *e* | `f`"),
    "a &lt;b\\> &amp; \\[c\\](d) \\*e\\* \\| \\`f\\`",
  );
  assertEquals(escaped("# one\ntwo"), "\\# one two");
  assertEquals(escaped("- x"), "\\- x");
  assertEquals(escaped("12. x"), "12\\. x");
  assertEquals(escaped("12.5 x"), "12.5 x");
  assertEquals(escaped("12.5 x"), "12.5 x");
  assertEquals(escaped("see https://a.example"), "see https\\://a.example");
  assertEquals(escaped("\x1b[2J"), "\\\\x1b\\[2J");
});

Deno.test("markdown keeps code in backquotes and escapes around it", () => {
  assertEquals(markdown("`hst-weak` is 2 × [1, 3]"), "`hst-weak` is 2 × \\[1, 3\\]");
  assertEquals(markdown("`open *x*"), "\\`open \\*x\\*");
});
