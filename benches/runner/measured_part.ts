/**
 * When the guest's measured part began and ended, by the host's clock, told by the lines around it.
 * @module
 */
import type { MarkTexts } from "../../core/devices/console_marks.ts";

const BEGIN = "@mttcg begin";
const END = "@mttcg end";

/** The same lines for a machine of ours, which notes its counters at them. */
export const MARKS: MarkTexts = { begin: BEGIN, end: END };

/** Milliseconds of `performance.now()` in the process that has it. */
export interface MeasuredPart {
  /** The begin line was seen. */
  readonly from: number;
  /** The end line was seen. */
  readonly to: number;
}

/** Watches a console as it comes. */
export class MeasuredPartWatch {
  #tail = "";
  #from: number | null = null;
  #to: number | null = null;

  /** The console's next piece, which came at `now`. */
  see(piece: string, now: number = performance.now()): void {
    const text = this.#tail + piece;
    if (this.#from === null && text.includes(BEGIN)) this.#from = now;
    // The last one counts: a guest may print several reports. One in the tail was seen before.
    if (text.includes(END, Math.max(0, this.#tail.length - END.length + 1))) this.#to = now;
    // The longest mark may be cut in two anywhere.
    this.#tail = text.slice(1 - BEGIN.length);
  }

  /** Null until both lines were there. */
  get part(): MeasuredPart | null {
    return this.#from === null || this.#to === null ? null : { from: this.#from, to: this.#to };
  }
}
