import type { Attribution } from "../model/attribution.ts";
import type { Comparison } from "../model/comparison.ts";
import type {
  ModelChecks,
  ModelPerformance,
  TrainingServing,
  VersionComparison,
} from "../model/model-checks.ts";
import type { Multivariate } from "../model/multivariate.ts";
import type { Rule, RuleResult, RuleSet } from "../model/rules.ts";
import type { TableComparison } from "../model/shift.ts";
import type { Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import type { TemplateEdit } from "../model/template-edit.ts";
import type { Lane, LaneData } from "../model/timeline.ts";
import type { Window } from "../model/window.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { attributeChange, type AttributionQuestion } from "./attribution/attribute-change.ts";
import { boardEvents } from "./board/board-events.ts";
import { clockSkew } from "./clock-skew/clock-skew.ts";
import { compareAll } from "./compare-all.ts";
import {
  columnOverTime,
  rowsInWindow,
  type ColumnOverTime,
  type RowsPage,
} from "./compare-rows.ts";
import { columnCategories, type ColumnCategories } from "./column-categories.ts";
import { columnQuantiles, type ColumnQuantiles } from "./column-quantiles.ts";
import { compareTable } from "./compare-table.ts";
import { describeTable, type TableDescription } from "./describe-table.ts";
import { laneChangepoints } from "./lane-changepoints.ts";
import { laneData } from "./lane-data.ts";
import { listTemplates, type TemplateList } from "./list-templates.ts";
import { listLanes } from "./lanes.ts";
import { logFacets, logPatternProblem, logTemplates } from "./log-lines/line-facets.ts";
import { logIndex } from "./log-lines/line-index.ts";
import { logPage, logRows } from "./log-lines/line-page.ts";
import { logRank, logSeek } from "./log-lines/line-seek.ts";
import { compareFollowers } from "./logs/compare-followers.ts";
import { compareLogParameters } from "./logs/compare-parameters.ts";
import { compareLogTemplates } from "./logs/compare-log-templates.ts";
import { compareStacks } from "./logs/compare-stacks.ts";
import { logSeries } from "./logs/log-series.ts";
import { modelChecks } from "./model/model-checks.ts";
import { modelPerformance } from "./model/model-performance.ts";
import { trainingServing } from "./model/training-serving.ts";
import { versionComparison } from "./model/version-comparison.ts";
import { compareDepth, type ComparisonDepth } from "./compare-depth.ts";
import { compareTogether } from "./multivariate/compare-together.ts";
import { columnOnset, type OnsetEstimate } from "./onset.ts";
import { overview, type Overview } from "./overview.ts";
import { rankStability } from "./rank-stability.ts";
import { rankSuspects } from "./rank-suspects.ts";
import type { SuspectsInput } from "./suspect-material.ts";
import { checkRules } from "./rules/check-rules.ts";
import { proposeRules } from "./rules/propose-rules.ts";
import { sampleRows, type SampleFilter, type SampleRows } from "./sample-rows.ts";
import { segmentDrift, type SegmentDrift } from "./segments/segment-drift.ts";
import type { TimeRange, WindowPair } from "./windows.ts";

/**
 * A question that the engine worker answers by name. Input and output can be
 * cloned between threads. An engine error is thrown as a `Fault<EngineError>`
 * (kind `cancelled` after the signal); anything else thrown is a bug.
 */
export type Analysis<Input, Output> = (
  engine: Engine,
  input: Input,
  options?: QueryOptions,
) => Promise<Output>;

export interface CompareAllInput {
  readonly tables: readonly TableMeta[];
  readonly windows: WindowPair;
  /** Saved rules, checked on the incident. */
  readonly rules?: readonly RuleSet[];
}
export interface ProposeRulesInput {
  readonly table: TableMeta;
  readonly window: Window;
}
export interface CheckRulesInput {
  readonly tables: readonly TableMeta[];
  readonly rules: readonly RuleSet[];
  readonly window: Window;
}
export interface CompareDepthInput extends CompareAllInput {
  readonly comparison: Comparison;
}

export interface CompareTableInput {
  readonly table: TableMeta;
  readonly windows: WindowPair;
}
export interface ListLanesInput {
  readonly tables: readonly TableMeta[];
  /** Of log templates. */
  readonly edits?: readonly TemplateEdit[];
}
export interface LaneDataInput {
  readonly lane: Lane;
  readonly tables: readonly TableMeta[];
  readonly range: TimeRange;
  /** Wanted number of buckets; the width is snapped so that there are at most this many. */
  readonly buckets: number;
}
export interface OverviewInput {
  readonly tables: readonly TableMeta[];
  readonly buckets: number;
}
export interface ColumnOverTimeInput {
  readonly table: TableMeta;
  /** Column of an own table, series key of `metrics`. */
  readonly column: string;
  readonly buckets: number;
  /** The whole table where it is left out. */
  readonly range?: TimeRange;
}
export interface RowsInWindowInput {
  readonly table: TableMeta;
  /** All rows where it is null. */
  readonly window: Window | null;
  readonly limit: number;
  readonly offset: number;
}
export interface ListTemplatesInput {
  /** The table `logs`, for the windows; null where there is none. */
  readonly logs: TableMeta | null;
  readonly windows: WindowPair | null;
  readonly edits: readonly TemplateEdit[];
}
export interface ColumnOnsetInput {
  readonly table: TableMeta;
  readonly column: string;
  readonly windows: WindowPair;
}
export interface ColumnCategoriesInput extends ColumnOnsetInput {
  /** Most values that are listed. */
  readonly limit: number;
}
export interface SampleRowsInput extends ColumnOnsetInput {
  readonly filter: SampleFilter;
  /** Most rows of each window. */
  readonly limit: number;
}
export interface SegmentDriftInput {
  readonly table: TableMeta;
  readonly column: string;
  /** All columns with the role of a segment, service or model version where it is null. */
  readonly segmentColumn: string | null;
  readonly windows: WindowPair;
}
export interface ModelChecksInput {
  readonly table: TableMeta;
  readonly windows: WindowPair;
}
export interface AttributeChangeInput {
  readonly table: TableMeta;
  readonly question: AttributionQuestion;
  readonly windows: WindowPair;
}
export interface VersionComparisonInput {
  readonly table: TableMeta;
  /** All rows where it is null. */
  readonly window: Window | null;
}
export interface TrainingServingInput {
  readonly training: TableMeta;
  readonly serving: TableMeta;
}

const compareAllAnalysis: Analysis<CompareAllInput, Comparison> = (
  engine,
  { tables, windows, rules },
  options,
) => compareAll(engine, tables, windows, options, rules);

const compareTableAnalysis: Analysis<CompareTableInput, TableComparison> = (
  engine,
  { table, windows },
  options,
) => compareTable(engine, table, windows, options);

const rankSuspectsAnalysis: Analysis<SuspectsInput, Suspect[]> = rankSuspects;

const listLanesAnalysis: Analysis<ListLanesInput, Lane[]> = (engine, { tables, edits }, options) =>
  listLanes(engine, tables, edits, options);

const laneDataAnalysis: Analysis<LaneDataInput, LaneData> = (
  engine,
  { lane, tables, range, buckets },
  options,
) => laneData(engine, lane, tables, range, buckets, options);

const overviewAnalysis: Analysis<OverviewInput, Overview> = (
  engine,
  { tables, buckets },
  options,
) => overview(engine, tables, buckets, options);

const columnOverTimeAnalysis: Analysis<ColumnOverTimeInput, ColumnOverTime> = (
  engine,
  { table, column, buckets, range },
  options,
) => columnOverTime(engine, table, column, buckets, range ?? null, options);

const rowsInWindowAnalysis: Analysis<RowsInWindowInput, RowsPage> = (
  engine,
  { table, window, limit, offset },
  options,
) => rowsInWindow(engine, table, window, limit, offset, options);

const describeTableAnalysis: Analysis<{ readonly table: TableMeta }, TableDescription> = (
  engine,
  { table },
  options,
) => describeTable(engine, table, options);

const listTemplatesAnalysis: Analysis<ListTemplatesInput, TemplateList> = (
  engine,
  { logs, windows, edits },
  options,
) => listTemplates(engine, logs, windows, edits, options);

const columnOnsetAnalysis: Analysis<ColumnOnsetInput, OnsetEstimate | null> = (
  engine,
  { table, column, windows },
  options,
) => columnOnset(engine, table, column, windows, options);

const columnQuantilesAnalysis: Analysis<ColumnOnsetInput, ColumnQuantiles | null> = (
  engine,
  { table, column, windows },
  options,
) => columnQuantiles(engine, table, column, windows, options);

const columnCategoriesAnalysis: Analysis<ColumnCategoriesInput, ColumnCategories | null> = (
  engine,
  { table, column, windows, limit },
  options,
) => columnCategories(engine, table, column, windows, limit, options);

const sampleRowsAnalysis: Analysis<SampleRowsInput, SampleRows> = (
  engine,
  { table, column, windows, filter, limit },
  options,
) => sampleRows(engine, table, column, windows, filter, limit, options);

const segmentDriftAnalysis: Analysis<SegmentDriftInput, SegmentDrift> = (
  engine,
  { table, column, segmentColumn, windows },
  options,
) => segmentDrift(engine, table, column, segmentColumn, windows, options);

const modelChecksAnalysis: Analysis<ModelChecksInput, ModelChecks> = (
  engine,
  { table, windows },
  options,
) => modelChecks(engine, table, windows, options);

const versionComparisonAnalysis: Analysis<VersionComparisonInput, VersionComparison> = (
  engine,
  { table, window },
  options,
) => versionComparison(engine, table, window, options);

const trainingServingAnalysis: Analysis<TrainingServingInput, TrainingServing> = (
  engine,
  { training, serving },
  options,
) => trainingServing(engine, training, serving, options);

const modelPerformanceAnalysis: Analysis<CompareAllInput, ModelPerformance> = (
  engine,
  { tables, windows },
  options,
) => modelPerformance(engine, tables, windows, options);

const compareTogetherAnalysis: Analysis<CompareTableInput, Multivariate> = (
  engine,
  { table, windows },
  options,
) => compareTogether(engine, table, windows, options);

const compareDepthAnalysis: Analysis<CompareDepthInput, ComparisonDepth> = (
  engine,
  { comparison, tables, windows },
  options,
) => compareDepth(engine, comparison, tables, windows, options);

const attributeChangeAnalysis: Analysis<AttributeChangeInput, Attribution> = (
  engine,
  { table, question, windows },
  options,
) => attributeChange(engine, table, question, windows, options);

const proposeRulesAnalysis: Analysis<ProposeRulesInput, Rule[]> = (
  engine,
  { table, window },
  options,
) => proposeRules(engine, table, window, options);

const checkRulesAnalysis: Analysis<CheckRulesInput, RuleResult[]> = (
  engine,
  { tables, rules, window },
  options,
) => checkRules(engine, tables, rules, window, options);

/** All analyses that the engine worker runs, by name. */
export const ANALYSES = {
  boardEvents,
  clockSkew,
  compareAll: compareAllAnalysis,
  compareTable: compareTableAnalysis,
  compareTogether: compareTogetherAnalysis,
  compareDepth: compareDepthAnalysis,
  attributeChange: attributeChangeAnalysis,
  rankSuspects: rankSuspectsAnalysis,
  rankStability,
  listLanes: listLanesAnalysis,
  laneData: laneDataAnalysis,
  laneChangepoints,
  overview: overviewAnalysis,
  columnOverTime: columnOverTimeAnalysis,
  rowsInWindow: rowsInWindowAnalysis,
  columnOnset: columnOnsetAnalysis,
  segmentDrift: segmentDriftAnalysis,
  columnQuantiles: columnQuantilesAnalysis,
  columnCategories: columnCategoriesAnalysis,
  sampleRows: sampleRowsAnalysis,
  proposeRules: proposeRulesAnalysis,
  checkRules: checkRulesAnalysis,
  describeTable: describeTableAnalysis,
  listTemplates: listTemplatesAnalysis,
  logFacets,
  logIndex,
  logPage,
  logPatternProblem,
  logRank,
  logRows,
  logSeek,
  logTemplates,
  compareLogTemplates,
  compareLogParameters,
  compareFollowers,
  compareStacks,
  logSeries,
  modelChecks: modelChecksAnalysis,
  modelPerformance: modelPerformanceAnalysis,
  versionComparison: versionComparisonAnalysis,
  trainingServing: trainingServingAnalysis,
} as const;

export type AnalysisName = keyof typeof ANALYSES;
export type AnalysisInput<N extends AnalysisName> = Parameters<(typeof ANALYSES)[N]>[1];
export type AnalysisOutput<N extends AnalysisName> = Awaited<ReturnType<(typeof ANALYSES)[N]>>;
