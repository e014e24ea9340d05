import { assertEquals } from "@std/assert";
import { createArmCpu } from "./arm_cpu.ts";
import { ARM, reg, TB_FLAG } from "./state.ts";
import { PSR } from "./system/psr.ts";
import { Fixture } from "./system/testing/fixture.ts";
import { VCPU } from "../memory/vcpu_layout.ts";

Deno.test("power-on starts in the state that bit 0 of the entry address selects", () => {
  for (const thumb of [0, 1]) {
    const f = new Fixture();
    createArmCpu(f.cx).powerOn(f.env, 0x40000200 | thumb, 7);
    assertEquals([f.get(ARM.PC), f.get(reg(0))], [0x40000200, 7]);
    assertEquals(f.get(ARM.CPSR) & PSR.T, thumb === 1 ? PSR.T : 0);
    assertEquals(f.get(VCPU.TB_FLAGS) & TB_FLAG.THUMB, thumb);
  }
});
