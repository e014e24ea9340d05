/**
 * A terminal for tests: a tmux server of its own with one window.
 * @module
 */

/** Whether tmux can be run here. */
export async function hasTmux(): Promise<boolean> {
  try {
    return (await new Deno.Command("tmux", { args: ["-V"], stdout: "null" }).output()).success;
  } catch {
    return false;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** One command in a terminal. */
export class TmuxTerminal {
  readonly #socket: string = `mttcg-${crypto.randomUUID()}`;
  /** The folder of what is left behind; removed at the end. */
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts a command, in a shell that notes its exit code and the terminal's settings then. */
  static async start(command: readonly string[]): Promise<TmuxTerminal> {
    const terminal = new TmuxTerminal(await Deno.makeTempDir({ prefix: "mttcg-tmux-" }));
    const folder = terminal.#folder;
    // A trap, unlike an ignored signal, is not handed on to the command.
    const script = `trap : HUP; ${command.map(quoted).join(" ")}; code=$?; ` +
      `stty -a >${folder}/stty 2>/dev/null; echo $code >${folder}/part; mv ${folder}/part ${folder}/code; ` +
      `sleep 600`;
    await terminal.#tmux("new-session", "-d", "-x", "100", "-y", "40", "sh", "-c", script);
    return terminal;
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-L", this.#socket, "-f", "/dev/null", ...args],
    }).output();
    if (!success) {
      throw new Error(`tmux ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
    }
    return new TextDecoder().decode(stdout);
  }

  /** Presses keys, by tmux's names: `C-c`, `Enter`, or text. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Changes the size of the window. */
  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** Closes the terminal under the command. */
  async hangUp(): Promise<void> {
    await this.#tmux("kill-session");
  }

  /** What the window has shown so far. */
  async text(): Promise<string> {
    return await this.#tmux("capture-pane", "-p", "-J", "-S", "-2000");
  }

  /**
   * Waits until the window has shown a match.
   * @throws Error with the window's text after `seconds`.
   */
  async waitFor(wanted: RegExp, seconds: number): Promise<RegExpExecArray> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const text = await this.text();
      const match = wanted.exec(text);
      if (match !== null) return match;
      if (Date.now() > end) throw new Error(`${wanted} did not show in ${seconds} s:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Waits for the end of the command; its exit code and the terminal's settings after it. */
  async ended(seconds: number): Promise<{ readonly code: number; readonly settings: string }> {
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      const code = await Deno.readTextFile(`${this.#folder}/code`).catch(() => undefined);
      if (code !== undefined) {
        return { code: Number(code), settings: await Deno.readTextFile(`${this.#folder}/stty`) };
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The command did not end in ${seconds} s`);
  }

  /** Ends what is left. */
  async close(): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
    await Deno.remove(this.#folder, { recursive: true });
  }
}
