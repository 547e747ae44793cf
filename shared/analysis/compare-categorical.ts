import type { ColumnStats, Distribution, Statistic } from "../model/shift.ts";
import { NUMBER, STRING_OR_NULL, queryRows } from "../tables/rows.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import type { ColumnDraft, DraftShift } from "./draft-shift.ts";
import { nullShift } from "./compare-nulls.ts";
import { inferReEncoding, type CategoryCount, type CodeChange } from "./re-encoding.ts";
import { formatList, formatShare, quoteValue } from "./sentences.ts";
import { chiSquared } from "./statistics/chi-squared.ts";
import { jensenShannon } from "./statistics/jensen-shannon.ts";
import { psiNoise, psiOfCounts } from "./statistics/psi.ts";
import { twoProportions } from "./statistics/two-proportions.ts";
import { sizeScore } from "./verdict.ts";

/** Categories read one by one; rows of rarer ones are counted together. */
export const MOST_CATEGORIES = 200;
const SHOWN_CATEGORIES = 20;

/** Rows by category in both windows. */
export interface CategorySample {
  /** Rows of the windows, with NULL. */
  readonly baselineRows: number;
  readonly incidentRows: number;
  /** The most frequent categories. */
  readonly categories: readonly CategoryCount[];
  /** The rest: how many categories, their rows, and those rows whose category the other window lacks. */
  readonly other: {
    readonly categories: number;
    readonly baseline: number;
    readonly incident: number;
    readonly onlyBaseline: number;
    readonly onlyIncident: number;
  };
  /** Categories with exactly one row in the baseline, in the incident. */
  readonly singletons: number;
  readonly incidentSingletons: number;
}

/**
 * Counts the categories of an SQL expression (text) in one scan.
 * @param source table name, quoted, or a subquery in brackets
 */
export async function countCategories(
  engine: Engine,
  source: string,
  expression: string,
  predicates: { readonly baseline: string; readonly incident: string },
  rows: { readonly baseline: number; readonly incident: number },
  options?: QueryOptions,
): Promise<CategorySample> {
  const sql = `WITH g AS MATERIALIZED (
  SELECT ${expression} AS value,
    count(*) FILTER (WHERE ${predicates.baseline}) AS b,
    count(*) FILTER (WHERE ${predicates.incident}) AS i
  FROM ${source} WHERE (${predicates.baseline} OR ${predicates.incident}) GROUP BY 1),
r AS MATERIALIZED (
  SELECT *, row_number() OVER (ORDER BY b + i DESC, value) AS rank FROM g WHERE value IS NOT NULL)
SELECT 0 AS part, value, b, i, 0 AS c, 0 AS s1, 0 AS s2 FROM r WHERE rank <= ${String(MOST_CATEGORIES)}
UNION ALL SELECT 1, NULL, coalesce(sum(b), 0), coalesce(sum(i), 0), count(*),
  coalesce(sum(b) FILTER (WHERE i = 0), 0), coalesce(sum(i) FILTER (WHERE b = 0), 0)
  FROM r WHERE rank > ${String(MOST_CATEGORIES)}
UNION ALL SELECT 2, NULL, count(*) FILTER (WHERE b = 1), count(*) FILTER (WHERE i = 1), 0, 0, 0 FROM r`;
  const found = await queryRows(
    engine,
    sql,
    { part: NUMBER, value: STRING_OR_NULL, b: NUMBER, i: NUMBER, c: NUMBER, s1: NUMBER, s2: NUMBER },
    options,
  );
  const rest = found.find((row) => row.part === 1);
  const single = found.find((row) => row.part === 2);
  return {
    baselineRows: rows.baseline,
    incidentRows: rows.incident,
    categories: found
      .filter((row) => row.part === 0)
      .map((row) => ({ value: row.value ?? "", baseline: row.b, incident: row.i }))
      .sort((a, b) => b.baseline + b.incident - a.baseline - a.incident),
    other: {
      categories: rest?.c ?? 0,
      baseline: rest?.b ?? 0,
      incident: rest?.i ?? 0,
      onlyBaseline: rest?.s1 ?? 0,
      onlyIncident: rest?.s2 ?? 0,
    },
    singletons: single?.b ?? 0,
    incidentSingletons: single?.i ?? 0,
  };
}

/**
 * Compares categories: chi-squared (decides p) with bias-corrected Cramér's V,
 * Jensen-Shannon distance and PSI; values that came, went or were renamed.
 * Values that the other window lacks only by chance are allowed for by the
 * Good-Turing estimate: singletons/rows (Good 1953).
 */
export function compareCategories(name: string, sample: CategorySample): ColumnDraft {
  const { categories, other } = sample;
  const valuesB = categories.reduce((s, c) => s + c.baseline, other.baseline);
  const valuesI = categories.reduce((s, c) => s + c.incident, other.incident);
  const distinctB = categories.filter((c) => c.baseline > 0).length;
  const distinctI = categories.filter((c) => c.incident > 0).length;
  // Of the rest it is only known how many there are in both windows together.
  const stats = (rows: number, values: number, distinct: number): ColumnStats => ({
    rows,
    nulls: rows - values,
    distinct: distinct + (values > 0 ? other.categories : 0),
    mean: null,
    sd: null,
    min: null,
    max: null,
    quantiles: null,
  });
  const baseline = stats(sample.baselineRows, valuesB, distinctB);
  const incident = stats(sample.incidentRows, valuesI, distinctI);
  const shifts: DraftShift[] = [];
  const statistics: Statistic[] = [];
  const nulls = nullShift(name, baseline, incident);
  if (nulls !== null) {
    shifts.push(nulls);
    statistics.push(nulls.statistic);
  }
  if (valuesB === 0 || valuesI === 0) {
    return { baseline, incident, statistics, distribution: null, shifts };
  }
  const changes = inferReEncoding(categories, valuesB, valuesI);
  const remap = new Map(changes.flatMap((c) => c.from.map((from) => [from, c.to] as const)));
  if (changes.length > 0) {
    shifts.push(reEncodingShift(name, changes, categories, other.categories, valuesB, valuesI));
  }
  shifts.push(...newAndVanished(name, sample, remap, valuesB, valuesI));
  const { shift, all } = distributionShift(name, sample, remap);
  shifts.push(shift);
  statistics.push(...all);
  return { baseline, incident, statistics, distribution: shown(sample), shifts };
}

function reEncodingShift(
  name: string,
  changes: readonly CodeChange[],
  categories: readonly CategoryCount[],
  others: number,
  valuesB: number,
  valuesI: number,
): DraftShift {
  const share = changes.reduce((s, c) => s + c.lostShare, 0);
  const lost = changes.reduce((s, c) => s + c.from.length, 0);
  const before = categories.filter((c) => c.baseline > 0).length + others;
  const hits = Math.round(share * valuesB);
  const test = twoProportions(hits, valuesB, 0, valuesI);
  const told = changes.slice(0, 3).map((c) => {
    const from = formatList(c.from.map(quoteValue), 6);
    const fits = `${formatShare(c.lostShare)} of rows gone, ${formatShare(c.gainedShare)} more ${quoteValue(c.to)}`;
    return c.ambiguous
      ? `former ${from} most likely read ${quoteValue(c.to)} now (${fits}; other assignments fit the shares too)`
      : `every former ${from} now reads ${quoteValue(c.to)} (${fits})`;
  });
  const more = changes.length > 3 ? `; ${String(changes.length - 3)} more values likewise` : "";
  return {
    kind: "re_encoding",
    statistic: { name: "re_encoded_share", value: share, p: test?.p ?? null },
    effect: { name: "re_encoded_share", value: share },
    measure: "re_encoding",
    size: share,
    sentence: `\`${name}\` lost ${String(lost)} of its ${String(before)} values; ${told.join("; ")}${more}`,
    query: "categorical",
  };
}

/** Categories that only one window has, beyond those that a renaming explains. */
function newAndVanished(
  name: string,
  sample: CategorySample,
  remap: ReadonlyMap<string, string>,
  valuesB: number,
  valuesI: number,
): DraftShift[] {
  const explained = new Set([...remap.keys(), ...remap.values()]);
  const rest = sample.categories.filter((c) => !explained.has(c.value));
  const came = rest.filter((c) => c.baseline === 0 && c.incident > 0);
  const went = rest.filter((c) => c.incident === 0 && c.baseline > 0);
  const cameRows = came.reduce((s, c) => s + c.incident, sample.other.onlyIncident);
  const wentRows = went.reduce((s, c) => s + c.baseline, sample.other.onlyBaseline);
  const shifts: DraftShift[] = [];
  const push = (
    kind: "new_categories" | "vanished_categories",
    rows: number,
    values: number,
    chance: number,
    chanceValues: number,
    sentence: (share: string) => string,
  ): void => {
    if (rows === 0) return;
    const share = rows / values;
    const excess = Math.max(0, share - chance / Math.max(1, chanceValues));
    const test = twoProportions(Math.min(chance, chanceValues), chanceValues, rows, values);
    shifts.push({
      kind,
      statistic: { name: "share", value: share, p: test?.p ?? null },
      effect: { name: "category_share", value: excess },
      measure: "category_share",
      size: excess,
      sentence: sentence(formatShare(share)),
      query: "categorical",
    });
  };
  const names = (list: readonly CategoryCount[]): string =>
    list.length === 0
      ? "rare values"
      : formatList(list.map((c) => quoteValue(c.value)));
  push("new_categories", cameRows, valuesI, sample.singletons, valuesB, (share) =>
    `\`${name}\` takes values it never had in the baseline, in ${share} of the incident's rows: ${names(came)}`,
  );
  push("vanished_categories", wentRows, valuesB, sample.incidentSingletons, valuesI, (share) =>
    `\`${name}\` no longer takes values that ${share} of the baseline's rows had: ${names(went)}`,
  );
  return shifts;
}

function distributionShift(
  name: string,
  sample: CategorySample,
  remap: ReadonlyMap<string, string>,
): { shift: DraftShift; all: Statistic[] } {
  const merged = applyRemap(sample.categories, remap);
  const b = [...merged.map((c) => c.baseline), sample.other.baseline];
  const i = [...merged.map((c) => c.incident), sample.other.incident];
  const test = chiSquared(b, i);
  const p = test?.p ?? 1;
  const n = b.reduce((s, c) => s + c, 0);
  const m = i.reduce((s, c) => s + c, 0);
  const used = b.filter((c, k) => c + (i[k] ?? 0) > 0).length;
  const js = jensenShannon(b, i);
  const noise = psiNoise(used, n, m);
  // Near equality the divergence is an eighth of the PSI, in nats.
  const jsSize = Math.sqrt(Math.max(0, js * js - noise / (8 * Math.LN2)));
  const v = test?.cramersV ?? 0;
  const vSize = test?.cramersVCorrected ?? 0;
  const byV = sizeScore("cramers_v", vSize) >= sizeScore("jensen_shannon", jsSize);
  const all: Statistic[] = [
    { name: "chi_squared", value: test?.statistic ?? 0, p },
    { name: "cramers_v", value: v, p: null },
    { name: "jensen_shannon", value: js, p: null },
    { name: "psi", value: psiOfCounts(b, i), p: null },
  ];
  return {
    all,
    shift: {
      kind: "distribution",
      statistic: { name: byV ? "cramers_v" : "jensen_shannon", value: byV ? v : js, p },
      effect: { name: "cramers_v", value: v },
      measure: byV ? "cramers_v" : "jensen_shannon",
      size: byV ? vSize : jsSize,
      sentence: sharesSentence(name, merged, n, m, remap.size > 0),
      query: "categorical",
      ...(remap.size > 0 ? { remap } : {}),
    },
  };
}

/** Baseline rows of renamed values counted under their new names. */
function applyRemap(
  categories: readonly CategoryCount[],
  remap: ReadonlyMap<string, string>,
): CategoryCount[] {
  if (remap.size === 0) return [...categories];
  const merged = new Map<string, CategoryCount>();
  for (const c of categories) {
    const value = remap.get(c.value) ?? c.value;
    const before = merged.get(value);
    merged.set(value, {
      value,
      baseline: c.baseline + (before?.baseline ?? 0),
      incident: c.incident + (before?.incident ?? 0),
    });
  }
  return [...merged.values()];
}

function sharesSentence(
  name: string,
  categories: readonly CategoryCount[],
  n: number,
  m: number,
  renamed: boolean,
): string {
  const moved = categories
    .map((c) => ({ value: c.value, p: c.baseline / n, q: c.incident / m }))
    .sort((a, b) => Math.abs(b.q - b.p) - Math.abs(a.q - a.p))
    .slice(0, 3)
    .map((c) => `${quoteValue(c.value)} ${formatShare(c.p)} → ${formatShare(c.q)}`);
  return `the shares of the values of \`${name}\` changed${renamed ? ", renamed values counted together" : ""}: ${moved.join(", ")}`;
}

function shown(sample: CategorySample): Distribution {
  const top = sample.categories.slice(0, SHOWN_CATEGORIES);
  const rest = sample.categories.slice(SHOWN_CATEGORIES);
  return {
    kind: "categorical",
    categories: top.map((c) => c.value),
    baseline: top.map((c) => c.baseline),
    incident: top.map((c) => c.incident),
    otherBaseline: rest.reduce((s, c) => s + c.baseline, sample.other.baseline),
    otherIncident: rest.reduce((s, c) => s + c.incident, sample.other.incident),
  };
}
