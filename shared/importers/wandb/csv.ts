import {
  MORE,
  RECORD,
  RecordReader,
  ESCAPED,
  unescape,
  type Dialect,
} from "../delimited/records.ts";
import type { Source } from "../importer.ts";
import { detectText, keepsOffsets, textChunks, type TextFormat } from "../text.ts";

/** A record of a CSV as W&B writes it: commas, double quotes. */
export interface CsvRecord {
  /** Null where the record is broken. */
  readonly fields: readonly string[] | null;
  readonly reason: string;
  readonly line: number;
  readonly offset: number;
  readonly text: () => string;
}

/** The records of bytes at hand; the last one, which may be cut off, is left out unless `complete`. */
export function csvRecordsOf(bytes: Uint8Array, complete: boolean): CsvRecord[] {
  const format = detectText(bytes);
  const reader = new RecordReader(dialectOf(format));
  reader.push(bytes.subarray(format.bom));
  if (complete) reader.finish();
  return [...records(reader, format)];
}

/** The records of a source; the header is one of them. */
export async function* csvRecords(source: Source): AsyncGenerator<CsvRecord> {
  const format = detectText(await source.head());
  const reader = new RecordReader(dialectOf(format));
  for await (const chunk of textChunks(source, format)) {
    reader.push(chunk);
    yield* records(reader, format);
  }
  if (source.cut === null) reader.finish();
  else reader.release();
  yield* records(reader, format);
  if (source.cut === null || reader.pending === 0) return;
  reader.takeRest();
  const text = decoder.decode(reader.rejectedText());
  const reason = "cut off: the compressed data ends in the middle of this record";
  yield { fields: null, reason, line: reader.line, offset: reader.offset, text: () => text };
}

function dialectOf(format: TextFormat): Dialect {
  return { delimiter: 0x2c, quote: 0x22, backslash: false, format };
}

const decoder = new TextDecoder();

function* records(reader: RecordReader, format: TextFormat): Generator<CsvRecord> {
  for (let state = reader.next(); state !== MORE; state = reader.next()) {
    const { line, offset } = reader;
    const position = { line, offset: keepsOffsets(format) ? offset : -1 };
    if (state === RECORD) {
      const text = decoder.decode(reader.bytes.slice(reader.recordStart, reader.recordEnd));
      yield { fields: fieldsOf(reader), reason: "", ...position, text: () => text };
    } else {
      const text = decoder.decode(reader.rejectedText());
      yield { fields: null, reason: reader.reason, ...position, text: () => text };
    }
  }
}

function fieldsOf(reader: RecordReader): string[] {
  return Array.from({ length: reader.count }, (_, i) => {
    const start = reader.starts[i] ?? 0;
    const end = reader.ends[i] ?? 0;
    const escaped = ((reader.flags[i] ?? 0) & ESCAPED) !== 0;
    return decoder.decode(
      escaped
        ? unescape(reader.bytes, start, end, reader.dialect)
        : reader.bytes.subarray(start, end),
    );
  });
}
