/**
 * What QEMU's translator makes of a block: its own listing of guest code, TCG operations before and
 * after optimisation, and host code.
 * @module
 */
import { QEMU_PROGRAM } from "./qemu.ts";

/** Where the code lies: in RAM, behind the 1 MiB of QEMU's device tree. */
const CODE_AT = 0x4020_0000;
/** `b .`, so that a block without a branch of its own ends where the given code does. */
const BRANCH_TO_SELF = [0xfe, 0xff, 0xff, 0xea];
/** QEMU lists a block as soon as it has made it; the guest then runs on until it is killed. */
const LIMIT_MS = 10_000;
const LOOK_EVERY_MS = 20;

/** Arguments that make QEMU start in raw code and list the block at its start. */
function listingArguments(code: string, log: string, bytes: number): string[] {
  const at = `0x${CODE_AT.toString(16)}`;
  return [
    ...["-M", "virt", "-cpu", "cortex-a15", "-m", "64", "-nodefaults", "-nic", "none"],
    ...["-display", "none"],
    ...["-device", `loader,file=${code},addr=${at},force-raw=on,cpu-num=0`],
    ...["-d", "in_asm,op,op_opt,out_asm", "-dfilter", `${at}+0x${bytes.toString(16)}`, "-D", log],
  ];
}

/** The listing of the first block in a log; undefined while it is not whole. */
export function firstBlock(log: string): string | undefined {
  const start = log.indexOf("IN: ");
  const out = log.indexOf("\nOUT: ", start);
  if (start < 0 || out < 0) return undefined;
  const end = log.indexOf("\n\n", out);
  return end < 0 ? undefined : log.slice(start, end + 1);
}

/**
 * QEMU's listing of `code` (A32); null when QEMU is not installed. `directory` takes two files for the
 * while.
 * @throws {Error} when QEMU ends, or lists nothing within ten seconds; the message has what it said.
 */
export async function qemuListing(code: Uint8Array, directory: string): Promise<string | null> {
  const folder = await Deno.makeTempDir({ dir: directory, prefix: "qemu-listing-" });
  try {
    const [binary, log] = [`${folder}/code.bin`, `${folder}/log.txt`];
    const bytes = [...code, ...BRANCH_TO_SELF];
    await Deno.writeFile(binary, Uint8Array.from(bytes));
    let child: Deno.ChildProcess;
    try {
      child = new Deno.Command(QEMU_PROGRAM, {
        args: listingArguments(binary, log, bytes.length),
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
    const errors = new Response(child.stderr).text();
    let ended = false;
    child.status.then(() => ended = true);
    const limit = performance.now() + LIMIT_MS;
    let block: string | undefined;
    while (block === undefined && !ended && performance.now() < limit) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      block = firstBlock(await Deno.readTextFile(log).catch(() => ""));
    }
    if (!ended) child.kill("SIGKILL");
    await child.status;
    if (block === undefined) {
      throw new Error(`${QEMU_PROGRAM} listed no block: ${(await errors).trim() || "no message"}`);
    }
    return block;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
