import type { Sample } from "../delimited/sniff.ts";
import { detectTimeLayout, type DetectedTime } from "../times.ts";
import { hasUnit, isEmptyCell, joinThousands, readCell } from "./cell.ts";

/** One column of values: what its header says. */
interface CsvSeries {
  readonly column: number;
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
  /** Base unit of its first cell that has one: empty and infinite cells do not say it. */
  readonly unit: string | null;
}

/** What the columns below a header are. */
export interface CsvLayout {
  readonly header: readonly string[];
  readonly time: number;
  /** Column that names the series of each row (`Series;Time;Value`), or -1. */
  readonly series: number;
  readonly values: readonly CsvSeries[];
  readonly labels: readonly number[];
}

/** `p99 {svc="api", env="prod"}` → name and labels; a text without labels is the name. */
export function readSeriesName(text: string): {
  readonly name: string;
  readonly labels: readonly (readonly [string, string])[];
} {
  const match = /^([^{]*)\{(.*)\}$/s.exec(text.trim());
  const inside = match?.[2] ?? "";
  const pairs = [...inside.matchAll(/([\w.:/-]+)=~?"((?:[^"\\]|\\.)*)"\s*(?:,\s*|$)/g)];
  const read = pairs.reduce((length, pair) => length + pair[0].length, 0);
  if (match === null || pairs.length === 0 || read !== inside.trim().length)
    return { name: text.trim(), labels: [] };
  const labels = pairs.map((p): [string, string] => [p[1] ?? "", p[2] ?? ""]);
  const named = labels.find(([key]) => key === "__name__")?.[1];
  const name = (match[1] ?? "").trim() || named || "value";
  return { name, labels: labels.filter(([key]) => key !== "__name__") };
}

/** Columns by the header and the first rows below it; null where there is no time or no value. */
export function readLayout(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): CsvLayout | null {
  const names = header.map((h) => h.trim());
  const time = names.findIndex((name) => /^time$/i.test(name));
  if (time < 0) return null;
  const isSeries = names.length === 3 && names[0]?.toLowerCase() === "series" && time === 1;
  const values: CsvSeries[] = [];
  const labels: number[] = [];
  names.forEach((name, column) => {
    if (column === time || (isSeries && column === 0)) return;
    const filled = rows.map((r) => r[column] ?? "").filter((c) => !isEmptyCell(c));
    const numbers = filled.filter((c) => readCell(c) !== null).length;
    if (numbers * 2 >= filled.length) {
      const title = name === "" ? `column ${column + 1}` : name;
      const unit = filled.map((c) => readCell(c)?.unit).find((u) => typeof u === "string");
      values.push({ column, ...readSeriesName(title), unit: unit ?? null });
    } else labels.push(column);
  });
  return values.length === 0
    ? null
    : { header: names, time, series: isSeries ? 0 : -1, values, labels };
}

/** A header in the middle of a file: several tables of a panel stand one below the other. */
export function isHeader(fields: readonly string[], layout: CsvLayout): boolean {
  const title = layout.header[layout.time] ?? "";
  return fields.some((field) => field.trim() === title && title !== "");
}

export interface GrafanaCsv {
  readonly layout: CsvLayout;
  readonly time: DetectedTime;
  /** Some cells carry units: they are formatted, and so rounded. */
  readonly formatted: boolean;
}

/**
 * The layout of a panel's CSV, or null where a table does not show that it is
 * Grafana's: units in its cells, series with labels in its header, or one of
 * the headers that only Grafana writes, beside a column `Time`.
 * https://grafana.com/docs/grafana/latest/panels-visualizations/panel-inspector/
 */
export function recogniseCsv(sample: Sample): GrafanaCsv | null {
  const [first, ...rest] = sample.records;
  if (first === undefined || rest.length === 0) return null;
  const width = first.fields.length;
  const nextHeader = rest.findIndex((r) => r.fields.join("\0") === first.fields.join("\0"));
  const below = (nextHeader < 0 ? rest : rest.slice(0, nextHeader)).slice(0, 500);
  const rows = below.flatMap((r) => {
    const fields = r.fields.length === width ? r.fields : joinThousands(r.fields, width);
    return fields === null ? [] : [fields];
  });
  if (width < 2 || rows.length === 0) return null;
  const layout = readLayout(first.fields, rows);
  if (layout === null) return null;
  const times = rows.map((r) => r[layout.time] ?? "").filter((t) => t.trim() !== "");
  const time = detectTimeLayout(times.slice(0, 200)) ?? mostly(times);
  if (time === null) return null;
  const long = layout.labels.some((c) => rows.every((r) => (r[c] ?? "").length > 80));
  const formatted = layout.values.some((v) => withUnits(rows, v.column));
  const labelled = layout.values.some((v) => v.labels.length > 0);
  const titled = layout.header.some((h) => /^Value #[A-Z]+$/.test(h));
  const declared = sample.preamble === 1 && sample.records[0]?.line === 2;
  const sure = formatted || labelled || titled || declared || layout.series >= 0;
  return sure && !long ? { layout, time, formatted } : null;
}

/** The layout of most texts, where a few are damaged. */
function mostly(times: readonly string[]): DetectedTime | null {
  const [first] = times;
  const layout = first === undefined ? null : detectTimeLayout([first]);
  if (layout === null) return null;
  const like = times.filter((t) => detectTimeLayout([t])?.layout === layout.layout);
  return like.length >= times.length * 0.9 ? detectTimeLayout(like) : null;
}

function withUnits(rows: readonly (readonly string[])[], column: number): boolean {
  const filled = rows.map((r) => r[column] ?? "").filter((c) => !isEmptyCell(c));
  return filled.length > 0 && filled.filter(hasUnit).length * 5 >= filled.length;
}
