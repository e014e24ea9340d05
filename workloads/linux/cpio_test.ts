import { assertEquals, assertThrows } from "@std/assert";
import { type CpioEntry, writeCpio } from "./cpio.ts";

const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const bytesOf = (words: string): Uint8Array => new TextEncoder().encode(words);

/** Reads an archive back, by the format's description alone. */
function members(archive: Uint8Array): { name: string; mode: number; data: string }[] {
  const found = [];
  for (let at = 0;;) {
    const header = text(archive.subarray(at, at + 110));
    assertEquals(header.slice(0, 6), "070701");
    const field = (n: number): number => parseInt(header.slice(6 + 8 * n, 14 + 8 * n), 16);
    const nameEnd = at + 110 + field(11);
    const name = text(archive.subarray(at + 110, nameEnd - 1));
    const start = (nameEnd + 3) & -4;
    const end = start + field(6);
    if (name === "TRAILER!!!") {
      assertEquals((end + 3) & -4, archive.length);
      return found;
    }
    found.push({ name, mode: field(1), data: text(archive.subarray(start, end)) });
    at = (end + 3) & -4;
  }
}

Deno.test("cpio archive gives every member back whatever the length of name and data", () => {
  const entries: CpioEntry[] = [{ kind: "directory", path: "d" }];
  for (let n = 1; n <= 9; n++) {
    entries.push({ kind: "file", path: `d/${"n".repeat(n)}`, data: bytesOf("x".repeat(9 - n)) });
  }
  const wanted = entries.map((entry) => ({
    name: entry.path,
    mode: entry.kind === "directory" ? 0o040755 : 0o100644,
    data: entry.kind === "file" ? text(entry.data) : "",
  }));
  assertEquals(members(writeCpio(entries)), wanted);
});

Deno.test("cpio members carry their type and permissions", () => {
  const archive = writeCpio([
    { kind: "file", path: "init", data: bytesOf("#!"), executable: true },
    { kind: "link", path: "sh", target: "bin/busybox" },
    { kind: "device", path: "console", major: 5, minor: 1 },
  ]);
  assertEquals(members(archive), [
    { name: "init", mode: 0o100755, data: "#!" },
    { name: "sh", mode: 0o120777, data: "bin/busybox" },
    { name: "console", mode: 0o020600, data: "" },
  ]);
  assertEquals(text(archive).includes("00000005" + "00000001" + "00000008"), true);
});

Deno.test("cpio writer refuses paths that would leave the archive's root", () => {
  for (const path of ["/init", "a//b", "../x", "a/./b", ""]) {
    assertThrows(() => writeCpio([{ kind: "directory", path }]), RangeError, path);
  }
});

Deno.test({
  name: "cpio archive is read by the system's own cpio",
  ignore: !(await commandWorks("cpio")),
  fn: async () => {
    const command = new Deno.Command("cpio", {
      args: ["-t", "--quiet"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const writer = command.stdin.getWriter();
    await writer.write(writeCpio([{ kind: "file", path: "hello", data: bytesOf("world") }]));
    await writer.close();
    assertEquals(text((await command.output()).stdout), "hello\n");
  },
});

async function commandWorks(name: string): Promise<boolean> {
  try {
    return (await new Deno.Command(name, { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
