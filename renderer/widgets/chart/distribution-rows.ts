import type { Distribution } from "../../../shared/model/shift.ts";
import { number } from "../format.ts";

/** A distribution as rows of a chart and a table. */
export interface DistributionRows {
  /** One a bin or category: `10 to 20`. */
  readonly labels: string[];
  /** What stands at the axis: a bin's lower edge, a category's name. */
  readonly axisLabels: string[];
  readonly baseline: number[];
  readonly incident: number[];
  /** In [0, 1]; 0 for an empty window. */
  readonly baselineShare: number[];
  readonly incidentShare: number[];
  readonly baselineRows: number;
  readonly incidentRows: number;
  /** Names of categories need the width: bars lie. */
  readonly horizontal: boolean;
  /** First and last edge where all bins are equally wide: a scale can stand below them. */
  readonly extent: readonly [number, number] | null;
  /** What a reader has to know of the bins. */
  readonly note: string | null;
}

export function distributionRows(distribution: Distribution): DistributionRows {
  if (distribution.kind === "categorical") {
    const { categories, otherBaseline, otherIncident } = distribution;
    const hasOther = otherBaseline > 0 || otherIncident > 0;
    const labels = categories.map((c) => (c === "" ? "(empty)" : c));
    if (hasOther) labels.push("all other values");
    return {
      ...shares(
        hasOther ? [...distribution.baseline, otherBaseline] : distribution.baseline,
        hasOther ? [...distribution.incident, otherIncident] : distribution.incident,
      ),
      labels,
      axisLabels: labels,
      horizontal: true,
      extent: null,
      note: null,
    };
  }
  const { edges } = distribution;
  const equal = equalWidths(edges);
  const bins = distribution.baseline.map(
    (_, i) => [edges[i] ?? -Infinity, edges[i + 1] ?? Infinity] as const,
  );
  return {
    ...shares(distribution.baseline, distribution.incident),
    labels: bins.map(([from, to]) => binLabel(from, to)),
    axisLabels: bins.map(([from, to]) =>
      Number.isFinite(from) ? number(from) : `< ${number(to)}`,
    ),
    horizontal: false,
    extent: equal ? [edges[0] as number, edges[edges.length - 1] as number] : null,
    note: equal
      ? null
      : "Each bin is labelled with its lower edge. Bins differ in width, so heights compare the windows, not the bins.",
  };
}

function binLabel(from: number, to: number): string {
  if (!Number.isFinite(from)) return `below ${number(to)}`;
  if (!Number.isFinite(to)) return `${number(from)} and above`;
  return from === to ? number(from) : `${number(from)} to ${number(to)}`;
}

function shares(baseline: readonly number[], incident: readonly number[]) {
  const baselineRows = baseline.reduce((a, b) => a + b, 0);
  const incidentRows = incident.reduce((a, b) => a + b, 0);
  return {
    baseline: [...baseline],
    incident: [...incident],
    baselineRows,
    incidentRows,
    baselineShare: baseline.map((n) => (baselineRows === 0 ? 0 : n / baselineRows)),
    incidentShare: incident.map((n) => (incidentRows === 0 ? 0 : n / incidentRows)),
  };
}

/** Whether all bins are finite and equally wide, within a thousandth of the whole. */
function equalWidths(edges: readonly number[]): boolean {
  if (edges.length < 2 || !edges.every(Number.isFinite)) return false;
  const widths = edges.slice(1).map((edge, i) => edge - (edges[i] ?? 0));
  const whole = (edges[edges.length - 1] ?? 0) - (edges[0] ?? 0);
  return Math.max(...widths) - Math.min(...widths) <= whole / 1000;
}
