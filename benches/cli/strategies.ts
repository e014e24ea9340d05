/**
 * `deno task strategies`: what every strategy is, where it comes from and what it costs.
 * @module
 */
import "./runtime_check.ts";
import type { Catalogue } from "../experiments/catalogue.ts";
import { CATALOGUE } from "../experiments/registries.ts";
import { type Command, runCommand } from "./command.ts";

/** The task's options. */
export const STRATEGIES: Command = {
  name: "deno task strategies",
  summary: "Lists every strategy with its source, its constraints and its known weaknesses.",
  options: [{ name: "json", type: "flag", help: "One JSON document instead of text." }],
  positionals: {
    name: "KIND",
    help: "Only these kinds.",
    least: 0,
    most: 3,
    choices: ["atomics", "barriers", "scheduling"],
  },
};

const KINDS = ["atomics", "barriers", "scheduling"] as const;

/** `hooksStores` -> `hooks stores`, `negative-control` -> `negative control`. */
function spaced(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("-", " ");
}

function shown(value: unknown): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.join(", ");
  return String(value);
}

/** The list as text. */
export function strategiesText(catalogue: Catalogue, kinds: readonly string[]): string {
  const lines: string[] = [];
  for (const kind of KINDS.filter((one) => kinds.length === 0 || kinds.includes(one))) {
    lines.push(kind.toUpperCase(), "");
    for (const { name, role, summary, source, weaknesses, constraints } of catalogue[kind]) {
      const facts = Object.entries(constraints).map(([key, value]) =>
        `${spaced(key)}: ${shown(value)}`
      );
      const mark = role === "scheme" ? "" : ` (${spaced(role)})`;
      lines.push(`  ${name}${mark}`, `    ${summary}`, `    Source: ${source}`);
      lines.push(`    Constraints: ${facts.join("; ")}`);
      for (const weakness of weaknesses) lines.push(`    Weakness: ${weakness}`);
      lines.push("");
    }
  }
  return lines.join("\n");
}

/** The list as data: facts only, no functions. */
export function strategiesData(catalogue: Catalogue, kinds: readonly string[]): unknown {
  return Object.fromEntries(
    KINDS.filter((kind) => kinds.length === 0 || kinds.includes(kind)).map((kind) => [
      kind,
      catalogue[kind].map(({ name, role, summary, source, weaknesses, constraints }) => ({
        name,
        role,
        summary,
        source,
        constraints,
        weaknesses,
      })),
    ]),
  );
}

if (import.meta.main) {
  Deno.exit(
    await runCommand(STRATEGIES, Deno.args, (parsed) => {
      console.log(
        parsed.flag("json")
          ? JSON.stringify(strategiesData(CATALOGUE, parsed.positionals), null, 2)
          : strategiesText(CATALOGUE, parsed.positionals),
      );
      return Promise.resolve(0);
    }),
  );
}
