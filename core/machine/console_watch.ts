/**
 * Looks for a line in the guest's console output, such as the one with which a kernel gives up.
 * @module
 */

/** Longest part of a line that is looked at. */
const MAX_LINE = 1024;

/** Collects console bytes into lines until one contains the text. */
export class ConsoleWatch {
  readonly #text: string;
  readonly #decoder = new TextDecoder();
  #line = "";
  #found: string | undefined;

  /** `text` is what the line must contain, not empty. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The first whole line with the text, without control characters; undefined so far. */
  get found(): string | undefined {
    return this.#found;
  }

  /** Takes further bytes; says whether they complete the first such line. */
  take(bytes: Uint8Array): boolean {
    if (this.#found !== undefined) return false;
    const lines = (this.#line + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#line = (lines.pop() ?? "").slice(-MAX_LINE);
    const line = lines.find((one) => one.includes(this.#text));
    if (line === undefined) return false;
    // deno-lint-ignore no-control-regex
    this.#found = line.replace(/[\x00-\x1f\x7f]/g, "").trim();
    return true;
  }
}
