import { asSentence } from "../analysis/sentences.ts";
import type { ColumnComparison, ColumnStats, Shift } from "../model/shift.ts";
import type { Finding, FindingChart, Provenance, RowReference } from "../model/finding.ts";
import { statisticLabel } from "../model/statistic-label.ts";
import { resultDigest } from "../tables/digest.ts";
import type { Engine } from "../tables/engine.ts";
import { queryTable } from "../tables/rows.ts";

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
