/**
 * `deno task boot`: runs any guest image on the machine, with its console on this terminal.
 * @module
 */
import "./runtime_check.ts";
import { MAX_RAM_BYTES } from "../../core/machine/board.ts";
import type { MachineOptions, MachineResult } from "../../core/machine/machine.ts";
import { runMachine } from "../../core/machine/machine.ts";
import { type Command, type Parsed, runCommand, UserError } from "./command.ts";
import {
  MOST_PROGRAM_BYTES,
  MOST_TREE_BYTES,
  readInput,
  refuseOverwriting,
} from "./input_files.ts";
import { PROFILE_OPTIONS, profileOptions, showProfile } from "./profile_options.ts";
import { chosenStrategy, strategyOption } from "./strategy_options.ts";
import { attachTerminal, ESCAPE_HELP, type Terminal } from "./terminal.ts";
import { TRACE_OPTIONS, traceOptions } from "./trace_options.ts";
import { VIRTIO_OPTIONS, virtioOptions } from "./virtio_options.ts";

const MIB = 1024 * 1024;

/** Timers of the host count milliseconds in 31 bits: nearly 25 days. */
const MOST_TIMEOUT = Math.floor((2 ** 31 - 1) / 1000);

/** The task's options. */
export const BOOT: Command = {
  name: "deno task boot",
  summary: "Boots an ARM guest on the virt board: an ELF program, a zImage or a raw image. The " +
    "guest's console is this terminal; everything else is written to standard error.",
  options: [
    { name: "kernel", type: "text", placeholder: "FILE", help: "The guest program." },
    { name: "append", type: "text", help: "Command line for the guest." },
    { name: "initrd", type: "text", placeholder: "FILE", help: "Initial RAM disk." },
    { name: "dtb", type: "text", placeholder: "FILE", help: "Device tree instead of our own." },
    { name: "smp", type: "number", least: 1, most: 8, help: "vCPUs.", standard: "1" },
    {
      name: "memory",
      type: "number",
      placeholder: "MIB",
      least: 1,
      most: MAX_RAM_BYTES / MIB,
      help: "Guest RAM in MiB.",
      standard: "128",
    },
    strategyOption("atomics"),
    strategyOption("barriers"),
    strategyOption("scheduling"),
    {
      name: "parallel-code",
      type: "flag",
      help: "Make code as for vCPUs in parallel even with one vCPU or on one thread.",
    },
    {
      name: "backend",
      type: "text",
      choices: ["wasm", "interp"],
      help: "What runs the guest's code.",
      standard: "wasm",
    },
    {
      name: "timeout",
      type: "number",
      placeholder: "S",
      least: 1,
      most: MOST_TIMEOUT,
      help: "Stop after this many seconds.",
    },
    {
      name: "panic",
      type: "text",
      placeholder: "TEXT",
      help: "End with exit code 3 at a console line with this text.",
      standard: "Kernel panic",
    },
    ...VIRTIO_OPTIONS,
    ...TRACE_OPTIONS,
    ...PROFILE_OPTIONS,
    {
      name: "no-reboot",
      type: "flag",
      help: "End with exit code 6 when the guest resets itself, instead of starting it again.",
    },
    { name: "virtual-time", type: "flag", help: "Time passes with guest instructions only." },
    { name: "stats", type: "flag", help: "Show the counters of every vCPU at the end." },
  ],
  details: `Keys on a terminal: ${ESCAPE_HELP}.\n\n` +
    "Exit code: 0 the guest switched off, 3 guest error, 4 timeout, 5 error in a vCPU thread, " +
    "6 the guest asked for a reset under --no-reboot, 130 stopped by the user or because its " +
    "terminal or the reader of its output has gone, 1 and 2 errors before the start.",
};

const EXIT_CODES: Record<MachineResult["end"], number> = {
  "power-off": 0,
  "guest-error": 3,
  "timeout": 4,
  "vcpu-error": 5,
  "reset": 6,
  "stopped": 130,
};

async function machineOptions(parsed: Parsed): Promise<MachineOptions> {
  const kernel = parsed.text("kernel");
  if (kernel === undefined) throw new UserError("Give the guest program: --kernel FILE");
  const append = parsed.text("append");
  const initrd = parsed.text("initrd");
  const dtb = parsed.text("dtb");
  const timeout = parsed.number("timeout");
  const trace = await traceOptions(
    parsed,
    (file) =>
      readInput(
        file ?? kernel,
        file === undefined ? "kernel" : "trace-symbol-file",
        MOST_PROGRAM_BYTES,
      ),
  );
  const virtio = virtioOptions(parsed);
  if (trace?.file !== undefined) {
    const named = (option: string) => {
      const path = parsed.text(option);
      return path === undefined ? [] : [{ path, option }];
    };
    await refuseOverwriting({ path: trace.file, option: "trace-file" }, [
      ...["kernel", "initrd", "dtb", "trace-symbol-file"].flatMap(named),
      ...(virtio.disks ?? []).map(({ path }) => ({ path, option: "disk" })),
    ]);
  }
  const memoryMiB = parsed.number("memory") ?? 128;
  return {
    kernel: await readInput(kernel, "kernel", MOST_PROGRAM_BYTES),
    name: kernel,
    vcpus: parsed.number("smp") ?? 1,
    memoryMiB,
    atomics: chosenStrategy(parsed, "atomics"),
    barriers: chosenStrategy(parsed, "barriers"),
    scheduling: chosenStrategy(parsed, "scheduling"),
    backend: (parsed.text("backend") ?? "wasm") as "wasm" | "interp",
    strategies: new URL("../../strategies/mod.ts", import.meta.url).href,
    ...(parsed.flag("parallel-code") ? { parallelCode: "forced" } : {}),
    virtualTime: parsed.flag("virtual-time"),
    panicText: parsed.text("panic") ?? "Kernel panic",
    virtio,
    ...(trace === undefined ? {} : { trace }),
    ...(await profileOptions(parsed)),
    ...(append === undefined ? {} : { append }),
    ...(initrd === undefined
      ? {}
      : { initrd: await readInput(initrd, "initrd", memoryMiB * MIB), initrdName: initrd }),
    ...(dtb === undefined
      ? {}
      : { deviceTree: await readInput(dtb, "dtb", MOST_TREE_BYTES), deviceTreeName: dtb }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
  };
}

function statsText(result: MachineResult): string {
  const rows = Object.keys(result.counters[0]) as (keyof MachineResult["counters"][0])[];
  const lines = rows.map((name) =>
    name.padEnd(20) +
    result.counters.map((c) => Math.round(c[name]).toLocaleString("en").padStart(18)).join("")
  );
  return [`Ran ${result.seconds.toFixed(3)} s`, ...lines].join("\n");
}

/** Writes a message for the user, who may have gone with the terminal. */
function say(text: string): void {
  try {
    console.error(`\n${text}`);
  } catch {
    // Nobody is there to read it; the exit code still tells.
  }
}

/** Runs the guest, and after each reset once more unless that is not wanted. */
async function runGuest(
  options: MachineOptions,
  parsed: Parsed,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<MachineResult> {
  let left = options.timeoutSeconds ?? Infinity;
  let { trace } = options;
  for (;;) {
    const result = await runMachine({
      ...options,
      ...(left === Infinity ? {} : { timeoutSeconds: Math.max(left, 0) }),
      ...(trace === undefined ? {} : { trace }),
      signal,
      onStart: (console) => terminal.connect(console),
      onConsole: (bytes) => terminal.show(bytes),
      onNotice: say,
    });
    if (result.end !== "reset" || parsed.flag("no-reboot")) return result;
    say(`${options.name}: the guest asked for a reset and starts again`);
    left -= result.seconds;
    if (trace !== undefined) trace = { ...trace, append: true };
  }
}

async function boot(parsed: Parsed): Promise<number> {
  const options = await machineOptions(parsed);
  const stop = new AbortController();
  const terminal = attachTerminal((why) => stop.abort(why));
  let result: MachineResult;
  try {
    result = await runGuest(options, parsed, terminal, stop.signal);
  } finally {
    terminal.detach();
  }
  if (result.end === "stopped") say(`${options.name}: stopped, ${stop.signal.reason}`);
  else if (result.message !== "") say(`${options.name}: ${result.message}`);
  else if (result.end === "reset") say(`${options.name}: the guest asked for a reset`);
  if (parsed.flag("stats")) say(statsText(result));
  await showProfile(parsed, options.name, result);
  return EXIT_CODES[result.end];
}

if (import.meta.main) Deno.exit(await runCommand(BOOT, Deno.args, boot));
