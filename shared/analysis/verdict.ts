import type { Verdict } from "../model/shift.ts";

/**
 * From which size on a difference counts. A verdict rests on effect size, never
 * on p alone: with a million rows everything is significant. In addition the
 * Benjamini-Hochberg q over the comparison must stay below `Q_LIMIT`.
 */
export interface Threshold {
  readonly minor: number;
  readonly major: number;
  /** Where the score saturates. */
  readonly most: number;
}

export const Q_LIMIT = 0.05;

export const THRESHOLDS = {
  /** Romano et al. (2006): .147 small, .33 medium, .474 large. */
  cliffs_delta: { minor: 0.147, major: 0.33, most: 1 },
  /** What a normal sample shifted by those deltas shows: 2Φ(d/2) - 1. */
  ks: { minor: 0.1, major: 0.24, most: 1 },
  /** Customary in credit scoring (Siddiqi 2006), after subtracting `psiNoise`. */
  psi: { minor: 0.1, major: 0.25, most: 4 },
  /** Evidently's default of .1; twice that is about PSI .25 on ten bins. */
  jensen_shannon: { minor: 0.1, major: 0.2, most: 1 },
  /** Cohen (1988) for two rows (df* = 1): .1 small, .3 medium. */
  cramers_v: { minor: 0.1, major: 0.3, most: 1 },
  /** Cohen (1988): .2 small, .5 medium. 0 → 1 % missing is .2, 0 → 6.2 % is .5. */
  cohens_h: { minor: 0.2, major: 0.5, most: Math.PI },
  /**
   * Share of rows in categories that came or went, beyond what the baseline's
   * own rare categories let expect: 1 % of rows is worth a look, 10 % breaks a
   * model that never saw them.
   */
  category_share: { minor: 0.01, major: 0.1, most: 0.5 },
  /** |log2| of a ratio of rows per time: 1.4 times or 2 times as many. */
  volume: { minor: 0.5, major: 1, most: 6 },
  /** Share of rows whose code changed: a model reads each of them wrongly. */
  re_encoding: { minor: 0.005, major: 0.02, most: 0.25 },
  /**
   * Share of rows whose content is spoilt (a default, a cut, another spelling, a
   * column under another name): as for categories that no model ever saw.
   */
  row_share: { minor: 0.01, major: 0.1, most: 0.5 },
  /** Share of rows in another unit: each is wrong by a factor, as wrong as another code. */
  converted_share: { minor: 0.005, major: 0.02, most: 0.25 },
  /**
   * Share of rows outside the baseline's range, where its tails do not let expect
   * them: 1 in 1,000 is worth a look; 1 in 20 no training data covered.
   */
  outside_share: { minor: 0.001, major: 0.05, most: 0.5 },
  /** Share of rows that cannot be true: no process makes them, so a few count. */
  impossible_share: { minor: 0.0005, major: 0.01, most: 0.25 },
  /** log2 of expected over found distinct values: half of them, a fifth of them. */
  cardinality: { minor: 1, major: 2.3, most: 8 },
  /** Share of repeated rows beyond what chance repeats: each counts twice in every mean. */
  duplicate_share: { minor: 0.005, major: 0.05, most: 0.5 },
  /** Share of rows that break a key: a join on it multiplies rows, so a few count. */
  key_share: { minor: 0.0005, major: 0.01, most: 0.25 },
  /**
   * Share of expected rows that fall into silence: one hour of a week is .6 %, half a
   * day of a week 7 %.
   */
  gap_share: { minor: 0.002, major: 0.05, most: 0.5 },
  /**
   * Gain in the share of rows that are later (older, longer unchanged) than 99 % of
   * the baseline: by definition 1 % there; lags come in bursts, so that 5 % is no news.
   */
  late_share: { minor: 0.05, major: 0.2, most: 1 },
  /** Share of values used before they were known: each tells a model what it could not know. */
  leak_share: { minor: 0.01, major: 0.05, most: 0.5 },
  /** Hours: one is what summer time does to every process that lives by local time. */
  time_zone: { minor: 0.5, major: 1.5, most: 12 },
  /**
   * Difference of two correlations (Spearman's, Cramér's V, correlation ratio) beyond
   * what the baseline's own parts differ by: Cohen's (1988) .1 and .3 for q, which
   * equals it near zero and exceeds it elsewhere.
   */
  correlation_change: { minor: 0.1, major: 0.3, most: 1 },
  /**
   * ROC area of the window's classifier above that between two halves of the baseline:
   * .1 is where normal samples differ by d = .36, .2 by .74, nearly Cohen's large effect.
   */
  domain_auc: { minor: 0.1, major: 0.2, most: 0.5 },
  /** Cohen's d of the rows' reconstruction errors: .2 small, .5 medium (Cohen 1988). */
  reconstruction_error: { minor: 0.2, major: 0.5, most: 3 },
  /**
   * Share of rows beyond what a rule tolerates: somebody asked for it, so that 1 in
   * 1,000 is worth a look; 1 in 20 is more than any tail of the baseline.
   */
  rule_share: { minor: 0.001, major: 0.05, most: 0.5 },
  /**
   * Distance beyond a rule's bounds in widths of them, which hold all parts of the
   * baseline with their margin: a tenth is at the edge, another half no part does.
   */
  rule_distance: { minor: 0.1, major: 0.5, most: 5 },
} as const satisfies Record<string, Threshold>;

export type EffectName = keyof typeof THRESHOLDS;

/** Verdict by size alone. */
export function sizeVerdict(effect: EffectName, value: number): Verdict {
  const size = Math.abs(value);
  const { minor, major } = THRESHOLDS[effect];
  return size >= major ? "major" : size >= minor ? "minor" : "none";
}

/**
 * Size on a scale that all effects share: 0 to 1/3 below the minor threshold,
 * to 2/3 below the major one, to 1 at saturation; linear in between.
 */
export function sizeScore(effect: EffectName, value: number): number {
  return thresholdScore(THRESHOLDS[effect], value);
}

/** The same for thresholds that stand elsewhere. */
export function thresholdScore({ minor, major, most }: Threshold, value: number): number {
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0;
  if (size < minor) return size / minor / 3;
  if (size < major) return (1 + (size - minor) / (major - minor)) / 3;
  return Math.min(1, (2 + (size - major) / (most - major)) / 3);
}

/** A verdict stands only when its q does; without a test it stands on size. */
export function confirmedVerdict(bySize: Verdict, q: number | null): Verdict {
  return q !== null && q >= Q_LIMIT ? "none" : bySize;
}
