import { detectTimeLayout } from "../times.ts";
import { guessColumn, isNullText, type ColumnGuess } from "./types.ts";
import type { SampleRecord } from "./sniff.ts";

/** Lines before the data, and what they say. */
export interface Header {
  /** Records before the data. */
  readonly rows: number;
  /** Unique column names. */
  readonly names: readonly string[];
  /** Parts of each column's name, one per header row, empty ones included. */
  readonly parts: readonly (readonly string[])[];
  /** Names of the header's own levels (`microservice`, `metric`), where it tells them. */
  readonly levels: readonly string[];
  /** Names that had to be changed. */
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
}

/** Headers have at most this many rows, the row with the index's name included. */
const MAX_HEADER = 4;

/** Finds how many records are header, and the columns' names. */
export function readHeader(
  records: readonly SampleRecord[],
  width: number,
  delimiter: number,
  wantedRows: number | undefined,
): Header {
  const rows = wantedRows ?? countHeaderRows(records, width, delimiter);
  const header = records.slice(0, rows).map((r) => r.fields.map((f) => f.trim()));
  const last = header[rows - 1];
  // pandas writes the name of the index on a row of its own.
  const hasIndexRow =
    rows > 1 && last?.[0] !== "" && last?.slice(1).every((f) => f === "") === true;
  const levels = hasIndexRow ? header.slice(0, -1) : header;
  const parts = Array.from({ length: width }, (_, c) => levels.map((row) => row[c] ?? ""));
  const raw = parts.map((levelParts, c) => {
    if (c === 0 && hasIndexRow) return last[0] ?? "";
    return levelParts
      .filter((p, i) => p !== "" && levelParts.indexOf(p) === i)
      .map((p) => (/^Unnamed: \d+(?:_level_\d+)?$/.test(p) && rows > 1 ? "" : p))
      .filter((p) => p !== "")
      .join(" / ");
  });
  const { names, renamed } = uniqueNames(raw);
  return {
    rows,
    names,
    parts,
    levels: levels.length > 1 ? levels.map((row) => row[0] ?? "") : [],
    renamed,
  };
}

/** Column names as a table can have them: not empty, and distinct also in lower case. */
export function uniqueNames(raw: readonly string[]): {
  readonly names: string[];
  readonly renamed: { from: string; to: string }[];
} {
  const taken = new Set(["_ev", "_line", "_off"]);
  const wanted = new Set(raw.map((n) => n.toLowerCase()));
  const renamed: { from: string; to: string }[] = [];
  const names = raw.map((name, c) => {
    const base = name === "" ? `column_${c + 1}` : name;
    let unique = base;
    for (
      let n = 2;
      taken.has(unique.toLowerCase()) || (unique !== base && wanted.has(unique.toLowerCase()));
      n++
    ) {
      unique = `${base}_${n}`;
    }
    taken.add(unique.toLowerCase());
    if (unique !== base) renamed.push({ from: base, to: unique });
    return unique;
  });
  return { names, renamed };
}

function countHeaderRows(
  records: readonly SampleRecord[],
  width: number,
  delimiter: number,
): number {
  const first = records[0];
  if (first === undefined) return 0;
  const from = records.length > MAX_HEADER + 1 ? MAX_HEADER : 1;
  const columns = Array.from({ length: width }, (_, c) =>
    guessColumn(
      "",
      records.slice(from, from + 500).map((r) => r.fields[c] ?? ""),
      delimiter,
    ),
  );
  const typed = columns
    .map((guess, c) => ({ guess, c }))
    .filter(({ guess }) => guess.type !== "varchar" && guess.filled > 0);
  if (typed.length === 0) return looksLikeNames(records, width) ? 1 : 0;
  let rows = 0;
  while (rows < MAX_HEADER && rows < records.length) {
    const record = records[rows];
    if (record === undefined || !isHeaderRow(record, typed, rows)) break;
    rows++;
  }
  return Math.min(rows, Math.max(0, records.length));
}

interface TypedColumn {
  readonly guess: ColumnGuess;
  readonly c: number;
}

/** Most cells above typed columns are texts of another kind; or only the first cell is filled (an index's name). */
function isHeaderRow(record: SampleRecord, typed: readonly TypedColumn[], row: number): boolean {
  const filled = record.fields.filter((f) => f.trim() !== "").length;
  const firstCell = (record.fields[0] ?? "").trim();
  if (row > 0 && filled === 1 && firstCell !== "" && record.fields.length > 2) {
    return !looksLikeValue(firstCell);
  }
  let other = 0;
  let same = 0;
  for (const { guess, c } of typed) {
    const text = (record.fields[c] ?? "").trim();
    if (isNullText(text)) continue;
    if (fitsType(text, guess)) same++;
    else other++;
  }
  // A second header row has to be certain: dirty data must not become a header.
  return row === 0
    ? other > 0 && other >= same
    : other > 0 && same === 0 && other * 2 >= typed.length;
}

function fitsType(text: string, guess: ColumnGuess): boolean {
  switch (guess.type) {
    case "boolean":
      return guessColumn("", [text], 44).type === "boolean";
    case "bigint":
    case "double":
      return looksLikeNumber(text);
    case "timestamp":
      return looksLikeValue(text);
    case "varchar":
      return true;
  }
}

function looksLikeNumber(text: string): boolean {
  const { type } = guessColumn("", [text], 44);
  return type === "bigint" || type === "double";
}

function looksLikeValue(text: string): boolean {
  return looksLikeNumber(text) || detectTimeLayout([text]) !== null;
}

/** All columns are texts: a header has distinct, short names that do not come again below. */
function looksLikeNames(records: readonly SampleRecord[], width: number): boolean {
  const fields = records[0]?.fields ?? [];
  const names = fields.map((f) => f.trim());
  const filled = names.filter((n) => n !== "");
  if (filled.length === 0 || filled.length < width - 1) return false;
  if (new Set(filled).size !== filled.length) return false;
  if (filled.some((n) => n.length > 120 || looksLikeValue(n))) return false;
  const below = records.slice(1, 200);
  return !names.some((n, c) => n !== "" && below.some((r) => r.fields[c] === n));
}
