import type { Table } from "apache-arrow";
import { sha256 } from "../base/sha256.ts";
import { readColumn } from "./rows.ts";

/**
 * Digest of a query result: SHA-256 over a canonical text, so that a claim can
 * be checked by running its query again. The text is one JSON array per line:
 * first the column names, then each row in the order of the result. Numbers
 * are written in their shortest form that reads back the same, rounded to 12
 * significant digits (sums of doubles differ in the last bits with the order of
 * addition); NaN and infinities by name; times as µs since the epoch.
 */
export function resultDigest(table: Table): { sha256: string; rows: number } {
  const names = table.schema.fields.map((f) => f.name);
  const columns = names.map((name) => readColumn(table, name));
  const lines = [JSON.stringify(names)];
  for (let row = 0; row < table.numRows; row++) {
    lines.push(JSON.stringify(columns.map((column) => canonical(column[row]))));
  }
  return { sha256: sha256(lines.join("\n")), rows: table.numRows };
}

function canonical(value: unknown): unknown {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return String(value);
    return Number.isInteger(value) ? value : Number(value.toPrecision(12));
  }
  if (Array.isArray(value)) return value.map(canonical);
  return value === undefined ? null : value;
}
