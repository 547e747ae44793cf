import type { ColumnComparison } from "../model/shift.ts";
import { formatList, formatNumber, formatShare } from "./sentences.ts";

/**
 * What a person must know before trusting a comparison: windows that share rows
 * (the tests take them as independent, and the difference looks smaller than it
 * is), whole numbers too large for a double.
 * @param shared rows that lie in both windows
 */
export function comparisonNotes(
  rows: { readonly baseline: number; readonly incident: number },
  shared: number,
  columns: readonly ColumnComparison[],
): string[] {
  const notes: string[] = [];
  if (shared > 0) {
    const share = formatShare(shared / Math.max(1, Math.min(rows.baseline, rows.incident)));
    notes.push(
      `The windows overlap: ${formatNumber(shared)} rows lie in both (${share} of the smaller one). Differences look smaller than they are, and p-values do not hold.`,
    );
  }
  const large = columns.filter((c) => c.type === "bigint" && c.role !== "entity" && isLarge(c));
  if (large.length > 0) {
    const names = formatList(
      large.map((c) => `\`${c.column}\``),
      5,
    );
    notes.push(
      `${names} ${large.length === 1 ? "holds" : "hold"} whole numbers beyond 2^53: they are compared to 16 digits, so that values that differ only after them count as equal.`,
    );
  }
  return notes;
}

function isLarge({ baseline, incident }: ColumnComparison): boolean {
  return [baseline.min, baseline.max, incident.min, incident.max].some(
    (value) => value !== null && Math.abs(value) > Number.MAX_SAFE_INTEGER,
  );
}
