import { assert, assertEquals, assertThrows } from "@std/assert";
import { IrBuilder } from "../../ir/builder.ts";
import { EXIT } from "../../ir/ops.ts";
import { TestHost } from "../testing/host.ts";
import { ByteWriter } from "./byte_writer.ts";
import { ModuleBuilder, section } from "./module.ts";
import { buildModule, randomUnitBlock, siteOf } from "./testing/units.ts";
import { SECTION } from "./wasm_codes.ts";
import { moduleText } from "./wat.ts";

Deno.test("moduleText shows a block with names for parameters, helpers and slow paths", () => {
  const host = new TestHost(1);
  const b = new IrBuilder(host.helpers);
  b.begin(0x8000);
  b.insn(0x8000, 4);
  b.set(4, b.call("test_mix", b.get(0), b.const(-1)));
  b.exit(EXIT.WFI);
  const bytes = buildModule([siteOf(b.finish(), 1)], host);
  assertEquals(
    moduleText(bytes, host.helpers, ["0x8000"]),
    `func 0x8000 locals i32 x 3
  local.get env
  i32.load offset=0x3c
  local.set 2
  local.get budget
  i32.const 1
  i32.sub
  local.tee budget
  local.get env
  i32.load offset=0x400
  i32.or
  i32.const 0
  i32.lt_s
  if
    local.get budget
    i32.const 1
    i32.add
    local.set budget
    local.get env
    local.get budget
    i32.store offset=0x408
    i32.const 5
    return
  end
  local.get env
  local.get 2
  local.get env
  i32.load
  local.tee 3
  i32.const -1
  i32.const 0
  call test_mix
  local.set 4
  local.get env
  local.get 4
  i32.store offset=0x4
  local.get env
  local.get budget
  i32.store offset=0x408
  i32.const 1
  return
`,
  );
});

Deno.test("addresses above 2 GiB are shown and encoded as they are", () => {
  const host = new TestHost(1);
  const b = new IrBuilder(host.helpers);
  b.begin(0xffff0000);
  b.insn(0xffff0000, 4);
  b.set(0, b.const(0xffff0004));
  b.gotoTb(1, 0xffff0004);
  const site = { ...siteOf(b.finish(), 5), chainSlots: 0xc000_0040 };
  const bytes = buildModule([site], host);
  assert(WebAssembly.validate(bytes));
  const text = moduleText(bytes, host.helpers);
  assert(text.includes("i32.const 0xffff0004"));
  // The chained block's address is four more than this one's, whatever that is.
  assert(text.includes("i32.const 4\n  i32.add\n  i32.store offset=0x3c"));
  assert(text.includes("i32.const 0xc0000044"));
});

Deno.test("moduleText refuses bytes that the backend does not emit", () => {
  const host = new TestHost(1);
  const b = new IrBuilder(host.helpers);
  b.begin(0);
  b.exit(EXIT.WFI);
  const bytes = buildModule([siteOf(b.finish(), 1)], host);
  bytes[bytes.length - 2] = 0x05 + 0xa0;
  bytes[bytes.length - 1] = 0xa5;
  assertThrows(() => moduleText(bytes, host.helpers), RangeError, "no instruction");
});

/** The part of wabt that is used here. */
interface Wabt {
  readWasm(bytes: Uint8Array, features: Record<string, boolean>): {
    toText(options: { foldExprs: boolean; inlineExport: boolean }): string;
    destroy(): void;
  };
}

async function loadWabt(): Promise<Wabt | null> {
  const name = "npm:wabt@1.0.37";
  try {
    return await (await import(name)).default();
  } catch {
    return null;
  }
}

const wabt = await loadWabt();
if (wabt === null) console.log("wabt is not installed: the disassembly oracle is skipped");

Deno.test({
  name: "moduleText lists the same instructions as wabt on random modules",
  ignore: wabt === null,
  fn() {
    const host = new TestHost(1);
    const builder = new ModuleBuilder(host);
    for (let seed = 1; seed <= 100; seed++) {
      const pcs = [0x8000, 0x8020, 0x8040];
      const sites = pcs.map((pc, i) =>
        siteOf(randomUnitBlock(host, seed * 4 + i, 40, pc, [...pcs, 0x9000]), i + 1)
      );
      const bytes = builder.build([sites, [sites[1]], [sites[2]]]);
      const module = wabt!.readWasm(withPlainTable(bytes), { threads: true, tail_call: true });
      const text = module.toText({ foldExprs: false, inlineExport: false });
      module.destroy();
      assertEquals(mnemonics(moduleText(bytes, host.helpers)), mnemonics(text), `seed ${seed}`);
    }
  },
});

/**
 * The module with a table of plain function references and no element section: this wabt does not
 * read typed tables.
 */
function withPlainTable(bytes: Uint8Array): Uint8Array {
  const typed = [1, 0x65, 1, 0x74, 1, 0x64, 0, 0, 1];
  const plain = [1, 0x65, 1, 0x74, 1, 0x70, 0, 1];
  const out = new ByteWriter();
  out.append(bytes.subarray(0, 8));
  const contents = new ByteWriter();
  for (let at = 8; at < bytes.length;) {
    const id = bytes[at++];
    let size = 0;
    for (let shift = 0;; shift += 7) {
      size |= (bytes[at] & 0x7f) << shift;
      if (bytes[at++] < 0x80) break;
    }
    let body = [...bytes.subarray(at, at + size)];
    at += size;
    if (id === SECTION.ELEMENT) continue;
    if (id === SECTION.IMPORT) {
      const place = body.findIndex((_, i) => typed.every((byte, k) => body[i + k] === byte));
      body = [...body.slice(0, place), ...plain, ...body.slice(place + typed.length)];
    }
    contents.length = 0;
    for (const byte of body) contents.u8(byte);
    section(out, id, contents);
  }
  return out.copy();
}

/** The instruction names in a listing, in order. */
function mnemonics(text: string): string[] {
  const names: string[] = [];
  for (const line of text.split("\n")) {
    // wabt writes `if (result i32)  ;; label = @1` and closes functions with `)`.
    const name = /^\s+([a-z0-9_.]+)/.exec(line)?.[1];
    // wabt leaves an `else` without instructions out.
    if (name === "end" && names.at(-1) === "else") names.pop();
    if (name !== undefined) names.push(name);
  }
  return names;
}
