/**
 * Finds the lines with which a guest tells when it measures among the bytes of its console, on the
 * thread that writes them.
 * @module
 */
import { CounterMarks } from "../memory/counter_marks.ts";
import { GLOBAL, type MachineLayout, vcpuBase } from "../memory/machine_layout.ts";
import type { Views } from "../memory/views.ts";
import { requestExit } from "../smp/kick.ts";

/** What the lines contain. ASCII; the first character stands nowhere else in a text. */
export interface MarkTexts {
  /** The measured part begins after this line. */
  readonly begin: string;
  /** It has ended once this text is there. */
  readonly end: string;
}

const NEWLINE = 10;

function bytesOf(text: string): Uint8Array {
  if (!/^[\x20-\x7e]+$/.test(text) || text.lastIndexOf(text[0]) > 0) {
    throw new RangeError(
      `The mark "${text}" must be printable ASCII whose first character stands in it only once`,
    );
  }
  return new TextEncoder().encode(text);
}

/** The marks as one thread sees them; called with the lock of the device that prints. */
export class ConsoleMarks {
  readonly #i32: Int32Array;
  readonly #layout: MachineLayout;
  readonly #marks: CounterMarks;
  readonly #begin: Uint8Array;
  readonly #end: Uint8Array;
  /** Words that hold how much of each text has been seen: threads take turns in printing. */
  readonly #word: number;

  /**
   * One a thread.
   * @throws RangeError for a text that cannot be looked for.
   */
  constructor(views: Views, layout: MachineLayout, texts: MarkTexts) {
    this.#i32 = views.i32;
    this.#layout = layout;
    this.#marks = new CounterMarks(views, layout);
    this.#begin = bytesOf(texts.begin);
    this.#end = bytesOf(texts.end);
    this.#word = (layout.global + GLOBAL.MARK_TEXTS) >>> 2;
  }

  /** The guest has written a byte. */
  see(byte: number): void {
    const [begin, end] = [this.#word, this.#word + 1];
    const begun = this.#i32[begin] === this.#begin.length;
    const ended = this.#follow(end, this.#end, byte) && this.#marks.end();
    if (!begun) this.#follow(begin, this.#begin, byte);
    // The rest of the line is not part of what it announces.
    const begins = begun && byte === NEWLINE && this.#marks.begin();
    if (byte === NEWLINE) this.#i32.fill(0, begin, end + 1);
    if (begins || ended) this.#askAll();
  }

  /** Whether the text is now complete. */
  #follow(word: number, text: Uint8Array, byte: number): boolean {
    const at = this.#i32[word];
    this.#i32[word] = byte === text[at] ? at + 1 : byte === text[0] ? 1 : 0;
    return this.#i32[word] === text.length;
  }

  /** Those that sleep will look when they wake up. */
  #askAll(): void {
    for (let vcpu = 0; vcpu < this.#layout.vcpus; vcpu++) {
      requestExit(this.#i32, vcpuBase(this.#layout, vcpu));
    }
  }
}
