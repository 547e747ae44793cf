import { asSentence } from "../analysis/sentences.ts";
import type { ColumnComparison, ColumnStats, Shift } from "../model/shift.ts";
import type { Finding, FindingChart, Provenance, RowReference } from "../model/finding.ts";
import { statisticLabel } from "../model/statistic-label.ts";
import type { Suspect } from "../model/suspect.ts";
import { timestampLiteral, type EvidenceTime } from "../base/time.ts";
import { resultDigest } from "../tables/digest.ts";
import type { Engine } from "../tables/engine.ts";
import { NUMBER, STRING, queryTable, readRows } from "../tables/rows.ts";
import { ident, text as literal } from "../tables/sql.ts";

/** What identifies a new finding; the caller's clock and random source. */
export interface NewFinding {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Runs the query of a claim and keeps the digest of what it answers now. Throws `Fault<EngineError>`. */
export async function provenanceOf(
  engine: Engine,
  sql: string,
  parameters: Record<string, unknown>,
): Promise<Provenance> {
  const { sha256, rows } = resultDigest(await queryTable(engine, sql));
  return { sql, parameters, resultDigest: sha256, resultRows: rows };
}

/** The strongest change of a column, with both distributions and the numbers of both windows. */
export async function findingFromShift(
  engine: Engine,
  { id, createdAt }: NewFinding,
  column: ColumnComparison,
  shift: Shift,
  windows: Record<string, unknown>,
): Promise<Finding> {
  return {
    id,
    kind: "shift",
    title: `${column.column} in ${column.table} changed`,
    note: "",
    statement: asSentence(shift.sentence),
    provenance: await provenanceOf(engine, shift.sql, windows),
    evidenceIds: shift.evidenceIds,
    rows: [],
    chart:
      column.distribution === null
        ? null
        : {
            kind: "distribution",
            title: `${column.column}: share of rows, baseline and incident`,
            ...(column.unit === undefined ? {} : { unit: column.unit }),
            distribution: column.distribution,
          },
    numbers: numbersOf(column),
    createdAt,
  };
}

/** A change of a table as a whole, with what its check found besides. */
export async function findingFromTableShift(
  engine: Engine,
  { id, createdAt }: NewFinding,
  shift: Shift,
  windows: Record<string, unknown>,
): Promise<Finding> {
  const what = shift.kind.replaceAll("_", " ");
  return {
    id,
    kind: "shift",
    title:
      shift.subject.type === "table"
        ? `${what} in ${shift.table}`
        : `${shift.subject.name} in ${shift.table}: ${what}`,
    note: "",
    statement: asSentence(shift.sentence),
    provenance: await provenanceOf(engine, shift.sql, windows),
    evidenceIds: shift.evidenceIds,
    rows: [],
    chart: null,
    numbers: {
      header: ["", "Value"],
      cells: [
        [statisticLabel(shift.statistic.name), text(shift.statistic.value)],
        ...(shift.facts ?? []).map((fact) => [fact.name, fact.value]),
      ],
    },
    createdAt,
  };
}

/** A suspect, on the query of its strongest shift; an event, on its own rows. */
export async function findingFromSuspect(
  engine: Engine,
  { id, createdAt }: NewFinding,
  suspect: Suspect,
  column: ColumnComparison | null,
  shift: Shift | null,
  windows: Record<string, unknown>,
): Promise<Finding> {
  const base =
    suspect.kind === "event"
      ? await eventRows(engine, suspect)
      : column === null || shift === null
        ? null
        : await findingFromShift(engine, { id, createdAt }, column, shift, windows);
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

/** Rows of a file, marked by a person. */
export async function findingFromRows(
  engine: Engine,
  { id, createdAt }: NewFinding,
  title: string,
  sql: string,
  rows: RowReference[],
): Promise<Finding> {
  return {
    id,
    kind: "rows",
    title,
    note: "",
    statement: "",
    provenance: await provenanceOf(engine, sql, {}),
    evidenceIds: [...new Set(rows.map((r) => r.evidenceId))],
    rows,
    chart: null,
    numbers: null,
    createdAt,
  };
}

/** A chart of the timeline. */
export async function findingFromChart(
  engine: Engine,
  { id, createdAt }: NewFinding,
  chart: FindingChart,
  sql: string,
  parameters: Record<string, unknown>,
  evidenceIds: string[],
): Promise<Finding> {
  return {
    id,
    kind: "chart",
    title: chart.title,
    note: "",
    statement: "",
    provenance: await provenanceOf(engine, sql, parameters),
    evidenceIds,
    rows: [],
    chart,
    numbers: null,
    createdAt,
  };
}

/** A person's own words, without a source. */
export function noteFinding({ id, createdAt }: NewFinding): Finding {
  return {
    id,
    kind: "note",
    title: "Note",
    note: "",
    statement: "",
    provenance: null,
    evidenceIds: [],
    rows: [],
    chart: null,
    numbers: null,
    createdAt,
  };
}

function numbersOf({ baseline, incident, statistics }: ColumnComparison): Finding["numbers"] {
  const rows: [string, (s: ColumnStats) => number | null | undefined][] = [
    ["rows", (s) => s.rows],
    ["null", (s) => s.nulls],
    ["distinct", (s) => s.distinct],
    ["mean", (s) => s.mean],
    ["standard deviation", (s) => s.sd],
    ["median", (s) => s.quantiles?.[3]],
    ["95 %", (s) => s.quantiles?.[5]],
  ];
  const cells = rows
    .map(([label, read]) => [label, text(read(baseline)), text(read(incident))])
    .filter((row) => row[1] !== "" || row[2] !== "");
  return {
    header: ["", "Baseline", "Incident", "Between them"],
    cells: [
      ...cells.map((row) => [...row, ""]),
      ...statistics.map((s) => [statisticLabel(s.name), "", "", text(s.value)]),
    ],
  };
}

function text(value: number | null | undefined): string {
  if (value === null || value === undefined) return "";
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
