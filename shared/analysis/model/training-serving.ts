import type { TrainingServing } from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { compareCategories } from "../compare-categorical.ts";
import { compareNumeric } from "../compare-numeric.ts";
import { countCategories } from "../count-categories.ts";
import type { ColumnDraft } from "../draft-shift.ts";
import { exportSorted } from "../numeric-export.ts";
import { lowerBound, upperBound } from "../statistics/bins.ts";
import { throwIfCancelled, withoutProgress } from "../table-task.ts";
import { confirmedVerdict, sizeScore, sizeVerdict } from "../verdict.ts";
import { binaryMetrics, multiclassMetrics } from "./group-metrics.ts";
import { metricChanges } from "./metric-rules.ts";
import { numberOf, readModel, type ModelReading, type ModelSetup } from "./model-columns.ts";
import { changeSentence } from "./model-statements.ts";
import { regressionMetrics } from "./regression-metrics.ts";
import { readErrors } from "./regression-cells.ts";
import { readCells, type CellsInput, type Metrics } from "./score-cells.ts";

type Column = TableMeta["columns"][number];
type ColumnResult = TrainingServing["columns"][number];

/**
 * Training rows against serving rows in two tables with the same columns:
 * columns one side lacks or types differently; each common column's
 * distribution by the same methods and thresholds as two windows of one table;
 * the share of serving rows outside the training rows' range or categories;
 * and, where both have labels, every metric with its change. All rows take
 * part, whatever their time.
 * @throws Fault<EngineError>
 */
export async function trainingServing(
  engine: Engine,
  training: TableMeta,
  serving: TableMeta,
  options: QueryOptions & ModelReading = {},
): Promise<TrainingServing> {
  const quiet = withoutProgress(options);
  const rows = {
    training: await countRows(engine, training, quiet),
    serving: await countRows(engine, serving, quiet),
  };
  const common = commonColumns(training, serving);
  const columns: ColumnResult[] = [];
  if (rows.training > 0 && rows.serving > 0) {
    for (const [k, column] of common.entries()) {
      throwIfCancelled(options);
      columns.push(await compareColumn(engine, column, training, serving, rows, quiet));
      options.onProgress?.((k + 1) / (common.length + 1));
    }
  }
  columns.sort((a, b) => b.score - a.score);
  const schema = schemaOf(training, serving);
  const metrics = metricChanges(
    await metricsOf(engine, training, options),
    await metricsOf(engine, serving, options),
  );
  options.onProgress?.(1);
  return {
    training: training.name,
    serving: serving.name,
    ...{ rows, schema, columns, metrics },
    statements: [
      ...schema.map((s) => s.why),
      ...columns.filter((c) => c.verdict === "major").map((c) => c.sentence),
      ...metrics.filter((m) => m.verdict !== "none").map((m) => `${changeSentence(m)}.`),
    ],
  };
}

function commonColumns(training: TableMeta, serving: TableMeta): Column[] {
  return training.columns.filter(
    (c) =>
      !["ignore", "timestamp", "entity", "message"].includes(c.role) &&
      c.type !== "timestamp" &&
      serving.columns.some((s) => s.name === c.name && alike(s.type, c.type)),
  );
}

function alike(a: Column["type"], b: Column["type"]): boolean {
  const kind = (t: Column["type"]): string => (t === "bigint" || t === "double" ? "number" : t);
  return kind(a) === kind(b);
}

function schemaOf(training: TableMeta, serving: TableMeta): TrainingServing["schema"] {
  const out: TrainingServing["schema"] = [];
  for (const c of training.columns) {
    if (c.role === "ignore") continue;
    const other = serving.columns.find((s) => s.name === c.name);
    if (other === undefined) {
      const why = `${c.name} is in ${training.name} and not in ${serving.name}.`;
      out.push({ column: c.name, change: "only_training", why });
    } else if (!alike(c.type, other.type)) {
      const why = `${c.name} is ${c.type} in ${training.name} and ${other.type} in ${serving.name}.`;
      out.push({ column: c.name, change: "retyped", why });
    }
  }
  for (const c of serving.columns) {
    if (c.role === "ignore" || training.columns.some((t) => t.name === c.name)) continue;
    const why = `${c.name} is in ${serving.name} and not in ${training.name}.`;
    out.push({ column: c.name, change: "only_serving", why });
  }
  return out;
}

async function countRows(engine: Engine, table: TableMeta, options: QueryOptions): Promise<number> {
  const sql = `SELECT count(*) AS n FROM ${ident(table.name)}`;
  const [row] = await queryRows(engine, sql, { n: NUMBER }, options);
  return row?.n ?? 0;
}

async function compareColumn(
  engine: Engine,
  column: Column,
  training: TableMeta,
  serving: TableMeta,
  rows: TrainingServing["rows"],
  options: QueryOptions,
): Promise<ColumnResult> {
  if (column.type === "double" || column.type === "bigint") {
    const expression = { name: column.name, sql: `CAST(${ident(column.name)} AS DOUBLE)` };
    const read = async (table: TableMeta, n: number) => {
      for await (const sample of exportSorted(
        engine,
        ident(table.name),
        "true",
        [expression],
        n,
        options,
      )) {
        return sample;
      }
      throw new Error(`no values of ${column.name}`);
    };
    const before = await read(training, rows.training);
    const after = await read(serving, rows.serving);
    const [least, most] = [before.sorted[0], before.sorted[before.sorted.length - 1]];
    const inside =
      least === undefined || most === undefined
        ? after.sorted.length
        : upperBound(after.sorted, most) - lowerBound(after.sorted, least);
    const unseen = after.sorted.length === 0 ? 0 : 1 - inside / after.sorted.length;
    return resultOf(column.name, compareNumeric(column.name, before, after, column.unit), unseen);
  }
  const value = `CAST(${ident(column.name)} AS VARCHAR)`;
  const both = `(SELECT ${value} AS v, true AS t FROM ${ident(training.name)} UNION ALL SELECT ${value}, false FROM ${ident(serving.name)})`;
  const sample = await countCategories(
    engine,
    both,
    "v",
    { baseline: "t", incident: "NOT t" },
    { baseline: rows.training, incident: rows.serving },
    options,
  );
  const filled = sample.categories.reduce((s, c) => s + c.incident, sample.other.incident);
  const fresh = sample.categories.reduce(
    (s, c) => s + (c.baseline === 0 ? c.incident : 0),
    sample.other.onlyIncident,
  );
  return resultOf(
    column.name,
    compareCategories(column.name, sample),
    filled === 0 ? 0 : fresh / filled,
  );
}

/** The strongest shift of a draft; its own p-value is the test (no correction over columns). */
function resultOf(column: string, draft: ColumnDraft, unseen: number): ColumnResult {
  const judged = draft.shifts
    .map((shift) => ({
      verdict: confirmedVerdict(sizeVerdict(shift.measure, shift.size), shift.statistic.p),
      score: sizeScore(shift.measure, shift.size),
      sentence: shift.sentence,
    }))
    .sort((a, b) => b.score - a.score)
    .sort((a, b) => (a.verdict === "none" ? 1 : 0) - (b.verdict === "none" ? 1 : 0));
  const strongest = judged[0];
  const share = (s: ColumnDraft["baseline"]): number => (s.rows === 0 ? 0 : s.nulls / s.rows);
  return {
    column,
    statistics: draft.statistics,
    verdict: strongest?.verdict ?? "none",
    score: strongest?.score ?? 0,
    unseen,
    missing: { training: share(draft.baseline), serving: share(draft.incident) },
    sentence: strongest?.sentence ?? `${column} has no values to compare.`,
  };
}

/** Metrics of all rows of a table; empty without labels. */
async function metricsOf(
  engine: Engine,
  table: TableMeta,
  options: QueryOptions & ModelReading,
): Promise<Metrics> {
  const quiet = withoutProgress(options);
  if (!table.columns.some((c) => c.role === "label")) return new Map();
  const setup: ModelSetup = await readModel(engine, table, "true", options, quiet);
  const input: CellsInput = {
    ...{ table, setup, splitters: [], bucket: null, immatureFrom: null },
    predicates: { baseline: "true", incident: "false" },
  };
  switch (setup.task) {
    case null:
    case "ranking":
      return new Map();
    case "regression": {
      const label = setup.label === null ? "0.0" : numberOf(setup.label);
      const [mean] = await queryRows(
        engine,
        `SELECT coalesce(avg(${label}), 0) AS m FROM ${ident(table.name)}`,
        { m: NUMBER },
        quiet,
      );
      const [all] = await readErrors(engine, input, mean?.m ?? 0, quiet);
      return all === undefined ? new Map() : regressionMetrics(all.sums);
    }
    case "binary":
    case "multiclass": {
      const cells = (await readCells(engine, input, quiet))[0]?.cells ?? [];
      return setup.task === "binary"
        ? binaryMetrics(cells, { probabilities: setup.meaning !== "order" })
        : multiclassMetrics(cells, setup.classes);
    }
  }
}
