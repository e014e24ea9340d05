import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { findLinuxGuest, type KernelFlavour } from "../../workloads/linux/layout.ts";
import { wantedLinuxGuest } from "../testing/linux_guest.ts";

const BOOT = new URL("./boot.ts", import.meta.url).pathname;

const ignore =
  (await wantedLinuxGuest("Tests of Linux's virtio drivers are skipped")) === undefined;

const SECTORS = 2048;
/** Sector n holds the byte n modulo 251, as workloads/linux/virtio_test.sh expects. */
const IMAGE: Uint8Array = Uint8Array.from(
  { length: SECTORS * 512 },
  (_, at) => Math.floor(at / 512) % 251,
);

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Boots; `onText` sees what has come so far and may type an answer, once a text. */
async function boot(
  flavour: KernelFlavour,
  command: string,
  args: readonly string[],
  onText: (text: string) => string | undefined,
): Promise<Ended> {
  const guest = (await findLinuxGuest(flavour))!;
  const child = new Deno.Command("deno", {
    args: [
      ...["run", "--quiet", "--no-check", "--v8-flags=--no-wasm-bounds-checks", "--allow-read"],
      ...[BOOT, "--kernel", guest.kernel, "--initrd", guest.initrd, "--memory", "256"],
      ...["--append", `console=ttyAMA0 loglevel=5 cryptomgr.notests panic=-1 ${command}`],
      ...["--smp", "2", "--timeout", "500", ...args],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const keys = child.stdin.getWriter();
  const decoder = new TextDecoder();
  const err = new Response(child.stderr).text();
  let out = "";
  for await (const bytes of child.stdout) {
    out += decoder.decode(bytes, { stream: true });
    const answer = onText(out);
    if (answer !== undefined) await keys.write(new TextEncoder().encode(answer));
  }
  const { code } = await child.status;
  await keys.close().catch(() => {});
  return { code, out, err: await err };
}

async function withImage(body: (path: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${dir}/disk.img`, IMAGE);
    await body(`${dir}/disk.img`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

for (const [flavour, version] of [["armmp", "legacy"], ["armmp-lpae", "modern"]] as const) {
  Deno.test({
    name: `Linux (${flavour}) uses the ${version} virtio disks, console and entropy source`,
    ignore,
    fn: () =>
      withImage(async (path) => {
        let typed = false;
        const { code, out, err } = await boot(
          flavour,
          "mttcg.run=virtio-test",
          [
            "--disk",
            path,
            "--disk",
            `${path},ro`,
            "--rng",
            "--virtio-console",
            "--virtio",
            version,
          ],
          (text) => {
            if (typed || !text.includes("@virtio type now")) return undefined;
            typed = true;
            return "abcde\n";
          },
        );
        assertEquals([code, err], [0, ""]);
        assertEquals([...out.matchAll(/@virtio FAILED.*/g)].map(([line]) => line), []);
        assertStringIncludes(out, "@virtio all ok");
        assertStringIncludes(out, "@virtio hello from hvc0");
        assertEquals(await Deno.readFile(path), IMAGE, "the image is as it was");
      }),
  });
}

Deno.test({
  name: "Linux gets I/O errors from a disk whose image shrinks, and the user is told",
  ignore,
  fn: () =>
    withImage(async (path) => {
      const read = (sector: number) =>
        `dd if=/dev/vda of=/dev/null bs=512 skip=${sector} count=1 iflag=direct; echo read $?`;
      const { code, out, err } = await boot(
        "armmp",
        `mttcg.modules mttcg.run="${read(2000)}; echo @shrink; read x; ${read(2000)}; ${read(8)}"`,
        ["--disk", path],
        (text) => {
          if (!text.includes("@shrink\r\n")) return undefined;
          Deno.truncateSync(path, 100 * 512);
          return "\n";
        },
      );
      assertEquals(code, 0);
      assertEquals([...out.matchAll(/read (\d)\r/g)].map((match) => match[1]), ["0", "1", "0"]);
      assert(/I\/O error.*vda/.test(out), out);
      assertStringIncludes(err, `${path}: has shrunk`);
    }),
});
