import type { ModelTask } from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { BOOLEAN, NUMBER, NUMBER_OR_NULL, queryRows, STRING } from "../../tables/rows.ts";
import { ident, text } from "../../tables/sql.ts";

type Column = TableMeta["columns"][number];

/** What a person may know better than the columns tell. */
export interface ModelReading {
  /** Class that counts as positive, as it stands in the label. */
  readonly positiveClass?: string;
  readonly scoreMeaning?: ScoreMeaning;
  /** Decision threshold where there is no prediction column; 0.5 by default. */
  readonly threshold?: number;
  /** Column that groups the rows of one ranked list. */
  readonly query?: string;
}

/**
 * What a score says: probability of the positive class, of the other class, of
 * the predicted class, or only an order (not between 0 and 1).
 */
type ScoreMeaning = "positive" | "negative" | "predicted" | "order";

/** How the columns of a table make up a model. SQL expressions are of one row. */
export interface ModelSetup {
  readonly task: ModelTask | null;
  readonly label: Column | null;
  readonly prediction: Column | null;
  readonly scores: readonly Column[];
  readonly weight: Column | null;
  readonly query: Column | null;
  readonly classes: readonly string[];
  readonly positive: string | null;
  readonly meaning: ScoreMeaning | null;
  readonly threshold: number;
  /**
   * Binary: `y` and `p` are '1', '0' or NULL, `s` the score of the positive
   * class in [0, 1]. Multiclass: class names, `s` the probability of the
   * predicted class. Regression: DOUBLE, `s` NULL.
   */
  readonly y: string;
  readonly p: string;
  readonly s: string;
  readonly w: string;
  readonly readings: readonly string[];
}

/** More classes than this are not compared one by one. */
const MOST_CLASSES = 50;
/** A number with more values than this is a quantity, not a class. */
const MOST_NUMBER_CLASSES = 20;

const POSITIVE_NAMES = new Set(
  "1 positive pos true yes fraud fraudulent spam click clicked churn churned default defaulted bad anomaly attack malicious sick disease approved converted survived".split(
    " ",
  ),
);

/** A class as text, alike for 1, 1.0, true, 'true' and 'yes'; NULL for what is missing. */
export function classKey({ name, type }: Pick<Column, "name" | "type">): string {
  const c = ident(name);
  switch (type) {
    case "boolean":
      return `(CASE ${c} WHEN true THEN '1' WHEN false THEN '0' END)`;
    case "double":
      return `(CASE WHEN isnan(${c}) THEN NULL WHEN abs(${c}) < 1e15 AND ${c} = floor(${c}) THEN CAST(CAST(${c} AS BIGINT) AS VARCHAR) ELSE CAST(${c} AS VARCHAR) END)`;
    case "varchar":
      return `(CASE lower(trim(${c})) WHEN '' THEN NULL WHEN 'true' THEN '1' WHEN 'yes' THEN '1' WHEN '1.0' THEN '1' WHEN 'false' THEN '0' WHEN 'no' THEN '0' WHEN '0.0' THEN '0' ELSE trim(${c}) END)`;
    case "bigint":
    case "timestamp":
      return `CAST(${c} AS VARCHAR)`;
  }
}

/** A column as DOUBLE, NULL for NaN, infinities and for texts that are no numbers. */
export function numberOf({ name, type }: Pick<Column, "name" | "type">): string {
  const c =
    type === "varchar" ? `TRY_CAST(${ident(name)} AS DOUBLE)` : `CAST(${ident(name)} AS DOUBLE)`;
  return `(CASE WHEN isfinite(${c}) THEN ${c} END)`;
}

function isNumber(column: Column | null): boolean {
  return column !== null && (column.type === "double" || column.type === "bigint");
}

/** What the values of a label, prediction or score column say. */
interface Profile {
  distinct: number;
  integers: boolean;
  min: number | null;
  max: number | null;
  median: number | null;
  spread: number | null;
}

interface ClassCount {
  key: string;
  rows: number;
  /** Mean score and share of scores from 0.5 on; null without scores. */
  score: number | null;
  high: number | null;
}

/**
 * Reads the roles of a table's columns as a model: two scans at most. `task` is
 * null where there is no label or the label cannot be compared with anything.
 * @param condition SQL condition of the rows to look at
 */
export async function readModel(
  engine: Engine,
  table: TableMeta,
  condition: string,
  reading: ModelReading = {},
  options: QueryOptions = {},
): Promise<ModelSetup> {
  const of = (role: Column["role"]): Column[] => table.columns.filter((c) => c.role === role);
  const label = of("label")[0] ?? null;
  let prediction = of("prediction")[0] ?? null;
  let scores = of("score").filter((c) => isNumber(c));
  const weight = of("weight").find((c) => isNumber(c)) ?? null;
  const look = async (column: Column | null): Promise<Profile | null> =>
    column === null ? null : profile(engine, table, column, condition, options);
  const labels = await look(label);
  const predictions = await look(prediction);
  const readings: string[] = [];
  const continuous = (column: Column | null, p: Profile | null): boolean =>
    isNumber(column) &&
    p !== null &&
    p.distinct > (p.integers ? MOST_NUMBER_CLASSES : 2) &&
    !(p.integers && p.distinct <= MOST_CLASSES && label?.type === "varchar");
  if (
    prediction !== null &&
    continuous(prediction, predictions) &&
    within01(predictions) &&
    (labels === null || !continuous(label, labels))
  ) {
    readings.push(`${prediction.name} lies between 0 and 1 and is read as a score.`);
    scores = [prediction, ...scores];
    prediction = null;
  }
  const base = {
    label,
    weight,
    query: queryColumn(table, reading),
    threshold: reading.threshold ?? 0.5,
    w:
      weight === null
        ? "1.0"
        : `(CASE WHEN ${numberOf(weight)} > 0 THEN ${numberOf(weight)} ELSE 0 END)`,
  };
  if (weight !== null)
    readings.push(`Rows weigh ${weight.name}; rows without a positive weight do not count.`);
  const graded = isNumber(label) && labels !== null && labels.distinct > 2 && scores.length > 0;
  if (label !== null && (continuous(label, labels) || (base.query !== null && graded))) {
    const predicted = (base.query === null ? null : scores[0]) ?? prediction ?? scores[0] ?? null;
    return {
      ...base,
      ...{ prediction: predicted, scores: predicted === prediction ? scores : [] },
      ...{ task: isNumber(predicted) ? (base.query === null ? "regression" : "ranking") : null },
      ...{ classes: [], positive: null, meaning: null, readings },
      y: numberOf(label),
      p: predicted === null ? "NULL::DOUBLE" : numberOf(predicted),
      s: "NULL::DOUBLE",
    };
  }
  return readClassifier(
    engine,
    table,
    condition,
    reading,
    options,
    { ...base, prediction, scores },
    readings,
  );
}

function within01(p: Profile | null): boolean {
  return p !== null && p.min !== null && p.max !== null && p.min >= 0 && p.max <= 1;
}

/** The column that groups ranked lists: the stated one, or an id named after queries. */
function queryColumn(table: TableMeta, reading: ModelReading): Column | null {
  if (reading.query !== undefined) {
    return table.columns.find((c) => c.name === reading.query) ?? null;
  }
  const named = /(^|_)(query|search|impression|serp|slate|ranking)(_?id)?$/i;
  return table.columns.find((c) => c.role !== "ignore" && named.test(c.name)) ?? null;
}

async function readClassifier(
  engine: Engine,
  table: TableMeta,
  condition: string,
  reading: ModelReading,
  options: QueryOptions,
  base: Pick<
    ModelSetup,
    "label" | "weight" | "query" | "threshold" | "w" | "prediction" | "scores"
  >,
  readings: string[],
): Promise<ModelSetup> {
  const { label, prediction } = base;
  const anyScore = base.scores[0] ?? null;
  const count = async (column: Column | null): Promise<ClassCount[]> =>
    column === null ? [] : classCounts(engine, table, column, anyScore, condition, options);
  const truths = await count(label);
  const predicted = await count(prediction);
  const classes = unionOf(truths, predicted);
  const twoNames = truths.length === 2 && predicted.length === 2 && classes.length === 4;
  const none = {
    classes: [],
    positive: null,
    meaning: null,
    y: "NULL",
    p: "NULL",
    s: "NULL::DOUBLE",
  };
  if (classes.length > MOST_CLASSES) {
    readings.push(
      `${label?.name ?? prediction?.name ?? "the label"} has more than ${MOST_CLASSES} classes.`,
    );
    return { ...base, ...none, task: null, readings };
  }
  const named = (list: readonly ClassCount[]): string | null =>
    list.find((c) => POSITIVE_NAMES.has(c.key.toLowerCase()))?.key ?? null;
  if (classes.length <= 2 || (twoNames && named(truths) !== null && named(predicted) !== null)) {
    const positive =
      reading.positiveClass ??
      named(truths) ??
      named(predicted) ??
      complementOfZero(truths) ??
      positiveByScore(truths, predicted);
    const positiveOfPrediction = twoNames ? (named(predicted) ?? positive) : positive;
    if (truths.length > 0 || predicted.length > 0) {
      readings.push(`${quote(positive)} is read as the positive class.`);
    }
    return readBinary(engine, table, condition, reading, options, base, {
      classes,
      positive,
      positiveOfPrediction,
      predicted,
      readings,
    });
  }
  const y = label === null ? "NULL" : classKey(label);
  const p = prediction === null ? "NULL" : classKey(prediction);
  const s = base.scores.length === 1 && anyScore !== null ? numberOf(anyScore) : "NULL::DOUBLE";
  if (base.scores.length === 1)
    readings.push(`${anyScore?.name ?? ""} is read as the probability of the predicted class.`);
  return {
    ...base,
    task: "multiclass",
    classes,
    positive: null,
    meaning: base.scores.length === 1 ? "predicted" : null,
    y,
    p,
    s: `(CASE WHEN ${s} BETWEEN 0 AND 1 THEN ${s} END)`,
    readings,
  };
}

async function readBinary(
  engine: Engine,
  table: TableMeta,
  condition: string,
  reading: ModelReading,
  options: QueryOptions,
  base: Pick<
    ModelSetup,
    "label" | "weight" | "query" | "threshold" | "w" | "prediction" | "scores"
  >,
  known: {
    classes: readonly string[];
    positive: string;
    positiveOfPrediction: string;
    predicted: readonly ClassCount[];
    readings: string[];
  },
): Promise<ModelSetup> {
  const { label, prediction, threshold } = base;
  const { readings } = known;
  const score = scoreOfClass(base.scores, known.positive) ?? base.scores[0] ?? null;
  const hit = (column: Column | null, positive: string): string =>
    column === null
      ? "NULL::VARCHAR"
      : `(CASE WHEN ${classKey(column)} = ${text(positive)} THEN '1' WHEN ${classKey(column)} IS NOT NULL THEN '0' END)`;
  const y = hit(label, known.positive);
  let p = hit(prediction, known.positiveOfPrediction);
  let s = "NULL::DOUBLE";
  let meaning: ScoreMeaning | null = null;
  if (score !== null) {
    const found = await profile(engine, table, score, condition, options);
    meaning =
      reading.scoreMeaning ??
      (within01(found) ? meaningOf(known.predicted, known.positiveOfPrediction) : "order");
    s = scoreSql(numberOf(score), meaning, p, found);
    readings.push(meaningText(score.name, meaning));
    if (prediction === null && meaning !== "order") {
      p = `(CASE WHEN ${s} >= ${threshold} THEN '1' WHEN ${s} IS NOT NULL THEN '0' END)`;
      readings.push(
        `There is no prediction column: scores from ${threshold} on count as positive.`,
      );
    }
  }
  return {
    ...base,
    scores: score === null ? [] : [score],
    task: "binary",
    classes: known.classes,
    positive: known.positive,
    meaning,
    y,
    p,
    s,
    readings,
  };
}

/** The score in [0, 1], rising with the positive class. Orders are squashed monotonically. */
function scoreSql(raw: string, meaning: ScoreMeaning, p: string, found: Profile): string {
  switch (meaning) {
    case "positive":
      return `(CASE WHEN ${raw} BETWEEN 0 AND 1 THEN ${raw} END)`;
    case "negative":
      return `(CASE WHEN ${raw} BETWEEN 0 AND 1 THEN 1 - ${raw} END)`;
    case "predicted":
      return `(CASE WHEN ${raw} BETWEEN 0 AND 1 THEN CASE ${p} WHEN '1' THEN ${raw} WHEN '0' THEN 1 - ${raw} END END)`;
    case "order": {
      const scale = found.spread !== null && found.spread > 0 ? found.spread : 1;
      return `(1 / (1 + exp(-least(30, greatest(-30, (${raw} - (${found.median ?? 0})) / ${scale})))))`;
    }
  }
}

/**
 * Whose probability a score is, by the predictions: of the predicted class when
 * rows of both classes score 0.5 or more, of the other class when the sides are
 * swapped, of the positive class otherwise.
 */
function meaningOf(predicted: readonly ClassCount[], positive: string): ScoreMeaning {
  const yes = predicted.find((c) => c.key === positive)?.high ?? null;
  const no = predicted.find((c) => c.key !== positive)?.high ?? null;
  if (yes === null || no === null) return "positive";
  if (yes >= 0.99 && no >= 0.99) return "predicted";
  return yes <= 0.01 && no >= 0.99 ? "negative" : "positive";
}

function meaningText(name: string, meaning: ScoreMeaning): string {
  switch (meaning) {
    case "positive":
      return `${name} is read as the probability of the positive class.`;
    case "negative":
      return `${name} is read as the probability of the negative class: rows predicted negative score high.`;
    case "predicted":
      return `${name} is read as the probability of the predicted class: rows of both predictions score 0.5 or more.`;
    case "order":
      return `${name} is not between 0 and 1: it is read as an order only, without log loss, Brier score and calibration.`;
  }
}

function unionOf(truths: readonly ClassCount[], predicted: readonly ClassCount[]): string[] {
  const rows = new Map<string, number>();
  for (const { key, rows: n } of [...truths, ...predicted]) rows.set(key, (rows.get(key) ?? 0) + n);
  return [...rows].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key);
}

/** '1' where a column only ever says '0'. */
function complementOfZero(truths: readonly ClassCount[]): string | null {
  return truths.length === 1 && truths[0]?.key === "0" ? "1" : null;
}

/** The class with the higher mean score; without scores, the rarer class. */
function positiveByScore(truths: readonly ClassCount[], predicted: readonly ClassCount[]): string {
  const list = truths.length > 0 ? truths : predicted;
  const [a, b] = list;
  if (a === undefined) return "1";
  if (b === undefined) return a.key;
  if (a.score !== null && b.score !== null && a.score !== b.score) {
    return a.score > b.score ? a.key : b.key;
  }
  return a.rows < b.rows ? a.key : b.key;
}

/** The score column named after a class: `proba_spam` for `spam`. */
export function scoreOfClass(scores: readonly Column[], key: string): Column | null {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z\d]+/g, "_");
  return (
    scores.find((c) => plain(c.name) === plain(key) || plain(c.name).endsWith(`_${plain(key)}`)) ??
    null
  );
}

function quote(key: string): string {
  return `“${key}”`;
}

async function profile(
  engine: Engine,
  table: TableMeta,
  column: Column,
  condition: string,
  options: QueryOptions,
): Promise<Profile> {
  const x = isNumber(column) ? numberOf(column) : "NULL::DOUBLE";
  const [row] = await queryRows(
    engine,
    `SELECT approx_count_distinct(${ident(column.name)}) AS distinct_values,
  coalesce(bool_and(x = floor(x)), false) AS integers, min(x) AS least, max(x) AS most,
  approx_quantile(x, 0.5) AS median, (approx_quantile(x, 0.75) - approx_quantile(x, 0.25)) / 2 AS spread
FROM (SELECT ${ident(column.name)}, ${x} AS x FROM ${ident(table.name)} WHERE ${condition})`,
    {
      distinct_values: NUMBER,
      integers: BOOLEAN,
      least: NUMBER_OR_NULL,
      most: NUMBER_OR_NULL,
      median: NUMBER_OR_NULL,
      spread: NUMBER_OR_NULL,
    },
    options,
  );
  return {
    distinct: row?.distinct_values ?? 0,
    integers: row?.integers ?? false,
    min: row?.least ?? null,
    max: row?.most ?? null,
    median: row?.median ?? null,
    spread: row?.spread ?? null,
  };
}

/** The most frequent classes, one more than can be compared. */
async function classCounts(
  engine: Engine,
  table: TableMeta,
  column: Column,
  score: Column | null,
  condition: string,
  options: QueryOptions,
): Promise<ClassCount[]> {
  const s = score === null ? "NULL::DOUBLE" : numberOf(score);
  return queryRows(
    engine,
    `SELECT key, count(*) AS rows, avg(s) AS score, avg(CASE WHEN s >= 0.5 THEN 1.0 WHEN s < 0.5 THEN 0.0 END) AS high
FROM (SELECT ${classKey(column)} AS key, ${s} AS s FROM ${ident(table.name)} WHERE ${condition})
WHERE key IS NOT NULL GROUP BY key ORDER BY rows DESC, key LIMIT ${MOST_CLASSES + 1}`,
    { key: STRING, rows: NUMBER, score: NUMBER_OR_NULL, high: NUMBER_OR_NULL },
    options,
  );
}
