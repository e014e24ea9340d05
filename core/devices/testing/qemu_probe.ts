/**
 * Asks QEMU what its board answers to a list of register accesses: an oracle for device tests.
 * @module
 */

/** One access, by CPU 0 with interrupts masked. */
export type ProbeStep =
  | { readonly kind: "write" | "write8"; readonly address: number; readonly value: number }
  | { readonly kind: "read" | "read8"; readonly address: number }
  /** Reads the ISR: bit 7 is set while IRQ is asserted, bit 6 while FIQ is. */
  | { readonly kind: "lines" };

/**
 * A program that runs a table of (operation, address, value) until operation 0, sends what it reads
 * to the UART as four bytes, low first, and powers off. The table follows at 0x40010060.
 */
const PROGRAM: readonly number[] = [
  0xe59f4050, // ldr   r4, =table
  0xe3a05409, // mov   r5, #0x09000000
  0xe8b40007, // loop: ldm r4!, {r0, r1, r2}
  0xe3500000, // cmp   r0, #0
  0x0a00000d, // beq   off
  0xe3500002, // cmp   r0, #2
  0x35812000, // strlo r2, [r1]
  0x05c12000, // strbeq r2, [r1]
  0x9afffff8, // bls   loop
  0xe3500004, // cmp   r0, #4
  0x35913000, // ldrlo r3, [r1]
  0x05d13000, // ldrbeq r3, [r1]
  0x8e1c3f11, // mrchi p15, 0, r3, c12, c1, 0
  0xe3a06004, // mov   r6, #4
  0xe5c53000, // 1: strb r3, [r5]
  0xe1a03423, // lsr   r3, r3, #8
  0xe2566001, // subs  r6, r6, #1
  0x1afffffb, // bne   1b
  0xeaffffee, // b     loop
  0xe59f0008, // off: ldr r0, =SYSTEM_OFF
  0xe1400070, // hvc   #0
  0xeafffffe, // b     .
  0x40010060,
  0x84000008,
];

const OPERATION = { write: 1, write8: 2, read: 3, read8: 4, lines: 5 } as const;

/** Name of the program, looked for in PATH. */
const QEMU = "qemu-system-arm";

/** Whether QEMU can be asked. */
export async function canProbe(): Promise<boolean> {
  try {
    return (await new Deno.Command(QEMU, { args: ["--version"], stdout: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Runs the steps on QEMU's board and gives what the reads read.
 * @throws Error when QEMU fails or answers less than was asked.
 */
export async function probeQemu(steps: readonly ProbeStep[], vcpus: number): Promise<number[]> {
  const words = [...PROGRAM];
  for (const step of steps) {
    const address = step.kind === "lines" ? 0 : step.address;
    words.push(OPERATION[step.kind], address, "value" in step ? step.value : 0);
  }
  words.push(0, 0, 0);
  const image = await Deno.makeTempFile({ suffix: ".bin" });
  try {
    await Deno.writeFile(image, new Uint8Array(Uint32Array.from(words).buffer));
    const { stdout, stderr } = await new Deno.Command("timeout", {
      args: ["30", QEMU, "-M", "virt", "-cpu", "cortex-a15", "-smp", String(vcpus), "-m", "64"]
        .concat(["-display", "none", "-monitor", "none", "-nic", "none", "-serial", "stdio"])
        .concat(["-kernel", image]),
    }).output();
    const asked = steps.filter((step) => !step.kind.startsWith("write")).length;
    if (stdout.length !== asked * 4) {
      const said = new TextDecoder().decode(stderr);
      throw new Error(`QEMU answered ${stdout.length} bytes to ${asked} reads: ${said}`);
    }
    const data = new DataView(stdout.buffer, stdout.byteOffset, stdout.byteLength);
    return Array.from({ length: asked }, (_, i) => data.getUint32(i * 4, true));
  } finally {
    await Deno.remove(image);
  }
}
