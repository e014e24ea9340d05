import { assertEquals } from "@std/assert";
import { blockLength } from "./block.ts";
import { IrBuilder } from "./builder.ts";
import { HelperTable } from "./helper.ts";
import { OP } from "./ops.ts";
import { verify } from "./verifier.ts";

Deno.test("IrBuilder keeps if indices right when its buffer grows in an arm", () => {
  for (const inside of [250, 251, 252, 253, 254, 255, 256, 257]) {
    const b = new IrBuilder(new HelperTable([]));
    b.begin(0);
    b.if(b.const(1), () => {
      for (let i = 0; i < inside; i++) b.const(i);
    }, () => b.set(0, b.const(2)));
    b.gotoPtr();
    verify(b.finish());
  }
});

Deno.test("IrBuilder begin drops what an earlier block left", () => {
  const b = new IrBuilder(new HelperTable([]));
  b.begin(0);
  b.insn(0, 4);
  b.const64(1, 2);
  b.begin(0x40);
  b.insn(0x40, 2);
  b.gotoPtr();
  const block = b.finish();
  assertEquals([block.pc, block.guestInsns, block.guestBytes], [0x40, 1, 2]);
  assertEquals([blockLength(block), block.types.length], [2, 0]);
  assertEquals(block.code[0], OP.insn);
});
