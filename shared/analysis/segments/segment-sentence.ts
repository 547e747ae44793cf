import { formatList, formatShare, quoteValue } from "../sentences.ts";
import { sizeVerdict } from "../verdict.ts";
import type { ChangeParts } from "./mix-and-within.ts";
import type { ChangeCause, Segment } from "./segment.ts";

interface SegmentRows {
  readonly value: string | null;
  readonly baseline: number;
  readonly incident: number;
}

/** "`age` changed only where `device` is `tv` (12 % of the incident's rows); in 3 other values it holds still". */
export function segmentSentence(
  column: string,
  segmentColumn: string,
  cause: ChangeCause,
  judged: readonly Segment[],
  rows: readonly SegmentRows[],
  parts: ChangeParts,
): string {
  const name = `\`${column}\``;
  const by = `\`${segmentColumn}\``;
  const mix = mixPart(rows);
  const hidden =
    cause !== "none" && sizeVerdict("jensen_shannon", parts.whole) === "none"
      ? "; over all rows it hardly shows"
      : "";
  switch (cause) {
    case "none":
      return judged.length === 0
        ? `no value of ${by} has enough rows in both windows to judge ${name}`
        : `${name} holds still within every value of ${by} that has enough rows`;
    case "mix":
      return `${name} holds still within the values of ${by}: it changed because their mix did (${mix})${hidden}`;
    case "within":
      return `${withinPart(name, by, judged, rows)}${hidden}`;
    case "both":
      return `${withinPart(name, by, judged, rows)}; the mix of ${by} changed too (${mix})${hidden}`;
  }
}

function withinPart(
  name: string,
  by: string,
  judged: readonly Segment[],
  rows: readonly SegmentRows[],
): string {
  const changed = judged.filter((s) => s.verdict !== "none");
  const still = judged.length - changed.length;
  if (changed.length === 0) return `${name} changed a little within the values of ${by}`;
  if (still === 0) {
    return judged.length === 1
      ? `${name} changed where ${by} is ${label(judged[0]?.value ?? null)}, the only value with enough rows`
      : `${name} changed within every value of ${by}, so that ${by} does not tell where`;
  }
  const incident = rows.reduce((s, r) => s + r.incident, 0);
  const share = changed.reduce((s, r) => s + r.incident, 0) / Math.max(1, incident);
  const values = formatList(changed.map((s) => label(s.value)));
  const where = `where ${by} is ${values} (${formatShare(share)} of the incident's rows)`;
  const others = still === 1 ? "the other value" : `${String(still)} other values`;
  return changed.length <= judged.length / 2
    ? `${name} changed only ${where}; in ${others} it holds still`
    : `${name} changed ${where}; in ${others} it holds still`;
}

/** The three values whose shares of rows changed most. */
function mixPart(rows: readonly SegmentRows[]): string {
  const n = Math.max(
    1,
    rows.reduce((s, r) => s + r.baseline, 0),
  );
  const m = Math.max(
    1,
    rows.reduce((s, r) => s + r.incident, 0),
  );
  return rows
    .map((r) => ({ value: r.value, p: r.baseline / n, q: r.incident / m }))
    .sort((a, b) => Math.abs(b.q - b.p) - Math.abs(a.q - a.p))
    .slice(0, 3)
    .filter((r) => Math.abs(r.q - r.p) >= 0.005)
    .map((r) => `${label(r.value)} ${formatShare(r.p)} → ${formatShare(r.q)} of rows`)
    .join(", ");
}

function label(value: string | null): string {
  return value === null ? "missing" : quoteValue(value);
}
