import { formatIso, type EvidenceTime } from "../../base/time.ts";
import type { Fact } from "../../model/shift.ts";
import { formatDuration, formatList, formatNumber, formatShare, quoteValue } from "../sentences.ts";
import type { TableTask } from "../table-task.ts";
import { THRESHOLDS } from "../verdict.ts";
import type { CheckFinding } from "./check.ts";
import { isSuccessive } from "./name-hints.ts";
import { segmentRhythms, type RowRhythm } from "./row-rhythm.ts";
import { findSilence, type SilentRun, type Silence } from "./silent-runs.ts";

/** Of a whole table: fewer rows may be missing by chance; 1.9 finds one missed batch. */
const TABLE_LIMITS = { leastExpected: 12, ratio: 1.9 };
/** Of one of many segments, whose sources pause now and then. */
const SEGMENT_LIMITS = { leastExpected: 20, ratio: 3 };
/** A silence has to be this much longer than any of the baseline to be major. */
const MAJOR_RATIO = 3;
const MOST_GAPS = 5;
const MOST_SEGMENTS = 50;
const MOST_SEGMENT_COLUMNS = 4;
/** A size just below major, for what may have another cause. */
const ALMOST_MAJOR = THRESHOLDS.gap_share.major * 0.99;

/** Gaps in the rows of a table and silence at its end, from its rhythm. Pure. */
export function gapFindings(task: TableTask, rhythm: RowRhythm): CheckFinding[] {
  const silence = findSilence(rhythm, TABLE_LIMITS);
  const found: CheckFinding[] = [];
  const worst = silence.gaps[0];
  if (worst !== undefined) {
    const missing = silence.gaps.reduce((s, g) => s + g.expected, 0);
    const share = missing / Math.max(1, silence.expected);
    const told = extent(rhythm, worst);
    const others =
      silence.gaps.length === 1
        ? ""
        : `; with ${String(silence.gaps.length - 1)} more such gaps ${formatShare(share)} of the expected rows are missing`;
    found.push({
      ...gapNumbers("gaps", null, cappedSize(share, silence, worst), share),
      sentence: `\`${task.table.name}\` has no rows for ${told.length} from ${told.from}, where the baseline's ${silence.by} lets expect about ${formatNumber(worst.expected)}${others}`,
      facts: [...gapFacts(rhythm, silence.gaps), ...usualFacts(rhythm, silence)],
      sql: rhythm.sql,
    });
  }
  const end = endOf(task, rhythm, silence);
  if (end !== null) found.push(end);
  return found;
}

/** The table's rows end before the window does. */
function endOf(task: TableTask, rhythm: RowRhythm, silence: Silence): CheckFinding | null {
  const to = task.windows.incident.to;
  const lastRow = latestRow(rhythm);
  if (to === null || lastRow === null || task.windows.incident.filter !== undefined) return null;
  // Where the table itself ends, the export may end there as well as the feed: never major.
  const exported = task.table.to !== null && task.table.to < to && lastRow >= task.table.to;
  const rate = silence.expected / Math.max(1, rhythm.incident.last - rhythm.incident.first);
  const run: SilentRun | null = exported
    ? {
        first: rhythm.incident.last,
        last: Math.floor(to / rhythm.width),
        expected: (rate * (to - lastRow)) / rhythm.width,
        strange: false,
      }
    : silence.end;
  const limit = Math.max(
    TABLE_LIMITS.leastExpected,
    MAJOR_RATIO * (silence.usual?.expected ?? 0),
    exported ? silence.expected * 0.02 : 0,
  );
  if (run === null || run.expected < limit) return null;
  const share = run.expected / Math.max(1, silence.expected + (exported ? run.expected : 0));
  const age = formatDuration(to - lastRow);
  const why = exported
    ? ": rows stopped, or the evidence ends there"
    : ", and rows come again only after the window";
  return {
    ...gapNumbers(
      "freshness",
      null,
      exported ? Math.min(share, ALMOST_MAJOR) : cappedSize(share, silence, run),
      share,
    ),
    sentence: `The last row of \`${task.table.name}\` is ${age} old at the end of the window (${isoOf(lastRow)})${why}; about ${formatNumber(run.expected)} rows were to be expected since`,
    facts: [
      { name: "Last row", value: isoOf(lastRow) },
      { name: "End of the window", value: isoOf(to) },
      ...usualFacts(rhythm, silence),
    ],
    sql: rhythm.sql,
  };
}

/**
 * Segments (services, sources, countries) of which one fell silent while others
 * went on: gaps inside the incident, and silence that lasts at its end. One scan
 * per segment column, four columns at most; values without any row in the
 * incident are new or vanished categories and not told again here.
 * @throws Fault<EngineError>
 */
export async function segmentGapFindings(
  task: TableTask,
  columns: readonly { readonly column: string; readonly distinct: number }[],
): Promise<CheckFinding[]> {
  const known = new Map(columns.map((c) => [c.column, c.distinct]));
  const asked = task.table.columns
    .filter((c) => c.role === "segment" || c.role === "service")
    .filter((c) => !isSuccessive(c.name, c.role) && !c.name.startsWith("_"))
    .filter((c) => {
      const distinct = known.get(c.name) ?? 0;
      return distinct >= 2 && distinct <= MOST_SEGMENTS;
    })
    .slice(0, MOST_SEGMENT_COLUMNS);
  const found: CheckFinding[] = [];
  for (const { name } of asked) {
    const rhythms = await segmentRhythms(task, name);
    found.push(...silentSegments(name, rhythms));
  }
  return found;
}

interface SilentSegment {
  readonly segment: string;
  readonly rhythm: RowRhythm;
  readonly silence: Silence;
  readonly run: SilentRun;
  readonly share: number;
}

function silentSegments(column: string, rhythms: ReadonlyMap<string, RowRhythm>): CheckFinding[] {
  const busy = busyBuckets(rhythms);
  const gaps: SilentSegment[] = [];
  const ends: SilentSegment[] = [];
  for (const [segment, rhythm] of rhythms) {
    if (rhythm.incident.counts.every((n) => n === 0)) continue;
    const silence = findSilence(rhythm, SEGMENT_LIMITS, (k) => busy.has(k));
    const [gap] = silence.gaps;
    const of = (run: SilentRun, rows: number): SilentSegment => ({
      segment,
      rhythm,
      silence,
      run,
      share: rows / Math.max(1, silence.expected),
    });
    if (gap !== undefined)
      gaps.push(
        of(
          gap,
          silence.gaps.reduce((s, g) => s + g.expected, 0),
        ),
      );
    if (silence.end !== null) ends.push(of(silence.end, silence.end.expected));
  }
  return [
    ...segmentFinding("gaps", column, gaps, rhythms.size),
    ...segmentFinding("freshness", column, ends, rhythms.size),
  ];
}

function segmentFinding(
  kind: "gaps" | "freshness",
  column: string,
  silent: SilentSegment[],
  segments: number,
): CheckFinding[] {
  const [worst] = silent.sort((a, b) => b.share - a.share);
  if (worst === undefined) return [];
  const { rhythm, run, silence, share } = worst;
  const told = extent(rhythm, run);
  const others =
    silent.length === 1
      ? `${String(segments - 1)} other values went on`
      : `so do ${formatList(silent.slice(1).map((s) => quoteValue(s.segment)))}`;
  const what =
    kind === "gaps"
      ? `${quoteValue(worst.segment)} of \`${column}\` has no rows for ${told.length} from ${told.from}`
      : `${quoteValue(worst.segment)} of \`${column}\` has no rows since ${told.from}, ${told.length} before the end of the window`;
  return [
    {
      ...gapNumbers(kind, column, cappedSize(share, silence, run), share),
      sentence: `${what}, where about ${formatNumber(run.expected)} were to be expected (${others})`,
      facts: silent.slice(0, 8).map((s) => {
        const { from, to, length } = extent(s.rhythm, s.run);
        return {
          name: s.segment,
          value: `${from} to ${to} (${length}), ${formatNumber(s.run.expected)} rows expected`,
        };
      }),
      sql: rhythm.sql,
    },
  ];
}

/** Buckets in which any segment has rows in the incident. */
function busyBuckets(rhythms: ReadonlyMap<string, RowRhythm>): Set<number> {
  const busy = new Set<number>();
  for (const { incident } of rhythms.values()) {
    incident.counts.forEach((n, i) => {
      if (n > 0) busy.add(incident.first + i);
    });
  }
  return busy;
}

function gapNumbers(
  kind: "gaps" | "freshness",
  column: string | null,
  size: number,
  share: number,
): Pick<CheckFinding, "column" | "kind" | "statistic" | "effect" | "measure" | "size"> {
  return {
    column,
    kind,
    statistic: { name: "missing_row_share", value: share, p: null },
    effect: { name: "missing_row_share", value: share },
    measure: "gap_share",
    size,
  };
}

/** Not major unless clearly longer than what the baseline had, at hours that it has. */
function cappedSize(share: number, silence: Silence, run: SilentRun): number {
  const usual = silence.usual?.expected ?? 0;
  const clear = !run.strange && run.expected >= MAJOR_RATIO * usual;
  return clear ? share : Math.min(share, ALMOST_MAJOR);
}

function gapFacts(rhythm: RowRhythm, gaps: readonly SilentRun[]): Fact[] {
  return gaps.slice(0, MOST_GAPS).map((gap, n) => {
    const { from, to, length } = extent(rhythm, gap);
    return {
      name: n === 0 ? "Longest gap" : `Gap ${String(n + 1)}`,
      value: `${from} to ${to} (${length}), ${formatNumber(gap.expected)} rows expected`,
    };
  });
}

function usualFacts(rhythm: RowRhythm, { usual, by }: Silence): Fact[] {
  const told =
    usual === null
      ? `none of ${formatDuration(rhythm.width)} or more`
      : `${formatDuration((usual.last - usual.first) * rhythm.width)}, ${formatNumber(usual.expected)} rows expected`;
  return [
    { name: "Longest gap of the baseline", value: told },
    { name: "Expected rows", value: `by the baseline's ${by}` },
  ];
}

/** Begin and end of a run by the rows beside it, else by its buckets. */
function extent(
  { edges, width, incident }: RowRhythm,
  run: SilentRun,
): { from: string; to: string; length: string } {
  const before = edges.get(run.first - 1);
  const after = edges.get(run.last);
  const from = before === undefined ? run.first * width : before.to;
  const to =
    run.last >= incident.last
      ? incident.span.to
      : after === undefined
        ? run.last * width
        : after.from;
  return { from: isoOf(from), to: isoOf(to), length: formatDuration(to - from) };
}

/** Time of the last row inside the incident, µs UTC. */
function latestRow({ edges, incident, width }: RowRhythm): number | null {
  let latest: number | null = null;
  for (const [k, { to }] of edges) {
    if (k * width < incident.span.to && to >= incident.span.from) {
      latest = Math.max(latest ?? to, to);
    }
  }
  return latest;
}

function isoOf(time: number): string {
  return formatIso((Math.floor(time / 1e6) * 1e6) as EvidenceTime);
}
