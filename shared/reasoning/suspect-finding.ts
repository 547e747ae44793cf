import { timestampLiteral, type EvidenceTime } from "../base/time.ts";
import { asSentence } from "../analysis/sentences.ts";
import { seriesSource } from "../analysis/series-source.ts";
import { windowPredicate } from "../analysis/windows.ts";
import type { Finding } from "../model/finding.ts";
import type { ColumnComparison, Shift } from "../model/shift.ts";
import type { Suspect } from "../model/suspect.ts";
import type { TableMeta } from "../model/table.ts";
import { Windows } from "../model/window.ts";
import { resultDigest } from "../tables/digest.ts";
import type { Engine } from "../tables/engine.ts";
import { NUMBER, queryTable, readRows, STRING } from "../tables/rows.ts";
import { ident, text as literal } from "../tables/sql.ts";
import {
  findingFromShift,
  findingFromTableShift,
  provenanceOf,
  type NewFinding,
} from "./make-finding.ts";

/**
 * A suspect, on the query of its strongest shift; a service, on both windows of
 * its series that moved; an event, on its own rows.
 */
export async function findingFromSuspect(
  engine: Engine,
  { id, createdAt }: NewFinding,
  suspect: Suspect,
  column: ColumnComparison | null,
  shift: Shift | null,
  windows: Record<string, unknown>,
  tables: readonly TableMeta[],
): Promise<Finding> {
  const base =
    suspect.kind === "event"
      ? await eventRows(engine, suspect)
      : ((await ofShift(engine, { id, createdAt }, column, shift, windows)) ??
        (await ofSeries(engine, suspect, windows, tables)));
  return {
    id,
    kind: "suspect",
    title: `Suspect ${suspect.rank}: ${suspect.name}`,
    note: "",
    statement: asSentence(suspect.sentence),
    provenance: base?.provenance ?? null,
    evidenceIds: suspect.evidenceIds,
    rows: base?.rows ?? [],
    chart: base?.chart ?? null,
    numbers: {
      header: ["Check", "Result", "Why"],
      cells: suspect.checks.map((c) => [c.name.replaceAll("_", " "), c.result, c.why]),
    },
    createdAt,
  };
}

/** A series of a metric has a shift and no column. */
function ofShift(
  engine: Engine,
  fresh: NewFinding,
  column: ColumnComparison | null,
  shift: Shift | null,
  windows: Record<string, unknown>,
): Promise<Finding> | null {
  if (shift === null) return null;
  return column === null
    ? findingFromTableShift(engine, fresh, shift, windows)
    : findingFromShift(engine, fresh, column, shift, windows);
}

/** Number of rows, mean and extremes of a service's series in both windows. */
async function ofSeries(
  engine: Engine,
  { signals = [] }: Suspect,
  windows: Record<string, unknown>,
  tables: readonly TableMeta[],
): Promise<Pick<Finding, "provenance" | "rows" | "chart"> | null> {
  const [first] = signals;
  const table = tables.find((t) => t.name === first?.table);
  const parsed = Windows.safeParse(windows);
  if (table === undefined || !parsed.success) return null;
  const { baseline, incident } = parsed.data;
  const before = baseline === null ? null : windowPredicate(table, baseline);
  const since = incident === null ? null : windowPredicate(table, incident);
  if (before === null || since === null) return null;
  const names = signals.filter((s) => s.table === table.name).map((s) => literal(s.name));
  const sql = `SELECT series, CASE WHEN ${since} THEN 'incident' ELSE 'baseline' END AS in_window,
  count(value)::DOUBLE AS points, avg(value) AS mean, min(value) AS least, max(value) AS most
FROM ${seriesSource(table)}
WHERE series IN (${names.join(", ")}) AND (${before} OR ${since})
GROUP BY ALL ORDER BY series, in_window`;
  return { provenance: await provenanceOf(engine, sql, windows), rows: [], chart: null };
}

/** Where the files say that the event happened. */
async function eventRows(
  engine: Engine,
  { name, table, onset }: Suspect,
): Promise<Pick<Finding, "provenance" | "rows" | "chart">> {
  const when = onset === null ? "true" : `ts = ${timestampLiteral(onset.at as EvidenceTime)}`;
  const sql = `SELECT ts, coalesce(kind, 'event') AS kind, coalesce(title, '') AS title,
  coalesce(service, '') AS service, coalesce(detail, '') AS detail, _ev, _line
FROM ${ident(table)}
WHERE ${when} AND coalesce(nullif(title, ''), kind, 'event') = ${literal(name)}
ORDER BY _ev, _line`;
  const result = await queryTable(engine, sql);
  const { sha256, rows } = resultDigest(result);
  const found = readRows(result, {
    kind: STRING,
    title: STRING,
    service: STRING,
    detail: STRING,
    _ev: NUMBER,
    _line: NUMBER,
  });
  return {
    provenance: { sql, parameters: {}, resultDigest: sha256, resultRows: rows },
    rows: found.map((r) => ({
      evidenceId: `E${r._ev}`,
      line: r._line,
      offset: null,
      text: [r.kind, r.title, r.service, r.detail].filter((part) => part !== "").join(" · "),
    })),
    chart: null,
  };
}
