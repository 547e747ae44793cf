import type {
  AssociationMeasure,
  CorrelationChange,
  PairChange,
} from "../../model/multivariate.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { formatNumber } from "../sentences.ts";
import { benjaminiHochberg } from "../statistics/benjamini-hochberg.ts";
import { normalTwoSidedP } from "../statistics/special-functions.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import { confirmedVerdict, sizeScore, sizeVerdict } from "../verdict.ts";
import {
  correlation,
  correlationMatrixDistance,
  correlationRatio,
  cramersVOfCodes,
  fisherDifference,
  fisherZ,
  meanRanks,
  type Association,
} from "./association.ts";
import { pairSql, pearsonSql } from "./pair-sql.ts";
import type { Column, Sample, SampleColumn } from "./sample.ts";
import { baselineParts } from "./usual-parts.ts";

/** Texts with more values are no groups. */
export const MOST_GROUPS = 20;
/** Changed pairs that are told, each with its Pearson's correlation over all rows. */
const MOST_PAIRS = 20;
/** Stretches of the baseline that say by how much a pair differs without an incident. */
const STRETCHES = 6;
/** Variance of Fisher's z of ranks, times n - 3 (Fieller, Hartley and Pearson 1957). */
const RANK_SPREAD = 1.06;

/** A column as ranks or as groups, over some rows. */
type Ranked =
  | { readonly kind: "numeric"; readonly column: Column; readonly values: Float64Array }
  | { readonly kind: "categorical"; readonly column: Column; readonly codes: Int32Array };

interface Candidate {
  readonly i: number;
  readonly j: number;
  readonly before: Association;
  readonly after: Association;
  readonly usual: number;
  readonly cohensQ: number;
  readonly p: number;
}

/**
 * Which columns go together differently: Spearman's correlation of numbers,
 * Cramér's V of texts of few values, the correlation ratio of a text and a
 * number's ranks, over the sampled rows. A change counts by what it exceeds two
 * standard deviations between six stretches of the baseline (less what chance
 * allows), if the Fisher z test, corrected over all pairs, confirms it; rows that
 * depend on each other widen its standard error by the same comparison (batch means). The pairs
 * that are told get Pearson's correlation over all rows in one more scan. Null
 * below two columns.
 * @throws Fault<EngineError>
 */
export async function correlationChange(
  task: TableTask,
  sample: Sample,
): Promise<CorrelationChange | null> {
  const columns = sample.columns.filter(
    (c) => c.kind === "numeric" || c.categories.length <= MOST_GROUPS,
  );
  if (columns.length < 2) return null;
  const total = sample.rows.baseline + sample.rows.incident;
  const before = columns.map((c) => ranked(c, 0, sample.rows.baseline));
  const after = columns.map((c) => ranked(c, sample.rows.baseline, total));
  const matrices = [before, after].map(associations);
  throwIfCancelled(task.options);
  // Of the baseline's parts the ranks stay those of the whole baseline.
  const stretches = baselineParts(sample, STRETCHES).parts.map((rows) =>
    associations(partOf(before, rows)),
  );
  throwIfCancelled(task.options);
  const halves = baselineParts(sample, 2).parts.map((rows) => associations(partOf(before, rows)));
  const candidates = candidatesOf(matrices[0] ?? [], matrices[1] ?? [], stretches);
  const q = benjaminiHochberg(candidates.map((c) => c.p));
  const judged = candidates
    .map((c, k) => ({ ...c, q: q[k] ?? 1, size: sizeOf(c) }))
    .map((c) => ({
      ...c,
      verdict: confirmedVerdict(sizeVerdict("correlation_change", c.size), c.q),
    }))
    .sort((a, b) => b.size - a.size || Math.abs(b.cohensQ) - Math.abs(a.cohensQ))
    .sort((a, b) => Number(a.verdict === "none") - Number(b.verdict === "none"));
  const told = judged.slice(0, MOST_PAIRS);
  const pearson = await pearsonOf(
    task,
    told.map(({ i, j }) => [columns[i], columns[j]]),
  );
  const shown = matrices.map(valuesOf);
  return {
    columns: columns.map((c) => c.column.name),
    baseline: shown[0] ?? [],
    incident: shown[1] ?? [],
    distance: correlationMatrixDistance(shown[0] ?? [], shown[1] ?? []),
    usualDistance: correlationMatrixDistance(valuesOf(halves[0] ?? []), valuesOf(halves[1] ?? [])),
    compared: judged.length,
    changed: judged.filter((c) => c.verdict !== "none").length,
    pairs: told.flatMap((c, k): PairChange[] => {
      const a = columns[c.i];
      const b = columns[c.j];
      if (a === undefined || b === undefined) return [];
      const measure = measureOf(a, b);
      const names = { a: a.column.name, b: b.column.name };
      return [
        {
          ...names,
          measure,
          baseline: c.before.value,
          incident: c.after.value,
          change: c.after.value - c.before.value,
          usual: c.usual,
          cohensQ: c.cohensQ,
          p: c.p,
          q: c.q,
          verdict: c.verdict,
          pearson: pearson[k] ?? null,
          sentence: pairSentence(names.a, names.b, measure, c.before.value, c.after.value),
          sql: pairSql(ident(task.table.name), measure, a.column, b.column, task.predicates),
        },
      ];
    }),
  };
}

/** On the scale that all effects share. */
export function pairScore({ change, usual }: PairChange): number {
  return sizeScore("correlation_change", Math.max(0, Math.abs(change) - usual));
}

function sizeOf({ before, after, usual }: Candidate): number {
  return Math.max(0, Math.abs(after.value - before.value) - usual);
}

function ranked(column: SampleColumn, from: number, to: number): Ranked {
  return column.kind === "numeric"
    ? {
        kind: "numeric",
        column: column.column,
        values: meanRanks(column.values.subarray(from, to)),
      }
    : { kind: "categorical", column: column.column, codes: column.codes.subarray(from, to) };
}

function partOf(columns: readonly Ranked[], rows: Int32Array): Ranked[] {
  return columns.map((c) =>
    c.kind === "numeric"
      ? { ...c, values: Float64Array.from(rows, (row) => c.values[row] ?? NaN) }
      : { ...c, codes: rows.map((row) => c.codes[row] ?? -1) },
  );
}

/** Symmetric; the diagonal is 1 where the column varies. */
function associations(columns: readonly Ranked[]): (Association | null)[][] {
  const matrix: (Association | null)[][] = columns.map(() => []);
  columns.forEach((a, i) => {
    for (let j = 0; j <= i; j++) {
      const b = columns[j] ?? a;
      const found = associationOf(a, b);
      const row = matrix[i];
      const other = matrix[j];
      if (row !== undefined) row[j] = found;
      if (other !== undefined) other[i] = found;
    }
  });
  return matrix;
}

function associationOf(a: Ranked, b: Ranked): Association | null {
  if (a.kind === "numeric") {
    return b.kind === "numeric"
      ? correlation(a.values, b.values)
      : correlationRatio(b.codes, a.values);
  }
  return b.kind === "numeric"
    ? correlationRatio(a.codes, b.values)
    : cramersVOfCodes(a.codes, b.codes);
}

function measureOf(a: SampleColumn, b: SampleColumn): AssociationMeasure {
  if (a.kind !== b.kind) return "correlation_ratio";
  return a.kind === "numeric" ? "spearman" : "cramers_v";
}

function candidatesOf(
  before: readonly (readonly (Association | null)[])[],
  after: readonly (readonly (Association | null)[])[],
  stretches: readonly (readonly (readonly (Association | null)[])[])[],
): Candidate[] {
  const found: Candidate[] = [];
  before.forEach((row, i) => {
    for (let j = 0; j < i; j++) {
      const b = row[j] ?? null;
      const a = after[i]?.[j] ?? null;
      if (b === null || a === null) continue;
      const { cohensQ, z } = fisherDifference(b, a, RANK_SPREAD);
      const { usual, inflation } = usualDifference(stretches.map((m) => m[i]?.[j] ?? null));
      const p = normalTwoSidedP(z / Math.sqrt(inflation));
      found.push({ i: j, j: i, before: b, after: a, usual, cohensQ, p });
    }
  });
  return found;
}

/**
 * How much a pair varies between stretches of the baseline: two standard
 * deviations beyond what chance gives independent rows, and by how many times the
 * variance of Fisher's z exceeds that chance (1 or more).
 */
function usualDifference(stretches: readonly (Association | null)[]): {
  usual: number;
  inflation: number;
} {
  const found = stretches.filter((a) => a !== null);
  if (found.length < 3) return { usual: 0, inflation: 1 };
  const z = found.map((a) => fisherZ(a.value));
  const mean = z.reduce((s, v) => s + v, 0) / z.length;
  const variance = z.reduce((s, v) => s + (v - mean) ** 2, 0) / (z.length - 1);
  const chance = found.reduce((s, a) => s + RANK_SPREAD / Math.max(1, a.rows - 3), 0) / z.length;
  // Back from Fisher's scale to that of r, where it is narrower by 1 - r².
  const narrower = 1 - Math.tanh(mean) ** 2;
  return {
    usual: 2 * narrower * Math.sqrt(Math.max(0, variance - chance)),
    inflation: Math.max(1, variance / chance),
  };
}

function valuesOf(matrix: readonly (readonly (Association | null)[])[]): (number | null)[][] {
  return matrix.map((row, i) => row.map((a, j) => (a === null ? null : i === j ? 1 : a.value)));
}

/** Over all rows; null for pairs that are not two numbers. */
async function pearsonOf(
  task: TableTask,
  pairs: readonly (readonly [SampleColumn | undefined, SampleColumn | undefined])[],
): Promise<PairChange["pearson"][]> {
  const asked: (readonly [Column, Column])[] = [];
  const places = pairs.map(([a, b]) => {
    if (a?.kind !== "numeric" || b?.kind !== "numeric") return -1;
    return asked.push([a.column, b.column]) - 1;
  });
  if (asked.length === 0) return pairs.map(() => null);
  const result = await queryTable(
    task.engine,
    pearsonSql(ident(task.table.name), asked, task.predicates),
    withoutProgress(task.options),
  );
  return places.map((place) => {
    if (place < 0) return null;
    const [baseline, incident] = readColumn(result, `r${String(place)}`) as (number | null)[];
    return { baseline: baseline ?? null, incident: incident ?? null };
  });
}

const MEASURE_WORDS: Record<AssociationMeasure, string> = {
  spearman: "rank correlation",
  cramers_v: "Cramér's V",
  correlation_ratio: "correlation ratio",
};

/** "`height` and `weight` hardly go together any more: rank correlation 0.82 → 0.03". */
function pairSentence(
  a: string,
  b: string,
  measure: AssociationMeasure,
  before: number,
  after: number,
): string {
  const numbers = `${MEASURE_WORDS[measure]} ${formatNumber(round(before))} → ${formatNumber(round(after))}`;
  return `\`${a}\` and \`${b}\` ${howTogether(before, after)}: ${numbers}`;
}

function howTogether(before: number, after: number): string {
  const was = Math.abs(before);
  const is = Math.abs(after);
  if (was >= 0.2 && is >= 0.2 && before * after < 0) return "now go in opposite directions";
  if (was < 0.1 && is < 0.1) return "hardly go together";
  if (was >= 0.2 && is < 0.1) return "hardly go together any more";
  if (was < 0.1 && is >= 0.2) return "go together, which they hardly did before";
  return is > was ? "go together more closely" : "go together less closely";
}

function round(r: number): number {
  return Math.round(r * 1000) / 1000;
}
