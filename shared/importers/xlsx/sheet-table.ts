import type { Sample, SampleRecord } from "../delimited/sniff.ts";
import type { Dialect } from "../delimited/records.ts";
import type { Merged, SheetRow } from "./sheet-rows.ts";

/**
 * How rows are handed to what reads delimited text: fields and records end in
 * characters that no cell holds, so that nothing needs quotes, and a record's
 * line is its row.
 */
export const DIALECT: Dialect = {
  delimiter: 0x1f,
  quote: 0,
  backslash: false,
  format: { encoding: "utf-8", bom: 0, newline: 13 },
};
const FIELD_END = "\u001f";
const ROW_END = "\r";

/** The part of a sheet that is a table. */
export interface Area {
  readonly left: number;
  readonly right: number;
  /** Rows up to this one stand above the table. */
  readonly above: number;
  /** What they say. */
  readonly titles: readonly string[];
}

const SAMPLE_ROWS = 2000;
/** Rows above the header that may be titles. */
const MOST_TITLES = 20;

/** The first rows of a sheet; `ended` where they are all. */
export async function firstRows(
  rows: AsyncIterable<SheetRow>,
): Promise<{ readonly rows: readonly SheetRow[]; readonly ended: boolean }> {
  const first: SheetRow[] = [];
  for await (const row of rows) {
    if (first.length >= SAMPLE_ROWS) return { rows: first, ended: false };
    if (row.cells.size > 0) first.push(row);
  }
  return { rows: first, ended: true };
}

/** Where the table is: columns that are filled, below titles of a single text. */
export function findArea(rows: readonly SheetRow[]): Area {
  let left = Infinity;
  let right = -1;
  for (const { cells } of rows)
    for (const column of cells.keys()) {
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  const titles: string[] = [];
  let above = 0;
  if (right - left >= 2) {
    const start = rows.findIndex(({ cells }) => cells.size > 1);
    for (const { number, cells } of rows.slice(0, Math.min(start, MOST_TITLES))) {
      above = number;
      titles.push(...cells.values());
    }
  }
  return { left: right === -1 ? 0 : left, right, above, titles };
}

/** The same rows with the value of merged cells in each of them, as far as the table goes. */
export async function* fillMerged(
  rows: AsyncIterable<SheetRow>,
  merged: readonly Merged[],
  area: Pick<Area, "left" | "right">,
): AsyncGenerator<SheetRow> {
  const waiting = [...merged].sort((a, b) => a.top - b.top);
  let next = 0;
  let active: { readonly range: Merged; readonly text: string }[] = [];
  for await (const row of rows) {
    while ((waiting[next]?.top ?? Infinity) < row.number) next++;
    active = active.filter(({ range }) => range.bottom >= row.number);
    for (; waiting[next]?.top === row.number; next++) {
      const range = waiting[next];
      const text = range === undefined ? undefined : row.cells.get(range.left);
      if (range !== undefined && text !== undefined) active.push({ range, text });
    }
    yield active.length === 0 ? row : { ...row, cells: filled(row, active, area) };
  }
}

function filled(
  { cells }: SheetRow,
  active: readonly { readonly range: Merged; readonly text: string }[],
  { left, right }: Pick<Area, "left" | "right">,
): Map<number, string> {
  const copy = new Map(cells);
  for (const { range, text } of active) {
    const to = Math.min(range.right, right);
    for (let c = Math.max(range.left, left); c <= to; c++) if (!copy.has(c)) copy.set(c, text);
  }
  return copy;
}

/** Texts of a row's fields. What stands outside of the table makes the row longer than the others. */
function fieldsOf({ cells }: SheetRow, { left, right }: Area): string[] {
  const fields: string[] = [];
  for (let c = left; c <= right; c++) fields.push(clean(cells.get(c) ?? ""));
  if (cells.size > fields.length || [...cells.keys()].some((c) => c < left || c > right)) {
    for (const [c, text] of cells) if (c < left || c > right) fields.push(clean(text));
  }
  return fields;
}

function clean(text: string): string {
  return /[\r\u001f]/.test(text) ? text.replace(/[\r\u001f]/g, " ") : text;
}

/** The sample from which header, types and target follow. */
export function sampleOf(rows: readonly SheetRow[], area: Area): Sample {
  const records = rows
    .filter((row) => row.number > area.above)
    .map((row): SampleRecord => {
      const fields = fieldsOf(row, area);
      return { line: row.number, fields, quoted: fields.map(() => false) };
    });
  const width = area.right - area.left + 1;
  return { dialect: DIALECT, records, preamble: area.above, width, consistency: 1 };
}

/** Writes rows as delimited text; rows that the sheet leaves out are empty lines. */
export class RowEncoder {
  #text = "";
  #next = 1;
  readonly #encoder = new TextEncoder();

  constructor(readonly area: Area) {}

  add(row: SheetRow): void {
    if (row.number > this.#next) this.#text += ROW_END.repeat(row.number - this.#next);
    const empty = row.cells.size === 0;
    this.#text += (empty ? "" : fieldsOf(row, this.area).join(FIELD_END)) + ROW_END;
    this.#next = row.number + 1;
  }

  get length(): number {
    return this.#text.length;
  }

  /** The rows since the last call. */
  take(): Uint8Array {
    const bytes = this.#encoder.encode(this.#text);
    this.#text = "";
    return bytes;
  }
}

/** A record as it is shown among rejects. */
export function shownRow(text: string): string {
  return text.replaceAll(FIELD_END, "\t");
}
