import type { Estimate, MetricName } from "../../model/model-checks.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { wilson, normalInterval } from "./intervals.ts";
import { numberOf, type ModelSetup } from "./model-columns.ts";
import type { CellsInput, Metrics } from "./score-cells.ts";

/** Ranks that NDCG, MAP and MRR look at. */
const RANKS = 10;

/**
 * NDCG@10, MAP@10, MRR@10 and click-through rate of both windows by window
 * functions over the lists of each query, as the functions of
 * `ranking-metrics.ts` define them: means over queries with something
 * relevant, with the standard error over queries.
 */
function rankingSql({ table, setup, predicates }: CellsInput, score: string): string {
  const query = setup.query === null ? "NULL" : ident(setup.query.name);
  const gain = gainOf(setup);
  const one = (window: number, condition: string): string =>
    `SELECT ${window} AS win, ${query} AS q, ${gain} AS gain, ${score} AS s FROM ${ident(table.name)} WHERE ${condition}`;
  return `WITH r AS (SELECT * FROM (${one(0, predicates.baseline)} UNION ALL ${one(1, predicates.incident)}) WHERE q IS NOT NULL AND gain IS NOT NULL AND s IS NOT NULL),
o AS (SELECT *, row_number() OVER (PARTITION BY win, q ORDER BY s DESC, gain) AS rank,
    row_number() OVER (PARTITION BY win, q ORDER BY gain DESC) AS ideal,
    avg(gain) OVER (PARTITION BY win, q, s) AS shared FROM r),
h AS (SELECT *, sum(CASE WHEN gain > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY win, q ORDER BY rank ROWS UNBOUNDED PRECEDING) AS hits FROM o),
l AS (SELECT win, q, count(*) AS rows, sum(CASE WHEN gain > 0 THEN 1 ELSE 0 END) AS relevant,
    sum(CASE WHEN rank <= ${RANKS} THEN shared / log2(rank + 1) ELSE 0 END) AS dcg,
    sum(CASE WHEN ideal <= ${RANKS} THEN gain / log2(ideal + 1) ELSE 0 END) AS best,
    sum(CASE WHEN rank <= ${RANKS} AND gain > 0 THEN hits / rank ELSE 0 END) AS ap,
    min(CASE WHEN gain > 0 THEN rank END) AS first_rank
  FROM h GROUP BY win, q),
m AS (SELECT win, rows, relevant,
    CASE WHEN best > 0 THEN dcg / best END AS ndcg,
    CASE WHEN relevant > 0 THEN ap / least(${RANKS}, relevant) END AS map,
    CASE WHEN relevant > 0 THEN CASE WHEN first_rank <= ${RANKS} THEN 1 / first_rank ELSE 0 END END AS mrr FROM l)
SELECT win, count(*) AS queries, sum(rows) AS rows, sum(relevant) AS relevant, count(ndcg) AS rated,
  avg(ndcg) AS ndcg, coalesce(stddev_samp(ndcg), 0) AS ndcg_sd,
  avg(map) AS map, coalesce(stddev_samp(map), 0) AS map_sd,
  avg(mrr) AS mrr, coalesce(stddev_samp(mrr), 0) AS mrr_sd
FROM m GROUP BY win`;
}

/** Graded relevance of a row; 1 and 0 for a class label. */
function gainOf(setup: ModelSetup): string {
  if (setup.task === "binary") return `CAST(${setup.y} AS DOUBLE)`;
  return setup.label === null ? "NULL::DOUBLE" : `greatest(0, ${numberOf(setup.label)})`;
}

interface RankingResult {
  readonly window: 0 | 1;
  readonly queries: number;
  readonly rows: number;
  readonly metrics: Metrics;
}

/** Ranking metrics of both windows. @throws Fault<EngineError> */
export async function readRanking(
  engine: Engine,
  input: CellsInput,
  score: string,
  options: QueryOptions = {},
): Promise<RankingResult[]> {
  const rows = await queryRows(
    engine,
    rankingSql(input, score),
    {
      ...{ win: NUMBER, queries: NUMBER, rows: NUMBER, relevant: NUMBER, rated: NUMBER },
      ...{ ndcg: NUMBER_OR_NULL, map: NUMBER_OR_NULL, mrr: NUMBER_OR_NULL },
      ...{ ndcg_sd: NUMBER, map_sd: NUMBER, mrr_sd: NUMBER },
    },
    options,
  );
  return rows.map((row) => {
    const metrics = new Map<MetricName, Estimate>();
    for (const name of ["ndcg", "map", "mrr"] as const) {
      const value = row[name];
      if (value === null) continue;
      metrics.set(name, normalInterval(value, row[`${name}_sd`] / Math.sqrt(row.rated), 0, 1));
    }
    const ctr = wilson(row.relevant, row.rows);
    if (ctr !== null) metrics.set("ctr", ctr);
    return { window: row.win === 0 ? 0 : 1, queries: row.queries, rows: row.rows, metrics };
  });
}
