import type { TableMeta } from "../../model/table.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import type { Table } from "apache-arrow";
import { withoutProgress, type TableTask } from "../table-task.ts";

export type Column = TableMeta["columns"][number];

/** Rows per window that are read at most, on average: a correlation is then known to ±.014. */
export const SAMPLE_ROWS = 20_000;
/** Columns that are looked at together at most; the rest is named. */
export const MOST_COLUMNS = 80;
/** A text with more values than this, one for every second row or more, is free text or an id. */
const FREE_TEXT_LEAST = 50;
const FREE_TEXT_SHARE = 0.5;

/** One column in the rows of the sample. */
export type SampleColumn =
  | { readonly kind: "numeric"; readonly column: Column; readonly values: Float64Array }
  | {
      readonly kind: "categorical";
      readonly column: Column;
      /** Places in `categories`; -1 for missing. */
      readonly codes: Int32Array;
      /** Most frequent first. */
      readonly categories: readonly string[];
    };

export interface LeftOut {
  readonly column: string;
  readonly why: string;
}

/** Rows of both windows: first those of the baseline, then those of the incident. */
export interface Sample {
  readonly columns: readonly SampleColumn[];
  readonly leftOut: readonly LeftOut[];
  readonly rows: { readonly baseline: number; readonly incident: number };
  /** Whether it is all rows. */
  readonly whole: boolean;
  /** µs UTC per row, NaN where missing; null without a time column. */
  readonly times: Float64Array | null;
}

/**
 * Reads the columns that can be looked at together: all rows of a window up to
 * `SAMPLE_ROWS`, else about that many, chosen by the hash of the row's number, so
 * that the same rows are read in every run. Numbers and booleans come as
 * numbers, texts as codes; ids, times and free texts are named as left out.
 * @throws Fault<EngineError>
 */
export async function readSample(task: TableTask): Promise<Sample> {
  const { use, leftOut } = chooseColumns(task);
  const result = await queryTable(task.engine, sampleSql(task, use), withoutProgress(task.options));
  const inIncident = numbers(result, "win");
  const incident = inIncident.reduce((s, w) => s + w, 0);
  const read = use.map((column, k) => readSampleColumn(result, `c${String(k)}`, column));
  const columns: SampleColumn[] = [];
  const unused: LeftOut[] = [];
  for (const column of read) {
    const why = whyUnused(column);
    if (why === null) columns.push(column);
    else unused.push({ column: column.column.name, why });
  }
  return {
    columns,
    leftOut: [...leftOut, ...unused],
    rows: { baseline: inIncident.length - incident, incident },
    whole: task.rows.baseline <= SAMPLE_ROWS && task.rows.incident <= SAMPLE_ROWS,
    times: task.table.timeColumn === null ? null : numbers(result, "at"),
  };
}

/** The condition that picks the sampled rows of a window. */
export function sampleCondition(rows: number): string {
  if (rows <= SAMPLE_ROWS) return "true";
  // 53 bits of the share are enough; the hash has 64.
  const limit = BigInt(Math.floor((SAMPLE_ROWS / rows) * 2 ** 53)) * 2048n;
  return `hash(rowid) < ${String(limit)}::UBIGINT`;
}

function sampleSql({ table, predicates, rows }: TableTask, columns: readonly Column[]): string {
  const list = columns.map((c, k) => `${expressionOf(c)} AS c${String(k)}`);
  const time =
    table.timeColumn === null
      ? []
      : [`coalesce(epoch_us(${ident(table.timeColumn)})::DOUBLE, 'NaN'::DOUBLE) AS at`];
  const part = (win: 0 | 1, condition: string, count: number): string =>
    `SELECT ${[`${String(win)}::DOUBLE AS win`, ...time, ...list].join(", ")}
FROM ${ident(table.name)} WHERE ${condition} AND ${sampleCondition(count)}`;
  return `${part(0, predicates.baseline, rows.baseline)}
UNION ALL ${part(1, predicates.incident, rows.incident)}`;
}

function expressionOf({ name, type }: Column): string {
  return type === "varchar"
    ? ident(name)
    : `coalesce(CAST(${ident(name)} AS ${type === "boolean" ? "INT" : "DOUBLE"})::DOUBLE, 'NaN'::DOUBLE)`;
}

/** Columns by their roles; what is in the way of a fair question is named with the reason. */
function chooseColumns({ table, windows }: TableTask): { use: Column[]; leftOut: LeftOut[] } {
  const filters = [windows.baseline.filter?.column, windows.incident.filter?.column];
  const use: Column[] = [];
  const leftOut: LeftOut[] = [];
  for (const column of table.columns) {
    if (column.name.startsWith("_") || column.name === table.timeColumn) continue;
    const why = filters.includes(column.name)
      ? "the windows are cut by it"
      : use.length >= MOST_COLUMNS
        ? `only the first ${String(MOST_COLUMNS)} columns are looked at together`
        : whyByRole(column);
    if (why === null) use.push(column);
    else leftOut.push({ column: column.name, why });
  }
  return { use, leftOut };
}

function whyByRole({ role, type }: Column): string | null {
  if (type === "timestamp" || role === "timestamp") return "a time tells the window by itself";
  return WHY_LEFT_OUT[role] ?? null;
}

const WHY_LEFT_OUT: Partial<Record<Column["role"], string>> = {
  entity: "an id",
  message: "free text",
  model_version: "the version of the model, compared by itself",
  ignore: "its role is to be ignored",
  weight: "a weight of rows",
};

function readSampleColumn(result: Table, name: string, column: Column): SampleColumn {
  if (column.type !== "varchar") {
    return { kind: "numeric", column, values: numbers(result, name) };
  }
  const values = readColumn(result, name) as (string | null)[];
  const counts = new Map<string, number>();
  for (const v of values) if (v !== null) counts.set(v, (counts.get(v) ?? 0) + 1);
  const categories = [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .map(([value]) => value);
  const places = new Map(categories.map((value, k) => [value, k]));
  const codes = Int32Array.from(values, (v) => (v === null ? -1 : (places.get(v) ?? -1)));
  return { kind: "categorical", column, codes, categories };
}

function whyUnused(read: SampleColumn): string | null {
  if (read.kind === "categorical") {
    const filled = read.codes.reduce((s, code) => s + (code >= 0 ? 1 : 0), 0);
    const distinct = read.categories.length;
    if (filled === 0) return "empty in both windows";
    if (distinct > FREE_TEXT_LEAST && distinct > FREE_TEXT_SHARE * filled) {
      return "free text or an id: most rows have a value of their own";
    }
    return distinct === 1 && filled === read.codes.length ? "one value in both windows" : null;
  }
  const first = read.values[0];
  if (read.values.every((v) => Number.isNaN(v))) return "empty in both windows";
  return read.values.every((v) => v === first) ? "one value in both windows" : null;
}

/** A column of doubles without NULL; a copy, so that the result's memory is given back. */
function numbers(result: Table, name: string): Float64Array {
  const vector = result.getChild(name);
  if (vector === null) throw new Error(`the result has no column ${name}`);
  return Float64Array.from(vector.toArray() as Float64Array);
}
