import type { ImportOptions } from "../../model/evidence.ts";
import type { Source } from "../importer.ts";
import { isUtf8, keepsOffsets, keptText, repairUtf8, textChunks } from "../text.ts";
import { ESCAPED, MORE, RecordReader, REJECT, unescape, type Dialect } from "./records.ts";
import { sniffDialect, type Sample } from "./sniff.ts";

/** A record of a delimited file as texts, for importers that know what its columns are. */
export interface TextRecord {
  readonly fields: readonly string[];
  /** Why it could not be cut into fields; null for a good one. */
  readonly bad: string | null;
  /** 1-based. */
  readonly line: number;
  /** -1 where the encoding is not kept. */
  readonly offset: number;
  /** Its first 2,000 characters, for rejects. */
  readonly text: () => string;
}

/** Dialect and first records of a source. */
export async function sampleRecords(
  source: Source,
  options: Pick<ImportOptions, "delimiter" | "encoding">,
): Promise<Sample> {
  const head = await source.head();
  return sniffDialect(head, head.length < 1024 * 1024, options);
}

/** All records after the preamble (`sep=;`, comments), the header among them. */
export async function* textRecords(source: Source, sample: Sample): AsyncGenerator<TextRecord> {
  const { dialect, preamble } = sample;
  const reader = new RecordReader(dialect);
  for await (const chunk of textChunks(source, dialect.format)) {
    reader.push(chunk);
    yield* drain(reader, dialect, preamble);
  }
  if (source.cut === null) {
    reader.finish();
    yield* drain(reader, dialect, preamble);
    return;
  }
  reader.release();
  yield* drain(reader, dialect, preamble);
  if (reader.pending === 0) return;
  reader.takeRest();
  const bad = "cut off: the compressed data ends in the middle of this record";
  yield { ...placeOf(reader, dialect), fields: [], bad };
}

function* drain(reader: RecordReader, dialect: Dialect, preamble: number): Generator<TextRecord> {
  for (let state = reader.next(); state !== MORE; state = reader.next()) {
    if (reader.line <= preamble) continue;
    const place = placeOf(reader, dialect);
    if (state === REJECT) yield { ...place, fields: [], bad: reader.reason };
    else yield { ...place, fields: fieldsOf(reader, dialect), bad: null };
  }
}

function placeOf(
  reader: RecordReader,
  dialect: Dialect,
): Pick<TextRecord, "line" | "offset" | "text"> {
  return {
    line: reader.line,
    offset: keepsOffsets(dialect.format) ? reader.offset : -1,
    // Called, if at all, before the next record is read.
    text: () => {
      const bytes = reader.rejectedText();
      return keptText(bytes, 0, bytes.length, dialect.format.encoding).replace(/\r$/, "");
    },
  };
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function fieldsOf(reader: RecordReader, dialect: Dialect): string[] {
  const fields: string[] = [];
  for (let i = 0; i < reader.count; i++) {
    const start = reader.starts[i] ?? 0;
    const end = reader.ends[i] ?? 0;
    const escaped = ((reader.flags[i] ?? 0) & ESCAPED) !== 0;
    const bytes = escaped
      ? unescape(reader.bytes, start, end, dialect)
      : reader.bytes.subarray(start, end);
    const all = dialect.format.encoding === "windows-1252";
    const valid = !all && isUtf8(bytes, 0, bytes.length);
    fields.push(decoder.decode(valid ? bytes : repairUtf8(bytes, 0, bytes.length, all)));
  }
  return fields;
}
