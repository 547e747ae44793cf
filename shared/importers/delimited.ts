import { Fault, ok, unwrap, type Result } from "../base/result.ts";
import type { ImportOptions } from "../model/evidence.ts";
import { BatchBuilder } from "../tables/batch.ts";
import { Cells, type BadCell } from "./delimited/cells.ts";
import { longOf } from "./delimited/numbers.ts";
import { analyse, detectDelimited, type Analysis } from "./delimited/plan.ts";
import { MORE, RecordReader, REJECT } from "./delimited/records.ts";
import { TOLERANCE } from "./delimited/types.ts";
import { createWriter, METRIC_TERMS, type Provenance } from "./delimited/writers.ts";
import {
  WidenColumn,
  type Importer,
  type ImportError,
  type ImportPlan,
  type Sink,
  type Source,
} from "./importer.ts";
import { isAscii, keepsOffsets, keptText, textChunks } from "./text.ts";

const HEAD = 1024 * 1024;
/** Cells that may fail before their column is taken for a text. */
const MAX_BAD_CELLS = 100;

/**
 * CSV, TSV and the like (RFC 4180 and its dialects).
 *
 * A record is a line that is not blank, or several lines joined by quotes;
 * comment lines at the start and the header are no records. A record of a
 * wide metric file becomes one row per filled value, or none; it still counts
 * as one accepted record.
 */
export const delimitedImporter: Importer = {
  id: "delimited",
  name: "Delimited text",
  description:
    "CSV, TSV, semicolon and pipe separated tables: features, predictions, wide and long metrics, logs, events, spans",
  extensions: ["csv", "tsv", "tab", "psv", "txt"],
  detect: detectDelimited,
  plan: planDelimited,
  read: readDelimited,
};

async function planDelimited(
  source: Source,
  options: ImportOptions,
): Promise<Result<ImportPlan, ImportError>> {
  const analysis = await analyseSource(source, options);
  if (!analysis.ok) return analysis;
  const { plan } = analysis.value;
  ANALYSES.set(plan, analysis.value);
  return ok(plan);
}

/** What is behind a plan; one that went through a message is analysed again from its options. */
const ANALYSES = new WeakMap<ImportPlan, Analysis>();

async function analyseSource(
  source: Source,
  options: ImportOptions,
): Promise<Result<Analysis, ImportError>> {
  const head = await source.head(HEAD);
  try {
    return analyse(head, source.name, head.length < HEAD, options);
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const error = thrown.error as ImportError;
    return { ok: false, error: { ...error, file: source.name } };
  }
}

async function readDelimited(source: Source, plan: ImportPlan, sink: Sink): Promise<void> {
  const analysis = ANALYSES.get(plan) ?? unwrap(await analyseSource(source, plan.options));
  const read = new TableRead(analysis, plan, sink);
  for await (const chunk of textChunks(source, analysis.sample.dialect.format)) {
    if (sink.signal.aborted) throw cancelled(source.name);
    read.push(chunk);
    await read.drain();
  }
  if (source.cut === null) read.finish();
  else read.cutOff();
  await read.drain();
  await read.end();
}

/**
 * One reading of a file: `push` bytes, `drain` after each, then `finish`,
 * `drain` and `end`. `hasOffsets`: the bytes are those of the file.
 */
export class TableRead {
  readonly #reader: RecordReader;
  readonly #cells: Cells;
  readonly #builder: BatchBuilder;
  readonly #write: (at: Provenance) => string | null;
  readonly #at: Provenance;
  readonly #batches: { ipc: Uint8Array; rows: number }[] = [];
  readonly #width: number;
  readonly #encoding: string;
  readonly #offsets: boolean;
  readonly #bad: Int32Array;
  /** Records before the data. */
  #skip: number;
  #records = 0;
  #accepted = 0;

  constructor(
    readonly analysis: Analysis,
    readonly plan: ImportPlan,
    readonly sink: Sink,
    hasOffsets = true,
  ) {
    const { sample, header } = analysis;
    this.#reader = new RecordReader(sample.dialect);
    this.#cells = new Cells(this.#reader, analysis.guesses, analysis.times);
    this.#builder = new BatchBuilder(
      plan.batchColumns,
      undefined,
      plan.target === "metrics" ? METRIC_TERMS : [],
    );
    this.#write = createWriter(analysis, this.#cells, this.#builder, () => {
      this.#flush();
    });
    this.#at = { evidence: sink.evidence, line: 0, offset: 0 };
    this.#width = header.names.length;
    this.#encoding = sample.dialect.format.encoding;
    this.#offsets = hasOffsets && keepsOffsets(sample.dialect.format);
    this.#bad = new Int32Array(this.#width);
    this.#skip = header.rows;
  }

  push(chunk: Uint8Array): void {
    const pendingHigh = this.#cells.highBytes && this.#reader.pending > 0;
    this.#cells.highBytes = pendingHigh || !isAscii(chunk, 0, chunk.length);
    this.#reader.push(chunk);
  }

  finish(): void {
    this.#reader.finish();
  }

  /** The content ends in the middle: its last record is kept, but not believed. */
  cutOff(): void {
    const reader = this.#reader;
    reader.release();
    this.#readAll();
    if (reader.pending === 0) return;
    reader.takeRest();
    this.#reject("cut off: the compressed data ends in the middle of this record");
  }

  /** Reads all complete records, and hands over full batches. */
  async drain(): Promise<void> {
    this.#readAll();
    await this.#send();
    if (this.#accepted > 0) {
      this.sink.accepted(this.#accepted);
      this.#accepted = 0;
    }
  }

  async end(): Promise<void> {
    this.#checkBadShare();
    if (this.#reader.blankLines > 0) {
      this.sink.note("info", `${this.#reader.blankLines} blank lines were passed over.`);
    }
    if (this.#builder.rows > 0) this.#flush();
    await this.#send();
  }

  #flush(): void {
    const rows = this.#builder.rows;
    this.#batches.push({ ipc: this.#builder.flush(), rows });
  }

  async #send(): Promise<void> {
    for (const { ipc, rows } of this.#batches.splice(0)) {
      await this.sink.batch(ipc, rows);
    }
  }

  #readAll(): void {
    const reader = this.#reader;
    for (let state = reader.next(); state !== MORE; state = reader.next()) {
      if (reader.line <= this.analysis.sample.preamble) continue;
      if (state === REJECT) {
        this.#reject(reader.reason);
        continue;
      }
      if (this.#skip > 0) {
        this.#skip--;
        continue;
      }
      this.#records++;
      if (reader.count === this.#width) this.#record();
      else if (reader.span > 1) {
        // Lines joined by a quote that was never meant to join them.
        reader.rejectFirstLine("");
        this.#reject("a quote was opened and never closed");
      } else {
        this.#reject(
          `has ${plural(reader.count, "field")}, ${this.analysis.header.rows > 0 ? "the header has" : "the other rows have"} ${this.#width}`,
        );
      }
    }
  }

  #record(): void {
    const cells = this.#cells;
    const at = this.#at;
    at.line = this.#reader.line;
    at.offset = this.#offsets ? this.#reader.offset : -1;
    const failure = this.#write(at);
    if (cells.repaired) {
      cells.repaired = false;
      this.sink.note("warning", "Bytes that are not UTF-8 were read as Windows-1252.");
    }
    if (failure === null) {
      this.#accepted++;
      if (this.#builder.full) this.#flush();
      return;
    }
    const { bad } = cells;
    cells.bad = null;
    if (bad === null) this.#reject(failure);
    else this.#badCell(bad);
  }

  /** Widens the column of a cell that does not fit, or rejects the record. */
  #badCell(bad: BadCell): void {
    const name = this.analysis.header.names[bad.column] ?? "";
    if (this.plan.target === "own") {
      const wider = this.#wider(bad);
      if (wider !== null) throw new WidenColumn(name, wider);
    }
    const text = bad.text.length > 60 ? `${bad.text.slice(0, 60)}…` : bad.text;
    const article = bad.expected === "integer" ? "an" : "a";
    this.#reject(`column ${name}: '${text}' is not ${article} ${bad.expected}`);
  }

  #wider(bad: BadCell): "double" | "varchar" | null {
    // The sample had nothing in this column: anything is the first word on its type.
    if (this.analysis.guesses[bad.column]?.filled === 0) return "varchar";
    if (bad.expected === "integer") {
      if (isDouble(bad.text)) return "double";
      // Codes with leading zeros and identifiers beyond 64 bits.
      if (/^[+-]?\d+$/.test(bad.text) && longOf(bad.text) === null) return "varchar";
    }
    const failed = (this.#bad[bad.column] ?? 0) + 1;
    this.#bad[bad.column] = failed;
    return failed > MAX_BAD_CELLS ? "varchar" : null;
  }

  /** Few cells, but too many for the size of the file. */
  #checkBadShare(): void {
    this.#bad.forEach((failed, c) => {
      if (failed > this.#records * TOLERANCE) {
        throw new WidenColumn(this.analysis.header.names[c] ?? "", "varchar");
      }
    });
  }

  #reject(reason: string): void {
    const reader = this.#reader;
    const text = reader.rejectedText();
    const offset = this.#offsets ? reader.offset : -1;
    this.sink.reject(reader.line, offset, reason, keptText(text, 0, text.length, this.#encoding));
  }
}

function isDouble(text: string): boolean {
  return /^[+-]?(?:(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?|inf|infinity|nan)$/i.test(text);
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function cancelled(file: string): Fault<ImportError> {
  return new Fault<ImportError>({
    kind: "cancelled",
    file,
    message: `The import of “${file}” was cancelled.`,
    advice: "Nothing of it was kept. Add the file again when you want it.",
  });
}
