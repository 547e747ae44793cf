import type { ColumnStats } from "../model/shift.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../base/time.ts";

/** A number for people: four significant digits, thousands separated. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return value.toExponential(2);
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

/** From the least to the most of values: `3 to 12`; `3` where they are the same. */
export function formatRange(
  values: readonly number[],
  format: (value: number) => string = formatNumber,
): string {
  const [low, high] = [format(Math.min(...values)), format(Math.max(...values))];
  return low === high ? low : `${low} to ${high}`;
}

/** A share as per cent: `12 %`, `0.4 %`, `below 0.1 %`. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent === 0) return "0 %";
  if (percent < 0.1) return "below 0.1 %";
  if (percent > 99.9 && percent < 100) return "above 99.9 %";
  return `${String(percent >= 10 ? Math.round(percent) : Number(percent.toPrecision(2)))} %`;
}

/** A length of time in µs: `2.5 h`, `3 days`. */
export function formatDuration(duration: number): string {
  const size = Math.abs(duration);
  const as = (unit: number, name: string): string =>
    `${String(Number((size / unit).toPrecision(2)))} ${name}`;
  if (size >= 2 * DAY) return as(DAY, "days");
  if (size >= HOUR) return as(HOUR, "h");
  if (size >= MINUTE) return as(MINUTE, "min");
  return as(SECOND, "s");
}

/** `A`, `A and B`, `A, B and C`, `A, B and 3 more`. */
export function formatList(items: readonly string[], most = 3): string {
  if (items.length <= 1) return items.join("");
  const shown = items.length > most ? items.slice(0, most - 1) : items.slice(0, -1);
  const last =
    items.length > most
      ? `${String(items.length - shown.length)} more`
      : (items[items.length - 1] ?? "");
  return `${shown.join(", ")} and ${last}`;
}

/** A value as it stands in the data; the empty text has a name. */
export function quoteValue(value: string): string {
  const shown = value.length > 40 ? `${value.slice(0, 39)}…` : value;
  return value === "" ? "the empty text" : `\`${shown}\``;
}

/** "`age` rose: median 34 → 41 years (mean 35.1 → 42)". */
export function numericSentence(
  name: string,
  baseline: ColumnStats,
  incident: ColumnStats,
  delta: number,
  unit: string | undefined,
): string {
  const suffix = unit === undefined ? "" : ` ${unit}`;
  const b = baseline.quantiles;
  const i = incident.quantiles;
  const middleB = b?.[3] ?? 0;
  const middleI = i?.[3] ?? 0;
  const means = `mean ${formatNumber(baseline.mean ?? 0)} → ${formatNumber(incident.mean ?? 0)}${suffix}`;
  if (Math.abs(delta) < 0.05) {
    const spreadB = (b?.[5] ?? 0) - (b?.[1] ?? 0);
    const spreadI = (i?.[5] ?? 0) - (i?.[1] ?? 0);
    return `\`${name}\` kept its level but changed its shape: 90 % of values spanned ${formatNumber(spreadB)} and now span ${formatNumber(spreadI)}${suffix} (${means})`;
  }
  const verb = delta > 0 ? "rose" : "fell";
  const odds = formatShare((1 + Math.abs(delta)) / 2);
  return `\`${name}\` ${verb}: median ${formatNumber(middleB)} → ${formatNumber(middleI)}${suffix}, ${means}; a row of the incident is ${delta > 0 ? "above" : "below"} one of the baseline in ${odds} of pairs`;
}

/** "`age` is missing in 12 % of rows, before in 0 %". */
export function nullSentence(name: string, before: number, now: number): string {
  return `\`${name}\` is missing in ${formatShare(now)} of rows, before in ${formatShare(before)}`;
}

/** "the shares of the values of `device` changed: `tv` 5 % → 12 %, …", the three largest changes. */
export function sharesSentence(
  name: string,
  categories: readonly {
    readonly value: string;
    readonly baseline: number;
    readonly incident: number;
  }[],
  baselineRows: number,
  incidentRows: number,
): string {
  const moved = categories
    .map((c) => ({
      value: c.value,
      p: c.baseline / baselineRows,
      q: c.incident / incidentRows,
    }))
    .sort((a, b) => Math.abs(b.q - b.p) - Math.abs(a.q - a.p))
    .slice(0, 3)
    .map((c) => `${quoteValue(c.value)} ${formatShare(c.p)} → ${formatShare(c.q)}`);
  return `the shares of the values of \`${name}\` changed: ${moved.join(", ")}`;
}

/** With a capital, unless it begins with a name in backticks, and with a full stop. */
export function asSentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/u.test(capital) ? capital : `${capital}.`;
}
