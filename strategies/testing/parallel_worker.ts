/// <reference lib="deno.worker" />
/**
 * One vCPU of the programs in parallel.ts.
 * @module
 */
import type { IrBuilder, V32 } from "../../core/ir/builder.ts";
import { findAtomics } from "../atomics/registry.ts";
import { DATA, type ParallelOrder } from "./parallel.ts";
import { exclusiveOp, plainOp, RAM, Rig } from "./rig.ts";

const WORD = plainOp(4);
const HALF = plainOp(2);
const EXCLUSIVE = exclusiveOp(4);
/** State slots: results, and what the next block is told. */
const FAILED = Rig.resultSlot(0);
const VALUE = Rig.resultSlot(1);
const NODE = Rig.resultSlot(2);

function startTogether(rig: Rig, vcpus: number): void {
  const { i32 } = rig.views;
  const ready = (rig.layout.ram + DATA.READY - RAM) >>> 2;
  Atomics.add(i32, ready, 1);
  Atomics.notify(i32, ready);
  for (;;) {
    const count = Atomics.load(i32, ready);
    if (count === vcpus) return;
    Atomics.wait(i32, ready, count);
  }
}

/** Runs a block until its store-exclusive has stored. */
function untilStored(rig: Rig, attempt: () => void): void {
  do attempt(); while (rig.result(0, 0) !== 0);
}

function loadAndAdd(b: IrBuilder, address: number, amount: number): V32 {
  const at = b.const(address);
  const old = b.loadExclusive(at, EXCLUSIVE);
  b.set(FAILED, b.storeExclusive(at, b.add(old, b.const(amount)), EXCLUSIVE));
  return old;
}

/** Load-exclusive, add, store-exclusive. */
function counter(rig: Rig, rounds: number): void {
  const increment = rig.prepare(0, (b) => loadAndAdd(b, DATA.COUNTER, 1));
  for (let n = 0; n < rounds; n++) untilStored(rig, increment);
}

/** A ticket lock that is given back by a plain half-word store, around a plain counter. */
function ticketLock(rig: Rig, rounds: number): void {
  const { i32 } = rig.views;
  const take = rig.prepare(0, (b) => b.set(VALUE, loadAndAdd(b, DATA.TICKET, 0x10000)));
  const look = rig.prepare(0, (b) => b.set(VALUE, b.guestLoad(b.const(DATA.TICKET), HALF)));
  const work = rig.prepare(0, (b) => {
    const at = b.const(DATA.GUARDED);
    b.guestStore(at, b.add(b.guestLoad(at, WORD), b.const(1)), WORD);
    b.fence();
    const serving = b.guestLoad(b.const(DATA.TICKET), HALF);
    b.guestStore(b.const(DATA.TICKET), b.add(serving, b.const(1)), HALF);
  });
  for (let n = 0; n < rounds; n++) {
    untilStored(rig, take);
    const ticket = rig.result(0, 1) >>> 16;
    let serving = rig.result(0, 1) & 0xffff;
    for (let spins = 1; serving !== ticket; spins++) {
      // The holder may need this thread's host CPU.
      if (spins % 50 === 0) Atomics.wait(i32, 0, 0, 0.05);
      look();
      serving = rig.result(0, 1);
    }
    work();
  }
}

/** Takes two nodes off a stack and puts them back the other way round: ABA happens all the time. */
function stack(rig: Rig, rounds: number): void {
  const top = DATA.TOP;
  const begin = rig.prepare(0, (b) => {
    const node = b.loadExclusive(b.const(top), EXCLUSIVE);
    b.set(NODE, node);
    b.set(VALUE, b.const(0));
    b.if(node, () => b.set(VALUE, b.guestLoad(node, WORD)));
  });
  const pop = rig.prepare(0, (b) => {
    b.set(FAILED, b.storeExclusive(b.const(top), b.get(VALUE), EXCLUSIVE));
  });
  const push = rig.prepare(0, (b) => {
    const node = b.get(NODE);
    b.guestStore(node, b.loadExclusive(b.const(top), EXCLUSIVE), WORD);
    b.set(FAILED, b.storeExclusive(b.const(top), node, EXCLUSIVE));
  });
  /** Takes the top node off; 0 when there is none. */
  const take = (slowly: boolean): number => {
    for (;;) {
      begin();
      const node = rig.result(0, 2);
      if (node === 0) return 0;
      // Time for the others to take the top off, change what is below, and put it back.
      if (slowly) Atomics.wait(rig.views.i32, 0, 0, 0.05);
      pop();
      if (rig.result(0, 0) === 0) return node;
    }
  };
  for (let n = 0; n < rounds; n++) {
    const held = [take(n % 32 === 0), take(false)];
    // The upper node goes back first, so that it comes to lie on another one.
    for (const node of held.filter((taken) => taken !== 0)) {
      rig.tell(0, 2, node);
      untilStored(rig, push);
    }
  }
}

self.onmessage = (event: MessageEvent<ParallelOrder>) => {
  const { memory, scheme, vcpus, index, rounds } = event.data;
  const rig = new Rig({
    atomics: findAtomics(scheme),
    backend: "wasm",
    parallel: true,
    vcpus,
    part: { memory, index },
  });
  startTogether(rig, vcpus);
  counter(rig, rounds);
  ticketLock(rig, rounds / 4);
  if (event.data.stack) stack(rig, rounds);
  self.postMessage("done");
};
