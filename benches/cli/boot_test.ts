import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EscapeFilter } from "./terminal.ts";

const BOOT = new URL("./boot.ts", import.meta.url).pathname;
const IMAGES = new URL("../../workloads/images/", import.meta.url).pathname;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function spawn(args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command("deno", {
    args: ["run", "--quiet", "--no-check", "--allow-read", "--allow-write", BOOT, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function ended(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

const boot = (...args: string[]): Promise<Ended> => ended(spawn(args));

Deno.test("boot shows the guest's console alone on standard output and exits 0 at power-off", async () => {
  const { code, out } = await boot(
    ...["--kernel", `${IMAGES}loop.elf`, "--append", "iterations=1000", "--smp", "2", "--stats"],
  );
  assertEquals(code, 0);
  assert(out.startsWith("@mttcg begin workload=loop"), out);
  assert(out.endsWith("@mttcg done\n"), out);
});

Deno.test("boot tells a guest without usable vectors apart and names the pc", async () => {
  const { code, err } = await boot(
    ...["--kernel", `${IMAGES}fault.elf`, "--append", "kind=udf-before-vectors"],
  );
  assertEquals(code, 3);
  assertStringIncludes(err, "exception vector at 0x0000000c");
  assert(/undefined instruction at 0x4020[0-9a-f]{4} in svc mode/.test(err), err);
});

Deno.test("boot stops a guest that never ends, with its pc", async () => {
  const { code, err } = await boot(
    ...["--kernel", `${IMAGES}fault.elf`, "--append", "kind=hang", "--timeout", "1"],
  );
  assertEquals(code, 4);
  assertStringIncludes(err, "still running after 1 s");
  assertStringIncludes(err, "vCPU 0: pc 0x4020");
});

Deno.test("boot writes a trace to standard error and leaves standard output to the guest", async () => {
  const { code, out, err } = await boot(
    ...["--kernel", `${IMAGES}loop.elf`, "--append", "iterations=100", "--trace", "int,mmio"],
    ...["--trace-range", "0x09000030,0x40000000+0x10000000"],
  );
  assertEquals(code, 0, err);
  assert(out.startsWith("@mttcg begin workload=loop") && !out.includes("cpu0"), out);
  assertStringIncludes(err, "cpu0 mmio: write 4 0x09000030 pl011+0x30 <- 0x00000301\n");
  assertStringIncludes(err, "cpu0 int: hypervisor call (0x84000008");
  assert(!err.includes("0x09000000"), err);
});

Deno.test("boot traces functions by the names of a symbol file", async () => {
  const map = await Deno.makeTempFile({ suffix: ".map" });
  const run = (...names: string[]) =>
    boot(
      ...["--kernel", `${IMAGES}loop.elf`, "--append", "iterations=100", "--trace", "in_asm"],
      ...["--trace-symbol-file", map, "--trace-symbols", ...names],
    );
  try {
    await Deno.writeTextFile(map, "40200000 T entry\n40200020 T others\n");
    const { code, err } = await run("entr*");
    assertEquals(code, 0, err);
    const blocks = [...err.matchAll(/in_asm: 0x([0-9a-f]{8})/g)].map(([, pc]) => parseInt(pc, 16));
    assert(blocks.length > 0, err);
    assertEquals(blocks.filter((pc) => pc < 0x40200000 || pc >= 0x40200020), []);
    const unknown = await run("nothing");
    assertEquals(unknown.code, 2);
    assertStringIncludes(unknown.err, 'There is no symbol "nothing"');
  } finally {
    await Deno.remove(map);
  }
});

Deno.test("boot ends at SIGINT with exit code 130", async () => {
  const child = spawn(["--kernel", `${IMAGES}fault.elf`, "--append", "kind=hang"]);
  const { stdout } = child;
  const reader = stdout.getReader();
  // The guest runs once it has printed something.
  await reader.read();
  child.kill("SIGINT");
  reader.releaseLock();
  await stdout.cancel();
  await child.stderr.cancel();
  assertEquals((await child.status).code, 130);
});

Deno.test("boot refuses what it cannot load, naming the file and the remedy", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const torn = `${dir}/torn.elf`;
    await Deno.writeFile(torn, (await Deno.readFile(`${IMAGES}loop.elf`)).subarray(0, 100));
    await Deno.writeFile(`${dir}/empty`, new Uint8Array(0));
    const arm64 = `${dir}/Image`;
    const image = new Uint8Array(4096);
    image.set(new TextEncoder().encode("ARM\x64"), 0x38);
    await Deno.writeFile(arm64, image);
    const loop = ["--kernel", `${IMAGES}loop.elf`];
    const zimage = `${dir}/zImage`;
    const kernel = new Uint8Array(4096);
    new DataView(kernel.buffer).setUint32(0x24, 0x016f2818, true);
    await Deno.writeFile(zimage, kernel);
    await Deno.writeFile(`${dir}/initrd`, new Uint8Array(40 * 1024 * 1024));
    const cases: readonly [string[], number, string][] = [
      [["--kernel", arm64], 1, `${arm64}: is a kernel for 64-bit ARM`],
      [[...loop, "--dtb", torn], 1, `${torn}: Device tree blob has no device tree magic`],
      [
        ["--kernel", zimage, "--memory", "64", "--initrd", `${dir}/initrd`],
        1,
        `${dir}/initrd: the`,
      ],
      [[...loop, "--memory", "0"], 2, "--memory takes a whole number, 1 to 3072"],
      [[...loop, "--memory", "4096"], 2, "--memory takes a whole number, 1 to 3072"],
      [[...loop, "--trace", "in-asm"], 2, 'no trace category "in-asm"; choose from in_asm, op'],
      [[...loop, "--trace", "int", "--trace-range", "main"], 2, '"main" is no range'],
      [[...loop, "--trace-vcpus", "0"], 2, "say what with --trace"],
      [[...loop, "--trace", "int", "--trace-file", `${dir}/none/t`], 1, "cannot be written"],
      [["--kernel", torn], 1, `${torn}: ELF fields e_phoff`],
      [["--kernel", `${IMAGES}loop.elf`, "--memory", "1"], 1, "give the machine more memory"],
      [["--kernel", `${dir}/none`], 1, "there is no such file"],
      [[], 1, "--kernel FILE"],
      [["--kernel", `${IMAGES}loop.elf`, "--atomics", "cmpxch"], 2, "Did you mean cmpxchg?"],
      [["--kernel", `${IMAGES}loop.elf`, "--smp", "9"], 2, "1 to 8"],
      [["--kernel", `${IMAGES}loop.elf`, "--disk", `${dir}/none`], 1, "give a raw disk image"],
      [["--kernel", `${IMAGES}loop.elf`, "--disk", dir], 1, "is no file"],
      [["--kernel", `${IMAGES}loop.elf`, "--disk", `${dir}/empty`], 1, "is empty"],
      [["--kernel", `${IMAGES}loop.elf`, "--disk", "a.img,rw"], 2, "FILE,overlay"],
    ];
    for (const [args, code, message] of cases) {
      const end = await boot(...args);
      assertEquals(end.code, code, args.join(" "));
      assertStringIncludes(end.err, message);
      assert(!end.err.includes("    at "), `a stack is no message: ${end.err}`);
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("EscapeFilter passes keys on, except what follows Ctrl-A", () => {
  const commands: string[] = [];
  const filter = new EscapeFilter((key) => commands.push(key));
  const keys = (text: string): number[] => [...text].map((c) => c.charCodeAt(0));
  assertEquals([...filter.pass(Uint8Array.from(keys("ab\x01")))], keys("ab"));
  assertEquals([...filter.pass(Uint8Array.from(keys("xc\x01\x01\x01h")))], keys("c\x01"));
  assertEquals(commands, ["x", "h"]);
});
