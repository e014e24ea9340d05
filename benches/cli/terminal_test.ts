/**
 * `deno task boot` on a real terminal, with guests of a few words.
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tinyImage } from "../testing/tiny_guest.ts";
import { hasTmux, TmuxTerminal } from "../testing/tmux.ts";

const BOOT = new URL("./boot.ts", import.meta.url).pathname;
const tmux = await hasTmux();
if (!tmux) {
  console.log("Tests of the terminal are skipped: Debian's package tmux is not installed.");
}

/** Answers each key with the character 64 above it: Ctrl-C with C. */
const ECHO = tinyImage({
  words: [
    0xe3a01409, // 00 mov r1, #0x09000000: the UART
    0xe5912018, // 04 ldr r2, [r1, #24]
    0xe3120010, // 08 tst r2, #16: nothing received
    0x1afffffc, // 0c bne 04
    0xe5913000, // 10 ldr r3, [r1]
    0xe2833040, // 14 add r3, r3, #64
    0xe5813000, // 18 str r3, [r1]
    0xeafffff8, // 1c b 04
  ],
});
/** Writes A for ever. */
const CHATTER = tinyImage({ words: [0xe3a01409, 0xe3a02041, 0xe5812000, 0xeafffffd] });
/** Writes R, then resets the machine: PSCI SYSTEM_RESET. */
const RESETS = tinyImage({
  words: [0xe3a01409, 0xe3a02052, 0xe5812000, 0xe3a00321, 0xe3800009, 0xe1400070],
});

async function withKernel(image: Uint8Array, body: (args: string[]) => Promise<void>) {
  const kernel = await Deno.makeTempFile({ prefix: "mttcg-tiny-" });
  try {
    await Deno.writeFile(kernel, image);
    const run = ["run", "--quiet", "--no-check", "--allow-read", BOOT];
    await body([...run, "--kernel", kernel, "--memory", "64"]);
  } finally {
    await Deno.remove(kernel);
  }
}

async function onTerminal(image: Uint8Array, body: (terminal: TmuxTerminal) => Promise<void>) {
  await withKernel(image, async (args) => {
    const terminal = await TmuxTerminal.start([Deno.execPath(), ...args]);
    try {
      await terminal.waitFor(/Ctrl-A x ends/, 60);
      await body(terminal);
    } finally {
      await terminal.close();
    }
  });
}

Deno.test({
  name: "boot hands raw keys to the guest, Ctrl-C too, and leaves the terminal as it was",
  ignore: !tmux,
  fn: () =>
    onTerminal(ECHO, async (terminal) => {
      await terminal.press("C-b", "C-c", "C-d", "C-z", "C-s");
      await terminal.waitFor(/^.*BCDZS/m, 60);
      await terminal.resize(80, 20);
      await terminal.press("C-a", "h");
      await terminal.waitFor(/Ctrl-A x ends[^]*Ctrl-A x ends/, 20);
      await terminal.press("C-a", "C-a", "C-e");
      await terminal.waitFor(/AE/, 20);
      await terminal.press("C-a", "x");
      const { code, settings } = await terminal.ended(30);
      assertEquals(code, 130);
      assertMatch(settings, /(?<!-)icanon/);
      assertMatch(settings, /(?<!-)echo\b/);
      assertMatch(settings, /(?<!-)isig/);
      assertStringIncludes(await terminal.text(), "stopped, by Ctrl-A x");
    }),
});

Deno.test({
  name: "boot ends with exit code 130 when its terminal is closed",
  ignore: !tmux,
  fn: () =>
    onTerminal(ECHO, async (terminal) => {
      await terminal.press("C-b");
      await terminal.waitFor(/^B/m, 60);
      await terminal.hangUp();
      assertEquals((await terminal.ended(30)).code, 130);
    }),
});

Deno.test("boot ends with exit code 130 when nobody reads its output any more", async () => {
  await withKernel(CHATTER, async (args) => {
    const child = new Deno.Command(Deno.execPath(), {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    await reader.cancel();
    const { code } = await child.status;
    const err = await new Response(child.stderr).text();
    assertEquals(code, 130, err);
    assertStringIncludes(err, "stopped, nobody reads its output any more");
  });
});

Deno.test("boot starts a guest again after a reset, unless told not to, and keeps its timeout", async () => {
  await withKernel(RESETS, async (args) => {
    const run = async (...more: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [...args, ...more],
        stdin: "null",
      }).output();
      const text = new TextDecoder();
      return { code, out: text.decode(stdout), err: text.decode(stderr) };
    };
    const again = await run("--timeout", "6");
    assertEquals(again.code, 4, again.err);
    assertMatch(again.out, /^RR+$/);
    assertStringIncludes(again.err, "the guest asked for a reset and starts again");
    const once = await run("--no-reboot");
    assertEquals([once.code, once.out], [6, "R"]);
    assertStringIncludes(once.err, "the guest asked for a reset");
  });
});
