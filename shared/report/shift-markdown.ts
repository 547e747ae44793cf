import { statisticLabel } from "../model/statistic-label.ts";
import type { ColumnComparison, ColumnStats } from "../model/shift.ts";
import type { Window } from "../model/window.ts";
import { ended, integer, number, percent, pValue, time } from "./format.ts";
import { md, table } from "./markdown-text.ts";

export interface ShiftMarkdownInput {
  readonly column: ColumnComparison;
  readonly windows: { readonly baseline: Window; readonly incident: Window } | null;
  /** Names of the files behind the column. */
  readonly files: readonly string[];
}

/**
 * One column of a comparison as Markdown for a ticket or a chat: what changed
 * in sentences with their facts, the numbers of both windows, the values of a
 * categorical column, the statistics, and where all of it comes from.
 */
export function shiftMarkdown({ column, windows, files }: ShiftMarkdownInput): string {
  const parts = [
    `### ${md(`\`${column.column}\` in \`${column.table}\``)}`,
    sentences(column),
    windows === null
      ? ""
      : `Baseline: ${md(windowText(windows.baseline))}  \nIncident: ${md(windowText(windows.incident))}`,
    numbers(column),
    values(column),
    statistics(column),
    fileList(files),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function sentences(column: ColumnComparison): string {
  const changed = column.shifts
    .filter((s) => s.verdict !== "none")
    .sort((a, b) => b.score - a.score);
  if (changed.length === 0) return "No change beyond the thresholds.";
  const lines = changed.flatMap((shift) => [
    `- **${shift.verdict}**: ${md(ended(shift.sentence))}`,
    ...(shift.facts ?? []).map((fact) => `  - ${md(fact.name)}: ${md(fact.value)}`),
  ]);
  // Facts that shifts of one column have in common stand under the first of them.
  return lines.filter((line, k) => lines.indexOf(line) === k).join("\n");
}

/** Files named in full; what is cut off is counted. */
const MOST_FILES = 8;

function fileList(files: readonly string[]): string {
  if (files.length === 0) return "";
  const named = files.slice(0, MOST_FILES).map((f) => md(`\`${f}\``));
  const more = files.length - named.length;
  return `Files: ${named.join(", ")}${more > 0 ? ` and ${integer(more)} more` : ""}`;
}

/** Bounds of a window: half-open times in UTC, and the values it is limited to. */
function windowText(window: Window): string {
  const parts: string[] = [];
  if (window.from !== null || window.to !== null) {
    parts.push(`${time(window.from)} to ${time(window.to)}`);
  }
  if (window.filter !== undefined) {
    parts.push(`\`${window.filter.column}\` = ${window.filter.values.join(", ")}`);
  }
  return parts.join(", ");
}

function numbers(column: ColumnComparison): string {
  const { baseline, incident } = column;
  const row = (name: string, read: (stats: ColumnStats) => string): string[] => [
    name,
    read(baseline),
    read(incident),
  ];
  const counts = [
    row("rows", (s) => integer(s.rows)),
    row("null", (s) => `${integer(s.nulls)} (${percent(s.rows === 0 ? 0 : s.nulls / s.rows)})`),
    row("distinct", (s) => integer(s.distinct)),
  ];
  const measured = [baseline, incident].some((s) => s.mean !== null || s.quantiles !== null);
  const moments = [
    row("mean", (s) => number(s.mean)),
    row("standard deviation", (s) => number(s.sd)),
    row("minimum", (s) => number(s.min)),
    row("5 %", (s) => number(s.quantiles?.[1])),
    row("median", (s) => number(s.quantiles?.[3])),
    row("95 %", (s) => number(s.quantiles?.[5])),
    row("maximum", (s) => number(s.max)),
  ];
  const measure = column.unit === undefined ? "Measure" : `Measure (${column.unit})`;
  return table([measure, "Baseline", "Incident"], measured ? [...counts, ...moments] : counts);
}

/** The most frequent values of a categorical column. */
function values({ distribution }: ColumnComparison): string {
  if (distribution?.kind !== "categorical") return "";
  const { categories, baseline, incident, otherBaseline, otherIncident } = distribution;
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const allB = sum(baseline) + otherBaseline;
  const allI = sum(incident) + otherIncident;
  const text = (rows: number, all: number): string =>
    `${integer(rows)} (${percent(all === 0 ? 0 : rows / all)})`;
  const rows = categories.map((value, k) => [
    `\`${value}\``,
    text(baseline[k] ?? 0, allB),
    text(incident[k] ?? 0, allI),
  ]);
  if (otherBaseline + otherIncident > 0) {
    rows.push(["all other values", text(otherBaseline, allB), text(otherIncident, allI)]);
  }
  return table(["Value", "Baseline rows", "Incident rows"], rows);
}

function statistics({ statistics: list }: ColumnComparison): string {
  return table(
    ["Statistic", "Value", "p"],
    list.map((s) => [statisticLabel(s.name), number(s.value), pValue(s.p)]),
  );
}
