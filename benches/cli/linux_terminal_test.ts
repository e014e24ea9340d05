/**
 * The interactive shell of the Linux guest on a real terminal. Run with MTTCG_LINUX=1.
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { wantedLinuxGuest } from "../testing/linux_guest.ts";
import { hasTmux, TmuxTerminal } from "../testing/tmux.ts";

const BOOT = new URL("./boot.ts", import.meta.url).pathname;
const guest = await wantedLinuxGuest("Tests of the shell on a terminal are skipped");
const tmux = await hasTmux();
if (guest !== undefined && !tmux) {
  console.log("The shell on a terminal is not tested: tmux is not installed.");
}

/** What a boot may take, in seconds, on a busy machine. */
const BOOT_S = 240;

Deno.test({
  name: "Linux's shell on a terminal: echo, line editing, Ctrl-C, Ctrl-Z, time, reboot, power-off",
  ignore: guest === undefined || !tmux,
  fn: async (t) => {
    const terminal = await TmuxTerminal.start([
      ...[Deno.execPath(), "run", "--quiet", "--no-check", "--v8-flags=--no-wasm-bounds-checks"],
      ...["--allow-read", BOOT, "--kernel", guest!.kernel, "--initrd", guest!.initrd],
      ...["--memory", "256", "--smp", "2", "--append", "console=ttyAMA0 loglevel=4"],
    ]);
    const type = async (line: string) => await terminal.press(line, "Enter");
    try {
      await terminal.waitFor(/^\/ #/m, BOOT_S);
      await t.step("what is typed is echoed once and can be edited", async () => {
        await terminal.press("echo abX", "BSpace", "c", "Left", "Left", "_", "Enter");
        await terminal.waitFor(/^\/ # echo a_bc\s+a_bc\s+\/ #/m, 30);
      });
      await t.step("Ctrl-C interrupts what runs in the guest", async () => {
        await type("sleep 1000");
        await terminal.waitFor(/sleep 1000/, 30);
        await new Promise((resolve) => setTimeout(resolve, 2000));
        await terminal.press("C-c");
        await type("echo code=$?");
        await terminal.waitFor(/^code=130/m, 30);
      });
      await t.step("Ctrl-Z stops it and the shell goes on after a resize", async () => {
        await type("sleep 1000");
        await new Promise((resolve) => setTimeout(resolve, 2000));
        await terminal.press("C-z");
        await terminal.waitFor(/Stopped/, 30);
        await terminal.resize(120, 50);
        await type("echo still-$((40 + 2))");
        await terminal.waitFor(/^still-42/m, 30);
      });
      await t.step("the guest knows the time of day", async () => {
        await type("echo now=$(date +%s)");
        const now = Number((await terminal.waitFor(/^now=(\d+)/m, 30))[1]);
        assert(Math.abs(now - Date.now() / 1000) < 10, `${now} is not now`);
      });
      await t.step("reboot -f starts the guest again", async () => {
        await type("reboot -f");
        await terminal.waitFor(/asked for a reset and starts again/, 60);
        await terminal.waitFor(/starts again[^]*@mttcg-linux userspace[^]*^\/ #/m, BOOT_S);
      });
      await t.step("keys go to the new guest, and poweroff ends with exit code 0", async () => {
        await type("echo uptime=$(cut -d. -f1 /proc/uptime)");
        await terminal.waitFor(/^uptime=\d+/m, 30);
        await type("poweroff -f");
        const { code, settings } = await terminal.ended(60);
        assertEquals(code, 0);
        assertMatch(settings, /(?<!-)icanon/);
      });
    } finally {
      await terminal.close();
    }
  },
});
