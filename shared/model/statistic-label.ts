/** Names of statistics and effects as people write them. */
const LABELS: Readonly<Record<string, string>> = {
  anderson_darling: "Anderson-Darling (normalised)",
  category_share: "share of rows",
  chi_squared: "chi-squared",
  cliffs_delta: "Cliff’s delta",
  cohens_d: "Cohen’s d",
  cohens_h: "Cohen’s h",
  cramer_von_mises: "Cramér-von Mises",
  cramers_v: "Cramér’s V",
  cramers_v_corrected: "Cramér’s V, bias corrected",
  g_test: "G-test",
  gone_share: "share of rows whose value is gone",
  hellinger: "Hellinger distance",
  jensen_shannon: "Jensen-Shannon distance",
  ks: "Kolmogorov-Smirnov",
  log2_ratio: "log₂ of the ratio",
  null_rate_difference: "difference of null rates",
  null_rate_h: "Cohen’s h of null rates",
  psi: "PSI",
  psi_critical: "PSI that 5 % of equal samples exceed",
  re_encoded_share: "share of rows re-encoded",
  total_variation: "total variation",
  wasserstein_normed: "Wasserstein, in baseline SDs",
};

/** `cliffs_delta` as `Cliff’s delta`; an unknown name with its words apart. */
export function statisticLabel(name: string): string {
  return LABELS[name] ?? name.replaceAll("_", " ");
}
