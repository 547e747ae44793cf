import type { ColumnComparison, TableComparison } from "../model/shift.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { NUMBER, queryRows } from "../tables/rows.ts";
import { ident } from "../tables/sql.ts";
import { compareLogs } from "./compare-logs.ts";
import { compareMetrics } from "./compare-metrics.ts";
import { compareOwnColumns } from "./compare-own.ts";
import type { WindowPredicates } from "./compare-sql.ts";
import { comparisonNotes } from "./comparison-notes.ts";
import { correctTogether } from "./false-discovery.ts";
import { calibrate } from "./placebo/calibrate.ts";
import { runChecks } from "./quality/run-checks.ts";
import { withoutProgress, type TableTask } from "./table-task.ts";
import { whyNotApplicable, windowPredicate, type WindowPair } from "./windows.ts";

/**
 * The differences of one table between two windows, over all its rows and
 * columns (series of `metrics` and `spans`; levels, services, hosts and volume
 * of `logs`). False discoveries are controlled within the table. A table that
 * the windows cannot cut, or with an empty window, comes back with `skipped`.
 * @throws Fault<EngineError>
 */
export async function compareTable(
  engine: Engine,
  table: TableMeta,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<TableComparison> {
  const raw = await compareTableRaw(engine, table, windows, options);
  return correctTogether([raw])[0] ?? raw;
}

/** As `compareTable`, with verdicts by size alone and q still null. */
export async function compareTableRaw(
  engine: Engine,
  table: TableMeta,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<TableComparison> {
  const skip = (why: string, b = 0, i = 0): TableComparison => ({
    table: table.name,
    baselineRows: b,
    incidentRows: i,
    columns: [],
    shifts: [],
    skipped: why,
  });
  const why =
    whyNotApplicable(table, windows.baseline) ?? whyNotApplicable(table, windows.incident);
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  if (why !== null || baseline === null || incident === null) {
    return skip(why ?? "the windows do not apply to the table");
  }
  const [counts] = await queryRows(
    engine,
    `SELECT count(*) FILTER (WHERE ${baseline}) AS b, count(*) FILTER (WHERE ${incident}) AS i, count(*) FILTER (WHERE ${baseline} AND ${incident}) AS shared FROM ${ident(table.name)}`,
    { b: NUMBER, i: NUMBER, shared: NUMBER },
    withoutProgress(options),
  );
  const rows = { baseline: counts?.b ?? 0, incident: counts?.i ?? 0 };
  if (rows.baseline === 0) return skip("the baseline has no rows", 0, rows.incident);
  if (rows.incident === 0) return skip("the incident has no rows", rows.baseline, 0);
  const predicates = { baseline, incident };
  const evidenceIds = await evidenceOfRows(engine, table, predicates, options);
  const task: TableTask = {
    engine,
    table,
    windows,
    predicates,
    rows,
    evidenceIds,
    options,
  };
  const columns = await compareColumns(task);
  const checked = await runChecks(task, columns);
  const found = { ...checked, columns: await calibrate(task, checked.columns) };
  options.onProgress?.(1);
  const notes = comparisonNotes(rows, counts?.shared ?? 0, found.columns);
  return {
    table: table.name,
    baselineRows: rows.baseline,
    incidentRows: rows.incident,
    columns: found.columns,
    shifts: found.shifts,
    ...(notes.length === 0 ? {} : { notes }),
    skipped: null,
  };
}

function compareColumns(task: TableTask): Promise<ColumnComparison[]> {
  switch (task.table.target) {
    case "metrics":
    case "spans":
      return compareMetrics(task);
    case "logs":
      return compareLogs(task);
    case "events":
    case "own":
      return compareOwnColumns(task);
  }
}

/** Which evidence the compared rows came from; all of the table's where rows do not tell. */
async function evidenceOfRows(
  engine: Engine,
  table: TableMeta,
  { baseline, incident }: WindowPredicates,
  options: QueryOptions,
): Promise<string[]> {
  if (table.evidenceIds.length <= 1) return [...table.evidenceIds];
  const found = await queryRows(
    engine,
    `SELECT DISTINCT _ev AS ev FROM ${ident(table.name)} WHERE _ev IS NOT NULL AND (${baseline} OR ${incident}) ORDER BY 1`,
    { ev: NUMBER },
    withoutProgress(options),
  );
  return found.map((row) => `E${String(row.ev)}`);
}
