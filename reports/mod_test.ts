import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { ResultsError } from "../benches/results/schema.ts";
import { RESULTS_FILE } from "../benches/results/types.ts";
import { CHARTS } from "./charts/registry.ts";
import { writeReport } from "./mod.ts";
import { findChromium, visit } from "./testing/chromium.ts";
import { type FixtureOptions, fixtureText, SMALL_FIXTURE } from "./testing/fixture.ts";

async function inDirectory(
  fixture: FixtureOptions,
  body: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "mttcg-report-" });
  try {
    await Deno.writeTextFile(`${directory}/${RESULTS_FILE}`, fixtureText(fixture));
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The page without its data block and scripts. */
function markup(page: string): string {
  return page.replace(/<script[\s\S]*?<\/script>/g, "").replace(/<style[\s\S]*?<\/style>/g, "");
}

Deno.test("writeReport writes specs, pictures, tables, summary and a page that loads nothing", () =>
  inDirectory(SMALL_FIXTURE, async (directory) => {
    const { htmlPath, files, warnings } = await writeReport(directory, `${directory}/report`);
    assertEquals(htmlPath, `${directory}/report/index.html`);
    for (const chart of CHARTS) {
      for (const end of ["vl.json", "svg", "png", "csv"]) {
        const file = `${directory}/report/charts/${chart.id}.${end}`;
        assert(files.includes(file), `${file} was not reported`);
        assertGreater((await Deno.stat(file)).size, 100, file);
      }
    }
    const png = await Deno.readFile(`${directory}/report/charts/${CHARTS[0].id}.png`);
    assertEquals([...png.slice(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
    assert(warnings.some((one) => one.kind === "dirty-tree"));

    const page = await Deno.readTextFile(htmlPath);
    const visible = markup(page);
    assertEquals(visible.match(/\b(src|srcset|data|poster|action)="/g), null);
    assertEquals(visible.match(/<(link|img|iframe|object|embed|base)\b/g), null);
    const links = [...visible.matchAll(/href="([^"#]+)"/g)].map(([, href]) => href);
    assertGreater(links.length, CHARTS.length);
    for (const href of links) {
      assert(!href.includes(":"), `${href} leaves the report`);
      await Deno.stat(`${directory}/report/${href}`);
    }
    assert(!/@import|url\(/.test(/<style>([\s\S]*?)<\/style>/.exec(page)![1]));
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(page)![1];
    assert(policy.startsWith("default-src 'none'") && !policy.includes("unsafe"), policy);

    // Names from the results must not become markup.
    assert(!visible.includes("<Co>") && visible.includes("&lt;Co&gt;"));
    const block = /<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/.exec(page)![1];
    assert(!block.includes("<"));
    assertEquals(JSON.parse(block).charts.length, CHARTS.length);

    const summary = await Deno.readTextFile(`${directory}/report/summary.md`);
    for (const chart of CHARTS) assert(summary.includes(`### ${chart.title}`), chart.title);
    const rulers = summary.match(/^\| --:?( \| --:?)* \|$/gm) ?? [];
    assertGreater(rulers.length, CHARTS.length / 2, "tables of the summary are tables");
  }));

Deno.test("writeReport makes a report of a run that was killed before its first sample", () =>
  inDirectory({ groups: [], qemu: false, seed: 1 }, async (directory) => {
    const file = `${directory}/${RESULTS_FILE}`;
    const [run] = (await Deno.readTextFile(file)).split("\n");
    await Deno.writeTextFile(file, `${run}\n{"schema":"mttcg-bench/2","ki`);
    const { htmlPath, warnings } = await writeReport(directory, directory);
    const kinds = warnings.map((one) => one.kind);
    assert(kinds.includes("interrupted") && kinds.includes("qemu-missing"), kinds.join());
    assert((await Deno.readTextFile(htmlPath)).includes("QEMU was not there"));
  }));

Deno.test("writeReport names the file when there are no results or nothing can be written", () =>
  inDirectory(SMALL_FIXTURE, async (directory) => {
    await assertRejects(
      () => writeReport(`${directory}/none`, `${directory}/report`),
      ResultsError,
      `${directory}/none/${RESULTS_FILE}`,
    );
    await assertRejects(
      () => writeReport(directory, `${directory}/${RESULTS_FILE}/report`),
      Error,
      `Cannot make the report's directory ${directory}/${RESULTS_FILE}/report`,
    );
  }));

const chromium = await findChromium();

Deno.test({
  name: "the page draws every chart in headless Chromium, wide and narrow, without an error" +
    (chromium === null ? " (skipped: Debian's package chromium is not installed)" : ""),
  ignore: chromium === null,
}, async (t) => {
  await inDirectory(SMALL_FIXTURE, async (directory) => {
    const { htmlPath } = await writeReport(directory, directory);
    const themes = {
      "wide and light": ["--window-size=1280,900"],
      "narrow and dark": ["--window-size=500,900", "--blink-settings=preferredColorScheme=0"],
    };
    for (const [name, flags] of Object.entries(themes)) {
      await t.step(name, async () => {
        const { dom, console: messages } = await visit(chromium!, htmlPath, flags);
        assertEquals(messages, []);
        assert(dom.includes(`data-drawn="${CHARTS.length}"`), "the last chart was not reached");
        const charts = dom.match(/<svg[^>]*class="marks"/g) ?? [];
        assertEquals(charts.length, CHARTS.length);
      });
    }
  });
});
