import type { DraftShift } from "./draft-shift.ts";
import { nullSentence } from "./sentences.ts";
import { twoProportions } from "./statistics/two-proportions.ts";

/** Change of the share of missing values; null when a window is empty. */
export function nullShift(
  name: string,
  baseline: { rows: number; nulls: number },
  incident: { rows: number; nulls: number },
): DraftShift | null {
  if (baseline.nulls === 0 && incident.nulls === 0) return null;
  const change = twoProportions(baseline.nulls, baseline.rows, incident.nulls, incident.rows);
  if (change === null) return null;
  return {
    kind: "null_rate",
    statistic: {
      name: "null_rate_difference",
      value: change.incidentRate - change.baselineRate,
      p: change.p,
    },
    effect: { name: "cohens_h", value: change.h },
    measure: "cohens_h",
    size: change.h,
    sentence: nullSentence(name, change.baselineRate, change.incidentRate),
    query: "nulls",
  };
}
