import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import type { WindowPredicates } from "../compare-sql.ts";
import { benjaminiHochberg } from "../statistics/benjamini-hochberg.ts";
import { chiSquared } from "../statistics/chi-squared.ts";
import { totalVariation } from "../statistics/histogram-distances.ts";
import { jensenShannon } from "../statistics/jensen-shannon.ts";
import { psiOfCounts } from "../statistics/psi.ts";
import { withoutProgress } from "../table-task.ts";
import { confirmedVerdict, sizeVerdict } from "../verdict.ts";
import { whyNotApplicable, windowPredicate, type WindowPair } from "../windows.ts";
import { columnBins } from "./column-bins.ts";
import {
  distanceBeyondChance,
  LEAST_ROWS,
  mixAndWithin,
  sum,
  type ChangeParts,
} from "./mix-and-within.ts";
import { segmentCounts, segmentCountsSql, type SegmentCounts } from "./segment-counts.ts";
import type { ChangeCause, Segment } from "./segment.ts";
import { segmentSentence } from "./segment-sentence.ts";

/** A column with more values than this is no segment. */
const MOST_SEGMENTS = 1_000;
/** Segments shown of one column. */
const MOST_SHOWN = 50;
const SEGMENT_ROLES: readonly string[] = ["segment", "service", "model_version"];

/** What one segment column tells of the change. */
export interface SegmentColumnDrift extends ChangeParts {
  readonly segmentColumn: string;
  /** Judged segments, those that changed most first, at most 50. */
  readonly segments: readonly Segment[];
  /** Segments with too few rows in one of the windows, and their rows. */
  readonly few: { readonly segments: number; readonly baseline: number; readonly incident: number };
  readonly cause: ChangeCause;
  /** One plain sentence. */
  readonly sentence: string;
}

export interface SegmentDrift {
  readonly column: string;
  /** The most telling first. */
  readonly segmentColumns: readonly SegmentColumnDrift[];
  /** Segment columns left out, with the reason. */
  readonly skipped: readonly { readonly column: string; readonly why: string }[];
  /** Why the question does not apply; null when it does. */
  readonly why: string | null;
  /** The query that counted; empty when none ran. */
  readonly sql: string;
}

/**
 * Where a column changed: its distribution in both windows within each value of
 * the segment columns, over the baseline's bins, missing values in a bin of
 * their own. A segment is judged with at least 100 rows in each window, by the
 * Jensen-Shannon distance beyond chance and a q over all segments (chi-squared,
 * Benjamini-Hochberg). Each segment column says too whether the column changed
 * within segments or because their mix did (`mixAndWithin`).
 * @param segmentColumn null for all columns with the role of a segment, a
 *   service or a model version
 * @throws Fault<EngineError>
 */
export async function segmentDrift(
  engine: Engine,
  table: TableMeta,
  column: string,
  segmentColumn: string | null,
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<SegmentDrift> {
  const none = (why: string, skipped: SegmentDrift["skipped"] = []): SegmentDrift => ({
    column,
    segmentColumns: [],
    skipped,
    why,
    sql: "",
  });
  const found = table.columns.find((c) => c.name === column);
  const baseline = windowPredicate(table, windows.baseline);
  const incident = windowPredicate(table, windows.incident);
  if (table.target === "metrics" || table.target === "spans" || found === undefined) {
    return none("only the columns of a table are compared by segment");
  }
  if (baseline === null || incident === null) {
    return none(
      whyNotApplicable(table, windows.baseline) ??
        whyNotApplicable(table, windows.incident) ??
        "the windows do not apply to the table",
    );
  }
  const predicates = { baseline, incident };
  const quiet = withoutProgress(options);
  const wanted = candidates(table, column, segmentColumn, windows);
  if (wanted.length === 0) return none("the table has no column with the role of a segment");
  const { taken, skipped } = await withFewValues(engine, table, wanted, predicates, quiet);
  if (taken.length === 0) return none("no segment column has few enough values", skipped);
  const bins = await columnBins(engine, table, found, predicates, quiet);
  if (bins === null) return none("the windows are cut by this column", skipped);
  const sql = segmentCountsSql(table, bins, taken, predicates);
  const segments = await segmentCounts(engine, sql, taken.length, quiet);
  const judged = judge(segments);
  const drifts = taken.map((name, k) =>
    readSegmentColumn(column, name, segments[k] ?? [], judged[k] ?? []),
  );
  return {
    column,
    segmentColumns: drifts.sort((a, b) => tellingness(b) - tellingness(a)),
    skipped,
    why: null,
    sql,
  };
}

/** Segment columns to look at: not the column itself, nor one that the windows filter on. */
function candidates(
  table: TableMeta,
  column: string,
  segmentColumn: string | null,
  { baseline, incident }: WindowPair,
): string[] {
  const filtered = [baseline.filter?.column, incident.filter?.column];
  return table.columns
    .filter((c) =>
      segmentColumn === null ? SEGMENT_ROLES.includes(c.role) : c.name === segmentColumn,
    )
    .map((c) => c.name)
    .filter((name) => name !== column && !filtered.includes(name));
}

async function withFewValues(
  engine: Engine,
  table: TableMeta,
  columns: readonly string[],
  { baseline, incident }: WindowPredicates,
  options: QueryOptions,
): Promise<{ taken: string[]; skipped: { column: string; why: string }[] }> {
  const counts = columns.map((c, k) => `approx_count_distinct(${ident(c)}) AS d${String(k)}`);
  const found = await queryTable(
    engine,
    `SELECT ${counts.join(", ")} FROM ${ident(table.name)} WHERE ${baseline} OR ${incident}`,
    options,
  );
  const many = columns.filter(
    (_, k) => Number(readColumn(found, `d${String(k)}`)[0] ?? 0) > MOST_SEGMENTS,
  );
  return {
    taken: columns.filter((c) => !many.includes(c)),
    skipped: many.map((c) => ({
      column: c,
      why: `it has more than ${MOST_SEGMENTS.toLocaleString("en-US")} values`,
    })),
  };
}

/** Judges the segments of all columns; q over all of them. */
function judge(columns: readonly (readonly SegmentCounts[])[]): Segment[][] {
  const measured = columns.map((segments) =>
    segments
      .filter((s) => sum(s.baseline) >= LEAST_ROWS && sum(s.incident) >= LEAST_ROWS)
      .map((s) => ({
        value: s.value,
        baseline: sum(s.baseline),
        incident: sum(s.incident),
        psi: psiOfCounts(s.baseline, s.incident),
        jensenShannon: jensenShannon(s.baseline, s.incident),
        totalVariation: totalVariation(s.baseline, s.incident),
        size: distanceBeyondChance(s),
        p: chiSquared(s.baseline, s.incident)?.p ?? 1,
      })),
  );
  const q = benjaminiHochberg(measured.flat().map((s) => s.p));
  let at = 0;
  return measured.map((segments) =>
    segments
      .map(({ size, ...s }) => {
        const corrected = q[at++] ?? 1;
        const verdict = confirmedVerdict(sizeVerdict("jensen_shannon", size), corrected);
        return { segment: { ...s, q: corrected, verdict }, size };
      })
      .sort((a, b) => b.size - a.size || b.segment.incident - a.segment.incident)
      .map(({ segment }) => segment),
  );
}

function readSegmentColumn(
  column: string,
  segmentColumn: string,
  counts: readonly SegmentCounts[],
  judged: readonly Segment[],
): SegmentColumnDrift {
  const parts = mixAndWithin(counts);
  const changed = judged.filter((s) => s.verdict !== "none").length;
  const cause = causeOf(parts, changed);
  const known = new Set(judged.map((s) => s.value));
  const few = counts.filter((s) => !known.has(s.value));
  const shares = counts.map((s) => ({
    value: s.value,
    baseline: sum(s.baseline),
    incident: sum(s.incident),
  }));
  return {
    segmentColumn,
    ...parts,
    segments: judged.slice(0, MOST_SHOWN),
    few: {
      segments: few.length,
      baseline: sum(few.map((s) => sum(s.baseline))),
      incident: sum(few.map((s) => sum(s.incident))),
    },
    cause,
    sentence: segmentSentence(column, segmentColumn, cause, judged, shares, parts),
  };
}

/** By the thresholds of the Jensen-Shannon distance; a change that neither part explains alone is both. */
function causeOf({ whole, mix, within }: ChangeParts, changed: number): ChangeCause {
  const notable = (size: number): boolean => sizeVerdict("jensen_shannon", size) !== "none";
  const inside = changed > 0 || notable(within);
  if (inside) return notable(mix) ? "both" : "within";
  if (notable(mix)) return "mix";
  return notable(whole) ? "both" : "none";
}

/** A column that names few segments tells most, one where all or none changed least. */
function tellingness({ cause, segments, mix }: SegmentColumnDrift): number {
  const changed = segments.filter((s) => s.verdict !== "none").length;
  if (cause === "none" || segments.length === 0) return 0;
  if (cause === "mix") return 1 + mix;
  return changed === 0 || changed === segments.length ? 0.5 : 3 - changed / segments.length;
}
