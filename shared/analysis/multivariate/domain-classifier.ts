import type { Estimate } from "../../model/model-checks.ts";
import type { DomainClassifier, Driver } from "../../model/multivariate.ts";
import { crossValidatedDomain, type CrossValidation } from "../model/boosted-trees.ts";
import { Z95 } from "../model/intervals.ts";
import { rocAuc, rocAucInterval } from "../model/ranking-areas.ts";
import { histogramOfRows } from "../model/score-histogram.ts";
import { normalTwoSidedP } from "../statistics/special-functions.ts";
import { throwIfCancelled, type TableTask } from "../table-task.ts";
import { confirmedVerdict, sizeScore, sizeVerdict } from "../verdict.ts";
import { separationAlone, shuffledPlaces, treeCodes } from "./encoding.ts";
import type { LeftOut, Sample, SampleColumn } from "./sample.ts";
import { baselineParts, sampleUniform } from "./usual-parts.ts";

const FOLDS = 5;
/** Rows of a group that the trees see at most, the same for windows and for halves. */
const GROUP_ROWS = 8_000;
const LEAST_ROWS = 60;
/** An area needs the order of rows only: fewer trees than calibrated weights would. */
const BOOSTING = { rounds: 30, depth: 3, rate: 0.25 };
/** A column that tells the windows this well alone says all; the question is what the others say. */
const TELLS = 0.99;
/** One that tells the halves of the baseline as well as the windows tells the time. */
const TELLS_TIME = 0.95;
const MOST_DRIVERS = 10;
const LEAST_GAIN = 0.01;

/** Two groups of rows, in random order within each. */
interface Groups {
  readonly rows: Int32Array;
  /** 0 or 1 for each of them. */
  readonly domain: Uint8Array;
}

/** A column with what it tells alone. */
export interface CodedColumn {
  readonly column: SampleColumn;
  readonly codes: Uint8Array;
  /** ROC area of the column alone, between the windows and between the baseline's halves. */
  readonly alone: number;
  readonly aloneUsual: number;
}

/** What the classifier answers; null with the reason in `why` where it cannot be asked. */
export interface ClassifierResult {
  readonly classifier: DomainClassifier | null;
  readonly leftOut: readonly LeftOut[];
  readonly why: string | null;
}

/** Columns as codes, with how well each tells the windows apart by itself. */
export function codeColumns(sample: Sample): CodedColumn[] {
  const between = windowGroups(sample);
  const usual = halfGroups(sample).groups;
  return sample.columns.map((column) => {
    const codes = treeCodes(column);
    const alone = (groups: Groups): number => separationAlone(codes, groups.rows, groups.domain);
    return { column, codes, alone: alone(between), aloneUsual: alone(usual) };
  });
}

/** A clock or a counter: it tells parts of the baseline apart as well as the windows. */
export function tellsTime({ alone, aloneUsual }: CodedColumn): boolean {
  return alone >= TELLS_TIME && aloneUsual >= TELLS_TIME;
}

/**
 * Whether a row's window can be told from its columns: boosted trees on at most
 * 8,000 rows per window, judged on the fold that they did not see (5 folds), by
 * the area under the ROC curve with DeLong's interval; as NannyML's domain
 * classifier, with other trees. The same between the two halves of the baseline
 * is the placebo: what time alone does. Outputs of the model and columns that
 * tell a window by themselves are left out and named. Drivers are columns by the
 * area lost when their values are shuffled among held-out rows (Breiman 2001).
 */
export function classifyDomain(
  task: TableTask,
  sample: Sample,
  coded: readonly CodedColumn[],
): ClassifierResult {
  const { use, leftOut } = chooseInputs(coded);
  const answer = (why: string): ClassifierResult => ({ classifier: null, leftOut, why });
  if (Math.min(sample.rows.baseline, sample.rows.incident) < LEAST_ROWS) {
    return answer(`a classifier of rows needs ${String(LEAST_ROWS)} rows in each window`);
  }
  if (use.length === 0) return answer("no column is left to tell the windows apart");
  const between = windowGroups(sample);
  const found = crossValidate(use, between);
  const auc = aucOf(found, between);
  throwIfCancelled(task.options);
  const halves = halfGroups(sample);
  const canHalve = sample.rows.baseline >= 2 * LEAST_ROWS;
  const placebo = canHalve ? aucOf(crossValidate(use, halves.groups), halves.groups) : null;
  throwIfCancelled(task.options);
  if (auc === null) return answer("the rows of a window are missing in the sample");
  const p = pAgainst(auc, placebo);
  return {
    leftOut,
    why: null,
    classifier: {
      auc,
      placebo,
      halves: canHalve ? halves.by : null,
      folds: FOLDS,
      rows: {
        baseline: between.domain.filter((d) => d === 0).length,
        incident: between.domain.filter((d) => d === 1).length,
      },
      columns: use.map((c) => c.column.column.name),
      drivers: driversOf(use, found, between, auc.value),
      verdict: confirmedVerdict(sizeVerdict("domain_auc", excess(auc, placebo)), p),
      p,
    },
  };
}

/** ROC area beyond the placebo's, or beyond chance where that is more. */
function excess(auc: Estimate, placebo: Estimate | null): number {
  return Math.max(0, auc.value - Math.max(0.5, placebo?.value ?? 0.5));
}

/** On the scale that all effects share. */
export function classifierScore({ auc, placebo }: DomainClassifier): number {
  return sizeScore("domain_auc", excess(auc, placebo));
}

function pAgainst(auc: Estimate, placebo: Estimate | null): number {
  const error = (e: Estimate | null): number => (e === null ? 0 : (e.high - e.low) / (2 * Z95));
  const standardError = Math.hypot(error(auc), error(placebo));
  const size = excess(auc, placebo);
  return size === 0 ? 1 : standardError === 0 ? 0 : normalTwoSidedP(size / standardError);
}

/** Inputs of the model only: its outputs have checks of their own. */
function chooseInputs(coded: readonly CodedColumn[]): { use: CodedColumn[]; leftOut: LeftOut[] } {
  const use: CodedColumn[] = [];
  const leftOut: LeftOut[] = [];
  for (const item of coded) {
    const { name, role } = item.column.column;
    const output = role === "label" || role === "prediction" || role === "score";
    const why = output
      ? `the classifier leaves out the model's ${role}`
      : item.alone >= TELLS
        ? "alone it tells the windows apart; the classifier asks what the others say"
        : null;
    if (why === null) use.push(item);
    else leftOut.push({ column: name, why });
  }
  return { use, leftOut };
}

/** Both windows' rows, at most `GROUP_ROWS` each. */
function windowGroups({ rows }: Sample): Groups {
  const total = rows.baseline + rows.incident;
  const places = (from: number, to: number): Int32Array =>
    Int32Array.from({ length: to - from }, (_, k) => from + k);
  return groupsOf(places(0, rows.baseline), places(rows.baseline, total));
}

function halfGroups(sample: Sample): { groups: Groups; by: "time" | "chance" } {
  const { parts, by } = baselineParts(sample, 2);
  return { groups: groupsOf(parts[0] ?? new Int32Array(0), parts[1] ?? new Int32Array(0)), by };
}

/** Shuffled, so that a fold is no stretch of time and no turn of an entity. */
function groupsOf(zeros: Int32Array, ones: Int32Array): Groups {
  const uniform = sampleUniform();
  const a = shuffledPlaces(zeros, uniform).slice(0, GROUP_ROWS);
  const b = shuffledPlaces(ones, uniform).slice(0, GROUP_ROWS);
  const rows = new Int32Array(a.length + b.length);
  rows.set(a);
  rows.set(b, a.length);
  return { rows, domain: Uint8Array.from(rows, (_, k) => (k < a.length ? 0 : 1)) };
}

function crossValidate(use: readonly CodedColumn[], { rows, domain }: Groups): CrossValidation {
  const codes = use.map((c) => Uint8Array.from(rows, (row) => c.codes[row] ?? 0));
  return crossValidatedDomain(codes, domain, FOLDS, BOOSTING);
}

function aucOf({ scores }: CrossValidation, { domain }: Groups): Estimate | null {
  return rocAucInterval(
    histogramOfRows(
      Array.from(domain, (d) => d === 1),
      Array.from(scores),
    ),
  );
}

function driversOf(
  use: readonly CodedColumn[],
  found: CrossValidation,
  { domain }: Groups,
  auc: number,
): Driver[] {
  const labels = Array.from(domain, (d) => d === 1);
  const uniform = sampleUniform();
  return use
    .map((item, k) => ({ item, k, gain: found.gain[k] ?? 0 }))
    .filter(({ gain }) => gain >= LEAST_GAIN)
    .sort((a, b) => b.gain - a.gain)
    .slice(0, MOST_DRIVERS)
    .map(({ item, k, gain }) => {
      const scores = Array.from(found.shuffled(k, uniform));
      const without = rocAuc(histogramOfRows(labels, scores)) ?? auc;
      const column = item.column.column.name;
      return { column, importance: auc - without, gain, alone: item.alone };
    })
    .sort((a, b) => b.importance - a.importance);
}
