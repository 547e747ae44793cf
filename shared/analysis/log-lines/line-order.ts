import { timestampLiteral, type EvidenceTime } from "../../base/time.ts";
import type { LogPlace, LogSpan } from "../../model/log-query.ts";

/** Of two rows that one line of a file gave, the one that was read first. */
const ORDER = ["ts", "_ev", "_line", "rowid"];

/** The order of all lines, or its reverse. Within a span only: times are then all there or all lacking. */
export function orderSql(direction: 1 | -1 = 1): string {
  return ORDER.map((c) => `${c} ${direction === 1 ? "ASC" : "DESC"}`).join(", ");
}

/** Rows in a span. By plain columns, so that DuckDB reads only the row groups that can have them. */
export function spanSql(span: LogSpan): string {
  return span.kind === "time"
    ? `(ts >= ${at(span.from)} AND ts < ${at(span.to)})`
    : `(ts IS NULL AND _ev = ${String(span.evidence)} AND _line >= ${String(span.from)} AND _line < ${String(span.to)})`;
}

/** Rows that come after (or before) a place, without the line itself. */
export function beyondSql(place: LogPlace, direction: 1 | -1): string {
  const than = direction === 1 ? ">" : "<";
  const { evidence, line } = place;
  const further = `(_ev ${than} ${String(evidence)} OR (_ev = ${String(evidence)} AND _line ${than} ${String(line)}))`;
  // All lines without a time come after all that have one.
  if (place.time === null) {
    const timed = direction === 1 ? "" : "ts IS NOT NULL OR ";
    return `(${timed}(ts IS NULL AND ${further}))`;
  }
  const untimed = direction === 1 ? "ts IS NULL OR " : "";
  const time = at(place.time);
  return `(${untimed}ts ${than} ${time} OR (ts = ${time} AND ${further}))`;
}

function at(micros: number): string {
  return timestampLiteral(micros as EvidenceTime);
}
