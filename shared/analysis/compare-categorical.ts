import type { Role } from "../model/role.ts";
import type { ColumnStats, Distribution, Fact, Statistic } from "../model/shift.ts";
import {
  contingencyStatistics,
  histogramStatistics,
  nullRate,
  twoCategories,
} from "./column-statistics.ts";
import type { ColumnDraft, DraftShift } from "./draft-shift.ts";
import { nullShift } from "./compare-nulls.ts";
import type { CategorySample } from "./count-categories.ts";
import { inferPartialReEncoding } from "./partial-re-encoding.ts";
import {
  inferReEncoding,
  valuesSucceed,
  type CategoryCount,
  type CodeChange,
} from "./re-encoding.ts";
import { formatList, formatNumber, formatShare, quoteValue, sharesSentence } from "./sentences.ts";
import { chiSquared } from "./statistics/chi-squared.ts";
import { jensenShannon } from "./statistics/jensen-shannon.ts";
import { psiNoise } from "./statistics/psi.ts";
import { twoProportions } from "./statistics/two-proportions.ts";
import { sizeScore } from "./verdict.ts";

const SHOWN_CATEGORIES = 20;

/**
 * Compares categories: chi-squared (decides p) and G, Cramér's V with and
 * without its bias, PSI and the distances of shares; values that came, went or were renamed.
 * Values that the other window lacks only by chance are allowed for by the
 * Good-Turing estimate: singletons/rows (Good 1953). Values that succeed each
 * other (versions, dates) are new and vanished, not renamed.
 */
export function compareCategories(
  name: string,
  sample: CategorySample,
  role: Role = "feature",
): ColumnDraft {
  const { categories, other } = sample;
  const valuesB = categories.reduce((s, c) => s + c.baseline, other.baseline);
  const valuesI = categories.reduce((s, c) => s + c.incident, other.incident);
  const distinctB = categories.filter((c) => c.baseline > 0).length + other.inBaseline;
  const distinctI = categories.filter((c) => c.incident > 0).length + other.inIncident;
  const stats = (rows: number, values: number, distinct: number): ColumnStats => ({
    rows,
    nulls: rows - values,
    distinct,
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
    statistics.push(nulls.statistic, ...nullRate(baseline, incident));
  }
  if (valuesB === 0 || valuesI === 0) {
    return { baseline, incident, statistics, distribution: null, shifts };
  }
  const changes = valuesSucceed(name, role, categories)
    ? []
    : changedCodes(categories, valuesB, valuesI);
  const remap = new Map(changes.flatMap((c) => c.from.map((from) => [from, c.to] as const)));
  if (changes.length > 0) {
    shifts.push(reEncodingShift(name, changes, categories, other.inBaseline, valuesB, valuesI));
  }
  shifts.push(...newAndVanished(name, sample, remap, valuesB, valuesI));
  const { shift, all } = distributionShift(name, sample, remap);
  shifts.push(shift);
  statistics.push(...all);
  return {
    baseline,
    incident,
    statistics,
    distribution: shown(sample),
    shifts,
  };
}

/** Codes that all rows changed; where there are none, those that a part of the rows did. */
function changedCodes(
  categories: readonly CategoryCount[],
  valuesB: number,
  valuesI: number,
): CodeChange[] {
  const whole = inferReEncoding(categories, valuesB, valuesI);
  return whole.length > 0 ? whole : inferPartialReEncoding(categories, valuesB, valuesI);
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
  const part = changes[0]?.part;
  const told = changes.slice(0, 3).map((c) => {
    const from = formatList(c.from.map(quoteValue), 6);
    if (c.part !== undefined)
      return `${formatShare(c.part)} of former ${from} reads ${quoteValue(c.to)}${c.ambiguous ? " (other assignments fit the shares too)" : ""}`;
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
    sentence:
      part === undefined
        ? `\`${name}\` lost ${String(lost)} of its ${String(before)} values; ${told.join("; ")}${more}`
        : `a part of the rows has other codes in \`${name}\`: ${told.join("; ")}${more}`,
    facts: changes.flatMap((c) => mappingFacts(c, categories)),
    query: "categorical",
  };
}

/** One fact per former value: what it reads now, and the rows that speak for it. */
function mappingFacts(change: CodeChange, categories: readonly CategoryCount[]): Fact[] {
  const rows = new Map(categories.map((c) => [c.value, c]));
  const to = rows.get(change.to);
  const grew =
    to === undefined || to.baseline === 0
      ? ""
      : `, which ${formatNumber(to.baseline)} rows had in the baseline`;
  return change.from.map((from) => ({
    name: `${quoteValue(from)} → ${quoteValue(change.to)}`,
    value: `${formatNumber(rows.get(from)?.baseline ?? 0)} rows in the baseline, ${formatNumber(rows.get(from)?.incident ?? 0)} left; ${formatNumber(to?.incident ?? 0)} rows read ${quoteValue(change.to)} now${grew}${change.ambiguous ? "; another assignment fits the shares too" : ""}`,
  }));
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
    list.length === 0 ? "rare values" : formatList(list.map((c) => quoteValue(c.value)));
  push(
    "new_categories",
    cameRows,
    valuesI,
    sample.singletons,
    valuesB,
    (share) =>
      `\`${name}\` takes values it never had in the baseline, in ${share} of the incident's rows: ${names(came)}`,
  );
  push(
    "vanished_categories",
    wentRows,
    valuesB,
    sample.incidentSingletons,
    valuesI,
    (share) =>
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
    ...(test === null ? [] : contingencyStatistics(test, n + m)),
    ...(sample.other.categories === 0 ? twoCategories(merged) : []),
    ...histogramStatistics(b, i),
  ];
  return {
    all,
    shift: {
      kind: "distribution",
      statistic: {
        name: byV ? "cramers_v" : "jensen_shannon",
        value: byV ? v : js,
        p,
      },
      effect: { name: "cramers_v", value: v },
      measure: byV ? "cramers_v" : "jensen_shannon",
      size: byV ? vSize : jsSize,
      sentence: `${sharesSentence(name, merged, n, m)}${remap.size > 0 ? " (renamed values counted together)" : ""}`,
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
