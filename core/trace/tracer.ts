/**
 * Filters trace records and gives them their form: `cpu0 int: ...`, further lines indented.
 * @module
 */
import { modeName } from "../arm/system/describe.ts";
import { readCpsr } from "../arm/system/psr.ts";
import { VCPU } from "../memory/vcpu_layout.ts";
import type { Views } from "../memory/views.ts";
import type { TraceCategory, TraceConfig } from "./trace_config.ts";

/** Where a tracer's records go. */
export interface RecordSink {
  /** Whether it takes no more. */
  readonly full: boolean;
  /** Takes a record of whole lines. */
  write(record: string): void;
}

/** The tracer of one thread. */
export class Tracer {
  readonly #config: TraceConfig;
  readonly #i32: Int32Array;
  readonly #sink: RecordSink;
  readonly #on: ReadonlySet<TraceCategory>;

  /** `views` show the vCPUs' numbers and modes. */
  constructor(config: TraceConfig, views: Views, sink: RecordSink) {
    this.#config = config;
    this.#i32 = views.i32;
    this.#sink = sink;
    this.#on = new Set(config.categories);
  }

  /** Whether a category is traced at all. */
  on(category: TraceCategory): boolean {
    return this.#on.has(category);
  }

  /**
   * Whether a record passes the filters: of `category`, about the vCPU at `env`, for `address`; the
   * mode is that of `cpsr`, or the vCPU's current one.
   */
  wants(category: TraceCategory, env: number, address: number, cpsr?: number): boolean {
    const { vcpus, ranges, modes } = this.#config;
    if (!this.#on.has(category) || this.#sink.full) return false;
    if (vcpus.length > 0 && !vcpus.includes(this.#vcpu(env))) return false;
    const at = address >>> 0;
    if (ranges.length > 0 && !ranges.some(({ first, last }) => at >= first && at <= last)) {
      return false;
    }
    return modes.length === 0 || modes.includes(modeName(cpsr ?? readCpsr(this.#i32, env)));
  }

  /** Writes a record that {@linkcode Tracer.wants}; `body` is a text of further lines. */
  record(category: TraceCategory, env: number, head: string, body: string = ""): void {
    const more = body.trimEnd();
    const lines = more === "" ? "" : more.replace(/^/gm, "  ") + "\n";
    this.#sink.write(`cpu${this.#vcpu(env)} ${category}: ${head}\n${lines}`);
  }

  #vcpu(env: number): number {
    return this.#i32[(env + VCPU.INDEX) >>> 2];
  }
}
