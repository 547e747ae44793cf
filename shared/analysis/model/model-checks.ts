import type {
  EstimatedPerformance,
  GroupChecks,
  LabelMaturity,
  MetricChange,
  ModelChecks,
  Support,
} from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER_OR_NULL, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { bucketOf } from "../buckets.ts";
import { throwIfCancelled, withoutProgress } from "../table-task.ts";
import { whyNotApplicable, windowPredicate, type WindowPair } from "../windows.ts";
import { reliability } from "./calibration-error.ts";
import {
  CBPE_ASSUMPTIONS,
  estimateMetrics,
  fitCalibration,
  type FittedCalibration,
} from "./cbpe.ts";
import { classScoreMetrics } from "./class-scores.ts";
import { confidenceShift } from "./confidence-shift.ts";
import {
  binaryMetrics,
  binningError,
  histogramOfCells,
  multiclassMetrics,
} from "./group-metrics.ts";
import { labelMaturity, readLabelBuckets } from "./label-maturity.ts";
import { metricChanges } from "./metric-rules.ts";
import { numberOf, readModel, type ModelReading, type ModelSetup } from "./model-columns.ts";
import { groupChecks, readSplitters, timedMetrics, type GroupMetrics } from "./model-splits.ts";
import { changeSentence, groupStatements, overallStatements } from "./model-statements.ts";
import { decomposePerformance } from "./performance-decomposition.ts";
import { readRanking } from "./ranking-lists.ts";
import { errorSumsSql, readErrors } from "./regression-cells.ts";
import { regressionMetrics } from "./regression-metrics.ts";
import {
  cellsSql,
  readCells,
  supportOf,
  type Cell,
  type CellsInput,
  type GroupOfCells,
  type Metrics,
  type Splitter,
} from "./score-cells.ts";

export interface ModelChecksOptions extends QueryOptions, ModelReading {
  /** Wanted number of buckets of time over both windows; 40 by default. */
  readonly buckets?: number;
  /** Labelled rows that a group needs in each window; 100 by default. */
  readonly minSupport?: number;
  /** Leaves out confidence, estimation without labels and decomposition. */
  readonly metricsOnly?: boolean;
}

/** All that the parts of the checks share. */
interface Checked {
  readonly engine: Engine;
  readonly table: TableMeta;
  readonly setup: ModelSetup;
  readonly input: CellsInput;
  readonly splitters: readonly Splitter[];
  readonly version: string | null;
  readonly filtered: ReadonlySet<string>;
  readonly labels: LabelMaturity | null;
  readonly minSupport: number;
  readonly options: ModelChecksOptions;
}

const STEPS = 6;

/**
 * How well the model behind a table did in the baseline and in the incident:
 * every metric its columns allow, with intervals, over time, by segment and
 * model version; label delay; performance estimated without labels (CBPE);
 * confidence; and the change split into inputs, class shares and concept.
 *
 * Whole tables, one grouping query for binary and multiclass models; only the
 * domain classifier of the decomposition sees a sample (stated in its result).
 * ROC area and average precision come from 2,000 bins and are off by at most
 * `binningError` (groups and buckets of time: 500 bins).
 * @throws Fault<EngineError>
 */
export async function modelChecks(
  engine: Engine,
  table: TableMeta,
  windows: WindowPair,
  options: ModelChecksOptions = {},
): Promise<ModelChecks> {
  const why =
    whyNotApplicable(table, windows.baseline) ?? whyNotApplicable(table, windows.incident);
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  if (why !== null || baseline === null || incident === null) {
    return skippedChecks(table.name, why ?? "the windows do not apply to the table");
  }
  if (!table.columns.some((c) => ["prediction", "score", "label"].includes(c.role))) {
    return skippedChecks(table.name, "no column is a prediction, a score or a label");
  }
  const quiet = withoutProgress(options);
  const predicates = { baseline, incident };
  const condition = `(${baseline} OR ${incident})`;
  const setup = await readModel(engine, table, condition, options, quiet);
  if (setup.task === null) {
    return skippedChecks(
      table.name,
      [...setup.readings, "label and prediction cannot be compared"].join(" "),
    );
  }
  step(options, 1);
  const filtered = new Set(
    [windows.baseline.filter?.column, windows.incident.filter?.column].flatMap((c) =>
      c === undefined ? [] : [c],
    ),
  );
  const bucket = await bucketWidth(engine, table, condition, options);
  const { splitters, version } = await readSplitters(engine, table, condition, filtered, quiet);
  step(options, 2);
  const labels =
    setup.label === null
      ? null
      : labelMaturity(await readLabelBuckets(engine, table, predicates, setup.y, bucket, quiet));
  step(options, 3);
  const immatureFrom = labels?.immatureFrom ?? null;
  const input: CellsInput = { table, setup, predicates, splitters, bucket, immatureFrom };
  const checked: Checked = {
    ...{ engine, table, setup, input, splitters, version, filtered, labels },
    minSupport: options.minSupport ?? 100,
    options,
  };
  const result =
    setup.task === "regression" || setup.task === "ranking"
      ? await numberChecks(checked)
      : await classChecks(checked);
  step(options, STEPS);
  return result;
}

function step(options: QueryOptions, done: number): void {
  throwIfCancelled(options);
  options.onProgress?.(done / STEPS);
}

/** A result that says why there is none. */
function skippedChecks(table: string, skipped: string): ModelChecks {
  const none: Support = { rows: 0, labelled: 0, positives: null };
  return {
    ...{ table, skipped, task: null, classes: [], positiveClass: null, readings: [] },
    columns: { label: null, prediction: null, scores: [], weight: null, query: null },
    ...{ baseline: none, incident: none, labels: null, metrics: [], binningError: null },
    ...{ reliability: null, overTime: [], segments: [], versions: [], confidence: null },
    ...{ estimated: null, decompositions: [], statements: [], sql: "" },
  };
}

/** Width of a bucket of time (µs) over the rows of both windows; null without times. */
async function bucketWidth(
  engine: Engine,
  table: TableMeta,
  condition: string,
  options: ModelChecksOptions,
): Promise<number | null> {
  if (table.timeColumn === null) return null;
  const time = ident(table.timeColumn);
  const [range] = await queryRows(
    engine,
    `SELECT epoch_us(min(${time})) AS a, epoch_us(max(${time})) AS b FROM ${ident(table.name)} WHERE ${condition}`,
    { a: NUMBER_OR_NULL, b: NUMBER_OR_NULL },
    withoutProgress(options),
  );
  if (range === undefined || range.a === null || range.b === null) return null;
  return bucketOf({ from: range.a, to: range.b + 1 }, options.buckets ?? 40);
}

/** Parts of the result that do not depend on what the model does. */
function commonOf(checked: Checked, groups: readonly GroupMetrics[], sql: string): ModelChecks {
  const { table, setup, splitters, version, labels, input, minSupport } = checked;
  const whole = (window: 0 | 1): GroupMetrics | undefined =>
    groups.find((g) => g.window === window && g.group === null);
  const b = whole(0);
  const i = whole(1);
  const byGroup = groupChecks(groups, splitters, minSupport);
  const none: Support = { rows: 0, labelled: 0, positives: null };
  const metrics = metricChanges(b?.metrics ?? new Map(), i?.metrics ?? new Map());
  const segments = byGroup.filter((g) => g.column !== version);
  const versions = byGroup.filter((g) => g.column === version);
  const name = (c: { name: string } | null): string | null => c?.name ?? null;
  return {
    ...skippedChecks(table.name, ""),
    skipped: null,
    task: setup.task,
    columns: {
      label: name(setup.label),
      prediction: name(setup.prediction),
      scores: setup.scores.map((c) => c.name),
      weight: name(setup.weight),
      query: name(setup.query),
    },
    classes: [...setup.classes],
    positiveClass: setup.positive,
    readings: [...setup.readings],
    baseline: b?.support ?? none,
    incident: i?.support ?? none,
    ...{ labels, metrics, segments, versions, sql },
    overTime: input.bucket === null ? [] : timedMetrics(groups, input.bucket),
    statements: statementsOf(labels, metrics, segments, versions),
  };
}

function statementsOf(
  labels: LabelMaturity | null,
  metrics: readonly MetricChange[],
  segments: readonly GroupChecks[],
  versions: readonly GroupChecks[],
): string[] {
  return [
    ...(labels?.statement == null ? [] : [labels.statement]),
    ...overallStatements(
      metrics,
      metrics.some((m) => m.change !== null),
    ),
    ...groupStatements([...versions, ...segments]),
  ];
}

async function numberChecks(checked: Checked): Promise<ModelChecks> {
  const { engine, setup, input, table, options } = checked;
  const quiet = withoutProgress(options);
  const [mean] = await queryRows(
    engine,
    `SELECT avg(${setup.y}) AS m FROM ${ident(table.name)} WHERE ${input.predicates.baseline}`,
    { m: NUMBER_OR_NULL },
    quiet,
  );
  const centre = mean?.m ?? 0;
  const found = await readErrors(engine, input, centre, quiet);
  step(options, 4);
  const ranked = setup.task === "ranking" ? await readRanking(engine, input, setup.p, quiet) : [];
  const groups = found.map(({ window, group, rows, sums }): GroupMetrics => {
    const support = { rows, labelled: sums.n, positives: null };
    const lists = group === null ? ranked.find((r) => r.window === window) : undefined;
    // The scores of a ranking are on a scale of their own: errors mean nothing.
    const empty: Metrics = new Map();
    const metrics = setup.task === "ranking" ? (lists?.metrics ?? empty) : regressionMetrics(sums);
    return { window, group, support, metrics };
  });
  return commonOf(checked, groups, errorSumsSql(input, centre));
}

async function classChecks(checked: Checked): Promise<ModelChecks> {
  const { engine, setup, input, options } = checked;
  const quiet = withoutProgress(options);
  const cells = await readCells(engine, input, quiet);
  step(options, 4);
  const binary = setup.task === "binary";
  const probabilities = setup.meaning !== "order";
  const groups = cells.map((g): GroupMetrics => ({
    window: g.window,
    group: g.group,
    support: supportOf(g.cells, binary),
    metrics: binary
      ? binaryMetrics(g.cells, { probabilities })
      : multiclassMetrics(g.cells, setup.classes),
  }));
  await addFurther(checked, groups);
  const common = commonOf(checked, groups, cellsSql(input));
  if (options.metricsOnly === true) return common;
  const of = (window: 0 | 1): Cell[] =>
    cells.find((g) => g.window === window && g.group === null)?.cells ?? [];
  const baseline = of(0);
  const incident = of(1);
  const threshold = binary && probabilities ? setup.threshold : null;
  const confidence = confidenceShift(baseline, incident, threshold);
  if (!binary) return { ...common, confidence };
  const estimated = probabilities ? estimate(checked, cells, baseline, incident, common) : null;
  step(options, 5);
  const decompositions = await decomposePerformance(
    engine,
    {
      ...{ table: checked.table, setup, predicates: input.predicates, filtered: checked.filtered },
      immatureFrom: input.immatureFrom,
      versionsDiffer: versionsDiffer(checked, groups),
      ...{ baseline, incident },
    },
    quiet,
  );
  const histograms = [baseline, incident].map((c) => histogramOfCells(c));
  const [hb, hi] = histograms;
  const scored = histograms.some((h) => h.scores.length > 0);
  return {
    ...common,
    confidence,
    estimated,
    decompositions,
    binningError: scored ? Math.max(binningError(baseline), binningError(incident)) : null,
    reliability:
      scored && probabilities && hb !== undefined && hi !== undefined
        ? { baseline: reliability(hb, "width"), incident: reliability(hi, "width") }
        : null,
    statements: [
      ...common.statements,
      ...(estimated === null ? [] : [estimated.statement]),
      ...(confidence === null || confidence.verdict === "none" ? [] : [confidence.statement]),
      ...decompositions.map((d) => d.statement),
    ],
  };
}

/** Metrics that need queries of their own: areas per class, ranked lists. */
async function addFurther(checked: Checked, groups: readonly GroupMetrics[]): Promise<void> {
  const { engine, setup, input, options } = checked;
  const quiet = withoutProgress(options);
  const put = (window: 0 | 1, metrics: Metrics): void => {
    const whole = groups.find((g) => g.window === window && g.group === null);
    for (const [name, value] of metrics) whole?.metrics.set(name, value);
  };
  if (setup.task === "multiclass" && setup.scores.length > 1) {
    const [b, i] = await classScoreMetrics(engine, input, quiet);
    put(0, b);
    put(1, i);
  }
  const score = setup.scores[0];
  if (setup.task === "binary" && setup.query !== null && score !== undefined) {
    for (const { window, metrics } of await readRanking(engine, input, numberOf(score), quiet)) {
      put(window, metrics);
    }
  }
}

/** Whether the windows have no model version in common. */
function versionsDiffer({ version }: Checked, groups: readonly GroupMetrics[]): boolean {
  if (version === null) return false;
  const of = (window: 0 | 1): Set<string> =>
    new Set(
      groups.flatMap((g) =>
        g.window === window && g.group?.kind === "column" && g.group.column === version
          ? [g.group.value]
          : [],
      ),
    );
  const before = of(0);
  return before.size > 0 && ![...of(1)].some((v) => before.has(v));
}

function estimate(
  { input, setup }: Checked,
  groups: readonly GroupOfCells[],
  baseline: readonly Cell[],
  incident: readonly Cell[],
  common: ModelChecks,
): EstimatedPerformance | null {
  const calibration = fitCalibration(baseline);
  if (calibration === null || setup.scores.length === 0) return null;
  const estimated = estimateMetrics(incident, calibration);
  if (estimated.size === 0) return null;
  const realised: Metrics = new Map(
    common.metrics.flatMap((m) =>
      m.baseline !== null && estimated.has(m.metric) ? [[m.metric, m.baseline] as const] : [],
    ),
  );
  const metrics = metricChanges(realised, estimated);
  return {
    calibration: calibration.kind,
    fittedOn: calibration.rows,
    metrics,
    overTime: estimatedOverTime(groups, calibration, input.bucket),
    assumptions: [...CBPE_ASSUMPTIONS],
    statement: estimatedStatement(metrics),
  };
}

function estimatedOverTime(
  groups: readonly GroupOfCells[],
  calibration: FittedCalibration,
  bucket: number | null,
): EstimatedPerformance["overTime"] {
  if (bucket === null) return [];
  const timed = groups
    .filter((g) => g.group?.kind === "time")
    .map(({ window, group, cells }): GroupMetrics => {
      const support = supportOf(cells, true);
      // Estimates need rows, not labels.
      const scored = cells.reduce((s, c) => s + (c.bin >= 0 ? c.rows : 0), 0);
      return {
        ...{ window, group },
        support: { ...support, labelled: scored },
        metrics: estimateMetrics(cells, calibration),
      };
    });
  return timedMetrics(timed, bucket);
}

function estimatedStatement(metrics: readonly MetricChange[]): string {
  const worst =
    metrics.find((m) => m.verdict === "major") ??
    metrics.find((m) => m.verdict === "minor") ??
    metrics.find((m) => m.metric === "roc_auc" && m.change !== null);
  const start = "Estimated from calibrated scores, without the incident's labels";
  if (worst === undefined) return `${start}: nothing to compare.`;
  return worst.verdict === "none"
    ? `${start}: no metric is expected to have changed by more than its threshold.`
    : `${start}: ${changeSentence(worst)}. This holds if the outcome still depends on the inputs as it did.`;
}
