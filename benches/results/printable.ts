/**
 * Text from a file or a guest, made safe for a terminal.
 * @module
 */

/** Controls (but not line breaks and tabs) and what turns the direction of writing. */
const CONTROLS = /(?![\n\t])[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** The text with control characters written out, such as `\x1b`: no terminal obeys it. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
