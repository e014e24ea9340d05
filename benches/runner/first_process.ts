/**
 * The first process of a session, started before there is a plan: it loads the machine while the
 * harness reads its files and asks for versions.
 * @module
 */
import { MachineProcess } from "./machine_process.ts";

/** A process that nobody has asked for yet. */
export class FirstProcess {
  #onTree: (bytes: number) => void = () => {};
  #waiting: MachineProcess | undefined = new MachineProcess((bytes) => this.#onTree(bytes));

  /** The process, for the first who asks. */
  take(onTree: (bytes: number) => void): MachineProcess | undefined {
    const taken = this.#waiting;
    this.#waiting = undefined;
    this.#onTree = onTree;
    taken?.forgetStart();
    return taken;
  }

  /** Ends it when nobody has asked. */
  async close(): Promise<void> {
    await this.take(() => {})?.close();
  }
}
