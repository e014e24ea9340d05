/**
 * `deno task doc-lint`: runs `deno doc --lint` over every module that other code may read. All go
 * to one call, so that a type of another folder counts as public.
 * @module
 */

/** Folders with modules of ours. */
const ROOTS = ["benches", "core", "reports", "strategies", "tools", "workloads"] as const;

/** Whether a file is one of those modules: no test, no benchmark, nothing that only tests use. */
function isDocumented(path: string): boolean {
  return path.endsWith(".ts") && !path.endsWith(".d.ts") && !/_(test|bench)\.ts$/.test(path) &&
    !/\/(testing|out)\//.test(path);
}

async function* filesIn(folder: string): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* filesIn(path);
    else if (entry.isFile) yield path;
  }
}

const modules: string[] = [];
for (const root of ROOTS) {
  for await (const path of filesIn(root)) if (isDocumented(path)) modules.push(path);
}
const { code } = await new Deno.Command("deno", {
  args: ["doc", "--quiet", "--lint", ...modules.sort()],
  // On success it prints the documentation itself.
  stdout: "null",
}).spawn().status;
if (code === 0) console.log(`Checked the documentation of ${modules.length} modules`);
Deno.exit(code);
