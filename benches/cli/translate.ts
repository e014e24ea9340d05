/**
 * `deno task translate`: one block of guest code through every stage of the translator. Figure F10.
 * @module
 */
import "./runtime_check.ts";
import { insnLine, listBlock } from "../../core/arm/disasm/listing.ts";
import { ARM_SLOT_NAMES } from "../../core/arm/slot_names.ts";
import { TB_FLAG } from "../../core/arm/state.ts";
import { translateBlock } from "../../core/arm/translate/translate_block.ts";
import { ModuleBuilder } from "../../core/backends/wasm/module.ts";
import { moduleText } from "../../core/backends/wasm/wat.ts";
import type { AtomicsStrategy } from "../../core/exec/strategy.ts";
import { Translator } from "../../core/exec/translator.ts";
import type { IrBlock } from "../../core/ir/block.ts";
import type { HelperContext, HelperTable } from "../../core/ir/helper.ts";
import { buildHelperBodies } from "../../core/ir/helper_body.ts";
import { INSN_WORDS, OP } from "../../core/ir/ops.ts";
import { printBlock } from "../../core/ir/printer.ts";
import { BOARD } from "../../core/machine/board.ts";
import { DEFAULT_EXEC } from "../../core/machine/config.ts";
import { loadKernel } from "../../core/machine/load_kernel.ts";
import { machineHelpers } from "../../core/machine/machine_helpers.ts";
import { syncExpansion } from "../../core/machine/vcpu_thread.ts";
import { type MachineLayout, planMachine } from "../../core/memory/machine_layout.ts";
import { findAtomics, findBarriers } from "../../strategies/mod.ts";
import { type Command, type Parsed, runCommand, UserError } from "./command.ts";
import { chosenStrategy, strategyOption } from "./strategy_options.ts";

const MIB = 1024 * 1024;
const RAM_MIB = 128;

/** The task's options. */
export const TRANSLATE: Command = {
  name: "deno task translate",
  summary: "Shows what becomes of one block of guest code: the instructions, the IR of the front " +
    "end, the IR after the strategies' expansion and after the passes, the WebAssembly, and the helpers in IR that it calls.",
  options: [
    { name: "kernel", type: "text", placeholder: "FILE", help: "Guest program to take code from." },
    { name: "at", type: "text", placeholder: "ADDR", help: "Address of the block in it." },
    {
      name: "hex",
      type: "text",
      placeholder: "BYTES",
      help: "Code bytes instead, in memory order, such as 002093e5 for ldr r2, [r3].",
    },
    { name: "thumb", type: "flag", help: "The code is Thumb." },
    { name: "smp", type: "number", least: 1, most: 8, help: "vCPUs.", standard: "2" },
    strategyOption("atomics"),
    strategyOption("barriers"),
  ],
};

/** Code bytes and where they lie. */
interface Code {
  readonly pc: number;
  /** The bytes from `pc` to the end of what is known. */
  readonly bytes: Uint8Array;
}

function parseHex(text: string): Code {
  const digits = text.replace(/[\s,_]|0x/g, "");
  if (!/^([0-9a-f]{2})+$/i.test(digits)) {
    throw new UserError(`--hex ${text}: give pairs of hexadecimal digits`);
  }
  return { pc: BOARD.ram.base, bytes: Uint8Array.fromHex(digits) };
}

async function codeOfKernel(path: string, at: string | undefined): Promise<Code> {
  const pc = at === undefined ? NaN : Number(at);
  if (!Number.isInteger(pc)) {
    throw new UserError(`--at ${at ?? "is missing"}: give an address such as 0x40200000`);
  }
  const kernel = loadKernel(await Deno.readFile(path), {
    name: path,
    vcpus: 1,
    ramBytes: RAM_MIB * MIB,
  });
  for (const { physical, bytes } of kernel.loads) {
    if (pc >= physical && pc + 4 <= physical + bytes.length) {
      return { pc, bytes: bytes.subarray(pc - physical) };
    }
  }
  throw new UserError(`--at ${at}: ${path} loads nothing there`);
}

function heading(text: string): string {
  return `${text}\n${"-".repeat(text.length)}`;
}

function disassembly(
  block: IrBlock,
  code: Code,
  flags: number,
  fetch: (address: number) => number,
): string {
  const bytes = Math.min(block.guestBytes, code.bytes.length);
  return listBlock(fetch, code.pc, bytes, flags).map((insn) => `  ${insnLine(insn)}\n`).join("");
}

/**
 * The listing of every stage.
 * @throws {UserError} when the code is not given as it should be.
 */
export async function translationText(parsed: Parsed): Promise<string> {
  const kernel = parsed.text("kernel"), hex = parsed.text("hex");
  if ((kernel === undefined) === (hex === undefined)) {
    throw new UserError("Give either --kernel FILE with --at ADDR, or --hex BYTES");
  }
  const code = hex !== undefined ? parseHex(hex) : await codeOfKernel(kernel!, parsed.text("at"));
  const strategies = {
    atomics: findAtomics(chosenStrategy(parsed, "atomics")),
    barriers: findBarriers(chosenStrategy(parsed, "barriers")),
  };
  const vcpus = parsed.number("smp") ?? 2;
  const parallel = vcpus > 1;
  const helpers = machineHelpers(strategies.atomics);
  const sync = syncExpansion(strategies, { strategy: 0 }, parallel);
  const translator = new Translator(helpers, sync, { ...DEFAULT_EXEC, ...sync }, true);
  // Behind the given bytes stands an instruction that ends the block, in either instruction set.
  const thumb = parsed.flag("thumb");
  const behind = Uint8Array.from(thumb ? [0x00, 0xde, 0x00, 0xde] : [0xf0, 0x00, 0xf0, 0xe7]);
  const word = new DataView(new ArrayBuffer(4));
  const fetch = (address: number): number => {
    const at = address - code.pc;
    for (let i = 0; i < 4; i++) word.setUint8(i, code.bytes[at + i] ?? behind[i]);
    return word.getUint32(0, true);
  };
  const flags = (parallel ? TB_FLAG.PARALLEL : 0) | (thumb ? TB_FLAG.THUMB : 0);
  const stages = translator.stages({ translate: translateBlock }, code.pc, flags, fetch);
  const options = { helpers, slots: ARM_SLOT_NAMES };
  const site = { block: stages.optimised, id: 1, chainSlots: 0x1000, flags };
  const module = new ModuleBuilder({ helpers }).build([[site]]);

  return [
    heading("Guest code"),
    disassembly(stages.front, code, flags, fetch),
    heading("IR of the front end"),
    printBlock(stages.front, options),
    heading(`IR with ${strategies.atomics.name} atomics and ${strategies.barriers.name} barriers`),
    printBlock(stages.expanded, options),
    heading("IR after the passes"),
    printBlock(stages.optimised, options),
    heading(`WebAssembly (a module of ${module.length} bytes)`),
    moduleText(module, helpers),
    ...calledBodies(stages.optimised, helpers, {
      ...sync.atomicsContext,
      layout: layoutOf(strategies.atomics, vcpus),
    }),
  ].join("\n");
}

/** A layout for the addresses in helpers; the strategy's state is shown as if it lay at 0. */
function layoutOf({ sharedBytes }: AtomicsStrategy, vcpus: number): MachineLayout {
  const sizes = { vcpus, ramBytes: RAM_MIB * MIB };
  const strategyBytes = sharedBytes(sizes);
  return planMachine(
    { ...sizes, ramBase: BOARD.ram.base, strategyBytes, tbCount: 1, codeCaches: 1 },
    () => 1,
  );
}

/** The bodies of the helpers in IR that a block calls. */
function calledBodies(
  { code }: IrBlock,
  helpers: HelperTable,
  context: Omit<HelperContext, "b">,
): string[] {
  const called = new Set<number>();
  for (let at = 0; at < code.length; at += INSN_WORDS) {
    if (code[at] === OP.call || code[at] === OP.call64) called.add(code[at + 1]);
  }
  const bodies = buildHelperBodies(helpers, context);
  return [...called].flatMap((number) => {
    const body = bodies[number];
    return body === undefined
      ? []
      : [heading(`IR of the helper ${helpers.defs[number].name}`), printBlock(body, { helpers })];
  });
}

if (import.meta.main) {
  Deno.exit(
    await runCommand(TRANSLATE, Deno.args, async (parsed) => {
      console.log(await translationText(parsed));
      return 0;
    }),
  );
}
