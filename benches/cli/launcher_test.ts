import { assertEquals } from "@std/assert";
import { commandLine, quoted } from "./launcher.ts";

Deno.test("quoted gives a shell each word back whole", async () => {
  const words = ["plain-1.2/x", "two words", "it's", '$HOME `id` "x"', "", "a\nb", "~", "*"];
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `printf '%s\\0' ${words.map(quoted).join(" ")}`],
  }).output();
  assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
});

Deno.test("commandLine fits how the harness was started", () => {
  assertEquals(
    commandLine("deno task bench", ["--out", "my dir", "--resume"], "/usr/bin/deno"),
    "deno task bench --out 'my dir' --resume",
  );
  assertEquals(
    commandLine("deno task report", ["out"], "/home/a/.npm/_npx/12ab/node_modules/deno/deno"),
    `npx --yes deno@${Deno.version.deno} task report out`,
  );
});
