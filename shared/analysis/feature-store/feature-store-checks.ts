import type { Shift } from "../../model/shift.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { num } from "../../tables/sql.ts";
import { formatDuration, formatNumber, formatShare } from "../sentences.ts";
import { shiftOf, type CheckFinding } from "../quality/check.ts";
import { hitFacts, shareGain, type Hits } from "../quality/content-finding.ts";
import { isTold } from "../quality/told-finding.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import { windowPredicate, type WindowPair } from "../windows.ts";
import {
  AGE_LEVELS,
  conditionSql,
  countCondition,
  exampleEntities,
  joinPredictions,
  type PredictionJoin,
} from "./prediction-join.ts";
import { entitiesOf, featuresOf, findTablePairs, type TablePair } from "./table-pairs.ts";
import { unchangedFindings } from "./unchanged-values.ts";

/** Predictions of each window below which nothing is said. */
const LEAST_ROWS = 50;
/** Features are old when they are a quarter older than was usual. */
const MATERIAL = 1.25;

/**
 * What the times of a feature store tell: values that were created only after the
 * prediction they would be joined to, feature rows older at prediction time than
 * before, entities of predictions that have no feature row, and features that
 * repeat themselves. Pairs of tables are found by roles (`findTablePairs`);
 * windows cut the prediction table. Shifts belong to the feature table, with
 * verdicts by size and q still null.
 * @throws Fault<EngineError>
 */
export async function featureStoreChecks(
  engine: Engine,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<Shift[]> {
  const quiet = withoutProgress(options);
  const found: Shift[] = [];
  for (const pair of await findTablePairs(engine, tables, quiet)) {
    throwIfCancelled(options);
    const shifts = await pairShifts(engine, pair, windows, quiet);
    // A feature table that serves several models: what was told of the first needs another id.
    const taken = new Set(found.map((s) => s.id));
    found.push(
      ...shifts.map((s) =>
        taken.has(s.id) ? { ...s, id: `${s.id}/${pair.predictions.name}` } : s,
      ),
    );
  }
  for (const table of tables) {
    if (table.target !== "own" || entitiesOf(table).length === 0) continue;
    if (table.timeColumn === null || featuresOf(table).length === 0) continue;
    throwIfCancelled(options);
    const task = taskOf(engine, table, windows, quiet);
    if (task === null) continue;
    const stale = await unchangedFindings(engine, table, task.predicates, quiet);
    found.push(...stale.filter(isTold).map((finding) => shiftOf(task, finding)));
  }
  return found;
}

async function pairShifts(
  engine: Engine,
  pair: TablePair,
  windows: WindowPair,
  options: QueryOptions,
): Promise<Shift[]> {
  const baseline = windowPredicate(pair.predictions, windows.baseline);
  const incident = windowPredicate(pair.predictions, windows.incident);
  if (baseline === null || incident === null) return [];
  const join = await joinPredictions(engine, pair, { baseline, incident }, options);
  if (join.baseline.rows < LEAST_ROWS || join.incident.rows < LEAST_ROWS) return [];
  const findings = [
    await unmatchedFinding(engine, pair, join, options),
    leakFinding(pair, join),
    await ageFinding(engine, pair, join, options),
  ].filter((finding) => finding !== null);
  const task: TableTask = {
    engine,
    table: pair.features,
    windows,
    predicates: { baseline, incident },
    rows: { baseline: join.baseline.rows, incident: join.incident.rows },
    evidenceIds: [...new Set([...pair.features.evidenceIds, ...pair.predictions.evidenceIds])],
    options,
  };
  return findings.filter(isTold).map((finding) => shiftOf(task, finding));
}

async function unmatchedFinding(
  engine: Engine,
  pair: TablePair,
  join: PredictionJoin,
  options: QueryOptions,
): Promise<CheckFinding | null> {
  const b = { hits: join.baseline.unmatched, rows: join.baseline.rows };
  const i = { hits: join.incident.unmatched, rows: join.incident.rows };
  if (i.hits === 0) return null;
  const { gain, statistic, effect } = shareGain("unmatched_share", b, i);
  if (gain <= 0) return null;
  const examples = await exampleEntities(engine, join, "NOT known", options);
  return {
    column: null,
    kind: "unmatched",
    statistic,
    effect,
    measure: "category_share",
    size: gain,
    sentence: `${formatShare(i.hits / i.rows)} of the incident's predictions in \`${pair.predictions.name}\` are about a \`${pair.predictionEntity}\` without any row in \`${pair.features.name}\`, before ${formatShare(b.hits / b.rows)}`,
    facts: [
      ...hitFacts("Predictions without a feature row", b, i),
      { name: "Example entities", value: examples.join("; ") },
      ...partFact(join),
    ],
    sql: conditionSql(join, "NOT known"),
  };
}

function leakFinding(pair: TablePair, join: PredictionJoin): CheckFinding | null {
  if (pair.created === null || join.incident.leaking === 0) return null;
  const b = { hits: join.baseline.leaking, rows: join.baseline.rows };
  const i = { hits: join.incident.leaking, rows: join.incident.rows };
  const { gain, statistic, effect } = shareGain("leak_share", b, i);
  if (gain <= 0) return null;
  return {
    column: pair.created,
    kind: "leak",
    statistic,
    effect,
    measure: "leak_share",
    size: gain,
    sentence: `For ${formatShare(i.hits / i.rows)} of the incident's predictions in \`${pair.predictions.name}\` the feature row of \`${pair.features.name}\` that belongs to their time was created only afterwards (before: ${formatShare(b.hits / b.rows)}): joined by event time it tells what was not known yet`,
    facts: [
      ...hitFacts("Predictions before their feature row was created", b, i),
      { name: "Median delay", value: formatDuration(join.incident.leakDelay ?? 0) },
      ...partFact(join),
    ],
    sql: conditionSql(join, "created > t"),
  };
}

async function ageFinding(
  engine: Engine,
  pair: TablePair,
  join: PredictionJoin,
  options: QueryOptions,
): Promise<CheckFinding | null> {
  const { baseline, incident } = join;
  if (baseline.ages === null || incident.ages === null) return null;
  // Before the first feature row of an entity nobody knows how old the last one was.
  const level = baseline.ages.findLastIndex((age) => Number.isFinite(age));
  const usual = baseline.ages[level];
  if (usual === undefined || (AGE_LEVELS[level] ?? 0) < 0.9) return null;
  const limit = Math.max(MATERIAL * usual, usual + 1e6);
  const condition = `event IS NOT NULL AND epoch_us(t) - epoch_us(event) > ${num(Math.round(limit))}`;
  const counts = await countCondition(engine, join, condition, options);
  const b: Hits = { hits: counts.baseline, rows: baseline.rows - baseline.unmatched };
  const i: Hits = { hits: counts.incident, rows: incident.rows - incident.unmatched };
  const { gain, statistic, effect } = shareGain("old_feature_share", b, i);
  if (gain <= 0) return null;
  const told = (ages: readonly number[]): string =>
    ages
      .map((age, k) => `${String(Math.round((AGE_LEVELS[k] ?? 0) * 100))} %: ${ageText(age)}`)
      .join(", ");
  return {
    column: null,
    kind: "stale",
    statistic,
    effect,
    measure: "late_share",
    size: gain,
    sentence: `Features of \`${pair.features.name}\` are stale: at ${formatShare(i.hits / i.rows)} of the incident's predictions the newest row of the \`${pair.predictionEntity}\` is more than ${formatDuration(limit)} old, before ${formatShare(b.hits / b.rows)} (median age ${ageText(baseline.ages[0] ?? NaN)} → ${ageText(incident.ages[0] ?? NaN)})`,
    facts: [
      ...hitFacts("Predictions from old features", b, i),
      { name: "Age of the newest feature row, baseline", value: told(baseline.ages) },
      { name: "Age of the newest feature row, incident", value: told(incident.ages) },
      ...partFact(join),
    ],
    sql: conditionSql(join, condition),
  };
}

function ageText(age: number): string {
  return Number.isFinite(age) ? formatDuration(age) : "unknown";
}

/** Says that only a part of the entities was joined. */
function partFact({ oneIn }: PredictionJoin): { name: string; value: string }[] {
  return oneIn === 1
    ? []
    : [
        {
          name: "Sample",
          value: `1 in ${formatNumber(oneIn)} entities, those whose hash divides by ${formatNumber(oneIn)}`,
        },
      ];
}

function taskOf(
  engine: Engine,
  table: TableMeta,
  windows: WindowPair,
  options: QueryOptions,
): TableTask | null {
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  if (baseline === null || incident === null) return null;
  return {
    engine,
    table,
    windows,
    predicates: { baseline, incident },
    rows: { baseline: table.rows, incident: table.rows },
    evidenceIds: table.evidenceIds,
    options,
  };
}
