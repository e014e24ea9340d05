/**
 * The owner's side of tlb_mark_test.ts: a vCPU thread that fills its TLB and flushes it, over and
 * over, as misses and TLB maintenance would.
 * @module
 */
import { blankTranslation, type GuestMmu, type PhysicalBus } from "../guest_mmu.ts";
import { type MachineLayout, vcpuBase } from "../machine_layout.ts";
import { SoftMmu } from "../softmmu.ts";
import { flushAll, flushPage } from "../tlb.ts";
import { PAGE_SIZE } from "../vcpu_layout.ts";
import { viewsOf } from "../views.ts";

/** What the test sends. */
export interface RefillJob {
  readonly memory: WebAssembly.Memory;
  readonly layout: MachineLayout;
}

function refill({ memory, layout }: RefillJob): void {
  const views = viewsOf(memory);
  const env = vcpuBase(layout, 0);
  const t = { ...blankTranslation(), readable: true, writable: true, executable: true };
  const raise = (): never => {
    throw new Error("No access of this test can fault");
  };
  const guest: GuestMmu = {
    mmuIndex: () => 0,
    translate: (_env, address) => {
      t.physical = address;
      return t;
    },
    raiseAbort: raise,
    raiseAlignment: raise,
    raiseExternal: raise,
  };
  const bus: PhysicalBus = {
    ramAddress: (physical) => layout.ram + physical,
    hasDevice: () => false,
    readDevice: () => 0,
    writeDevice: () => {},
  };
  const s = new SoftMmu({ views, layout, bus, guest, hooks: { codeWrite: () => {} } });
  const word = layout.strategy >>> 2;
  const pages = layout.ramBytes / PAGE_SIZE;
  postMessage("started");
  for (let n = 0;; n++) {
    s.slowLoad(env, 0, (n % pages) * PAGE_SIZE, 2);
    if (n % 7 === 0) flushPage(views, env, (n % pages) * PAGE_SIZE);
    if (n % 61 === 0) flushAll(views, env);
    const asked = Atomics.load(views.i32, word);
    if (asked === 3) break;
    if (asked === 1) {
      Atomics.store(views.i32, word, 2);
      while (Atomics.load(views.i32, word) === 2) { /* until the test has looked */ }
    }
  }
  postMessage("ended");
}

self.onmessage = ({ data }: MessageEvent<RefillJob>) => refill(data);
