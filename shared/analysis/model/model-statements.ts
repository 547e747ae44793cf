import type { GroupChecks, MetricChange } from "../../model/model-checks.ts";
import { METRIC_RULES } from "./metric-rules.ts";

/** A change in words: `ROC AUC fell from 0.912 to 0.843 (−0.069, 95 % interval −0.081 to −0.057)`. */
export function changeSentence({ metric, baseline, incident, change }: MetricChange): string {
  const { label } = METRIC_RULES[metric];
  if (baseline === null || incident === null || change === null) return `${label} is not known.`;
  const verb = change.value < 0 ? "fell" : "rose";
  return `${label} ${verb} from ${short(baseline.value)} to ${short(incident.value)} (${signed(change.value)}, 95 % interval ${signed(change.low)} to ${signed(change.high)})`;
}

/** One sentence on all changes of a set of metrics that count, worst first. */
export function overallStatements(metrics: readonly MetricChange[], tested: boolean): string[] {
  const changed = metrics
    .filter((m) => m.verdict !== "none" && m.direction !== "neither")
    .sort((a, b) => rank(a) - rank(b));
  if (changed.length === 0) {
    return tested ? ["No metric changed by more than its threshold and its uncertainty."] : [];
  }
  return changed.map((m) => `${m.verdict === "major" ? "Major" : "Minor"}: ${changeSentence(m)}.`);
}

/** The groups that lost most beyond the rest, at most three. */
export function groupStatements(groups: readonly GroupChecks[]): string[] {
  return groups
    .flatMap((group) => {
      const worst = group.metrics
        .filter((m) => m.verdict === "major" && m.direction === "worse")
        .sort((a, b) => (a.q ?? 1) - (b.q ?? 1))[0];
      return worst === undefined ? [] : [{ group, worst }];
    })
    .sort((a, b) => (a.worst.q ?? 1) - (b.worst.q ?? 1))
    .slice(0, 3)
    .map(({ group, worst }) => `${group.column} = ${group.value}: ${changeSentence(worst)}.`);
}

function rank({ verdict, direction }: MetricChange): number {
  return (verdict === "major" ? 0 : 2) + (direction === "worse" ? 0 : 1);
}

function short(value: number): string {
  const size = Math.abs(value);
  return size >= 1000 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(3);
}

function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${short(Math.abs(value))}`;
}
