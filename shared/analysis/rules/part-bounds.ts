/** Bounds that another part of the same process keeps. */
export interface PartBounds {
  readonly low: number;
  readonly high: number;
}

export const LEAST_PARTS = 4;

/** Student's t at .9995 for 3 to 9 degrees of freedom; beyond that the last is on the safe side. */
const T_9995 = [12.924, 8.61, 6.869, 5.959, 5.408, 5.041, 4.781] as const;

/**
 * Where one more part would lie: the prediction interval of a normal sample
 * (mean ± t·s·√(1 + 1/n), 99.9 %; Hahn & Meeker 1991, section 4.7), and never
 * narrower than what the parts did. Null for fewer than four parts.
 */
export function partBounds(values: readonly number[]): PartBounds | null {
  const n = values.length;
  const t = T_9995[Math.min(n - 1 - 3, T_9995.length - 1)];
  if (n < LEAST_PARTS || t === undefined) return null;
  const mean = values.reduce((s, v) => s + v, 0) / n;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1);
  const margin = t * Math.sqrt(variance * (1 + 1 / n));
  return {
    low: Math.min(mean - margin, ...values),
    high: Math.max(mean + margin, ...values),
  };
}

/**
 * Bounds of single values from the least and greatest of each part: as far beyond
 * them as the parts' own extremes lie apart. A column that was never negative
 * keeps 0 as its bound.
 */
export function extremeBounds(
  least: readonly number[],
  greatest: readonly number[],
): PartBounds | null {
  if (least.length === 0) return null;
  const low = Math.min(...least);
  const high = Math.max(...greatest);
  const below = low - (Math.max(...least) - low);
  const above = high + (high - Math.min(...greatest));
  return {
    low: low >= 0 ? Math.max(0, below) : below,
    high: high <= 0 ? Math.min(0, above) : above,
  };
}

/**
 * Least share of fitting values to ask for, when so many did not fit in the
 * parts: the share that one more part would have at most (`partBounds`), plus
 * the rule of three for the rows seen (Hanley & Lippman-Hand 1983). 1 where none
 * of at least 1,000 misses.
 */
export function mostlyOf(misses: readonly number[], rows: readonly number[]): number {
  const total = rows.reduce((s, n) => s + n, 0);
  const missed = misses.reduce((s, n) => s + n, 0);
  if (total === 0) return 0;
  if (missed === 0 && total >= 1000) return 1;
  const shares = misses.map((m, k) => m / Math.max(1, rows[k] ?? 0));
  const most = partBounds(shares)?.high ?? Math.max(...shares) * 2;
  return floorTo(Math.max(0, 1 - most - 3 / total), 4);
}

/** Whether the parts go one way without overlap from first to last: a counter, a trend. */
export function isTrending(low: readonly number[], high: readonly number[]): boolean {
  const steps = low.slice(1).map((v, k) => v - (low[k] ?? 0));
  const tops = high.slice(1).map((v, k) => v - (high[k] ?? 0));
  const all = [...steps, ...tops];
  if (low.length < LEAST_PARTS) return false;
  const last = low.length - 1;
  if (all.every((s) => s > 0)) return (low[last] ?? 0) > (high[0] ?? 0);
  return all.every((s) => s < 0) && (high[last] ?? 0) < (low[0] ?? 0);
}

/** Outward to three significant digits of the width, so that a person can read the bounds. */
export function roundOutward({ low, high }: PartBounds): PartBounds {
  const width = high - low;
  const size = width > 0 ? width : Math.abs(high);
  if (size === 0 || !Number.isFinite(size)) return { low, high };
  const digits = Math.min(15, Math.max(0, 2 - Math.floor(Math.log10(size))));
  const rounded = { low: floorTo(low, digits), high: -floorTo(-high, digits) + 0 };
  return width === 0 && rounded.low !== rounded.high ? { low, high } : rounded;
}

/** The greatest number with so many decimals that is not above the value. */
export function floorTo(value: number, decimals: number): number {
  const near = Number(value.toFixed(decimals));
  if (near <= value) return near;
  return Number((near - 10 ** -decimals).toFixed(decimals));
}
