import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident, text } from "../../tables/sql.ts";
import { withoutProgress } from "../table-task.ts";
import type { ColumnParts, WindowParts } from "./baseline-parts.ts";
import { formatOf, type Format } from "./formats.ts";

/** More values than this are no set that a person can look over. */
const MOST_VALUES = 50;

/** What the texts of a column are: one of few values, or of one format. */
export interface TextContent {
  /** Rows of each value, part by part; null where there are too many values. */
  readonly values: readonly ReadonlyMap<string, number>[] | null;
  readonly format: Format | null;
  /** Values that are not of the format, part by part. */
  readonly misses: readonly number[];
}

/**
 * Values and formats of the texts, all columns in one scan. Only columns whose
 * counts of distinct values, or whose least and greatest texts, raise hope are
 * looked at.
 * @throws Fault<EngineError>
 */
export async function textContents(
  engine: Engine,
  table: TableMeta,
  parts: WindowParts,
  options: QueryOptions,
): Promise<Map<string, TextContent>> {
  const texts = parts.columns.filter((c) => c.column.type === "varchar" && sum(c.values) > 0);
  const plans = texts
    .map((c) => ({ name: c.column.name, few: isFew(c), format: formatOf(c.texts) }))
    .filter((p) => p.few || p.format !== null);
  if (plans.length === 0) return new Map();
  const list = plans.flatMap(({ name, few, format }, k) => [
    ...(few
      ? [
          `map_keys(histogram(${ident(name)})) AS k${String(k)}`,
          `map_values(histogram(${ident(name)})) AS v${String(k)}`,
        ]
      : []),
    ...(format === null
      ? []
      : [
          `count(*) FILTER (WHERE NOT regexp_matches(${ident(name)}, ${text(format.regex)})) AS m${String(k)}`,
        ]),
  ]);
  const found = await queryTable(
    engine,
    `SELECT ${parts.part} AS part, ${list.join(",\n  ")}
FROM ${ident(table.name)} WHERE ${parts.where} GROUP BY part ORDER BY part`,
    withoutProgress(options),
  );
  return new Map(
    plans.map(({ name, few, format }, k) => [
      name,
      {
        values: few ? histograms(found, k) : null,
        format,
        misses: format === null ? [] : readColumn(found, `m${String(k)}`).map(Number),
      },
    ]),
  );
}

/** Few values, and each of them often. */
function isFew(column: ColumnParts): boolean {
  const distinct = Math.max(...column.distinct);
  return distinct <= MOST_VALUES && sum(column.values) >= 20 * distinct;
}

function histograms(
  found: Awaited<ReturnType<typeof queryTable>>,
  k: number,
): ReadonlyMap<string, number>[] {
  const keys = readColumn(found, `k${String(k)}`);
  const counts = readColumn(found, `v${String(k)}`);
  return keys.map((list, part) => {
    const values = Array.isArray(list) ? list : [];
    const rows = counts[part];
    return new Map(
      values.map((value, n): [string, number] => [
        String(value),
        Array.isArray(rows) ? Number(rows[n] ?? 0) : 0,
      ]),
    );
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((s, v) => s + v, 0);
}
