import { assertEquals, assertThrows } from "@std/assert";
import { parseCommand, UsageError } from "./command.ts";
import { parseDisk, VIRTIO_OPTIONS, virtioOptions } from "./virtio_options.ts";

Deno.test("--disk names a file and how it is used", () => {
  assertEquals(parseDisk("a.img"), { path: "a.img", mode: "overlay" });
  assertEquals(parseDisk("a.img,ro"), { path: "a.img", mode: "ro" });
  assertEquals(parseDisk("a,b.img,overlay"), { path: "a,b.img", mode: "overlay" });
  for (const text of ["a.img,rw", "a,b.img", ",ro"]) {
    assertThrows(() => parseDisk(text), UsageError, "FILE,overlay");
  }
});

Deno.test("virtio options give the devices in their order, legacy unless asked otherwise", () => {
  const command = { name: "x", summary: "", options: VIRTIO_OPTIONS };
  const options = (...args: string[]) => virtioOptions(parseCommand(command, args)!);
  assertEquals(options(), { disks: [], rng: false, console: false, modern: false });
  assertEquals(options("--disk", "b,ro", "--rng", "--disk=a", "--virtio", "modern"), {
    disks: [{ path: "b", mode: "ro" }, { path: "a", mode: "overlay" }],
    rng: true,
    console: false,
    modern: true,
  });
});
