import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { wantedLinuxGuest } from "../testing/linux_guest.ts";

const BOOT = new URL("./boot.ts", import.meta.url).pathname;

const guest = await wantedLinuxGuest("Boots of Linux are skipped");
const ignore = guest === undefined;

async function boot(command: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-check", "--v8-flags=--no-wasm-bounds-checks", "--allow-read"],
      ...[BOOT, "--kernel", guest!.kernel, "--initrd", guest!.initrd],
      ...(args.includes("--memory") ? [] : ["--memory", "256"]),
      ...["--append", `console=ttyAMA0 loglevel=5 cryptomgr.notests ${command}`],
      ...["--timeout", "500", ...args],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test({
  name: "Linux boots with two vCPUs, runs both, keeps the time of day and powers off",
  ignore,
  fn: async () => {
    const before = Date.now() / 1000;
    const { code, out, err } = await boot(
      'mttcg.run="linux-dhrystone vcpus=2 iterations=20000; head -c 100000 /bin/busybox | gzip | ' +
        'gunzip | md5sum; head -c 100000 /bin/busybox | md5sum"',
      ...["--smp", "2"],
    );
    assertEquals([code, err], [0, ""]);
    const started = /@mttcg-linux userspace uptime=\S+ cpus=(\d+) date=(\d+)/.exec(out);
    assert(started !== null, out);
    assertEquals(started[1], "2");
    const date = Number(started[2]);
    assert(date > before - 2 && date < Date.now() / 1000 + 2, `${date} is not now`);
    assertStringIncludes(out, "@mttcg begin workload=linux-dhrystone vcpus=2");
    const sums = [...out.matchAll(/^([0-9a-f]{32}) /gm)].map((match) => match[1]);
    assertEquals(sums.length, 2);
    assertEquals(sums[0], sums[1]);
    assertStringIncludes(out, "@mttcg-linux exit 0");
    assertEquals(/WARNING|BUG|stall|Oops/.exec(out), null);
  },
});

for (const [what, panic] of [["would start again", "panic=-1"], ["would stand", "panic=0"]]) {
  Deno.test({
    name: `Linux that panics and ${what} ends with its panic line and exit code 3`,
    ignore,
    fn: async () => {
      const { code, err } = await boot(`${panic} mttcg.run=true mttcg.end=panic`, "--smp", "1");
      assertEquals(code, 3);
      assertStringIncludes(err, "Kernel panic - not syncing: sysrq triggered crash");
    },
  });
}

Deno.test({
  name: "Linux that reboots ends with exit code 6 under --no-reboot",
  ignore,
  fn: async () => {
    const { code } = await boot(
      "mttcg.run=true mttcg.end=reboot",
      ...["--smp", "1", "--no-reboot"],
    );
    assertEquals(code, 6);
  },
});

for (const [memory, least] of [["64", 40_000], ["2048", 2_000_000]] as const) {
  Deno.test({
    name: `Linux boots with ${memory} MiB of RAM and finds it`,
    ignore,
    fn: async () => {
      const { code, out, err } = await boot('mttcg.run="free"', ...["--memory", memory]);
      assertEquals([code, err], [0, ""]);
      const total = /^Mem: +(\d+)/m.exec(out);
      assert(total !== null && Number(total[1]) > least, out);
      assert(Number(total[1]) <= Number(memory) * 1024, out);
    },
  });
}
