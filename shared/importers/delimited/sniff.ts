import type { ImportOptions } from "../../model/evidence.ts";
import { detectText, keptText, type TextFormat } from "../text.ts";
import { MORE, RECORD, RecordReader, ESCAPED, QUOTED, unescape, type Dialect } from "./records.ts";

const COMMA = 44;
const TAB = 9;
const SEMICOLON = 59;
const PIPE = 124;
const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;
export const DELIMITERS = [COMMA, TAB, SEMICOLON, PIPE] as const;

/** Records of a head as texts. */
export interface Sample {
  readonly dialect: Dialect;
  readonly records: readonly SampleRecord[];
  /** Lines at the start that belong to no table: comments, `sep=;`. */
  readonly preamble: number;
  /** Share of records with the most frequent number of fields. */
  readonly consistency: number;
  /** The most frequent number of fields. */
  readonly width: number;
}

export interface SampleRecord {
  readonly line: number;
  readonly fields: readonly string[];
  readonly quoted: readonly boolean[];
}

/** Delimiter and quoting follow from at most this much text. */
const SNIFF_BYTES = 128 * 1024;
/** Types and roles follow from at most this many records. */
const SAMPLE_RECORDS = 20_000;

/** Finds delimiter and quoting of a head (`complete`: it is the whole file); `delimiter` and `encoding` override. */
export function sniffDialect(
  head: Uint8Array,
  complete: boolean,
  options: Pick<ImportOptions, "delimiter" | "encoding">,
): Sample {
  const format = detectText(head, options.encoding);
  const text = headText(head, format);
  const part = text.subarray(0, SNIFF_BYTES);
  const declared = declaredDelimiter(part);
  const wanted = options.delimiter === undefined ? declared : delimiterByte(options.delimiter);
  const candidates = wanted === null ? DELIMITERS : [wanted];
  let best: Sample | null = null;
  for (const delimiter of candidates) {
    for (const dialect of guessDialects(part, delimiter, format)) {
      const whole = complete && part.length === text.length;
      const sample = readSample(part, dialect, declared !== null, whole);
      if (best === null || score(sample) > score(best)) best = sample;
    }
  }
  const dialect = best?.dialect ?? {
    delimiter: COMMA,
    quote: DOUBLE_QUOTE,
    backslash: false,
    format,
  };
  return readSample(text, dialect, declared !== null, complete);
}

/** Byte of a delimiter as options name it: `,`, `;`, `|`, `\t` or `tab`. */
function delimiterByte(delimiter: string): number {
  if (delimiter === "\\t" || delimiter.toLowerCase() === "tab") return TAB;
  return delimiter.charCodeAt(0) & 0x7f;
}

/** The head as UTF-8 (or Windows-1252) without its byte order mark. */
function headText(head: Uint8Array, format: TextFormat): Uint8Array {
  const body = head.subarray(format.bom);
  if (format.encoding === "utf-8" || format.encoding === "windows-1252") {
    return body;
  }
  const text = new TextDecoder(format.encoding).decode(head);
  return new TextEncoder().encode(text);
}

/** `sep=;` on the first line, as spreadsheets write it. */
function declaredDelimiter(text: Uint8Array): number | null {
  const start = String.fromCharCode(...text.subarray(0, 6));
  return /^sep=[^\r\n]/i.test(start) ? (text[4] ?? null) : null;
}

function score(sample: Sample): number {
  if (sample.width < 2) return 0;
  return sample.consistency * (1 + Math.min(sample.width, 50) / 500);
}

/**
 * Quotes are those that stand at both ends of a field. Where backslashes stand
 * before quotes they may escape them, or end a field (`"C:\\dir\\"`): both are
 * tried, the standard first.
 */
function guessDialects(text: Uint8Array, delimiter: number, format: TextFormat): Dialect[] {
  let double = 0;
  let single = 0;
  let backslashed = 0;
  for (let at = 0; at < text.length; at++) {
    const b = text[at];
    if (b !== DOUBLE_QUOTE && b !== SINGLE_QUOTE) continue;
    const before = text[at - 1];
    const opens = before === undefined || before === delimiter || before === 10;
    if (b === DOUBLE_QUOTE) {
      if (opens) double++;
      if (before === 92) backslashed++;
    } else if (opens) {
      const closes = closesField(text, at, delimiter);
      if (closes) single++;
    }
  }
  const quote = single > 4 && double === 0 ? SINGLE_QUOTE : DOUBLE_QUOTE;
  const standard = { delimiter, quote, backslash: false, format };
  return backslashed > 0 ? [standard, { ...standard, backslash: true }] : [standard];
}

function closesField(text: Uint8Array, open: number, delimiter: number): boolean {
  const close = text.indexOf(SINGLE_QUOTE, open + 1);
  if (close === -1) return false;
  const after = text[close + 1];
  return after === delimiter || after === 10 || after === 13 || after === undefined;
}

/** All complete records of a text. */
function readSample(
  text: Uint8Array,
  dialect: Dialect,
  declared: boolean,
  complete: boolean,
): Sample {
  const reader = new RecordReader({
    ...dialect,
    format: { ...dialect.format, bom: 0 },
  });
  reader.push(text);
  reader.finish();
  const records: SampleRecord[] = [];
  let preamble = 0;
  let rejected = 0;
  for (let state = reader.next(); state !== MORE; state = reader.next()) {
    if (state !== RECORD) {
      rejected++;
      continue;
    }
    const first = reader.bytes[reader.recordStart];
    const isComment = records.length === 0 && (first === 35 || (declared && reader.line === 1));
    if (isComment) {
      preamble = reader.line + reader.span - 1;
      continue;
    }
    records.push(readRecord(reader, dialect));
    if (records.length === SAMPLE_RECORDS) break;
  }
  // The head may end inside a record.
  const ended =
    complete ||
    records.length === SAMPLE_RECORDS ||
    text[text.length - 1] === dialect.format.newline;
  if (records.length > 1 && !ended) {
    records.pop();
  }
  const { width, most } = widthOf(records);
  const all = records.length + rejected;
  return { dialect, records, preamble, width, consistency: all === 0 ? 0 : most / all };
}

function readRecord(reader: RecordReader, dialect: Dialect): SampleRecord {
  const fields: string[] = [];
  const quoted: boolean[] = [];
  for (let i = 0; i < reader.count; i++) {
    const start = reader.starts[i] ?? 0;
    const end = reader.ends[i] ?? 0;
    const flags = reader.flags[i] ?? 0;
    quoted.push((flags & QUOTED) !== 0);
    fields.push(
      (flags & ESCAPED) === 0
        ? fieldText(reader.bytes, start, end, dialect)
        : fieldText(unescape(reader.bytes, start, end, dialect), 0, Infinity, dialect),
    );
  }
  return { line: reader.line, fields, quoted };
}

const decoder = new TextDecoder();

function fieldText(bytes: Uint8Array, start: number, end: number, dialect: Dialect): string {
  const to = Math.min(end, bytes.length);
  const text = decoder.decode(bytes.subarray(start, to));
  return text.includes("\ufffd") || dialect.format.encoding === "windows-1252"
    ? keptText(bytes, start, to, dialect.format.encoding)
    : text;
}

function widthOf(records: readonly SampleRecord[]): {
  readonly width: number;
  /** Records of that width. */
  readonly most: number;
} {
  const counts = new Map<number, number>();
  for (const { fields } of records) {
    counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  }
  let width = 0;
  let most = 0;
  for (const [fields, count] of counts) {
    if (count > most || (count === most && fields > width)) {
      width = fields;
      most = count;
    }
  }
  return { width, most };
}
