/**
 * Looks through a given device tree for what Linux would stop at without a word, because it has no
 * console yet.
 * @module
 */
import type { FdtNode } from "./fdt.ts";
import { readCells, readStrings } from "./fdt_reader.ts";
import { PSCI, PSCI_0_1 } from "./psci.ts";

/**
 * Checks what Linux cannot do without.
 * @throws SyntaxError that says what is missing or cannot work.
 */
export function checkLinuxTree(root: FdtNode): void {
  for (const wanted of ["cpus", "memory"]) {
    if (!root.children.some(({ name }) => name.split("@")[0] === wanted)) {
      throw new SyntaxError(`Device tree blob has no node /${wanted}`);
    }
  }
  const psci = root.children.find(({ name }) => name === "psci");
  if (psci !== undefined) checkPsci(psci);
}

/** Before PSCI 0.2 the tree says what number calls what. */
const NAMED = [
  { property: "cpu_on", modern: PSCI.CPU_ON, old: PSCI_0_1.CPU_ON },
  { property: "cpu_off", modern: PSCI.CPU_OFF, old: PSCI_0_1.CPU_OFF },
  { property: "cpu_suspend", modern: PSCI.CPU_SUSPEND, old: PSCI_0_1.CPU_SUSPEND },
  { property: "migrate", modern: PSCI.MIGRATE, old: PSCI_0_1.MIGRATE },
] as const;

function checkPsci(psci: FdtNode): void {
  const method = readStrings(psci, "method")?.[0];
  if (method !== "hvc") {
    const words = method === undefined ? "has no method" : `has the method ${method}`;
    throw new SyntaxError(`Device tree blob: /psci ${words}; this board is called by hvc`);
  }
  const versions = readStrings(psci, "compatible") ?? [];
  if (!versions.includes("arm,psci") || versions.some((one) => one.startsWith("arm,psci-"))) return;
  for (const { property, modern, old } of NAMED) {
    const number = readCells(psci, property)?.[0];
    if (number === undefined) {
      if (property !== "cpu_on") continue;
      throw new SyntaxError("Device tree blob has no cpu_on in /psci, which PSCI 0.1 needs");
    }
    if (number === modern || number === old) continue;
    throw new SyntaxError(
      `Device tree blob: ${property} of /psci is ${hex(number)}; PSCI 0.1 has ${hex(modern)} or ` +
        `${hex(old)} on this board`,
    );
  }
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}
