import type {
  AnalysisInput,
  AnalysisName,
  AnalysisOutput,
} from "../../../shared/analysis/index.ts";
import {
  pageParts,
  segmentOfPlace,
  spansToSeek,
  type PlacedIndex,
} from "../../../shared/analysis/log-lines/index-places.ts";
import type { LogFilter, LogLine, LogPlace, LogSegment } from "../../../shared/model/log-query.ts";
import { getEngine } from "../../data/services.ts";

/** The line of a number, also while its page is still being read; null where there is none. */
export async function lineOfNumber(
  index: PlacedIndex,
  filter: LogFilter,
  number: number,
): Promise<LogLine | null> {
  const parts = pageParts(index, number, 1);
  if (parts.length === 0) return null;
  return (await ask("logPage", { filter, search: null, parts }))?.[0] ?? null;
}

/** What can be looked for from a line on. */
export type Sought = "hit" | "error" | "warning";

/** The answer of an analysis; null when it was called off or failed. */
async function ask<N extends AnalysisName>(
  name: N,
  input: AnalysisInput<N>,
  signal?: AbortSignal,
): Promise<AnalysisOutput<N> | null> {
  const answer = await getEngine().analyse(name, input, signal === undefined ? {} : { signal });
  return answer.ok ? answer.value : null;
}

/** The number of a place in a list, that of the next line where the filter leaves it out; null when called off. */
export async function numberOfPlace(
  index: PlacedIndex,
  filter: LogFilter,
  place: LogPlace | null,
  signal?: AbortSignal,
): Promise<number | null> {
  if (place === null) return 0;
  const at = segmentOfPlace(index, place);
  const segment = index.segments[at];
  const start = index.starts[at];
  if (segment === undefined || start === undefined) return 0;
  const last = Math.max(0, index.total - 1);
  if (place.time === null && segment.span.kind === "time")
    return Math.min(last, start + segment.lines);
  const rank = await ask("logRank", { filter, span: segment.span, place }, signal);
  return rank === null ? null : Math.min(last, start + rank);
}

const LEVELS: Record<Exclude<Sought, "hit">, readonly string[]> = {
  error: ["error", "fatal"],
  warning: ["warn"],
};
const HAS: Record<Sought, (segment: LogSegment) => boolean> = {
  hit: () => true,
  error: (s) => s.errors > 0,
  warning: (s) => s.warnings > 0,
};

/**
 * The next line of a kind from a place on.
 * @param index of the lines that the filter leaves: it tells where to look
 */
export async function nextPlace(
  sought: Sought,
  index: PlacedIndex,
  filter: LogFilter,
  place: LogPlace,
  direction: 1 | -1,
): Promise<LogPlace | null> {
  const spans = spansToSeek(index, place, direction, HAS[sought]);
  const conditions =
    sought === "hit"
      ? filter.conditions
      : [
          ...filter.conditions,
          { field: "level" as const, values: LEVELS[sought], excluded: false },
        ];
  return ask("logSeek", { filter: { ...filter, conditions }, place, direction, spans });
}

/** Order of places: negative when `a` comes first. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  if (a.time !== b.time) {
    if (a.time === null) return 1;
    if (b.time === null) return -1;
    return a.time - b.time;
  }
  return a.evidence - b.evidence || a.line - b.line;
}
