/**
 * The main job as a user does it: a real bench run, whose report opens in a browser.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findChromium, visit } from "../../reports/testing/chromium.ts";
import { readResults } from "../results/reader.ts";

const BENCH = new URL("./bench.ts", import.meta.url).pathname;
const chromium = await findChromium();

Deno.test("bench measures real guests and its report opens in a browser", async (t) => {
  const directory = await Deno.makeTempDir({ prefix: "mttcg-end-to-end-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--allow-read", "--allow-write", "--allow-sys"],
        ...[
          `--allow-run=${Deno.execPath()},sh,git,qemu-system-arm`,
          BENCH,
          "--quick",
          "--repeat",
          "1",
        ],
        ...["--workloads", "atomic-add,dhrystone", "--vcpus", "1,2"],
        ...["--atomics", "cmpxchg,hst-weak", "--barriers", "typed", "--out", directory],
      ],
      stdin: "null",
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    assertEquals(code, 0, text);

    await t.step("every cell of ours has a right sample", async () => {
      const { cells, samples, failures } = await readResults(directory);
      assertEquals(failures, [], text);
      const ours = [...cells.values()].filter(({ subject }) => subject.engine === "ours");
      assert(ours.length >= 5, `${ours.length} cells`);
      for (const { cell } of ours) {
        const own = samples.filter((sample) => sample.cell === cell);
        assert(own.length > 0, `no sample of ${cell}`);
        for (const sample of own) assert(sample.ops > 0 && sample.seconds > 0, cell);
      }
    });

    await t.step({
      name: "the page draws its charts" +
        (chromium === null ? " (skipped: Debian's package chromium is not installed)" : ""),
      ignore: chromium === null,
      fn: async () => {
        const page = await visit(chromium!, `${directory}/report/index.html`);
        assertEquals(page.console, []);
        assertStringIncludes(page.dom, 'class="marks"');
        assertStringIncludes(page.dom, "hst-weak");
      },
    });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
