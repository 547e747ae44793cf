import type { Table } from "apache-arrow";
import { timestampLiteral, type EvidenceTime } from "../base/time.ts";
import type { ColumnSummary, FurtherRows } from "../model/evidence.ts";
import { PROVENANCE_COLUMNS, type TableColumn } from "../tables/fixed-tables.ts";
import { METRIC_SAMPLES, METRIC_SERIES } from "../tables/metric-store.ts";
import { NUMBER, readRows, TIMESTAMP_OR_NULL } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { FIXED_ROLES } from "../tables/fixed-roles.ts";
import type { FurtherTable } from "./importer.ts";

/** What a file put into a table, and how many of its times lie after `latest`. */
export type Summary = FurtherRows & { readonly future: number };

/** The column by which a table's rows stand in time; null where it has none. */
export function timeColumnOf({ target, columns }: FurtherTable): string | null {
  if (target !== "own") return "ts";
  return columns.find((c) => c.role === "timestamp" && c.type === "timestamp")?.name ?? null;
}

/** One scan over a file's rows of a table: rows, values per column, time range, times after `latest`. */
export function summarySql(plan: FurtherTable, evidence: number, latest: EvidenceTime): string {
  if (plan.target === "metrics") return metricsSql(dataColumns(plan), evidence, latest);
  const time = timeColumnOf(plan);
  const counts = dataColumns(plan).map((c, i) => `count(${ident(c.name)})::DOUBLE AS c${i}`);
  const times =
    time === null
      ? []
      : [
          `min(${ident(time)}) AS "from"`,
          `max(${ident(time)}) AS "to"`,
          `count(*) FILTER (${ident(time)} > ${timestampLiteral(latest)})::DOUBLE AS future`,
        ];
  return `SELECT ${["count(*)::DOUBLE AS n", ...counts, ...times].join(", ")} FROM ${ident(plan.table)} WHERE "_ev" = ${evidence}`;
}

/** The samples are counted by series, so that millions of them need not be joined to their texts. */
function metricsSql(
  columns: readonly TableColumn[],
  evidence: number,
  latest: EvidenceTime,
): string {
  const counted: Readonly<Record<string, string>> = { ts: "sum(times)", value: "sum(filled)" };
  const counts = columns.map(
    (c, i) =>
      `coalesce(${counted[c.name] ?? `sum(samples) FILTER (${ident(c.name)} IS NOT NULL)`}, 0)::DOUBLE AS c${i}`,
  );
  return `SELECT coalesce(sum(samples), 0)::DOUBLE AS n, ${counts.join(", ")},
      min(earliest) AS "from", max(latest) AS "to", coalesce(sum(future), 0)::DOUBLE AS future
    FROM (
      SELECT series_id, count(*) AS samples, count(ts) AS times, count(value) AS filled,
        min(ts) AS earliest, max(ts) AS latest,
        count(*) FILTER (ts > ${timestampLiteral(latest)}) AS future
      FROM ${METRIC_SAMPLES} WHERE "_ev" = ${evidence} GROUP BY series_id
    ) m JOIN ${METRIC_SERIES} s ON s.id = m.series_id`;
}

/** The answer to `summarySql`. */
export function readSummary(plan: FurtherTable, table: Table): Summary {
  const columns = dataColumns(plan);
  const spec = Object.fromEntries(
    ["n", ...columns.map((_, i) => `c${i}`)].map((name) => [name, NUMBER] as const),
  );
  const [row] = readRows(table, spec);
  const [range] = timeColumnOf(plan) === null ? [] : readRows(table, TIME_RANGE);
  const tableRows = row?.["n"] ?? 0;
  return {
    target: plan.target,
    table: plan.table,
    columns: columns.map((c, i) => columnSummary(plan, c, tableRows - (row?.[`c${i}`] ?? 0))),
    tableRows,
    from: range?.from ?? null,
    to: range?.to ?? null,
    future: range?.future ?? 0,
  };
}

const TIME_RANGE = {
  from: TIMESTAMP_OR_NULL,
  to: TIMESTAMP_OR_NULL,
  future: NUMBER,
} as const;

function dataColumns({ batchColumns }: FurtherTable): readonly TableColumn[] {
  return batchColumns.filter((c) => !PROVENANCE_COLUMNS.some((p) => p.name === c.name));
}

function columnSummary(
  { target, columns }: FurtherTable,
  column: TableColumn,
  nulls: number,
): ColumnSummary {
  if (target !== "own") {
    const role = FIXED_ROLES[target][column.name] ?? "ignore";
    return { name: column.name, type: column.type, role, nulls };
  }
  const planned = columns.find((c) => c.name === column.name);
  return {
    name: column.name,
    type: column.type,
    role: planned?.role ?? "feature",
    ...(planned === undefined || planned.reason === "" ? {} : { reason: planned.reason }),
    ...(planned?.unit === undefined ? {} : { unit: planned.unit }),
    nulls,
  };
}
