import type { ColumnComparison } from "../../model/shift.ts";
import { NUMBER, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { formatNumber, formatShare } from "../sentences.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import { THRESHOLDS } from "../verdict.ts";
import type { CheckFinding } from "./check.ts";
import { hitFacts, shareGain, type Hits } from "./content-finding.ts";
import { windowSpans } from "./row-rhythm.ts";

const LEAST_ROWS = 50;
/** Columns that are tried first: rows that differ in them are no duplicates. */
const TRIED = 3;

/**
 * Rows that repeat another row of the same window in every column (columns that
 * start with an underscore aside). Distinct values of the compared columns bound
 * their number, so that most tables need no scan; then the columns with most
 * values are hashed, and all columns only where those repeat.
 * @throws Fault<EngineError>
 */
export async function checkDuplicateRows(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const { baseline, incident } = task.rows;
  if (baseline < LEAST_ROWS || incident < LEAST_ROWS) return [];
  const own = columns.filter((c) => task.table.columns.some((t) => t.name === c.column));
  const least = THRESHOLDS.duplicate_share.minor;
  if (mostDuplicates(own, incident) < least * incident) return [];
  const names = task.table.columns.map((c) => c.name).filter((n) => !n.startsWith("_"));
  if (names.length < 2) return [];
  const tried = mostDistinct(task, own);
  if (tried.length < names.length) {
    const [, part] = await countDuplicates(task, tried);
    if (part.hits < least * part.rows) return [];
  }
  const [b, i] = await countDuplicates(task, names);
  const { statistic, effect } = shareGain("duplicate_share", b, i);
  const expected = Math.min(1, (b.hits / b.rows) * Math.max(1, densityRatio(task)));
  const size = i.hits / i.rows - expected;
  if (size < least) return [];
  return [
    {
      column: null,
      kind: "duplicates",
      statistic,
      effect,
      measure: "duplicate_share",
      size,
      sentence: `${formatShare(i.hits / i.rows)} of the incident's rows of \`${task.table.name}\` (${formatNumber(i.hits)}) repeat another row in every column, before ${formatShare(b.hits / b.rows)}`,
      facts: hitFacts("Repeated rows", b, i),
      sql: duplicatesSql(task, names),
    },
  ];
}

/** Rows that can repeat at most: those beyond the distinct values of any one column. */
function mostDuplicates(columns: readonly ColumnComparison[], rows: number): number {
  return columns.reduce((most, { incident }) => {
    // A missing value is one more distinct value; lengths of texts are fewer than texts.
    const distinct = incident.distinct + (incident.nulls > 0 ? 1 : 0);
    return incident.rows === rows ? Math.min(most, rows - distinct) : most;
  }, rows);
}

/** The time column and the columns with most distinct values. */
function mostDistinct({ table }: TableTask, columns: readonly ColumnComparison[]): string[] {
  const ranked = columns
    .filter((c) => c.column !== table.timeColumn)
    .map((c) => ({
      name: c.column,
      // Ids were counted by their length only.
      distinct: c.role === "entity" ? Infinity : c.incident.distinct,
    }))
    .sort((a, b) => b.distinct - a.distinct)
    .slice(0, TRIED);
  return [...(table.timeColumn === null ? [] : [table.timeColumn]), ...ranked.map((r) => r.name)];
}

/**
 * How many times as many rows per time (or altogether, without time) the
 * incident has: rows that agree by chance grow with it.
 */
function densityRatio(task: TableTask): number {
  const spans = windowSpans(task);
  const rows = task.rows.incident / task.rows.baseline;
  if (spans === null) return rows;
  const length = ({ from, to }: { from: number; to: number }): number => to - from;
  return (rows * length(spans.baseline)) / length(spans.incident);
}

async function countDuplicates(task: TableTask, names: readonly string[]): Promise<[Hits, Hits]> {
  const [row] = await queryRows(
    task.engine,
    duplicatesSql(task, names),
    {
      baseline_rows: NUMBER,
      incident_rows: NUMBER,
      baseline_repeated: NUMBER,
      incident_repeated: NUMBER,
    },
    withoutProgress(task.options),
  );
  return [
    { hits: row?.baseline_repeated ?? 0, rows: row?.baseline_rows ?? 0 },
    { hits: row?.incident_repeated ?? 0, rows: row?.incident_rows ?? 0 },
  ];
}

/** Rows are told apart by the 64-bit hash of their values: a chance of 1 in 10^7 to err in 10^6 rows. */
function duplicatesSql({ table, predicates }: TableTask, names: readonly string[]): string {
  const { baseline, incident } = predicates;
  return `WITH g AS (
  SELECT hash(${names.map(ident).join(", ")}) AS h, count(*) FILTER (WHERE ${baseline}) AS b,
    count(*) FILTER (WHERE ${incident}) AS i
  FROM ${ident(table.name)} WHERE ${baseline} OR ${incident} GROUP BY 1)
SELECT coalesce(sum(b), 0) AS baseline_rows, coalesce(sum(i), 0) AS incident_rows,
  coalesce(sum(greatest(b - 1, 0)), 0) AS baseline_repeated,
  coalesce(sum(greatest(i - 1, 0)), 0) AS incident_repeated FROM g`;
}
