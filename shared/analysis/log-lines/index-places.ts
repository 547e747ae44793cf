import type { LogIndex, LogPlace, LogSegment, LogSpan } from "../../model/log-query.ts";
import type { LogPagePart } from "./line-page.ts";

/** An index with the number of the first line of each stretch. */
export interface PlacedIndex extends LogIndex {
  readonly starts: readonly number[];
}

export function placeIndex(index: LogIndex): PlacedIndex {
  const starts: number[] = [];
  let at = 0;
  for (const { lines } of index.segments) {
    starts.push(at);
    at += lines;
  }
  return { ...index, starts };
}

/** The stretch in which the line of a number stands; -1 where there is no line. */
export function segmentOfNumber({ starts, total }: PlacedIndex, number: number): number {
  if (number < 0 || number >= total) return -1;
  return lastAtMost(starts.length, (i) => starts[i] ?? 0, number);
}

/** The last stretch that begins at or before a place; -1 where all begin after it. */
export function segmentOfPlace({ segments }: Pick<LogIndex, "segments">, place: LogPlace): number {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (segment !== undefined && beginsBy(segment.span, place)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function beginsBy(span: LogSpan, { time, evidence, line }: LogPlace): boolean {
  if (span.kind === "time") return time === null || span.from <= time;
  if (time !== null) return false;
  return span.evidence < evidence || (span.evidence === evidence && span.from <= line);
}

/** What to ask for the lines `[first, first + count)`: one stretch, or two where times end in it. */
export function pageParts(index: PlacedIndex, first: number, count: number): LogPagePart[] {
  const end = Math.min(index.total, first + count);
  const parts: LogPagePart[] = [];
  let at = Math.max(0, first);
  while (at < end) {
    const from = segmentOfNumber(index, at);
    const begin = index.segments[from];
    if (begin === undefined) break;
    let last = from;
    while (index.starts[last + 1] !== undefined && (index.starts[last + 1] ?? 0) < end) {
      const next = index.segments[last + 1];
      if (next === undefined || !joins(begin.span, next.span)) break;
      last++;
    }
    const stop = Math.min(end, index.starts[last + 1] ?? index.total);
    const lastSpan = index.segments[last]?.span ?? begin.span;
    parts.push({
      span: { ...begin.span, to: lastSpan.to },
      offset: at - (index.starts[from] ?? 0),
      limit: stop - at,
    });
    at = stop;
  }
  return parts;
}

function joins(a: LogSpan, b: LogSpan): boolean {
  if (a.kind === "time") return b.kind === "time";
  return b.kind === "lines" && a.evidence === b.evidence;
}

/**
 * Where a line of a kind can be next to a place: the stretch of the place, and
 * the nearest after (or before) it that has such lines at all.
 */
export function spansToSeek(
  { segments }: LogIndex,
  place: LogPlace,
  direction: 1 | -1,
  has: (segment: LogSegment) => boolean,
): LogSpan[] {
  const own = segmentOfPlace({ segments }, place);
  const spans: LogSpan[] = [];
  const at = segments[own];
  if (at !== undefined && has(at)) spans.push(at.span);
  for (let i = own + direction; i >= 0 && i < segments.length; i += direction) {
    const segment = segments[i];
    if (segment === undefined || !has(segment)) continue;
    spans.push(segment.span);
    break;
  }
  return spans;
}

/** About when the line of a number was written, µs UTC: the start of its stretch. */
export function timeOfNumber(index: PlacedIndex, number: number): number | null {
  const span = index.segments[segmentOfNumber(index, number)]?.span;
  return span?.kind === "time" ? span.from : null;
}

function lastAtMost(size: number, valueAt: (i: number) => number, wanted: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueAt(middle) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
