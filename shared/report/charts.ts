import { formatIso, type EvidenceTime } from "../base/time.ts";
import type { FindingChart } from "../model/finding.ts";
import type { Distribution } from "../model/shift.ts";
import type { Windows } from "../model/window.ts";
import { integer, number, percent } from "./format.ts";
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

function histogram({ edges, baseline, incident }: Numeric, title: string, unit: string | undefined, key: string): string {
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
    legend(11, key, `Baseline, ${integer(sum(baseline))} rows`, `Incident, ${integer(sum(incident))} rows`),
    ...yTicks.map((t) => line(LEFT, y(t), RIGHT, y(t)) + label(LEFT - 6, y(t) + 4, percent(t), { anchor: "end" })),
    `<polygon points="${steps(base)}" fill="${COLOURS.baseline}" fill-opacity="0.45" stroke="${COLOURS.baseline}" stroke-width="1.3"/>`,
    `<polygon points="${steps(inc)}" fill="url(#${key})" stroke="${COLOURS.incident}" stroke-width="1.3" stroke-dasharray="4 2.5"/>`,
    line(LEFT, bottom, RIGHT, bottom, COLOURS.muted),
    ...xTicks.map((t) => line(x(t), bottom, x(t), bottom + 4, COLOURS.muted) + label(x(t), bottom + 16, number(t), { anchor: "middle" })),
    label((LEFT + RIGHT) / 2, height - 4, unit === undefined ? "value" : `value (${unit})`, { anchor: "middle" }),
  ].join("");
  return svg(height, title, "Share of rows per bin in the baseline (solid blue) and the incident (hatched orange).", body);
}

const MOST_CATEGORIES = 12;

function categoryBars({ categories, baseline, incident, otherBaseline, otherIncident }: Categorical, title: string, key: string): string {
  const totals = [sum(baseline) + otherBaseline, sum(incident) + otherIncident] as const;
  const all = categories.map((name, i) => ({ name, base: baseline[i] ?? 0, inc: incident[i] ?? 0 }));
  const shown = all.slice(0, MOST_CATEGORIES);
  const rest = all.slice(MOST_CATEGORIES);
  const restBase = otherBaseline + sum(rest.map((r) => r.base));
  const restInc = otherIncident + sum(rest.map((r) => r.inc));
  if (restBase + restInc > 0) shown.push({ name: "all others", base: restBase, inc: restInc });
  const row = 30;
  const left = 150;
  const top = 26;
  const height = top + shown.length * row + 6;
  const rows = shown.map(({ name, base, inc }) => ({
    name: name === "" ? "(empty)" : name,
    base: totals[0] === 0 ? 0 : base / totals[0],
    inc: totals[1] === 0 ? 0 : inc / totals[1],
  }));
  const most = Math.max(...rows.flatMap((r) => [r.base, r.inc]), 1e-9);
  const w = (share: number): number => (share / most) * (WIDTH - left - 70);
  const body = [
    hatch(key),
    legend(11, key, `Baseline, ${integer(totals[0])} rows`, `Incident, ${integer(totals[1])} rows`),
    ...rows.map(({ name, base, inc }, i) => {
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
  return svg(height, title, "Share of rows per value in the baseline (solid blue) and the incident (hatched orange).", body);
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
  const finite = [...min, ...max, ...values].filter((v): v is number => v !== null && Number.isFinite(v));
  const low = Math.min(...finite, Infinity) === Infinity ? 0 : Math.min(...finite);
  const high = finite.length === 0 ? 1 : Math.max(...finite);
  const pad = (high - low || Math.abs(high) || 1) * 0.06;
  const x = (t: number): number => LEFT + ((t - first) / (last - first || 1)) * (RIGHT - LEFT);
  const y = (v: number): number => bottom - ((v - low + pad) / (high - low + 2 * pad)) * (bottom - top);
  const band = times
    .map((t, i) => ({ t, lo: min[i], hi: max[i] }))
    .filter((p): p is { t: number; lo: number; hi: number } => typeof p.lo === "number" && typeof p.hi === "number");
  const outline = [
    ...band.map((p) => `${c(x(p.t))},${c(y(p.hi))}`),
    ...[...band].reverse().map((p) => `${c(x(p.t))},${c(y(p.lo))}`),
  ].join(" ");
  const points = times
    .map((t, i) => ({ t, v: values[i] }))
    .filter((p): p is { t: number; v: number } => typeof p.v === "number")
    .map((p) => `${c(x(p.t))},${c(y(p.v))}`)
    .join(" ");
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
    ...ticks(low, high, 4).map((t) => line(LEFT, y(t), RIGHT, y(t)) + label(LEFT - 6, y(t) + 4, number(t), { anchor: "end" })),
    band.length > 1 ? `<polygon points="${outline}" fill="${COLOURS.series}" fill-opacity="0.22"/>` : "",
    `<polyline points="${points}" fill="none" stroke="${COLOURS.series}" stroke-width="1.5"/>`,
    line(LEFT, bottom, RIGHT, bottom, COLOURS.muted),
    ...[0, 0.25, 0.5, 0.75, 1].map((f) => {
      const t = first + f * (last - first);
      const anchor = f === 0 ? "start" : f === 1 ? "end" : "middle";
      return label(x(t), bottom + 16, formatIso(Math.round(t) as EvidenceTime).slice(0, 16).replace("T", " "), { anchor, size: 10 });
    }),
    chart.unit === undefined ? "" : label(0, top - 6, chart.unit),
  ].join("");
  return svg(height, chart.title, "Line: mean per interval; band: smallest and largest value in it. Times in UTC.", body);
}
