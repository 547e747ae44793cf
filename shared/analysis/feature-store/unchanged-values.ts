import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import { formatDuration, formatNumber, formatShare } from "../sentences.ts";
import type { CheckFinding } from "../quality/check.ts";
import { hitFacts, shareGain } from "../quality/content-finding.ts";
import { entitiesOf } from "./table-pairs.ts";

const MOST_COLUMNS = 24;
/** Cells of both windows that are read whole; sorting by entity is slow. */
const MOST_CELLS = 3_000_000;
/** Pairs of rows of the same entity that each window has to have. */
const LEAST_PAIRS = 50;
/** With fewer values, chance repeats them. */
const LEAST_DISTINCT = 20;
/** A column that repeats more than this anyway cannot get stale visibly. */
const USUALLY_NEW = 0.8;
/** Rows of an entity follow each other at about the same pace in both windows. */
const SAME_PACE = 1.5;

interface ColumnPairs {
  readonly column: string;
  readonly baseline: { readonly hits: number; readonly rows: number };
  readonly incident: { readonly hits: number; readonly rows: number };
}

/**
 * Features that stopped being renewed: rows that repeat the value of the entity's
 * row before, by column (the first 24 numeric ones), in one scan. More than three
 * million cells are read for a part of the entities, taken by hash; a fact says so.
 * Compared only where rows of an entity follow each other at the same pace in both
 * windows, and for columns of 20 values and more that usually change: with few
 * values, one that became more common repeats itself more often. 0 and -1 do not
 * count, since a flood of a default is not staleness.
 * @throws Fault<EngineError>
 */
export async function unchangedFindings(
  engine: Engine,
  table: TableMeta,
  predicates: WindowPredicates,
  options: QueryOptions = {},
): Promise<CheckFinding[]> {
  const [entity] = entitiesOf(table);
  const time = table.timeColumn;
  const numeric = table.columns
    .filter((c) => (c.role === "feature" || c.role === "value") && c.name !== entity)
    .filter((c) => c.type === "double" || c.type === "bigint")
    .map((c) => c.name)
    .slice(0, MOST_COLUMNS);
  if (entity === undefined || time === null || numeric.length === 0) return [];
  const columns = await telling(engine, table, entity, numeric, predicates, options);
  if (columns.length === 0) return [];
  const oneIn = Math.ceil((table.rows * columns.length) / MOST_CELLS);
  const part = { entity, time, oneIn, predicates };
  const source = pairsSource(table, columns, part);
  const counts = columns.flatMap((_, k) =>
    ["b", "i"].flatMap((w) => [
      `count(*) FILTER (WHERE in_${w} AND ${usable(k)}) AS n${w}${String(k)}`,
      `count(*) FILTER (WHERE in_${w} AND ${usable(k)} AND x${String(k)} = p${String(k)}) AS u${w}${String(k)}`,
    ]),
  );
  const found = await queryTable(
    engine,
    `SELECT median(step) FILTER (WHERE in_b) AS step_b, median(step) FILTER (WHERE in_i) AS step_i,
  ${counts.join(",\n  ")} FROM ${source}`,
    options,
  );
  const read = (name: string): number => Number(readColumn(found, name)[0] ?? NaN);
  const [before, now] = [read("step_b"), read("step_i")];
  if (!(now > 0) || before / now > SAME_PACE || now / before > SAME_PACE) return [];
  return columns.flatMap((column, k): CheckFinding[] => {
    const finding = unchangedFinding(
      {
        column,
        baseline: { hits: read(`ub${String(k)}`), rows: read(`nb${String(k)}`) },
        incident: { hits: read(`ui${String(k)}`), rows: read(`ni${String(k)}`) },
      },
      entity,
      now,
      oneIn,
    );
    return finding === null ? [] : [{ ...finding, sql: pairSql(table, column, part) }];
  });
}

/** The share of rows that repeat the entity's value before, of both windows. Pure. */
export function unchangedFinding(
  { column, baseline, incident }: ColumnPairs,
  entity: string,
  step: number,
  oneIn = 1,
): Omit<CheckFinding, "sql"> | null {
  if (baseline.rows < LEAST_PAIRS || incident.rows < LEAST_PAIRS) return null;
  const before = baseline.hits / baseline.rows;
  const now = incident.hits / incident.rows;
  if (before > USUALLY_NEW || now <= before) return null;
  const { statistic, effect } = shareGain("unchanged_share", baseline, incident);
  return {
    column,
    kind: "stale",
    statistic,
    effect,
    measure: "late_share",
    size: (now - before) / (1 - before),
    sentence: `\`${column}\` is stale: ${formatShare(now)} of the incident's rows repeat the value of the row before of the same \`${entity}\`, before ${formatShare(before)} (rows follow each other every ${formatDuration(step)})`,
    facts: [
      ...hitFacts("Unchanged values", baseline, incident),
      { name: "Rows of the same entity", value: `${formatNumber(incident.rows)} in the incident` },
      ...(oneIn === 1
        ? []
        : [
            {
              name: "Sample",
              value: `1 in ${String(oneIn)} entities, those whose hash divides by ${String(oneIn)}`,
            },
          ]),
    ],
  };
}

/** Columns with enough values, where entities come back in each window; by approximate counts. */
async function telling(
  engine: Engine,
  table: TableMeta,
  entity: string,
  columns: readonly string[],
  { baseline, incident }: WindowPredicates,
  options: QueryOptions,
): Promise<string[]> {
  const distinct = columns.map(
    (c, k) => `approx_count_distinct(${ident(c)}) FILTER (WHERE ${baseline}) AS d${String(k)}`,
  );
  const found = await queryTable(
    engine,
    `SELECT ${distinct.join(", ")},
  approx_count_distinct(${ident(entity)}) FILTER (WHERE ${baseline}) AS b,
  approx_count_distinct(${ident(entity)}) FILTER (WHERE ${incident}) AS i,
  count(${ident(entity)}) FILTER (WHERE ${baseline}) AS nb, count(${ident(entity)}) FILTER (WHERE ${incident}) AS ni
FROM ${ident(table.name)} WHERE ${baseline} OR ${incident}`,
    options,
  );
  const read = (name: string): number => Number(readColumn(found, name)[0] ?? 0);
  const back = read("nb") >= 1.5 * read("b") && read("ni") >= 1.5 * read("i");
  return back ? columns.filter((_, k) => read(`d${String(k)}`) >= LEAST_DISTINCT) : [];
}

function usable(k: number): string {
  return `x${String(k)} NOT IN (0, -1) AND p${String(k)} IS NOT NULL`;
}

/** Which rows are paired, by what. */
interface PairRows {
  readonly entity: string;
  readonly time: string;
  readonly oneIn: number;
  readonly predicates: WindowPredicates;
}

/** Rows with the values of the row before of the same entity, in brackets. */
function pairsSource(
  table: TableMeta,
  columns: readonly string[],
  { entity, time, oneIn, predicates: { baseline, incident } }: PairRows,
): string {
  const part = oneIn === 1 ? "" : ` AND hash(${ident(entity)}) % ${String(oneIn)} = 0`;
  const values = columns.map((c, k) => `${ident(c)} AS x${String(k)}`);
  const previous = columns.map((c, k) => `lag(${ident(c)}) OVER w AS p${String(k)}`);
  return `(SELECT ${baseline} AS in_b, ${incident} AS in_i,
    epoch_us(${ident(time)}) - epoch_us(lag(${ident(time)}) OVER w) AS step,
    ${[...values, ...previous].join(", ")}
  FROM ${ident(table.name)} WHERE (${baseline} OR ${incident}) AND ${ident(entity)} IS NOT NULL${part}
  WINDOW w AS (PARTITION BY ${ident(entity)}, ${baseline}, ${incident} ORDER BY ${ident(time)}))`;
}

function pairSql(table: TableMeta, column: string, part: PairRows): string {
  return `SELECT avg((x0 = p0)::INTEGER) FILTER (WHERE in_b AND ${usable(0)}) AS baseline_unchanged,
  avg((x0 = p0)::INTEGER) FILTER (WHERE in_i AND ${usable(0)}) AS incident_unchanged
FROM ${pairsSource(table, [column], part)}`;
}
