import { assertEquals } from "@std/assert";
import { Optimiser, PASS_NAMES, type PassName } from "./optimise.ts";
import { blockLength } from "../block.ts";
import { parseBlock } from "../parser.ts";
import { printBlock } from "../printer.ts";
import { assertGolden } from "../testing/golden.ts";
import { testHelperTable } from "../testing/test_helpers.ts";
import { verify } from "../verifier.ts";

const helpers = testHelperTable();
const optimiser = new Optimiser(helpers);

/** The body after all passes, without indentation of the first level. */
function optimised(lines: string, temps = 12): string {
  const block = parseBlock(`block 0x8000 insns=9 bytes=36 temps=${temps} {\n${lines}\n}`, {
    helpers,
  });
  verify(block, { helpers });
  const result = optimiser.optimise(block);
  verify(result, { helpers });
  return printBlock(result, { helpers }).split("\n").slice(1, -2).map((l) => l.slice(2)).join("\n");
}

/** What an expression of v0 = get state[0x0] and v1 = get state[0x4] becomes; its result is v9. */
function expression(lines: string): string {
  return optimised(
    `v0 = get state[0x0]\nv1 = get state[0x4]\n${lines}\nset state[0x8], v9\ngoto_ptr`,
  ).replace("\ngoto_ptr", "");
}

const X = "v0 = get state[0x0]\n";
const XY = "v0 = get state[0x0]\nv1 = get state[0x4]\n";
const TO = (v: string) => `set state[0x8], ${v}`;
const constant = (value: string) => `v0 = const ${value}\nset state[0x8], v0`;

const IDENTITIES: readonly [string, string][] = [
  ["v2 = const 5\nv3 = const 7\nv9 = add v2, v3", constant("12")],
  ["v2 = const 5\nv3 = const 0\nv9 = div_u v2, v3", constant("0")],
  ["v2 = const -6\nv3 = const 4\nv9 = div_s v2, v3", constant("-1")],
  ["v2 = const -1\nv9 = clz v2", constant("0")],
  ["v2 = const 0\nv9 = add v0, v2", X + TO("v0")],
  ["v2 = const 0\nv9 = add v2, v0", X + TO("v0")],
  ["v2 = const 32\nv9 = rotr v0, v2", X + TO("v0")],
  ["v2 = const -1\nv9 = and v0, v2", X + TO("v0")],
  ["v2 = const 0\nv9 = and v2, v0", constant("0")],
  ["v2 = const -1\nv9 = or v0, v2", constant("0xffffffff").replace("0xffffffff", "-1")],
  ["v2 = const 1\nv9 = mul v0, v2", X + TO("v0")],
  ["v9 = xor v0, v0", constant("0")],
  ["v9 = le_u v0, v0", constant("1")],
  ["v9 = and v0, v0", X + TO("v0")],
  ["v2 = const 3\nv9 = add v2, v0", X + "v1 = const 3\nv2 = add v0, v1\n" + TO("v2")],
  ["v2 = const 3\nv3 = add v0, v2\nv9 = sub v3, v2", X + TO("v0")],
  [
    "v2 = const 3\nv3 = sub v0, v2\nv4 = const 10\nv9 = add v3, v4",
    X + "v1 = const 7\nv2 = add v0, v1\n" + TO("v2"),
  ],
  [
    "v2 = const 12\nv3 = and v0, v2\nv4 = const 6\nv9 = and v3, v4",
    X + "v1 = const 4\nv2 = and v0, v1\n" + TO("v2"),
  ],
  ["v2 = const 0\nv9 = eq v0, v2", X + "v1 = eqz v0\n" + TO("v1")],
  ["v2 = const 0\nv9 = lt_u v0, v2", constant("0")],
  ["v2 = const 0\nv9 = le_u v2, v0", constant("1")],
  ["v2 = lt_s v0, v1\nv9 = eqz v2", XY + "v2 = le_s v1, v0\n" + TO("v2")],
  ["v2 = eqz v0\nv3 = eqz v2\nv9 = eqz v3", X + "v1 = eqz v0\n" + TO("v1")],
  ["v2 = eq v0, v1\nv3 = const 0\nv9 = ne v2, v3", XY + "v2 = eq v0, v1\n" + TO("v2")],
  ["v2 = eqz v0\nv3 = const 1\nv9 = and v2, v3", X + "v1 = eqz v0\n" + TO("v1")],
  ["v2 = eqz v0\nv9 = select v2, v0, v1", XY + "v2 = select v0, v1, v0\n" + TO("v2")],
  ["v2 = const 0\nv9 = select v2, v0, v1", "v0 = get state[0x4]\n" + TO("v0")],
  ["v9 = select v1, v0, v0", X + TO("v0")],
  ["v2 = sext8 v0\nv9 = sext16 v2", X + "v1 = sext8 v0\n" + TO("v1")],
  ["w2 = concat v0, v1\nv9 = hi w2", "v0 = get state[0x4]\n" + TO("v0")],
  ["w2 = extend_u v0\nv9 = hi w2", constant("0")],
  ["w2 = extend_s v0\nv9 = lo w2", X + TO("v0")],
  ["v2 = const -2\nw3 = extend_s v2\nv9 = hi w3", constant("-1")],
  [
    "v2 = const 7\nw3 = concat v0, v2\nw4 = add64 w3, w3\nv5 = hi w3\nv9 = add v5, v2",
    constant("14"),
  ],
];

for (const [lines, expected] of IDENTITIES) {
  Deno.test(`optimise of ${lines.replaceAll("\n", "; ")} is simplest`, () => {
    assertEquals(expression(lines), expected);
  });
}

Deno.test("optimise forwards slot values into arms but not out of them", () => {
  assertEquals(
    optimised(
      "v0 = get state[0x0]\nv1 = get state[0x4]\nif v0 {\n" +
        "v2 = get state[0x4]\nset state[0x8], v2\nset state[0x0], v2\n}\n" +
        "v3 = get state[0x0]\nv4 = get state[0x4]\nset state[0xc], v3\nset state[0x10], v4\ngoto_ptr",
    ),
    `v0 = get state[0x0]
v1 = get state[0x4]
if v0 {
  set state[0x8], v1
  set state[0x0], v1
}
v2 = get state[0x0]
set state[0xc], v2
set state[0x10], v1
goto_ptr`,
  );
});

Deno.test("optimise keeps slot values past an arm that leaves the block", () => {
  assertEquals(
    optimised(
      "v0 = get state[0x0]\nif v0 {\nv1 = const 1\nset state[0x0], v1\ngoto_ptr\n}\n" +
        "v2 = get state[0x0]\nset state[0x4], v2\ngoto_ptr",
    ),
    `v0 = get state[0x0]
if v0 {
  v1 = const 1
  set state[0x0], v1
  goto_ptr
}
set state[0x4], v0
goto_ptr`,
  );
});

Deno.test("optimise forgets slot values where a helper writes state, and nowhere else", () => {
  assertEquals(
    optimised(
      "v0 = get state[0x0]\ncall test_note(v0, v0)\nv1 = get state[0x0]\n" +
        "v2 = call test_read(v1)\nv3 = get state[0x0]\nv4 = call test_write(v3, v3)\n" +
        "v5 = get state[0x0]\nset state[0x4], v5\ngoto_ptr",
    ),
    `v0 = get state[0x0]
call test_note(v0, v0)
v1 = call test_read(v0)
v2 = call test_write(v0, v0)
v3 = get state[0x0]
set state[0x4], v3
goto_ptr`,
  );
});

Deno.test("optimise never forwards slots outside the architecture state", () => {
  const lines = `v0 = get state[0x800]
v1 = get state[0x800]
set state[0x804], v0
set state[0x804], v1
goto_ptr`;
  assertEquals(optimised(lines), lines);
});

Deno.test("optimise removes a store that is replaced before anything sees it", () => {
  assertEquals(
    optimised(
      "v0 = get state[0x0]\nset state[0x40], v0\nv1 = get state[0x4]\nset state[0x40], v1\ngoto_ptr",
    ),
    "v0 = get state[0x4]\nset state[0x40], v0\ngoto_ptr",
  );
});

for (
  const observer of [
    "v2 = guest_load.u32 v0",
    "guest_store.u32 v0, v0",
    "v2 = probe.u32 v0",
    "v2 = call test_read(v0)",
    "v2 = call test_write(v0, v0)",
    "call test_leave(v0)",
    "w2 = get64 state[0x3c]",
  ]
) {
  Deno.test(`optimise keeps a store before ${observer}`, () => {
    const keep = observer.includes("get64") ? "set64 state[0x10], w2\n" : "";
    const lines = `v0 = get state[0x0]\nv1 = get state[0x4]\nset state[0x40], v0\n${observer}\n` +
      `${keep}set state[0x40], v1\ngoto_ptr`;
    assertEquals(optimised(lines), lines);
  });
}

Deno.test("optimise removes a store that both arms replace, and keeps one that only one does", () => {
  const arms = (then: string, otherwise: string) =>
    optimised(
      "v0 = get state[0x0]\nv1 = get state[0x4]\nset state[0x40], v0\n" +
        `if v0 {\n${then}\n} else {\n${otherwise}\n}\ngoto_ptr`,
    ).includes("set state[0x40], v0\nif");
  assertEquals(arms("set state[0x40], v1", "set state[0x40], v1"), false);
  assertEquals(arms("set state[0x40], v1", "set state[0x8], v1"), true);
  assertEquals(arms("set state[0x40], v1", "goto_ptr"), true);
  assertEquals(arms("set state[0x40], v1", "set state[0x40], v1\nexit WFI"), false);
});

Deno.test("optimise keeps a store in an arm that a later get reads", () => {
  const lines = `v0 = get state[0x0]
if v0 {
  set state[0x40], v0
}
v1 = get state[0x40]
set state[0x8], v1
set state[0x40], v0
goto_ptr`;
  assertEquals(optimised(lines), lines);
});

Deno.test("optimise knows that goto_tb stores the pc", () => {
  assertEquals(
    optimised("v0 = const 64\nset state[0x3c], v0\ngoto_tb 0x8010, 0"),
    "goto_tb 0x8010, 0",
  );
  assertEquals(
    optimised("v0 = const 64\nset state[0x3c], v0\ngoto_ptr"),
    "v0 = const 64\nset state[0x3c], v0\ngoto_ptr",
  );
});

Deno.test("optimise inlines arms with constant conditions and drops what cannot be reached", () => {
  const lines = (cond: number) =>
    `v0 = const ${cond}\nif v0 {\nset state[0x0], v0\ngoto_ptr\n} else {\n` +
    "set state[0x4], v0\n}\nset state[0x8], v0\nexit WFI";
  assertEquals(optimised(lines(1)), "v0 = const 1\nset state[0x0], v0\ngoto_ptr");
  assertEquals(
    optimised(lines(0)),
    "v0 = const 0\nset state[0x4], v0\nset state[0x8], v0\nexit WFI",
  );
});

Deno.test("optimise removes empty ifs and unused code, but no access to memory", () => {
  assertEquals(
    optimised(
      "v0 = get state[0x0]\nif v0 {\nv1 = const 1\n} else {\nv2 = get state[0x4]\n}\n" +
        "v3 = guest_load.u32 v0\nv4 = host_load.u32 v0\nif v3 {\nfence\n} else {\nv5 = clz v4\n}\ngoto_ptr",
    ),
    `v0 = get state[0x0]
v1 = guest_load.u32 v0
v2 = host_load.u32 v0
if v1 {
  fence
}
goto_ptr`,
  );
});

Deno.test("optimise simplifies conditions", () => {
  assertEquals(
    optimised("v0 = get state[0x0]\nv1 = const 0\nv2 = ne v0, v1\nif v2 {\nfence\n}\ngoto_ptr"),
    "v0 = get state[0x0]\nif v0 {\n  fence\n}\ngoto_ptr",
  );
});

Deno.test("optimise shows the block after each pass", async () => {
  const input = await Deno.readTextFile(new URL("./testdata/two_flag_setters.ir", import.meta.url));
  const block = parseBlock(input, { helpers });
  const shown: PassName[] = [];
  let text = "";
  optimiser.optimise(block, (name, stage) => {
    shown.push(name);
    verify(stage, { helpers });
    text += `; after ${name}: ${blockLength(stage)} operations\n${printBlock(stage, { helpers })}`;
  });
  assertEquals(shown, [...PASS_NAMES]);
  await assertGolden(new URL("./testdata/two_flag_setters.golden", import.meta.url), text);
});

Deno.test("optimise handles blocks larger than its first buffers", () => {
  const lines = Array.from({ length: 2000 }, (_, i) => `v${i} = const ${i}\nset state[0x0], v${i}`);
  assertEquals(
    optimised(`${lines.join("\n")}\ngoto_ptr`, 2000),
    "v0 = const 0x7cf\nset state[0x0], v0\ngoto_ptr",
  );
});

/** The zero that a kept dependency is made with: a word of the vCPU that nobody changes. */
const ZERO = "v1 = get state[0x600]\n";

const DEPENDENCIES: readonly [string, string][] = [
  ["v9 = xor v0, v0", X + ZERO + "v2 = and v0, v1\n" + TO("v2")],
  ["v9 = sub v0, v0", X + ZERO + "v2 = and v0, v1\n" + TO("v2")],
  ["v2 = const 0\nv9 = and v0, v2", X + ZERO + "v2 = and v0, v1\n" + TO("v2")],
  ["v2 = const 0\nv9 = mul v0, v2", X + ZERO + "v2 = and v0, v1\n" + TO("v2")],
  ["v2 = const 0\nv9 = lt_u v0, v2", X + ZERO + "v2 = and v0, v1\n" + TO("v2")],
  [
    "v2 = const 12\nv3 = and v0, v2\nv4 = const 3\nv9 = and v3, v4",
    X + ZERO + "v2 = and v0, v1\n" + TO("v2"),
  ],
  ["w2 = extend_u v0\nv9 = hi w2", X + ZERO + "v2 = and v0, v1\n" + TO("v2")],
  [
    "v2 = const -1\nv9 = or v0, v2",
    X + ZERO + "v2 = and v0, v1\nv3 = const -1\nv4 = or v2, v3\n" + TO("v4"),
  ],
  [
    "v9 = eq v0, v0",
    X + ZERO + "v2 = and v0, v1\nv3 = const 1\nv4 = or v2, v3\n" + TO("v4"),
  ],
  ["v9 = select v1, v0, v0", XY + "v2 = select v1, v0, v0\n" + TO("v2")],
  // Without a dependency there is nothing to keep, and unused results go as before.
  ["v2 = const 5\nv9 = xor v2, v2", constant("0")],
  ["v2 = xor v0, v0\nv9 = add v1, v1", "v0 = get state[0x4]\nv1 = add v0, v0\n" + TO("v1")],
];

for (const [lines, expected] of DEPENDENCIES) {
  Deno.test(`optimise of ${lines.replaceAll("\n", "; ")} keeps a dependency where it is told to`, () => {
    const keeping = new Optimiser(helpers, true);
    const block = parseBlock(
      `block 0x8000 insns=9 bytes=36 temps=12 {\nv0 = get state[0x0]\nv1 = get state[0x4]\n` +
        `${lines}\nset state[0x8], v9\ngoto_ptr\n}`,
      { helpers },
    );
    const result = keeping.optimise(block);
    verify(result, { helpers });
    const text = printBlock(result, { helpers }).split("\n").slice(1, -3)
      .map((line) => line.slice(2)).join("\n");
    assertEquals(text, expected);
  });
}

Deno.test("optimise keeps dependencies in blocks larger than its first buffers", () => {
  const keeping = new Optimiser(helpers, true);
  const lines = Array.from(
    { length: 1000 },
    (_, i) =>
      `v${2 * i} = get state[0x0]\nv${2 * i + 1} = eq v${2 * i}, v${2 * i}\n` +
      `set state[0x4], v${2 * i + 1}`,
  );
  const block = parseBlock(
    `block 0x8000 insns=9 bytes=36 temps=2000 {\n${lines.join("\n")}\ngoto_ptr\n}`,
    { helpers },
  );
  verify(keeping.optimise(block), { helpers });
});
