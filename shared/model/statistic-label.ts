/** Names of statistics and effects as people write them. */
const LABELS: Readonly<Record<string, string>> = {
  category_share: "share of rows",
  chi_squared: "chi-squared",
  cliffs_delta: "Cliff’s delta",
  cohens_d: "Cohen’s d",
  cohens_h: "Cohen’s h",
  cramers_v: "Cramér’s V",
  jensen_shannon: "Jensen-Shannon distance",
  ks: "Kolmogorov-Smirnov",
  log2_ratio: "log₂ of the ratio",
  null_rate_difference: "difference of null rates",
  psi: "PSI",
  re_encoded_share: "share of rows re-encoded",
  wasserstein_normed: "Wasserstein, in baseline SDs",
};

/** `cliffs_delta` as `Cliff’s delta`; an unknown name with its words apart. */
export function statisticLabel(name: string): string {
  return LABELS[name] ?? name.replaceAll("_", " ");
}
