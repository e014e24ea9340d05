/**
 * The files of one profile, for runs that have no report.
 * @module
 */
import type { Profile } from "../core/profile/profile_data.ts";
import { FLAME_COLUMNS, flameSpec } from "./charts/flame.ts";
import { PROFILE } from "./charts/profile.ts";
import { type Drawing, WIDE } from "./charts/types.ts";
import { flameRows } from "./data/flame.ts";
import { fileSpec } from "./render/spec.ts";
import { renderSvg } from "./render/svg.ts";
import { writeFile } from "./write_file.ts";

/**
 * Writes `profile.json` (every sample), `profile.svg` (the flame chart) and `profile.vl.json` (its
 * Vega-Lite spec) into `directory`, which is made when it is not there; their paths.
 */
export async function writeProfile(
  directory: string,
  title: string,
  profile: Profile,
): Promise<string[]> {
  const rows = flameRows(title, profile);
  const drawing: Drawing = {
    rows,
    columns: FLAME_COLUMNS,
    read: "Each box is as wide as its time, as sampled a thousand times a second.",
    interval: "",
    alt: "Flame chart of where the time of a run went.",
    notes: [],
    spec: (frame) => flameSpec(rows, frame),
  };
  const spec = fileSpec(PROFILE, drawing, WIDE);
  const { svg } = await renderSvg(spec);
  await Deno.mkdir(directory, { recursive: true });
  const files: readonly (readonly [string, string])[] = [
    ["profile.json", JSON.stringify(profile, null, 1) + "\n"],
    ["profile.svg", svg],
    ["profile.vl.json", JSON.stringify(spec, null, 1) + "\n"],
  ];
  for (const [name, text] of files) await writeFile(`${directory}/${name}`, text);
  return files.map(([name]) => `${directory}/${name}`);
}
