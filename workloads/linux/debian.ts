/**
 * Debian's packages for another architecture, by the machine's own apt: with lists and archives in a
 * folder of our own, so that the machine's package state is neither read nor changed.
 * @module
 */

/** A program that is needed is not installed, or it failed; the message is for the user. */
export class GuestError extends Error {
  /** The class's name, for error texts. */
  override readonly name: string = "GuestError";
}

/** Runs a program and gives its output. */
export async function run(
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(program, {
      args: [...args],
      env: { LC_ALL: "C" },
      ...(cwd === undefined ? {} : { cwd }),
    }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new GuestError(`${program} is not installed`);
  }
  const text = new TextDecoder();
  if (!output.success) {
    const words = text.decode(output.stderr).trim().split("\n").slice(-4).join("\n");
    throw new GuestError(`${program} ${args.at(-1)} failed:\n${words}`);
  }
  return text.decode(output.stdout);
}

/** apt with state of its own for one foreign architecture. */
export class ForeignApt {
  readonly #options: readonly string[];
  readonly #archives: string;

  /**
   * `folder` takes the lists and archives; `sources` names an apt sources file to use instead of the
   * machine's.
   */
  constructor(architecture: string, folder: URL, sources: string | undefined) {
    const path = folder.pathname;
    this.#archives = `${path}archives/`;
    const settings = [
      `APT::Architecture=${architecture}`,
      `APT::Architectures=${architecture}`,
      "APT::Sandbox::User=",
      `Dir::State=${path}state`,
      "Dir::State::status=/dev/null",
      `Dir::State::Lists=${path}lists`,
      `Dir::Cache=${path}cache`,
      `Dir::Cache::Archives=${path}archives`,
      "Debug::NoLocking=1",
    ];
    if (sources !== undefined) {
      settings.push(`Dir::Etc::SourceList=${sources}`, "Dir::Etc::SourceParts=-");
    }
    this.#options = settings.flatMap((setting) => ["-o", setting]);
    for (const name of ["lists/partial", "archives/partial", "cache", "state"]) {
      Deno.mkdirSync(new URL(name, folder), { recursive: true });
    }
  }

  /** Fetches the package lists. */
  async update(): Promise<void> {
    await run("apt-get", [...this.#options, "update"]);
  }

  /** The package that a meta package stands for: its first dependency whose name has the prefix. */
  async dependency(meta: string, prefix: string): Promise<string> {
    const text = await run("apt-cache", [...this.#options, "depends", meta]);
    const found = text.match(/Depends: (\S+)/g)?.map((match) => match.slice("Depends: ".length));
    const name = found?.find((one) => one.startsWith(prefix));
    if (name === undefined) throw new GuestError(`${meta} depends on no package ${prefix}*`);
    return name;
  }

  /** Downloads a package; gives the file's path. */
  async download(name: string): Promise<string> {
    await run("apt-get", [...this.#options, "download", name], this.#archives);
    const file = debFiles(this.#archives).find((path) => path.includes(`/${name}_`));
    if (file === undefined) throw new GuestError(`apt-get downloaded no file of ${name}`);
    return file;
  }

  /** Downloads a package and what it depends on; gives the files' paths. */
  async downloadAll(name: string): Promise<string[]> {
    const folder = `${this.#archives}with-${name}/`;
    Deno.mkdirSync(`${folder}partial`, { recursive: true });
    await run("apt-get", [
      ...this.#options,
      ...["-o", `Dir::Cache::Archives=${folder}`],
      ...["--no-install-recommends", "--yes", "--download-only", "install", name],
    ]);
    return debFiles(folder);
  }
}

function debFiles(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .filter((entry) => entry.name.endsWith(".deb"))
    .map((entry) => folder + entry.name);
}
