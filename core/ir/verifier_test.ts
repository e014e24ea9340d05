import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { INSN_WORDS, OP } from "./ops.ts";
import { parseBlock } from "./parser.ts";
import { randomBlock } from "./testing/random_ir.ts";
import { Rng } from "./testing/rng.ts";
import { testHelperTable } from "./testing/test_helpers.ts";
import { IrVerifyError, verify } from "./verifier.ts";
import { VCPU_STRIDE } from "../memory/vcpu_layout.ts";

const helpers = testHelperTable();

function body(lines: string, temps = 8, head = "insns=0 bytes=0") {
  return parseBlock(`block 0x8000 ${head} temps=${temps} {\n${lines}\n}`, { helpers });
}

function rejects(lines: string, message: string, temps = 8): void {
  const error = assertThrows(() => verify(body(lines, temps), { helpers }), IrVerifyError);
  assertStringIncludes(error.message, message);
}

Deno.test("verify accepts every random block", () => {
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 0, max: 120 }),
      fc.boolean(),
      (seed, size, abstract) => {
        const block = randomBlock(new Rng(seed), {
          helpers,
          size,
          slots: [0, 8, 64],
          guestBase: 0,
          guestMask: 0xffff,
          hostBase: 0x2000,
          hostBytes: 0x100,
          abstract,
        });
        verify(block, { helpers, expanded: !abstract });
      },
    ),
    { numRuns: 150 },
  );
});

Deno.test("verify names the line of the fault", () => {
  const error = assertThrows(
    () => verify(body("v0 = const 1\nset state[0x0], v1\ngoto_ptr"), { helpers }),
    IrVerifyError,
  );
  assertEquals(error.index, 1);
  assertEquals(
    error.message,
    'IR of block 0x8000, line 3 "set state[0x0], v1": operand 1 is used before it is assigned',
  );
});

Deno.test("verify rejects misused temporaries", () => {
  rejects("v0 = const 1\nv0 = const 2\ngoto_ptr", "assigned twice");
  rejects("v0 = add v0, v0\ngoto_ptr", "used before it is assigned");
  rejects("w0 = extend_u _\ngoto_ptr", "operand 1 is no temporary");
  rejects("v0 = const 1\nw1 = add64 v0, v0\ngoto_ptr", "operand 1 is i32, not i64");
  rejects("w0 = const 1\ngoto_ptr", "the destination must be i32");
  rejects("const 1\ngoto_ptr", "the destination is no temporary");
  rejects("v0 = const 1\nv1 = set state[0x0], v0\ngoto_ptr", "gives no value");
  rejects(
    "v0 = const 1\nif v0 {\nv1 = const 2\n}\nset state[0x0], v1\ngoto_ptr",
    "assigned in an arm that is over",
  );
  rejects(
    "v0 = const 1\nif v0 {\nv1 = const 2\n} else {\nset state[0x0], v1\n}\ngoto_ptr",
    "assigned in an arm that is over",
  );
  rejects(
    "v0 = const 1\nif v0 {\nv1 = const 2\n} else {\nv1 = const 3\n}\ngoto_ptr",
    "assigned twice",
  );
});

Deno.test("verify rejects wrong control flow", () => {
  rejects("v0 = const 1", "fall off its end");
  rejects("goto_ptr\nv0 = const 1", "stands after a terminator");
  rejects("v0 = const 1\nif v0 {\ngoto_ptr\n} else {\ngoto_ptr\n}\ngoto_ptr", "after a terminator");
  rejects("v0 = const 1\nif v0 {\ngoto_ptr\n}", "fall off its end");
  rejects("v0 = const 1\nif v0 {\nexit LOOKUP\nset state[0x0], v0\n}\ngoto_ptr", "after a termin");
  verify(body("v0 = const 1\nif v0 {\ngoto_ptr\n} else {\nexit WFI\n}"), { helpers });
});

Deno.test("verify rejects wrong if, else and end indices", () => {
  const good =
    "v0 = const 1\nif v0 {\nset state[0x0], v0\n} else {\nset state[0x0], v0\n}\ngoto_ptr";
  verify(body(good), { helpers });
  const spoil = (insn: number, word: number, value: number, message: string) => {
    const block = body(good);
    block.code[insn * INSN_WORDS + word] = value;
    const error = assertThrows(() => verify(block, { helpers }), IrVerifyError);
    assertStringIncludes(error.message, message);
  };
  spoil(1, 4, 5, "points at instruction 5");
  spoil(3, 3, 4, "points at instruction 4");
  spoil(5, 0, OP.else, "a second else");
  spoil(1, 0, OP.insn, "a guest instruction of 0 bytes");
  spoil(0, 0, 999, "unknown opcode 999");
  spoil(0, 5, 0, "operand 3 is 0 but is not used");
  spoil(6, 1, 1, "aux is 1 but must be 0");
});

Deno.test("verify rejects aux words that the operation cannot have", () => {
  rejects("v0 = get state[0x2]\ngoto_ptr", "no such state slot");
  rejects(`v0 = get state[0x${VCPU_STRIDE.toString(16)}]\ngoto_ptr`, "no such state slot");
  rejects("v0 = const 1\nv1 = guest_load.u64 v0\ngoto_ptr", "8 bytes does not fit");
  rejects("v0 = const 1\nw1 = guest_load64.u32 v0\ngoto_ptr", "4 bytes does not fit");
  rejects("v0 = const 1\nv1 = host_load.u32.seq v0\ngoto_ptr", "unknown bits");
  rejects("memory_barrier nothing\nexit 6", "no EXIT code");
  rejects("goto_tb 0x8000, 2", "chaining slot 2");
  rejects("goto_tb 0x9000, 0", "another page");
  rejects(
    "v0 = const 1\nif v0 {\ngoto_tb 0x8004, 0\n}\ngoto_tb 0x8008, 0",
    "chaining slot 0 already goes to 0x8004",
  );
  rejects("insn 0x8000, 3, 0\ngoto_ptr", "a guest instruction of 3 bytes");
  rejects("insn 0x8000, 4, 0\ngoto_ptr", "guestInsns is 0 but there are 1");
});

Deno.test("verify rejects helper calls that do not fit their declaration", () => {
  rejects("v0 = const 1\ncall test_note(v0)\ngoto_ptr", "test_note takes 2 arguments");
  rejects("v0 = const 1\nv1 = call test_note(v0, v0)\ngoto_ptr", "test_note returns nothing");
  rejects("call helper77()\ngoto_ptr", "there is no helper 77");
});

Deno.test("verify rejects abstract operations only after expansion", () => {
  const block = body("memory_barrier all\ngoto_ptr");
  verify(block, { helpers });
  assertThrows(() => verify(block, { helpers, expanded: true }), IrVerifyError, "abstract");
});

Deno.test("verify rejects a block whose byte count is wrong", () => {
  const block = body("insn 0x8000, 4, 0\ngoto_ptr", 0, "insns=1 bytes=2");
  assertThrows(() => verify(block), IrVerifyError, "guestBytes is 2 but the insn markers");
});
