/**
 * The guest's console on this terminal: raw keys in, bytes out unchanged, Ctrl-A as the way out.
 * @module
 */
import type { MachineConsole } from "../../core/machine/machine.ts";

const CTRL_A = 1;
/** How long to wait for room in the guest's input before trying again, in ms. */
const RETRY_MS = 10;

/** The keys, in words. */
export const ESCAPE_HELP =
  "Ctrl-A x ends, Ctrl-A p presses the power key, Ctrl-A h shows this, Ctrl-A Ctrl-A types a Ctrl-A";

/** A terminal that a guest's console can be connected to. */
export interface Terminal {
  /** From now on keys go to the guest. */
  connect(console: MachineConsole): void;
  /** Shows console bytes. */
  show(bytes: Uint8Array): void;
  /** Gives the terminal back as it was. */
  detach(): void;
}

/** Splits typed bytes into what the guest gets and what Ctrl-A commands ask for. */
export class EscapeFilter {
  #escaped = false;
  readonly #command: (key: string) => void;

  /** `command` gets the key that follows Ctrl-A. */
  constructor(command: (key: string) => void) {
    this.#command = command;
  }

  /** The bytes of `typed` that are for the guest. */
  pass(typed: Uint8Array): Uint8Array {
    const out: number[] = [];
    for (const byte of typed) {
      if (this.#escaped) {
        this.#escaped = false;
        if (byte === CTRL_A) out.push(byte);
        else this.#command(String.fromCharCode(byte));
      } else if (byte === CTRL_A) {
        this.#escaped = true;
      } else {
        out.push(byte);
      }
    }
    return Uint8Array.from(out);
  }
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

/**
 * Takes standard input and output. `stop` is called for Ctrl-A x, for SIGINT and SIGTERM, and when
 * the other side of standard output has gone.
 */
export function attachTerminal(stop: () => void): Terminal {
  const raw = Deno.stdin.isTerminal();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let detached = false;
  let machine: MachineConsole | undefined;
  if (raw) Deno.stdin.setRaw(true);
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) Deno.addSignalListener(signal, stop);

  const filter = new EscapeFilter((key) => {
    if (key === "x") stop();
    else if (key === "p") machine?.pressPower();
    else if (key === "h") console.error(`\r\n${ESCAPE_HELP}\r`);
  });
  const pump = async (guest: MachineConsole): Promise<void> => {
    reader = Deno.stdin.readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done || detached) return;
      let left = raw ? filter.pass(value) : value;
      while (left.length > 0 && !detached) {
        left = left.subarray(guest.type(left));
        if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  return {
    connect: (guest) => {
      machine = guest;
      pump(guest).catch(() => {
        // Standard input has gone; the guest goes on without.
      });
    },
    show: (bytes) => {
      try {
        writeAll(bytes);
      } catch (error) {
        if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
        stop();
      }
    },
    detach: () => {
      detached = true;
      for (const signal of signals) Deno.removeSignalListener(signal, stop);
      if (raw) Deno.stdin.setRaw(false);
      reader?.cancel().catch(() => {});
    },
  };
}
