import { timestampLiteral, type EvidenceTime } from "../base/time.ts";
import type { Evidence } from "../model/evidence.ts";
import type { TableMeta } from "../model/table.ts";
import type { Window } from "../model/window.ts";
import { ident, num, text } from "../tables/sql.ts";

/** Both windows of a comparison. */
export interface WindowPair {
  readonly baseline: Window;
  readonly incident: Window;
}

/** A half-open range `[from, to)` in µs UTC. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The rows of a table that lie in a window, as an SQL condition: half-open in
 * time, and equal to one of the filter's values. Values are compared as numbers
 * where the column is numeric. Null when the window does not apply to the table
 * (`whyNotApplicable` says why).
 */
export function windowPredicate(table: TableMeta, window: Window): string | null {
  if (whyNotApplicable(table, window) !== null) return null;
  const parts: string[] = [];
  if (table.timeColumn !== null) {
    const column = ident(table.timeColumn);
    if (window.from !== null) {
      parts.push(`${column} >= ${timestampLiteral(window.from as EvidenceTime)}`);
    }
    if (window.to !== null) {
      parts.push(`${column} < ${timestampLiteral(window.to as EvidenceTime)}`);
    }
  }
  if (window.filter !== undefined) {
    parts.push(filterPredicate(table, window.filter.column, window.filter.values));
  }
  return parts.length === 0 ? null : `(${parts.join(" AND ")})`;
}

/** Why a window cannot cut a table, in words for a person; null when it can. */
export function whyNotApplicable(table: TableMeta, window: Window): string | null {
  const timed = window.from !== null || window.to !== null;
  const filter = window.filter;
  if (!timed && filter === undefined) return "the window is not set";
  if (timed && table.timeColumn === null) return "the table has no time column";
  if (filter !== undefined && !table.columns.some((c) => c.name === filter.column)) {
    return `the table has no column ${filter.column}, on which the window filters`;
  }
  return null;
}

function filterPredicate(table: TableMeta, column: string, values: readonly string[]): string {
  if (values.length === 0) return "false";
  const type = table.columns.find((c) => c.name === column)?.type ?? "varchar";
  if (type === "double" || type === "bigint") {
    const numbers = values.map(Number).filter((v) => !Number.isNaN(v));
    return numbers.length === 0 ? "false" : `${ident(column)} IN (${numbers.map(num).join(", ")})`;
  }
  const list = values.map(text).join(", ");
  return type === "varchar"
    ? `${ident(column)} IN (${list})`
    : `CAST(${ident(column)} AS VARCHAR) IN (${list})`;
}

/**
 * Whether two windows can share rows. Windows with filters on the same column
 * and no common value do not; otherwise their time ranges decide.
 */
export function windowsOverlap(a: Window, b: Window): boolean {
  if (a.filter !== undefined && b.filter?.column === a.filter.column) {
    const other = new Set(b.filter.values);
    if (!a.filter.values.some((v) => other.has(v))) return false;
  }
  const from = Math.max(a.from ?? -Infinity, b.from ?? -Infinity);
  const to = Math.min(a.to ?? Infinity, b.to ?? Infinity);
  return from < to;
}

/** A first guess at both windows with the reason for it. */
export interface SuggestedWindows extends WindowPair {
  readonly why: string;
}

/**
 * Windows to start from, by the times of the evidence alone: where one table
 * came as several files that follow each other in time, the first file against
 * the last; otherwise the first half of the time covered against the last
 * quarter. Null when nothing has a time.
 */
export function suggestWindows(
  tables: readonly TableMeta[],
  evidence: readonly Evidence[] = [],
): SuggestedWindows | null {
  return suggestFromFiles(tables, evidence) ?? suggestFromRange(tables);
}

function suggestFromFiles(
  tables: readonly TableMeta[],
  evidence: readonly Evidence[],
): SuggestedWindows | null {
  const own = tables
    .filter((t) => t.target === "own" && t.timeColumn !== null)
    .sort((a, b) => b.rows - a.rows);
  for (const table of own) {
    const files = evidence
      .filter((e) => e.table === table.name && e.from !== null && e.to !== null)
      .sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
    const apart = files.every((file, i) => {
      const before = files[i - 1];
      return before === undefined || (before.to ?? 0) <= (file.from ?? 0);
    });
    const first = files[0];
    const last = files[files.length - 1];
    if (files.length < 2 || !apart || first === undefined || last === undefined) continue;
    return {
      baseline: { from: first.from, to: (first.to ?? 0) + 1 },
      incident: { from: last.from, to: (last.to ?? 0) + 1 },
      why: `${first.name} against ${last.name}: the files of ${table.name} follow each other in time`,
    };
  }
  return null;
}

function suggestFromRange(tables: readonly TableMeta[]): SuggestedWindows | null {
  const timed = tables.filter((t) => t.from !== null && t.to !== null && t.to > t.from);
  const measured = timed.filter((t) => t.target === "own" || t.target === "metrics");
  const use = measured.length > 0 ? measured : timed;
  if (use.length === 0) return null;
  const from = Math.min(...use.map((t) => t.from ?? 0));
  const to = Math.max(...use.map((t) => t.to ?? 0)) + 1;
  const span = to - from;
  return {
    baseline: { from, to: from + Math.floor(span / 2) },
    incident: { from: to - Math.floor(span / 4), to },
    why: "first half of the time covered against its last quarter",
  };
}
