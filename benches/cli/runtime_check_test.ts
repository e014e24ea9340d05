import { assertEquals, assertStringIncludes } from "@std/assert";
import { systemFault, versionFault } from "./runtime_check.ts";

Deno.test("versionFault lets 2.9 and newer pass and names older ones with a remedy", () => {
  for (const version of ["2.9.0", "2.9.6", "2.10.1", "3.0.0"]) {
    assertEquals(versionFault(version), "", version);
  }
  for (const version of ["1.46.3", "2.0.0", "2.4.5", "2.8.9"]) {
    assertStringIncludes(versionFault(version), `This is Deno ${version};`);
    assertStringIncludes(versionFault(version), "deno upgrade");
  }
});

Deno.test("systemFault says where measuring works", () => {
  assertEquals(systemFault("linux"), "");
  for (const system of ["darwin", "windows"]) assertStringIncludes(systemFault(system), system);
});

const OLD = `
  Object.defineProperty(Deno, "version", { value: { ...Deno.version, deno: "2.8.3" } });
  await import(Deno.args[0]);
  console.log("went on");
`;

for (const task of ["bench", "reproduce", "boot", "translate", "report", "strategies", "fuzz"]) {
  Deno.test(`${task} under an older Deno ends with one message`, async () => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-check", OLD, import.meta.resolve(`./${task}.ts`)],
    }).output();
    assertEquals(new TextDecoder().decode(stdout), "");
    const text = new TextDecoder().decode(stderr);
    assertStringIncludes(text, "This is Deno 2.8.3; the emulator needs 2.9 or newer");
    assertEquals([code, text.trim().split("\n").length], [1, 1], text);
  });
}
