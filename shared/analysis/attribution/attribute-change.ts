import type {
  Attribution,
  AttributionCause,
  AttributionMetric,
  DimensionSplit,
  SegmentPredicate,
} from "../../model/attribution.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { normalInterval } from "../model/intervals.ts";
import { throwIfCancelled, withoutProgress } from "../table-task.ts";
import { whyNotApplicable, windowPredicate, type WindowPair } from "../windows.ts";
import { dimensionsForAttribution, metricName, metricSql } from "./attribution-metrics.ts";
import { attributionSentence, whereText } from "./attribution-sentences.ts";
import { segmentsSql } from "./attribution-sql.ts";
import { baselineHalves } from "./baseline-halves.ts";
import { describeCauses } from "./cause-parts.ts";
import { splitByColumn } from "./column-split.ts";
import { totalPair, windowsOf, type Cube, type CubeColumn } from "./cube.ts";
import {
  countValues,
  readCube,
  valuePair,
  valueSums,
  type CubeSource,
  type ValueSums,
} from "./cube-query.ts";
import { MOST_DEPTH, predicatesOf, searchExplanation, SUPPORT } from "./explanation-search.ts";
import { middleLevel, partOf, sideOf, type Whole } from "./mix-rate.ts";
import { addPairs, changeOf, type MetricScale } from "./segment-sums.ts";
import { waterfallOf } from "./waterfall.ts";

/** Columns that are split one by one, at most. */
const MOST_COLUMNS = 40;
/** A column with more values than this is no category; one that was asked for may have more. */
const MOST_VALUES = 200;
const MOST_ASKED_VALUES = 5000;
/** Columns that are combined with each other, and cells of the cube (by part of the rows). */
const MOST_COMBINED = 6;
const MOST_CELLS = 150_000;

export interface AttributionQuestion {
  readonly metric: AttributionMetric;
  /** Columns to split by; those that `dimensionsForAttribution` names where it is left out. */
  readonly dimensions?: readonly string[];
}

/**
 * Where the change of a metric between two windows is: the change of each value
 * of each column, split into mix and rate (`partOf`); the smallest set of
 * segments of up to three columns that explains it (`searchExplanation`), and
 * the way from the baseline's value to the incident's over them. Over all rows
 * of both windows, in two passes and one for each dozen of columns. What is left
 * out of the search is said in `limits`. Rows per hour and sums per hour are
 * compared by the hours that the table covers of each window.
 * @throws Fault<EngineError>
 */
export async function attributeChange(
  engine: Engine,
  table: TableMeta,
  question: AttributionQuestion,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<Attribution> {
  const quiet = withoutProgress(options);
  const found = sourceOf(table, question.metric, windows);
  if (typeof found === "string") return skipped(table, question.metric, found);
  const { source, scale, halvesScale, how } = found;
  const limits: string[] = [];
  const columns = await chooseColumns(engine, source, question, windows, limits, quiet);
  options.onProgress?.(0.1);
  const values = await valueSums(engine, source, columns, quiet);
  options.onProgress?.(0.5);
  throwIfCancelled(options);
  const cube = await combine(engine, source, scale, columns, values, limits, quiet);
  options.onProgress?.(0.9);
  throwIfCancelled(options);
  const pair = totalPair(windowsOf(cube));
  if (pair.baseline.n === 0 || pair.incident.n === 0) {
    const which = pair.baseline.n === 0 ? "baseline" : "incident";
    return skipped(table, question.metric, `the ${which} has no rows with a value`);
  }
  const search = searchExplanation(cube, scale, halvesScale);
  const { inflation, usualChange, changed, candidates } = search;
  const whole: Whole = { pair, scale, level: middleLevel(pair, scale), inflation };
  const change = changeOf(pair.baseline, pair.incident, scale);
  if (change === null) return skipped(table, question.metric, "the denominator adds up to 0");
  const name = metricName(question.metric, table);
  const error = partOf(pair, { ...whole, level: 0 }).standardError;
  const told = {
    ...{ name, changed, usualChange, unit: unitOf(question.metric, table) },
    baseline: sideOf(pair.baseline, pair.baseline, scale, "baseline"),
    incident: sideOf(pair.incident, pair.incident, scale, "incident"),
    change: normalInterval(change.change, error),
    searched: {
      columns: cube.columns.map((c) => c.name),
      ...{ combinations: candidates, depth: Math.min(MOST_DEPTH, cube.columns.length) },
    },
  };
  const { causes, parts } = describeCauses(cube, search, whole, told);
  const explained = changed
    ? causes.filter((c) => c.kind !== "everywhere").reduce((s, c) => s + (c.share ?? 0), 0)
    : null;
  const dimensions = columns
    .map((column, k) => splitByColumn(column, values[k] ?? [], whole, name))
    .sort((a, b) => b.surprise - a.surprise);
  const from = told.baseline.value ?? 0;
  const to = told.incident.value ?? 0;
  options.onProgress?.(1);
  return {
    table: table.name,
    metric: question.metric,
    ...told,
    ...{ additive: scale.additive, halves: search.usualChange === null ? null : how, inflation },
    ...{ causes, explained, dimensions, limits },
    waterfall: waterfallOf(from, to, parts),
    sentence: attributionSentence(told, causes, explained),
    statements: statementsOf(
      causes,
      dimensions,
      search.drifting.map((d) => predicatesOf(cube, d)),
    ),
    sql: segmentsSql(
      source,
      scale,
      causes.map((c) => c.segment.where),
    ),
    skipped: null,
  };
}

interface Source {
  readonly source: CubeSource;
  readonly scale: MetricScale;
  readonly halvesScale: MetricScale;
  readonly how: "time" | "chance";
}

/** What the question reads, or why it cannot be answered. */
function sourceOf(
  table: TableMeta,
  metric: AttributionMetric,
  windows: WindowPair,
): Source | string {
  const why =
    whyNotApplicable(table, windows.baseline) ?? whyNotApplicable(table, windows.incident);
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  if (why !== null || baseline === null || incident === null) {
    return why ?? "the windows do not apply to the table";
  }
  const sql = metricSql(metric, table);
  if (sql === null) return "the table lacks a column of the metric";
  const cut = baselineHalves(table, windows, sql.additive);
  return {
    source: { table, metric: sql, predicates: { baseline, incident }, firstHalf: cut.firstHalf },
    ...{ scale: cut.windows, halvesScale: cut.halves, how: cut.how },
  };
}

/** The columns to split by, with fewer values than are too many; the others go to `limits`. */
async function chooseColumns(
  engine: Engine,
  source: CubeSource,
  { metric, dimensions }: AttributionQuestion,
  windows: WindowPair,
  limits: string[],
  options: QueryOptions,
): Promise<string[]> {
  const filtered = [windows.baseline.filter?.column, windows.incident.filter?.column];
  const known = new Set(source.table.columns.map((c) => c.name));
  const asked = (dimensions ?? dimensionsForAttribution(source.table, metric)).filter(
    (c) => known.has(c) && !filtered.includes(c),
  );
  if (asked.length > MOST_COLUMNS) {
    limits.push(
      `Only the first ${String(MOST_COLUMNS)} of ${String(asked.length)} columns are split by.`,
    );
  }
  const columns = asked.slice(0, MOST_COLUMNS);
  const counts = await countValues(engine, source, columns, options);
  const most = dimensions === undefined ? MOST_VALUES : MOST_ASKED_VALUES;
  return columns.filter((column, k) => {
    const distinct = counts[k] ?? 0;
    // HyperLogLog is a few per cent off.
    const many = distinct > most * 1.05;
    if (many) {
      limits.push(
        `\`${column}\` is left out: it has about ${String(distinct)} values, more than ${String(most)}.`,
      );
    }
    // A column with one value splits nothing, unless it is missing in other rows.
    return !many && (distinct > 0 || dimensions !== undefined);
  });
}

/** The cube of the columns that say most, as many as fit. */
async function combine(
  engine: Engine,
  source: CubeSource,
  scale: MetricScale,
  columns: readonly string[],
  values: readonly (readonly ValueSums[])[],
  limits: string[],
  options: QueryOptions,
): Promise<Cube> {
  const ranked = columns
    .map((name, k) => columnOfCube(name, values[k] ?? [], scale))
    .filter((c) => c.column.values.length > 1)
    .sort((a, b) => b.weight - a.weight);
  const kept = ranked.slice(0, MOST_COMBINED);
  for (;;) {
    const use = kept.map((c) => c.column);
    const cube = await readCube(engine, source, use, MOST_CELLS, options);
    if (cube !== null) {
      const dropped = ranked.filter((c) => !kept.includes(c)).map((c) => `\`${c.column.name}\``);
      if (dropped.length > 0) {
        limits.push(
          `Combinations are searched over ${String(kept.length)} columns (${use.map((c) => `\`${c.name}\``).join(", ")}), those whose values moved most; ${dropped.join(", ")} ${dropped.length === 1 ? "is" : "are"} split by alone.`,
        );
      }
      return cube;
    }
    kept.pop();
  }
}

/** A column with the values that have enough rows, and how far the values moved apart. */
function columnOfCube(
  name: string,
  values: readonly ValueSums[],
  scale: MetricScale,
): { column: CubeColumn; weight: number } {
  const pairs = values.map(({ value, parts }) => ({ value, pair: valuePair(parts) }));
  const whole = addPairs(pairs.map((p) => p.pair));
  const change = changeOf(whole.baseline, whole.incident, scale);
  const offset = scale.additive ? 0 : (change?.change ?? 0);
  const listed = pairs.filter(({ pair: { baseline, incident } }) => {
    const enough =
      baseline.n >= SUPPORT.share * whole.baseline.n ||
      incident.n >= SUPPORT.share * whole.incident.n;
    return enough && baseline.n + incident.n >= SUPPORT.rows;
  });
  const level = middleLevel(whole, scale);
  const weights = listed.map(({ pair: { baseline, incident } }) => {
    const c = changeOf(baseline, incident, scale, { factor: 1, offset });
    const own = c === null || c.variance <= 0 ? 0 : c.change ** 2 / c.variance;
    const { mix } = partOf({ baseline, incident }, { pair: whole, scale, level, inflation: 1 });
    return own + (change === null || change.variance <= 0 ? 0 : mix ** 2 / change.variance);
  });
  const weight = Math.max(0, ...weights);
  return { column: { name, values: listed.map((v) => v.value) }, weight };
}

function unitOf(metric: AttributionMetric, table: TableMeta): string | null {
  if (metric.kind !== "mean" && metric.kind !== "absolute_error") return null;
  const name = metric.kind === "mean" ? metric.column : metric.label;
  return table.columns.find((c) => c.name === name)?.unit ?? null;
}

/** What stands beside the first sentence: the other causes, and paradoxes. */
function statementsOf(
  causes: readonly AttributionCause[],
  dimensions: readonly DimensionSplit[],
  drifting: readonly (readonly SegmentPredicate[])[],
): string[] {
  return [
    ...causes.slice(1).map((c) => `${c.sentence}.`),
    ...drifting
      .filter((where) => where.length > 0)
      .map(
        (where) =>
          `It also changed in ${whereText([...where])}, but not by more than usual: the halves of the baseline differ there too.`,
      ),
    ...dimensions.flatMap((d) => (d.simpson === null ? [] : [d.simpson.sentence])),
  ];
}

function skipped(table: TableMeta, metric: AttributionMetric, why: string): Attribution {
  const side = { rows: 0, share: 0, value: null };
  return {
    ...{ table: table.name, metric, name: metricName(metric, table), unit: null, additive: false },
    ...{ baseline: side, incident: side, change: { value: 0, low: 0, high: 0 } },
    ...{ usualChange: null, halves: null, inflation: 1, changed: false, causes: [] },
    ...{ explained: null, waterfall: { baseline: 0, incident: 0, steps: [] }, dimensions: [] },
    searched: { columns: [], combinations: 0, depth: 0 },
    ...{ limits: [], sentence: "", statements: [], sql: "", skipped: why },
  };
}
