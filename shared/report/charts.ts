import type { FindingChart } from "../model/finding.ts";
import type { Distribution } from "../model/shift.ts";
import type { Windows } from "../model/window.ts";
import { integer, number, percent } from "./format.ts";
import { runs, timeTicks, type Point } from "./series-points.ts";
import { c, clip, COLOURS, hatch, label, legend, line, svg, ticks, WIDTH } from "./svg.ts";

/** A finding's chart as SVG. `key` makes ids in it unique in the document. */
export function chartSvg(chart: FindingChart, windows: Windows, key: string): string {
  return chart.kind === "distribution"
    ? distributionSvg(chart.distribution, chart.title, chart.unit, key)
    : seriesSvg(chart, windows, key);
}

/** Both windows over the same bins or categories, as shares of their own rows. */
export function distributionSvg(
  distribution: Distribution,
  title: string,
  unit: string | undefined,
  key: string,
): string {
  return distribution.kind === "numeric"
    ? histogram(distribution, title, unit, key)
    : categoryBars(distribution, title, key);
}

type Numeric = Extract<Distribution, { kind: "numeric" }>;
type Categorical = Extract<Distribution, { kind: "categorical" }>;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const shares = (values: readonly number[], total: number): number[] =>
  values.map((v) => (total === 0 ? 0 : v / total));

const LEFT = 52;
const RIGHT = WIDTH - 12;

function histogram(
  { edges, baseline, incident }: Numeric,
  title: string,
  unit: string | undefined,
  key: string,
): string {
  const height = 220;
  const top = 34;
  const bottom = height - 38;
  const low = edges[0] ?? 0;
  const high = edges.at(-1) ?? 1;
  const base = shares(baseline, sum(baseline));
  const inc = shares(incident, sum(incident));
  const most = Math.max(...base, ...inc, 1e-9);
  const x = (v: number): number => LEFT + ((v - low) / (high - low || 1)) * (RIGHT - LEFT);
  const y = (share: number): number => bottom - (share / most) * (bottom - top);
  const steps = (values: readonly number[]): string => {
    const points = [`${c(x(edges[0] ?? 0))},${c(bottom)}`];
    values.forEach((v, i) => {
      points.push(`${c(x(edges[i] ?? 0))},${c(y(v))}`, `${c(x(edges[i + 1] ?? 0))},${c(y(v))}`);
    });
    points.push(`${c(x(high))},${c(bottom)}`);
    return points.join(" ");
  };
  const yTicks = ticks(0, most, 4);
  const xTicks = ticks(low, high, 6);
  const body = [
    hatch(key),
    legend(
      11,
      key,
      `Baseline, ${integer(sum(baseline))} rows`,
      `Incident, ${integer(sum(incident))} rows`,
    ),
    ...yTicks.map(
      (t) =>
        line(LEFT, y(t), RIGHT, y(t)) + label(LEFT - 6, y(t) + 4, percent(t), { anchor: "end" }),
    ),
    `<polygon points="${steps(base)}" fill="${COLOURS.baseline}" fill-opacity="0.45" stroke="${COLOURS.baseline}" stroke-width="1.3"/>`,
    `<polygon points="${steps(inc)}" fill="url(#${key})" stroke="${COLOURS.incident}" stroke-width="1.3" stroke-dasharray="4 2.5"/>`,
    line(LEFT, bottom, RIGHT, bottom, COLOURS.muted),
    ...xTicks.map(
      (t) =>
        line(x(t), bottom, x(t), bottom + 4, COLOURS.muted) +
        label(x(t), bottom + 16, number(t), { anchor: "middle" }),
    ),
    label((LEFT + RIGHT) / 2, height - 4, unit === undefined ? "value" : `value (${unit})`, {
      anchor: "middle",
    }),
  ].join("");
  return svg(
    height,
    title,
    "Share of rows per bin in the baseline (solid blue) and the incident (hatched orange).",
    body,
  );
}

const MOST_CATEGORIES = 12;

/** One category, or one bin, with its share of the rows of each window. */
export interface ShareRow {
  readonly name: string;
  readonly baseline: number;
  readonly incident: number;
}

/** What a chart of a distribution shows: bins, or the first categories and all others as one. */
export function distributionShares(distribution: Distribution): ShareRow[] {
  const { kind, baseline, incident } = distribution;
  if (kind === "numeric") {
    const base = shares(baseline, sum(baseline));
    const inc = shares(incident, sum(incident));
    return distribution.edges.slice(0, -1).map((edge, i) => ({
      name: `${number(edge)} to ${number(distribution.edges[i + 1])}`,
      baseline: base[i] ?? 0,
      incident: inc[i] ?? 0,
    }));
  }
  const { categories, otherBaseline, otherIncident } = distribution;
  const base = shares(baseline, sum(baseline) + otherBaseline);
  const inc = shares(incident, sum(incident) + otherIncident);
  const shown = categories.slice(0, MOST_CATEGORIES).map((name, i) => ({
    name: name === "" ? "(empty)" : name,
    baseline: base[i] ?? 0,
    incident: inc[i] ?? 0,
  }));
  const others = (counts: readonly number[], other: number): number =>
    (sum(counts.slice(MOST_CATEGORIES)) + other) / (sum(counts) + other || 1);
  const rest = {
    name: "all others",
    baseline: others(baseline, otherBaseline),
    incident: others(incident, otherIncident),
  };
  return rest.baseline + rest.incident > 0 ? [...shown, rest] : shown;
}

function categoryBars(distribution: Categorical, title: string, key: string): string {
  const { baseline, incident, otherBaseline, otherIncident } = distribution;
  const totals = [sum(baseline) + otherBaseline, sum(incident) + otherIncident] as const;
  const rows = distributionShares(distribution);
  const row = 30;
  const left = 150;
  const top = 26;
  const height = top + rows.length * row + 6;
  const most = Math.max(...rows.flatMap((r) => [r.baseline, r.incident]), 1e-9);
  const w = (share: number): number => (share / most) * (WIDTH - left - 70);
  const body = [
    hatch(key),
    legend(11, key, `Baseline, ${integer(totals[0])} rows`, `Incident, ${integer(totals[1])} rows`),
    ...rows.map(({ name, baseline: base, incident: inc }, i) => {
      const y = top + i * row;
      return (
        label(left - 8, y + 15, clip(name, 24), { anchor: "end", fill: COLOURS.text }) +
        `<rect x="${left}" y="${c(y + 1)}" width="${c(w(base))}" height="11" fill="${COLOURS.baseline}"/>` +
        label(left + w(base) + 6, y + 10.5, percent(base), { size: 10 }) +
        `<rect x="${left}.5" y="${c(y + 14)}" width="${c(w(inc))}" height="10" fill="url(#${key})" stroke="${COLOURS.incident}" stroke-dasharray="3 2"/>` +
        label(left + w(inc) + 6, y + 23, percent(inc), { size: 10 })
      );
    }),
    line(left, top - 2, left, height - 6, COLOURS.muted),
  ].join("");
  return svg(
    height,
    title,
    "Share of rows per value in the baseline (solid blue) and the incident (hatched orange).",
    body,
  );
}

type Series = Extract<FindingChart, { kind: "series" }>;

/** A series with the band of its extremes, the windows behind it. */
export function seriesSvg(chart: Series, windows: Windows, key: string): string {
  const height = 210;
  const top = 28;
  const bottom = height - 30;
  const { times, values, min, max } = chart;
  const first = times[0] ?? 0;
  const last = times.at(-1) ?? 1;
  const finite = [...min, ...max, ...values].filter(
    (v): v is number => v !== null && Number.isFinite(v),
  );
  const low = Math.min(...finite, Infinity) === Infinity ? 0 : Math.min(...finite);
  const high = finite.length === 0 ? 1 : Math.max(...finite);
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  const x = (t: number): number => LEFT + ((t - first) / (last - first || 1)) * (RIGHT - LEFT);
  const y = (v: number): number =>
    bottom - ((v - low + pad) / (high - low + 2 * pad)) * (bottom - top);
  const drawRun = (run: readonly Point[]): string => {
    const corner = (p: Point, v: number): string => `${c(x(p.t))},${c(y(v))}`;
    const [only] = run;
    if (run.length === 1 && only !== undefined) {
      return `<circle cx="${c(x(only.t))}" cy="${c(y(only.v))}" r="1.8" fill="${COLOURS.series}"/>`;
    }
    const outline = [
      ...run.map((p) => corner(p, p.hi)),
      ...[...run].reverse().map((p) => corner(p, p.lo)),
    ];
    return (
      `<polygon points="${outline.join(" ")}" fill="${COLOURS.series}" fill-opacity="0.22"/>` +
      `<polyline points="${run.map((p) => corner(p, p.v)).join(" ")}" fill="none" stroke="${COLOURS.series}" stroke-width="1.5"/>`
    );
  };
  const body = [
    hatch(key),
    ...(["baseline", "incident"] as const).map((which) => {
      const window = windows[which];
      if (window === null || (window.from === null && window.to === null)) return "";
      const from = x(Math.max(first, Math.min(last, window.from ?? first)));
      const to = x(Math.max(first, Math.min(last, window.to ?? last)));
      if (to <= from) return "";
      const edge = which === "baseline" ? "" : ' stroke-dasharray="4 3"';
      return (
        `<rect x="${c(from)}" y="${top}" width="${c(to - from)}" height="${bottom - top}" fill="${which === "baseline" ? COLOURS.baselineBand : COLOURS.incidentBand}"/>` +
        `<line x1="${c(from)}" x2="${c(to)}" y1="${top}" y2="${top}" stroke="${COLOURS[which]}" stroke-width="2"${edge}/>` +
        label(from + 4, top - 6, which, { fill: COLOURS[which], weight: 600 })
      );
    }),
    ...ticks(low, high, 4).map(
      (t) =>
        line(LEFT, y(t), RIGHT, y(t)) + label(LEFT - 6, y(t) + 4, number(t), { anchor: "end" }),
    ),
    ...runs(chart).map(drawRun),
    line(LEFT, bottom, RIGHT, bottom, COLOURS.muted),
    ...timeTicks(first, last).map(
      ({ at, text }) =>
        line(x(at), bottom, x(at), bottom + 4, COLOURS.muted) +
        label(x(at), bottom + 16, text, { anchor: "middle", size: 10 }),
    ),
    chart.unit === undefined ? "" : label(0, top - 6, chart.unit),
  ].join("");
  return svg(
    height,
    chart.title,
    "Line: mean per interval; band: smallest and largest value in it. Times in UTC.",
    body,
  );
}
