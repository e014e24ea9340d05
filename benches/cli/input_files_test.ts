import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "./command.ts";
import { readInput, refuseOverwriting } from "./input_files.ts";

async function inDirectory(body: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "mttcg-input-" });
  try {
    await body(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("readInput gives a file whole and refuses a longer one before reading it", () =>
  inDirectory(async (directory) => {
    const path = `${directory}/image`;
    const bytes = crypto.getRandomValues(new Uint8Array(50_000));
    await Deno.writeFile(path, bytes);
    assertEquals(await readInput(path, "kernel", 50_000), bytes);
    await assertRejects(() => readInput(path, "kernel", 49_999), UserError, "--kernel");
    // As long as 20 GB, without a block on the disk.
    await Deno.truncate(path, 20e9);
    await assertRejects(() => readInput(path, "initrd", 2 ** 20), UserError, "longer than 1 MiB");
    await assertRejects(() => readInput(`${path}-not`, "dtb", 9), UserError, "no such file");
    await assertRejects(() => readInput(directory, "dtb", 9), UserError, "a directory");
  }));

Deno.test({
  name: "readInput ends at its limit in a file without an end",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await assertRejects(() => readInput("/dev/zero", "kernel", 3 * 2 ** 20), UserError, "3 MiB");
  },
});

Deno.test("refuseOverwriting knows a file by any of its names", () =>
  inDirectory(async (directory) => {
    const kernel = { path: `${directory}/kernel`, option: "kernel" };
    await Deno.writeTextFile(kernel.path, "image");
    await Deno.link(kernel.path, `${directory}/hard`);
    await Deno.symlink(kernel.path, `${directory}/soft`);
    for (
      const name of ["kernel", "hard", "soft", "../" + directory.split("/").at(-1) + "/kernel"]
    ) {
      const output = { path: `${directory}/${name}`, option: "trace-file" };
      await assertRejects(() => refuseOverwriting(output, [kernel]), UserError, "--kernel");
    }
    for (const name of ["new", "other"]) {
      await Deno.writeTextFile(`${directory}/other`, "image");
      await refuseOverwriting({ path: `${directory}/${name}`, option: "trace-file" }, [kernel]);
    }
  }));
