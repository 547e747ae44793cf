import {
  Field,
  Int64,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  makeData,
  tableFromIPC,
  type Data,
} from "apache-arrow";
import { Fault } from "../base/result.ts";
import { BatchBuilder } from "../tables/batch.ts";
import { METRIC_SERIES_COLUMNS, SERIES_OF_A_FILE } from "../tables/metric-store.ts";
import type { ImportError } from "./importer.ts";

/** Columns of `metrics` that say which series a sample belongs to. */
const IDENTITY = ["series", "name", "service", "unit"] as const;
const SAMPLE = ["value", "_ev", "_line", "_off"] as const;

/**
 * Takes the texts of the series out of batches of `metrics`: what is left are
 * numbers (`metric_samples`), and each series once (`metric_series`).
 */
export class MetricSeries {
  readonly #ids = new Map<string, number>();
  readonly #series: BatchBuilder;

  constructor(
    readonly evidence: number,
    readonly file: string,
  ) {
    this.#series = new BatchBuilder(METRIC_SERIES_COLUMNS, 4096);
  }

  /**
   * A batch with the columns of `metrics`, as samples. The series that it was
   * the first to name are ready for `newSeries`.
   */
  samples(ipc: Uint8Array): Uint8Array {
    const [batch] = tableFromIPC(ipc).batches;
    if (batch === undefined) throw new Error("the batch of metrics is empty");
    const column = (name: string): Data => {
      const found: Data | undefined = batch.getChild(name)?.data[0];
      if (found === undefined) throw new Error(`the batch of metrics has no column ${name}`);
      return found;
    };
    const ids = this.#idsOf(
      IDENTITY.map((name) => codesOf(column(name))),
      batch.numRows,
    );
    const idData = makeData({ type: new Int64(), length: ids.length, nullCount: 0, data: ids });
    const children = [column("ts"), idData, ...SAMPLE.map(column)];
    const names = ["ts", "series_id", ...SAMPLE];
    const fields = children.map((data, i) => new Field(names[i] ?? "", data.type, true));
    const type = new Struct(fields);
    const data = makeData({ type, length: batch.numRows, nullCount: 0, children });
    const writer = new RecordBatchStreamWriter();
    writer.write(new RecordBatch(new Schema(fields), data));
    writer.finish();
    return writer.toUint8Array(true);
  }

  /** The series named since the last call, as a batch of `metric_series`; null where there are none. */
  newSeries(): Uint8Array | null {
    return this.#series.rows === 0 ? null : this.#series.flush();
  }

  /** True when `newSeries` has to be taken before the next batch. */
  get full(): boolean {
    return this.#series.full;
  }

  #idsOf(columns: readonly Codes[], rows: number): BigInt64Array {
    const ids = new BigInt64Array(rows);
    // Little-endian pairs: ids fit into a double, and BigInt per row is slow.
    const words = new Uint32Array(ids.buffer);
    const [first = NO_CODES, ...rest] = columns;
    const [second = NO_CODES, third = NO_CODES, fourth = NO_CODES] = rest;
    // What the last sample with this key said else, and its id: nearly always the same again.
    const last = new Int32Array(first.texts.length * 3).fill(-1);
    const lastId = new Float64Array(first.texts.length);
    for (let row = 0; row < rows; row++) {
      const a = first.codes[row] ?? 0;
      const b = second.codes[row] ?? 0;
      const c = third.codes[row] ?? 0;
      const d = fourth.codes[row] ?? 0;
      let id = lastId[a] ?? 0;
      if (last[a * 3] !== b || last[a * 3 + 1] !== c || last[a * 3 + 2] !== d) {
        id = this.#id([
          first.texts[a] ?? null,
          second.texts[b] ?? null,
          third.texts[c] ?? null,
          fourth.texts[d] ?? null,
        ]);
        last[a * 3] = b;
        last[a * 3 + 1] = c;
        last[a * 3 + 2] = d;
        lastId[a] = id;
      }
      words[row * 2] = id;
      words[row * 2 + 1] = id / 4294967296;
    }
    return ids;
  }

  #id(texts: readonly (string | null)[]): number {
    const key = JSON.stringify(texts);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    if (this.#ids.size >= SERIES_OF_A_FILE) throw this.#tooMany();
    const id = this.evidence * SERIES_OF_A_FILE + this.#ids.size;
    this.#ids.set(key, id);
    this.#series.bigint(0, id);
    texts.forEach((text, i) => {
      if (text !== null) this.#series.utf8(i + 1, text);
    });
    this.#series.bigint(5, this.evidence);
    this.#series.endRow();
    return id;
  }

  #tooMany(): Fault<ImportError> {
    return new Fault<ImportError>({
      kind: "unsupported",
      file: this.file,
      message: `“${this.file}” has more than ${SERIES_OF_A_FILE} different series.`,
      advice:
        "A label that is different in every sample makes series of its own: give it the role “ignore”.",
    });
  }
}

/** The texts of a column, and for each row which of them it holds; the first is NULL. */
interface Codes {
  readonly codes: Int32Array;
  readonly texts: readonly (string | null)[];
}
const NO_CODES: Codes = { codes: new Int32Array(0), texts: [null] };

function codesOf(data: Data): Codes {
  const { dictionary } = data;
  if (dictionary === undefined) return codesOfTexts(data);
  const indices = data.values as Int32Array;
  const codes = new Int32Array(data.length);
  for (let row = 0; row < data.length; row++) {
    if (isValid(data, row)) codes[row] = (indices[row] ?? 0) + 1;
  }
  return { codes, texts: [null, ...Array.from(dictionary, String)] };
}

const decoder = new TextDecoder();

/** Texts as they are, told apart by their bytes. */
function codesOfTexts(data: Data): Codes {
  const bytes = data.values as Uint8Array;
  const offsets = data.valueOffsets as Int32Array;
  const codes = new Int32Array(data.length);
  const texts: (string | null)[] = [null];
  // Codes by hash; of texts with the same hash, only the last is found without decoding.
  const byHash = new Map<number, { code: number; start: number; end: number }>();
  const byText = new Map<string, number>();
  for (let row = 0; row < data.length; row++) {
    if (!isValid(data, row)) continue;
    const start = offsets[row] ?? 0;
    const end = offsets[row + 1] ?? 0;
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    const known = byHash.get(hash);
    if (known !== undefined && sameRange(bytes, known.start, known.end, start, end)) {
      codes[row] = known.code;
      continue;
    }
    const text = decoder.decode(bytes.subarray(start, end));
    let code = byText.get(text);
    if (code === undefined) {
      code = texts.length;
      texts.push(text);
      byText.set(text, code);
    }
    byHash.set(hash, { code, start, end });
    codes[row] = code;
  }
  return { codes, texts };
}

function isValid(data: Data, row: number): boolean {
  if (data.nullCount === 0) return true;
  return ((data.nullBitmap[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
}

function sameRange(
  bytes: Uint8Array,
  start: number,
  end: number,
  otherStart: number,
  otherEnd: number,
): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let i = 0; i < end - start; i++)
    if (bytes[start + i] !== bytes[otherStart + i]) return false;
  return true;
}
