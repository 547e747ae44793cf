import {
  HIT_END,
  HIT_START,
  type LogFilter,
  type LogLine,
  type LogSearch,
  type LogSpan,
} from "../../model/log-query.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import {
  NUMBER,
  NUMBER_OR_NULL,
  queryRows,
  STRING_OR_NULL,
  TIMESTAMP_OR_NULL,
  type Row,
  type RowSpec,
} from "../../tables/rows.ts";
import { filterSql, markedSql, searchSql } from "./line-filter.ts";
import { orderSql, spanSql } from "./line-order.ts";
import { signalOf } from "./signal.ts";

/** Characters of a message, and of further fields, in the list. */
const LONGEST = 2000;

/** Lines of a stretch by their number in it. */
export interface LogPagePart {
  readonly span: LogSpan;
  readonly offset: number;
  readonly limit: number;
}
export interface LogPageInput {
  readonly filter: LogFilter;
  /** What is marked in the lines, whether or not the filter has it. */
  readonly search: LogSearch | null;
  /** One after the other; more than one where a page has lines with and without a time. */
  readonly parts: readonly LogPagePart[];
}
/** Single lines, by file and line. */
export interface LogRowsInput {
  readonly rows: readonly { readonly evidence: number; readonly line: number }[];
}

const ROW = {
  time: TIMESTAMP_OR_NULL,
  level: STRING_OR_NULL,
  service: STRING_OR_NULL,
  host: STRING_OR_NULL,
  message: STRING_OR_NULL,
  fields: STRING_OR_NULL,
  evidence: NUMBER,
  line: NUMBER,
  offset: NUMBER_OR_NULL,
  shape: NUMBER_OR_NULL,
  hit: NUMBER,
  cut: NUMBER,
} as const satisfies RowSpec;

/** Lines of a page, in order; hits are marked, long texts are cut after 2,000 characters. */
export async function logPage(
  engine: Engine,
  { filter, search, parts }: LogPageInput,
  options: QueryOptions = {},
): Promise<LogLine[]> {
  // One stretch is small: what shapes tell would cost more than it spares.
  const condition = filterSql(filter, null);
  const lines: LogLine[] = [];
  for (const { span, offset, limit } of parts) {
    const where = `${spanSql(span)}${condition === null ? "" : ` AND ${condition}`}`;
    const found = await queryRows(
      engine,
      `SELECT ${rowSql(search, LONGEST)} FROM (SELECT *, rowid FROM logs WHERE ${where}
       ORDER BY ${orderSql()} LIMIT ${String(limit)} OFFSET ${String(offset)}) ORDER BY ${orderSql()}`,
      ROW,
      signalOf(options),
    );
    lines.push(...found.map(lineOf));
  }
  return lines;
}

/** Single lines with all of their text, in the order of all lines. Lines that are gone are left out. */
export async function logRows(
  engine: Engine,
  { rows }: LogRowsInput,
  options: QueryOptions = {},
): Promise<LogLine[]> {
  if (rows.length === 0) return [];
  const byFile = new Map<number, number[]>();
  for (const { evidence, line } of rows)
    byFile.set(evidence, [...(byFile.get(evidence) ?? []), line]);
  const where = [...byFile].map(
    ([evidence, lines]) => `(_ev = ${String(evidence)} AND _line IN (${lines.join(", ")}))`,
  );
  const found = await queryRows(
    engine,
    `SELECT ${rowSql(null, null)} FROM logs WHERE ${where.join(" OR ")} ORDER BY ${orderSql()}`,
    ROW,
    signalOf(options),
  );
  return found.map(lineOf);
}

/** Columns of a line; texts cut after `most` characters, whole where it is null. */
function rowSql(search: LogSearch | null, most: number | null): string {
  const shown = (column: string): string => {
    if (most === null) return `${column} AS ${column}`;
    return search === null
      ? `left(${column}, ${String(most)}) AS ${column}`
      : `${markedSql(column, search, HIT_START, HIT_END, most)} AS ${column}`;
  };
  const cut =
    most === null
      ? "false"
      : `coalesce(length(message) > ${String(most)}, false) OR coalesce(length(fields) > ${String(most)}, false)`;
  return `ts AS time, level, service, host, ${shown("message")}, ${shown("fields")},
    _ev AS evidence, _line AS line, _off AS "offset", shape,
    (${search === null ? "false" : searchSql(search, null)})::INTEGER AS hit, (${cut})::INTEGER AS cut`;
}

function lineOf({ hit, cut, message, ...line }: Row<typeof ROW>): LogLine {
  return { ...line, message: message ?? "", isHit: hit === 1, isCut: cut === 1 };
}
