// Draws the charts of the page: it runs in the browser, after Vega, Vega-Lite and vega-embed.
(() => {
  const { themes, charts } = JSON.parse(document.getElementById("charts").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const narrow = matchMedia("(max-width: 700px)");
  const views = new Map();
  let round = 0;

  async function draw(chart, mine) {
    const element = document.getElementById(`chart-${chart.id}`);
    const spec = {
      ...(narrow.matches ? chart.narrow : chart.wide),
      data: { values: chart.rows },
    };
    const result = await globalThis.vegaEmbed(element, spec, {
      // Expressions are interpreted: the page's policy forbids code made at run time.
      ast: true,
      actions: false,
      defaultStyle: false,
      renderer: "svg",
      tooltip: { disableDefaultStyle: true, theme: "custom" },
      config: {
        ...(dark.matches ? themes.dark : themes.light),
        background: "transparent",
      },
    });
    if (mine !== round) return;
    views.get(chart.id)?.finalize();
    views.set(chart.id, result);
  }

  async function drawAll() {
    const mine = ++round;
    for (const chart of charts) {
      if (mine !== round) return;
      try {
        await draw(chart, mine);
      } catch (error) {
        console.error(`Chart ${chart.id}: ${error.message}`);
      }
    }
    document.documentElement.dataset.drawn = String(charts.length);
  }

  dark.addEventListener("change", drawAll);
  narrow.addEventListener("change", drawAll);
  drawAll();
})();
