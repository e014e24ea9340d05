/**
 * Puts the records of a file together, one after the other, and refuses what cannot be true: what
 * the reader accepts and what the writer writes is decided here.
 * @module
 */
import { type Contradiction, endContradictions, sampleContradictions } from "./derived.ts";
import { ResultsError } from "./results_error.ts";
import {
  type CellRecord,
  type EndRecord,
  type FailureRecord,
  GIVEN_UP,
  type ResultRecord,
  type RunRecord,
  type SampleRecord,
} from "./types.ts";

/** One run of a cell, right or not. */
export type Attempt = SampleRecord | FailureRecord;

/** What records say together. */
export interface Results {
  /** At least one; more after `--resume`. */
  readonly runs: readonly RunRecord[];
  /** By cell id, in the order of the file. */
  readonly cells: ReadonlyMap<string, CellRecord>;
  /** In the order of the file. */
  readonly samples: readonly SampleRecord[];
  /** In the order of the file, without those in `setAside`. */
  readonly failures: readonly FailureRecord[];
  /** Runs that a signal from outside cut short, and those that `--retry` did again: not counted. */
  readonly setAside: readonly FailureRecord[];
  /** In the order of the file. */
  readonly ends: readonly EndRecord[];
  /** Of each run; one that was killed, or still goes on, has none. */
  readonly endOf: ReadonlyMap<RunRecord, EndRecord>;
  /** Which run made each sample and failure. */
  readonly origin: ReadonlyMap<Attempt, RunRecord>;
  /** What is odd but could be read, a sentence each. */
  readonly warnings: readonly string[];
}

interface Place {
  readonly line: number;
  readonly text: string;
}

/** The records so far. */
export class Collector {
  readonly #file: string;
  readonly #runs: RunRecord[] = [];
  readonly #cells = new Map<string, CellRecord>();
  readonly #samples: SampleRecord[] = [];
  #failures: FailureRecord[] = [];
  readonly #setAside: FailureRecord[] = [];
  readonly #ends: EndRecord[] = [];
  readonly #endOf = new Map<RunRecord, EndRecord>();
  readonly #origin = new Map<Attempt, RunRecord>();
  readonly #warnings: string[] = [];
  readonly #places = new Map<string, Place>();
  readonly #processes = new Map<number, Pick<Attempt, "turn" | "cell">>();
  #lines = 0;

  /** `file` is its name in messages. */
  constructor(file: string) {
    this.#file = file;
  }

  /** A copy of what there is now. */
  results(): Results {
    return {
      runs: [...this.#runs],
      cells: new Map(this.#cells),
      samples: [...this.#samples],
      failures: [...this.#failures],
      setAside: [...this.#setAside],
      ends: [...this.#ends],
      endOf: new Map(this.#endOf),
      origin: new Map(this.#origin),
      warnings: [...this.#warnings],
    };
  }

  /** The cell that a run belongs to. */
  cellOf(attempt: Attempt): CellRecord | undefined {
    return this.#cells.get(attempt.cell);
  }

  /**
   * Takes the record of the next line, whose schema is right. A record that is refused leaves
   * nothing but its line's number.
   * @throws {ResultsError} naming file, line, field and remedy.
   */
  add(record: ResultRecord): void {
    const line = ++this.#lines;
    if (record.kind === "run") return this.#addRun(record, line);
    const run = this.#runs.at(-1);
    if (run === undefined) {
      throw new ResultsError(
        `${this.#file}, line ${line} is a ${record.kind} record; a results file begins with a run ` +
          "record: the file's head is missing, measure again into another out directory",
      );
    }
    if (this.#endOf.has(run)) {
      const words =
        `a ${record.kind} record after its run's end; the record of the run that made ` +
        "it is missing";
      throw this.#refusal(line, { field: "kind", words });
    }
    switch (record.kind) {
      case "cell":
        return this.#addCell(record, line);
      case "end":
        this.#check(line, endContradictions(record, run));
        this.#ends.push(record);
        this.#endOf.set(run, record);
        return;
      default:
        return this.#addAttempt(record, line, run);
    }
  }

  /** Counts a line that no record could be read from. */
  skip(): void {
    this.#lines++;
  }

  #addRun(run: RunRecord, line: number): void {
    const first = this.#runs[0];
    if (first !== undefined && !run.resumed) {
      const words = `a second run that does not go on with the first one of ${first.started}: ` +
        "two files were put together, or two runs wrote at the same time";
      throw this.#refusal(line, { field: "resumed", words });
    }
    if (
      first !== undefined && JSON.stringify(run.commandLine) !== JSON.stringify(first.commandLine)
    ) {
      const words = "it is not the first run's, which a resumed run has";
      throw this.#refusal(line, { field: "commandLine", words });
    }
    this.#runs.push(run);
    for (const cell of run.retried) this.#forget(cell);
  }

  /** Sets aside what made a cell be given up: it is tried again. */
  #forget(cell: string): void {
    const hopeless = this.#failures.filter((one) =>
      one.cell === cell && GIVEN_UP.includes(one.failure)
    );
    this.#setAside.push(...hopeless);
    this.#failures = this.#failures.filter((one) => !hopeless.includes(one));
    for (const one of hopeless) this.#places.delete(keyOf(one));
  }

  #addCell(cell: CellRecord, line: number): void {
    const place = { line, text: JSON.stringify(cell) };
    if (this.#isRepeated(`cell ${cell.cell}`, place, "cell", `cell ${cell.cell}`)) return;
    this.#cells.set(cell.cell, cell);
  }

  #addAttempt(record: Attempt, line: number, run: RunRecord): void {
    const cell = this.#cells.get(record.cell);
    if (cell === undefined) {
      const words = `no cell record before it is called ${record.cell}`;
      throw this.#refusal(line, { field: "cell", words });
    }
    if (record.kind === "sample") this.#check(line, sampleContradictions(record, cell));
    this.#checkProcess(record, line);
    if (record.kind === "failure" && record.failure === "interrupted") {
      this.#setAside.push(record);
    } else {
      const place = { line, text: JSON.stringify(record) };
      const what = `repeat ${record.repeat} of ${record.cell}`;
      if (this.#isRepeated(keyOf(record), place, "repeat", what)) return;
      if (record.kind === "sample") this.#samples.push(record);
      else this.#failures.push(record);
    }
    this.#origin.set(record, run);
  }

  /** A process ran one cell in one turn. */
  #checkProcess({ process, turn, cell }: Attempt, line: number): void {
    const known = this.#processes.get(process);
    if (known === undefined) this.#processes.set(process, { turn, cell });
    else if (known.turn !== turn || known.cell !== cell) {
      const words = `process ${process} ran ${known.cell} in turn ${known.turn} before`;
      throw this.#refusal(line, { field: "process", words });
    }
  }

  /** Whether the same was there word for word; refused when it was there with other words. */
  #isRepeated(key: string, place: Place, field: string, what: string): boolean {
    const known = this.#places.get(key);
    if (known === undefined) {
      this.#places.set(key, place);
      return false;
    }
    if (known.text !== place.text) {
      const words = `${what} is on line ${known.line} already, with other values`;
      throw this.#refusal(place.line, { field, words });
    }
    this.#warnings.push(
      `${this.#file}, line ${place.line} repeats line ${known.line} (${what}): counted once.`,
    );
    return true;
  }

  #check(line: number, found: readonly Contradiction[]): void {
    if (found.length > 0) throw this.#refusal(line, found[0]);
  }

  #refusal(line: number, { field, words }: Contradiction): ResultsError {
    return new ResultsError(
      `${this.#file}, line ${line}, field ${field}: ${words}. ${repairRemedy(this.#file)}`,
    );
  }
}

/** What to do about a file with a line that cannot be true. */
export function repairRemedy(file: string): string {
  const directory = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : ".";
  return `Save what is whole with: deno task report --repair ${directory}`;
}

function keyOf(record: Attempt): string {
  return JSON.stringify([record.cell, record.repeat]);
}
