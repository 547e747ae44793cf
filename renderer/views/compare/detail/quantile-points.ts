import type { ColumnQuantiles } from "../../../../shared/analysis/column-quantiles.ts";
import type { ColumnStats } from "../../../../shared/model/shift.ts";

/** The same quantile of both windows. */
export interface QuantilePoint {
  /** In [0, 1]: 0 is the minimum, 1 the maximum. */
  readonly p: number;
  readonly baseline: number;
  readonly incident: number;
}

/** Probabilities of `ColumnStats.quantiles`. */
const KEPT = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/** Points of a query's answer; none where one of the windows has no values. */
export function pointsOf(quantiles: ColumnQuantiles): QuantilePoint[] {
  return paired(quantiles.probabilities, quantiles.baseline, quantiles.incident);
}

/** The seven quantiles that a comparison keeps, with minimum and maximum where they are known. */
export function keptPoints(baseline: ColumnStats, incident: ColumnStats): QuantilePoint[] {
  const ends = [baseline, incident].every((s) => s.min !== null && s.max !== null);
  const whole = (s: ColumnStats): number[] | null =>
    s.quantiles === null ? null : ends ? [s.min ?? 0, ...s.quantiles, s.max ?? 0] : s.quantiles;
  return paired(ends ? [0, ...KEPT, 1] : KEPT, whole(baseline), whole(incident));
}

function paired(
  probabilities: readonly number[],
  baseline: readonly number[] | null,
  incident: readonly number[] | null,
): QuantilePoint[] {
  if (baseline === null || incident === null) return [];
  return probabilities.flatMap((p, k) => {
    const b = baseline[k];
    const i = incident[k];
    return b === undefined || i === undefined || !Number.isFinite(b) || !Number.isFinite(i)
      ? []
      : [{ p, baseline: b, incident: i }];
  });
}

/** Values between these probabilities are drawn: single extremes would press all others together. */
const FROM = 0.01;
const TO = 0.99;

export function withinTails(points: readonly QuantilePoint[]): QuantilePoint[] {
  return points.filter((point) => point.p >= FROM && point.p <= TO);
}

/** Range of the drawn values of both windows; null where there are none. */
export function valueRange(points: readonly QuantilePoint[]): readonly [number, number] | null {
  const values = withinTails(points).flatMap((point) => [point.baseline, point.incident]);
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)];
}

/** Values over three powers of ten and all above zero are read on a logarithmic scale. */
export function wantsLog([low, high]: readonly [number, number]): boolean {
  return low > 0 && high / low >= 1000;
}

/**
 * What the plot says, in a sentence: by how much the incident's quantiles lie
 * off the baseline's, in the lower, middle and upper part.
 */
export function quantileSentence(
  points: readonly QuantilePoint[],
  format: (value: number) => string,
): string {
  const at = (p: number): string | null => {
    const point = points.find((one) => Math.abs(one.p - p) < 1e-9);
    if (point === undefined) return null;
    const { baseline, incident } = point;
    return baseline === incident
      ? `stayed at ${format(baseline)}`
      : `${format(baseline)} → ${format(incident)}`;
  };
  const parts = (
    [
      [0.05, "5 %"],
      [0.5, "median"],
      [0.95, "95 %"],
    ] as const
  ).flatMap(([p, name]) => {
    const text = at(p);
    return text === null ? [] : [`${name} ${text}`];
  });
  return parts.join("; ");
}
