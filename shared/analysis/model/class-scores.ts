import type { Estimate, MetricName } from "../../model/model-checks.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { text } from "../../tables/sql.ts";
import { histogramOfCells } from "./group-metrics.ts";
import { normalInterval, Z95 } from "./intervals.ts";
import { numberOf, scoreOfClass, type ModelSetup } from "./model-columns.ts";
import { rocAucInterval, rocAucOneVersusRest } from "./ranking-areas.ts";
import { readCells, rowsSql, type CellsInput, type Metrics } from "./score-cells.ts";

/**
 * Macro and weighted one-versus-rest ROC area and log loss of a multiclass
 * model with one score column per class, named after it (`proba_cat`). Empty
 * where a class has no such column. The interval of an averaged area takes the
 * classes as fully dependent, which errs on the wide side.
 * @returns metrics of baseline and incident
 * @throws Fault<EngineError>
 */
export async function classScoreMetrics(
  engine: Engine,
  input: CellsInput,
  options: QueryOptions = {},
): Promise<readonly [Metrics, Metrics]> {
  const out: readonly [Metrics, Metrics] = [new Map(), new Map()];
  const { setup } = input;
  const columns = setup.classes.map((key) => ({ key, column: scoreOfClass(setup.scores, key) }));
  if (columns.length < 2 || columns.some((c) => c.column === null)) return out;
  const perClass: [Estimate[], Estimate[]] = [[], []];
  const histograms = [[], []] as [
    ReturnType<typeof histogramOfCells>[],
    ReturnType<typeof histogramOfCells>[],
  ];
  for (const { key, column } of columns) {
    if (column === null) continue;
    const own = oneVersusRest(setup, key, numberOf(column));
    const groups = await readCells(
      engine,
      { ...input, setup: own, splitters: [], bucket: null },
      options,
    );
    for (const { window, cells } of groups) {
      const h = histogramOfCells(cells);
      histograms[window].push(h);
      const area = rocAucInterval(h);
      if (area !== null) perClass[window].push(area);
    }
  }
  for (const window of [0, 1] as const) {
    const areas = perClass[window];
    if (areas.length < columns.length) continue;
    const half = areas.reduce((s, a) => s + (a.high - a.low) / 2, 0) / areas.length;
    for (const average of ["macro", "weighted"] as const) {
      const value = rocAucOneVersusRest(histograms[window], average);
      const name: MetricName = `roc_auc_${average}`;
      if (value !== null) out[window].set(name, normalInterval(value, half / Z95, 0, 1));
    }
  }
  await addLogLoss(engine, input, columns, out, options);
  return out;
}

/** A class against all others, as a binary setup. */
function oneVersusRest(setup: ModelSetup, key: string, score: string): ModelSetup {
  return {
    ...setup,
    task: "binary",
    y: `(CASE WHEN ${setup.y} = ${text(key)} THEN '1' WHEN ${setup.y} IS NOT NULL THEN '0' END)`,
    p: "NULL::VARCHAR",
    s: `(CASE WHEN ${score} BETWEEN 0 AND 1 THEN ${score} END)`,
  };
}

async function addLogLoss(
  engine: Engine,
  input: CellsInput,
  columns: readonly { key: string; column: Parameters<typeof numberOf>[0] | null }[],
  out: readonly [Metrics, Metrics],
  options: QueryOptions,
): Promise<void> {
  const { setup } = input;
  const cases = columns.map(({ key, column }) =>
    column === null ? "" : `WHEN ${text(key)} THEN ${numberOf(column)}`,
  );
  const own = { ...setup, s: `(CASE ${setup.y} ${cases.join(" ")} END)` };
  const rows = await queryRows(
    engine,
    `WITH r AS (${rowsSql({ ...input, setup: own, splitters: [], bucket: null })}),
l AS (SELECT win, w, -ln(least(1, greatest(${Number.EPSILON}, s))) AS loss FROM r WHERE y IS NOT NULL AND s IS NOT NULL),
m AS (SELECT win, sum(w * loss) / sum(w) AS mean FROM l GROUP BY win)
SELECT l.win AS win, any_value(mean) AS mean, sqrt(sum(w * w * (loss - mean) ** 2)) / sum(w) AS se
FROM l JOIN m ON l.win = m.win GROUP BY l.win`,
    { win: NUMBER, mean: NUMBER_OR_NULL, se: NUMBER_OR_NULL },
    options,
  );
  for (const { win, mean, se } of rows) {
    if (mean !== null) out[win === 0 ? 0 : 1].set("log_loss", normalInterval(mean, se ?? 0, 0));
  }
}
