/**
 * Opens a page in headless Chromium.
 * @module
 */

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** What the browser made of a page. */
export interface Visit {
  /** The document after its scripts ran. */
  readonly dom: string;
  /** Messages of the page's console, errors and violations of its policy among them. */
  readonly console: readonly string[];
}

/** The browser's program; null when none is installed. */
export async function findChromium(): Promise<string | null> {
  for (const name of NAMES) {
    try {
      const command = new Deno.Command(name, {
        args: ["--version"],
        stdout: "null",
        stderr: "null",
      });
      if ((await command.output()).success) return name;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}

/** Loads a file and gives back the document; `flags` come on top of those for a headless run. */
export async function visit(
  program: string,
  file: string,
  flags: readonly string[] = [],
): Promise<Visit> {
  const profile = await Deno.makeTempDir({ prefix: "mttcg-chromium-" });
  try {
    const { stdout, stderr } = await new Deno.Command(program, {
      args: [
        ...["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"],
        ...["--disable-background-networking", "--enable-logging=stderr", "--v=0"],
        ...["--virtual-time-budget=60000", `--user-data-dir=${profile}`, ...flags],
        ...["--dump-dom", new URL(file, "file:///").href],
      ],
    }).output();
    const log = new TextDecoder().decode(stderr);
    return {
      dom: new TextDecoder().decode(stdout),
      console: log.split("\n").filter((line) => line.includes("CONSOLE")),
    };
  } finally {
    await Deno.remove(profile, { recursive: true });
  }
}
