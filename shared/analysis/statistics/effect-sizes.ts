/** Count, mean and sample standard deviation. */
export interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Sample standard deviation (n - 1); 0 for one value. */
  readonly sd: number;
}

/** Moments of finite values in two passes; null for none. */
export function moments(values: Float64Array): Moments | null {
  const n = values.length;
  if (n === 0) return null;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i] as number;
  const mean = sum / n;
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i++) {
    const d = (values[i] as number) - mean;
    squares += d * d;
    rest += d;
  }
  // Second term: correction for the rounding of the mean (Chan et al. 1983).
  const variance = n > 1 ? Math.max(0, (squares - (rest * rest) / n) / (n - 1)) : 0;
  return { n, mean, sd: Math.sqrt(variance) };
}

/**
 * Cohen's d: difference of means (incident - baseline) over the pooled sample
 * standard deviation. Infinite when both are constant and different, 0 when
 * equal; null when a sample is empty.
 */
export function cohensD(baseline: Moments | null, incident: Moments | null): number | null {
  if (baseline === null || incident === null) return null;
  const difference = incident.mean - baseline.mean;
  if (difference === 0) return 0;
  const degrees = baseline.n + incident.n - 2;
  if (degrees <= 0) return null;
  const pooled = Math.sqrt(
    ((baseline.n - 1) * baseline.sd ** 2 + (incident.n - 1) * incident.sd ** 2) / degrees,
  );
  return difference / pooled;
}

/**
 * Cliff's delta: P(incident > baseline) - P(incident < baseline), -1 to 1, of
 * samples sorted ascending, by one merge (Cliff 1993). Equals 2·U/(n·m) - 1
 * with scipy.stats.mannwhitneyu(incident, baseline). NaN when one is empty.
 */
export function cliffsDelta(baseline: Float64Array, incident: Float64Array): number {
  const n = baseline.length;
  const m = incident.length;
  if (n === 0 || m === 0) return NaN;
  let below = 0;
  let notAbove = 0;
  let sum = 0;
  for (let j = 0; j < m; j++) {
    const x = incident[j] as number;
    while (below < n && (baseline[below] as number) < x) below++;
    if (notAbove < below) notAbove = below;
    while (notAbove < n && (baseline[notAbove] as number) <= x) notAbove++;
    sum += below - (n - notAbove);
  }
  return sum / n / m;
}

/**
 * Cohen's h for two rates: 2 asin √p₂ - 2 asin √p₁, -π to π (Cohen 1988):
 * .2 small, .5 medium, .8 large.
 */
export function cohensH(baselineRate: number, incidentRate: number): number {
  return 2 * Math.asin(Math.sqrt(incidentRate)) - 2 * Math.asin(Math.sqrt(baselineRate));
}
