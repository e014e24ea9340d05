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
  /** From now on keys go to this guest, the first one or one after a reset. */
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

/** Waits this long, in ms, for a reader that does not keep up. */
const SLOW_READER_MS = 2;

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += Deno.stdout.writeSync(bytes.subarray(at));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SLOW_READER_MS);
    }
  }
}

/** Signals that end the machine, and why they come. */
const SIGNALS = {
  SIGINT: "interrupted",
  SIGTERM: "terminated",
  SIGHUP: "the terminal has gone",
} as const;

/**
 * Takes standard input and output. `stop` is called with the reason: for Ctrl-A x, for SIGINT,
 * SIGTERM and SIGHUP, when the terminal or the other side of standard output has gone. The end of an
 * input that is no terminal only means that nothing more is typed.
 */
export function attachTerminal(stop: (why: string) => void): Terminal {
  const raw = Deno.stdin.isTerminal();
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  let detached = false;
  let machine: MachineConsole | undefined;
  if (raw) {
    Deno.stdin.setRaw(true);
    if (Deno.stderr.isTerminal()) console.error(`${ESCAPE_HELP}\r`);
  }
  const handlers = Object.entries(SIGNALS).map(([signal, why]) => {
    const handler = (): void => stop(why);
    Deno.addSignalListener(signal as Deno.Signal, handler);
    return () => Deno.removeSignalListener(signal as Deno.Signal, handler);
  });

  const filter = new EscapeFilter((key) => {
    if (key === "x") stop("by Ctrl-A x");
    else if (key === "p") machine?.pressPower();
    else if (key === "h") console.error(`\r\n${ESCAPE_HELP}\r`);
  });
  const pump = async (): Promise<void> => {
    reader = Deno.stdin.readable.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (detached) return;
      if (done) {
        if (raw) stop("the terminal has gone");
        return;
      }
      let left = raw ? filter.pass(value) : value;
      while (left.length > 0 && !detached) {
        left = left.subarray(machine!.type(left));
        if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  };

  return {
    connect: (guest) => {
      const first = machine === undefined;
      machine = guest;
      if (!first) return;
      pump().catch(() => {
        if (raw && !detached) stop("the terminal has gone");
      });
    },
    show: (bytes) => {
      try {
        writeAll(bytes);
      } catch {
        stop("nobody reads its output any more");
      }
    },
    detach: () => {
      detached = true;
      for (const remove of handlers) remove();
      try {
        if (raw) Deno.stdin.setRaw(false);
      } catch {
        // A terminal that has gone needs no settings.
      }
      reader?.cancel().catch(() => {});
    },
  };
}
