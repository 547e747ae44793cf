import type { CategoryCount } from "../../../../shared/analysis/re-encoding.ts";
import { quoteValue } from "../../../../shared/analysis/sentences.ts";
import type { Distribution, Shift } from "../../../../shared/model/shift.ts";

/** One value of a categorical column in both windows. */
export interface CategoryRow {
  readonly value: string;
  readonly baseline: number;
  readonly incident: number;
  /** Share of the rows with a value, in [0, 1]. */
  readonly baselineShare: number;
  readonly incidentShare: number;
  readonly difference: number;
  readonly mark: "new" | "vanished" | null;
  /** The value that this one most likely reads now; null where no mapping was inferred. */
  readonly readsNow: string | null;
  /** The values that most likely read this one now. */
  readonly formerly: readonly string[];
}

export type CategorySort = "value" | "baseline" | "incident" | "difference";
export interface CategoryOrder {
  readonly by: CategorySort;
  readonly descending: boolean;
}

/** The counts a comparison keeps of a column. */
export function keptCategories(
  distribution: Extract<Distribution, { kind: "categorical" }>,
): CategoryCount[] {
  return distribution.categories.map((value, k) => ({
    value,
    baseline: distribution.baseline[k] ?? 0,
    incident: distribution.incident[k] ?? 0,
  }));
}

/**
 * Former values and what they read now, as the facts of a re-encoding say it.
 * The facts name values shortened and quoted, so they are compared as such.
 */
export function mappingOf(
  shifts: readonly Shift[],
  values: readonly string[],
): Map<string, string> {
  const byText = new Map(values.map((value) => [quoteValue(value), value]));
  const names = shifts
    .filter((shift) => shift.kind === "re_encoding")
    .flatMap((shift) => (shift.facts ?? []).map((fact) => fact.name));
  const mapping = new Map<string, string>();
  for (const name of names) {
    for (const [text, from] of byText) {
      if (!name.startsWith(`${text} → `)) continue;
      const to = byText.get(name.slice(text.length + 3));
      if (to !== undefined) mapping.set(from, to);
    }
  }
  return mapping;
}

/** @param totals rows with a value in each window, listed or not */
export function categoryRows(
  counts: readonly CategoryCount[],
  totals: { readonly baseline: number; readonly incident: number },
  mapping: ReadonlyMap<string, string>,
): CategoryRow[] {
  const share = (rows: number, all: number): number => (all === 0 ? 0 : rows / all);
  return counts.map(({ value, baseline, incident }) => {
    const baselineShare = share(baseline, totals.baseline);
    const incidentShare = share(incident, totals.incident);
    return {
      value,
      baseline,
      incident,
      baselineShare,
      incidentShare,
      difference: incidentShare - baselineShare,
      mark:
        baseline === 0 && incident > 0 ? "new" : incident === 0 && baseline > 0 ? "vanished" : null,
      readsNow: mapping.get(value) ?? null,
      formerly: [...mapping].filter(([, to]) => to === value).map(([from]) => from),
    };
  });
}

const COLLATOR = new Intl.Collator("en", { numeric: true });

/** Sorted; equal ones by rows, then by value, so that the order is always the same. */
export function sortedRows(
  rows: readonly CategoryRow[],
  { by, descending }: CategoryOrder,
): CategoryRow[] {
  const sign = descending ? -1 : 1;
  const key = (a: CategoryRow, b: CategoryRow): number => {
    switch (by) {
      case "value":
        return COLLATOR.compare(a.value, b.value);
      case "baseline":
        return a.baseline - b.baseline;
      case "incident":
        return a.incident - b.incident;
      case "difference":
        return Math.abs(a.difference) - Math.abs(b.difference);
    }
  };
  return [...rows].sort(
    (a, b) =>
      sign * key(a, b) ||
      b.baseline + b.incident - a.baseline - a.incident ||
      COLLATOR.compare(a.value, b.value),
  );
}
