import { assert, assertEquals } from "@std/assert";
import { parseStat, ProcWatch, treeRss } from "./proc_watch.ts";

const STAT = "4242 (CPU 0/TCG (x)) R 17 4242 17 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 3 0 999 " +
  "123456 250 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0";

Deno.test("parseStat reads names with spaces and brackets", () => {
  assertEquals(parseStat(STAT), {
    pid: 4242,
    name: "CPU 0/TCG (x)",
    parent: 17,
    cpuSeconds: 2,
    rssBytes: 250 * 4096,
  });
  assertEquals(parseStat("cat: no such file"), undefined);
});

Deno.test("treeRss sums a process and all below it, whatever the order", () => {
  const stat = (pid: number, parent: number, rssBytes: number) => ({
    pid,
    parent,
    rssBytes,
    name: "",
    cpuSeconds: 0,
  });
  const processes = [stat(5, 4, 1), stat(4, 2, 10), stat(2, 1, 100), stat(3, 1, 1000)];
  assertEquals(treeRss(processes, 2), 111);
  assertEquals(treeRss(processes, 1), 1111);
  assertEquals(treeRss(processes, 9), 0);
});

Deno.test({
  name: "ProcWatch sees a busy child's memory and CPU time and leaves no shell behind",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const child = new Deno.Command("sh", {
      args: ["-c", "while :; do :; done"],
      stdin: "null",
      stdout: "null",
    }).spawn();
    let tree = 0;
    const watch = new ProcWatch(child.pid, (bytes) => tree = Math.max(tree, bytes));
    watch.begin();
    for (let tries = 0; tries < 100 && watch.seen().threads.length === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { peakRssBytes, threads } = watch.seen();
    const soon = performance.now() + 1000;
    const none = watch.seen({ from: soon, to: soon + 1000 }).threads;
    child.kill("SIGKILL");
    await child.status;
    await watch.close();
    assertEquals(threads.map((thread) => thread.name), ["sh"]);
    assert(threads[0].cpuSeconds > 0 && threads[0].windowSeconds > 0);
    assertEquals(none, [], "nothing fell into a part that has not begun");
    assert(peakRssBytes !== null && tree > peakRssBytes, "the tree holds this test too");
  },
});
