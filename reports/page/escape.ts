/**
 * Escaping for HTML and for data inside a page.
 * @module
 */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for HTML's content and attribute values. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** Text with `code` in backquotes, for HTML. */
export function prose(text: string): string {
  return html(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

/** JSON that cannot end its script element. */
export function json(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** Source code that cannot end its script element. */
export function script(source: string): string {
  return source.replace(/<(\/script|!--)/gi, "\\x3c$1");
}
