import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, NUMBERS_OR_NULL, queryRows, STRING } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import type { TablePair } from "./table-pairs.ts";

/** What the predictions of one window found in the feature table. */
export interface JoinedWindow {
  /** Predictions with an entity. */
  readonly rows: number;
  /** Of these, whose entity has no feature row at any time. */
  readonly unmatched: number;
  /** Whose entity has feature rows, of which none lies at or before the prediction. */
  readonly tooEarly: number;
  /** Whose newest feature row by event time was created only after the prediction. */
  readonly leaking: number;
  /** Of those, the median time from prediction to creation, µs. */
  readonly leakDelay: number | null;
  /** Age of the newest feature row at prediction time, µs, at `AGE_LEVELS`; infinite where too early. */
  readonly ages: readonly number[] | null;
}

export interface PredictionJoin {
  readonly baseline: JoinedWindow;
  readonly incident: JoinedWindow;
  /** One entity of so many was joined, those whose hash divides by it; 1 means all. */
  readonly oneIn: number;
  /** SQL with one row per prediction: `in_b`, `in_i`, `e`, `t`, `known`, `event`, `created`. */
  readonly source: string;
  /** SQL that repeats the counts. */
  readonly sql: string;
}

export const AGE_LEVELS = [0.5, 0.9, 0.95, 0.99];
/** Rows of both tables together that are joined whole. */
const MOST_ROWS = 4_000_000;

/**
 * Joins each prediction with the newest feature row of its entity by event time
 * (the point-in-time join of a feature store) and counts by window what it
 * found. More than four million rows are joined for a part of the entities, taken
 * by hash; `oneIn` tells.
 * @param predicates of the prediction table
 * @throws Fault<EngineError>
 */
export async function joinPredictions(
  engine: Engine,
  pair: TablePair,
  predicates: WindowPredicates,
  options: QueryOptions = {},
): Promise<PredictionJoin> {
  const oneIn = Math.ceil((pair.features.rows + pair.predictions.rows) / MOST_ROWS);
  const source = joinSql(pair, predicates, oneIn);
  const of = (window: "in_b" | "in_i", suffix: string): string => `
  count(*) FILTER (WHERE ${window}) AS rows_${suffix},
  count(*) FILTER (WHERE ${window} AND NOT known) AS unmatched_${suffix},
  count(*) FILTER (WHERE ${window} AND known AND event IS NULL) AS early_${suffix},
  count(*) FILTER (WHERE ${window} AND created > t) AS leaking_${suffix},
  median(epoch_us(created) - epoch_us(t)) FILTER (WHERE ${window} AND created > t) AS delay_${suffix},
  quantile_disc(CASE WHEN event IS NULL THEN ${num(Infinity)} ELSE (epoch_us(t) - epoch_us(event))::DOUBLE END,
    [${AGE_LEVELS.join(", ")}]) FILTER (WHERE ${window} AND known) AS ages_${suffix}`;
  const sql = `SELECT ${of("in_b", "b")}, ${of("in_i", "i")}\nFROM ${source}`;
  const [row] = await queryRows(
    engine,
    sql,
    {
      rows_b: NUMBER,
      unmatched_b: NUMBER,
      early_b: NUMBER,
      leaking_b: NUMBER,
      delay_b: NUMBER_OR_NULL,
      ages_b: NUMBERS_OR_NULL,
      rows_i: NUMBER,
      unmatched_i: NUMBER,
      early_i: NUMBER,
      leaking_i: NUMBER,
      delay_i: NUMBER_OR_NULL,
      ages_i: NUMBERS_OR_NULL,
    },
    options,
  );
  return {
    oneIn,
    source,
    sql,
    baseline: {
      rows: row?.rows_b ?? 0,
      unmatched: row?.unmatched_b ?? 0,
      tooEarly: row?.early_b ?? 0,
      leaking: row?.leaking_b ?? 0,
      leakDelay: row?.delay_b ?? null,
      ages: row?.ages_b ?? null,
    },
    incident: {
      rows: row?.rows_i ?? 0,
      unmatched: row?.unmatched_i ?? 0,
      tooEarly: row?.early_i ?? 0,
      leaking: row?.leaking_i ?? 0,
      leakDelay: row?.delay_i ?? null,
      ages: row?.ages_i ?? null,
    },
  };
}

/** A query that counts the predictions of both windows that meet a condition on the joined rows. */
export function conditionSql({ source }: PredictionJoin, condition: string): string {
  return `SELECT count(*) FILTER (WHERE in_b AND ${condition}) AS baseline_hits,
  count(*) FILTER (WHERE in_i AND ${condition}) AS incident_hits,
  count(*) FILTER (WHERE in_b) AS baseline_rows, count(*) FILTER (WHERE in_i) AS incident_rows
FROM ${source}`;
}

/** Predictions of both windows that meet a condition on the joined rows. */
export async function countCondition(
  engine: Engine,
  join: PredictionJoin,
  condition: string,
  options: QueryOptions = {},
): Promise<{ readonly baseline: number; readonly incident: number }> {
  const [row] = await queryRows(
    engine,
    conditionSql(join, condition),
    { baseline_hits: NUMBER, incident_hits: NUMBER },
    options,
  );
  return { baseline: row?.baseline_hits ?? 0, incident: row?.incident_hits ?? 0 };
}

/** The entities of the incident with most predictions that meet a condition: `u7 (12 rows)`. */
export async function exampleEntities(
  engine: Engine,
  { source }: PredictionJoin,
  condition: string,
  options: QueryOptions = {},
): Promise<string[]> {
  const rows = await queryRows(
    engine,
    `SELECT e, count(*) AS n FROM ${source} WHERE in_i AND ${condition} GROUP BY e ORDER BY n DESC, e LIMIT 5`,
    { e: STRING, n: NUMBER },
    options,
  );
  return rows.map((r) => `${r.e} (${String(r.n)} ${r.n === 1 ? "row" : "rows"})`);
}

function joinSql(pair: TablePair, predicates: WindowPredicates, oneIn: number): string {
  const { features, predictions, created } = pair;
  const entity = (name: string): string => `CAST(${ident(name)} AS VARCHAR)`;
  const part = oneIn === 1 ? "" : ` AND hash(e) % ${String(oneIn)} = 0`;
  const late = created === null ? "NULL::TIMESTAMP" : ident(created);
  const time = (name: string | null): string => ident(name ?? "");
  return `(WITH p AS (
    SELECT ${entity(pair.predictionEntity)} AS e, ${time(predictions.timeColumn)} AS t,
      ${predicates.baseline} AS in_b, ${predicates.incident} AS in_i
    FROM ${ident(predictions.name)} WHERE (${predicates.baseline} OR ${predicates.incident}) AND e IS NOT NULL${part}),
  f AS (
    SELECT ${entity(pair.featureEntity)} AS e, ${time(features.timeColumn)} AS event, max(${late}) AS created
    FROM ${ident(features.name)} WHERE e IS NOT NULL AND event IS NOT NULL${part} GROUP BY ALL)
  SELECT p.e, p.t, p.in_b, p.in_i, k.e IS NOT NULL AS known, f.event, f.created
  FROM p ASOF LEFT JOIN f ON p.e = f.e AND p.t >= f.event
  LEFT JOIN (SELECT DISTINCT e FROM f) k ON k.e = p.e)`;
}
