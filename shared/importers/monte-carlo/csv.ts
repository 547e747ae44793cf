import { plainValue } from "../delimited/plain-value.ts";
import type { Sample } from "../delimited/sniff.ts";
import type { Position } from "../fixed-tables-writer.ts";
import type { JsonObject } from "../json-fields.ts";
import type { Reading } from "../json-records.ts";
import { wordsOf } from "../roles.ts";
import { detectTimeLayout } from "../times.ts";
import { severityOf } from "./incident.ts";

/** What the columns of an export of incidents say, by their names. No shape is documented: names vary. */
interface IncidentColumns {
  readonly header: readonly string[];
  readonly id: number;
  readonly created: number;
  readonly severity: number;
  readonly status: number;
  readonly type: number;
  readonly table: number;
  readonly title: number;
  readonly detail: number;
}

const NAMES = {
  id: /^(?:incident|alert)(?: (?:id|uuid|url|link))?$|^(?:id|uuid)$/,
  created:
    /^(?:incident |alert )?(?:created|creation|start|started|opened|detected)(?: (?:time|date|at|on|utc))*$|^(?:incident|alert) (?:time|date)$/,
  severity: /^(?:incident |alert |declared )?severity$/,
  status: /^(?:incident |alert )?(?:status|feedback)$/,
  type: /^(?:incident |alert |monitor )?(?:type|types|category)$/,
  table:
    /^(?:(?:impacted |affected |full )?(?:table|tables|asset|assets)|dataset)(?: (?:name|id|names))?$/,
  title: /^(?:incident |alert )?(?:title|name)$/,
  detail: /^(?:summary|description|message|details?)$/,
} as const;

/** Words that only Monte Carlo has for the state of an incident. */
const STATUS =
  /^(?:no[_ ]status|work[_ ]in[_ ]progress|no[_ ]action[_ ]needed|false[_ ]positive|expected|investigating|acknowledged|fixed)$/i;

/** The columns of an export of incidents, or null where header and cells are not such. */
export function incidentColumns(sample: Sample): IncidentColumns | null {
  const [first, ...rows] = sample.records;
  if (first === undefined || rows.length === 0) return null;
  const header = first.fields.map((f) => f.trim());
  const words = header.map((h) => wordsOf(h).join(" "));
  const at = (name: RegExp): number => words.findIndex((w) => name.test(w));
  const columns = {
    header,
    id: at(NAMES.id),
    created: at(NAMES.created),
    severity: at(NAMES.severity),
    status: at(NAMES.status),
    type: at(NAMES.type),
    table: at(NAMES.table),
    title: at(NAMES.title),
    detail: at(NAMES.detail),
  };
  const { id, created, severity, status, type, table } = columns;
  if (id < 0 || created < 0 || table < 0 || (severity < 0 && status < 0) || type < 0) return null;
  const cells = (column: number): string[] =>
    rows
      .slice(0, 200)
      .flatMap((r) => (column < 0 ? [] : (r.fields[column] ?? "").trim()))
      .filter((c) => c !== "");
  const severe = cells(severity).filter((c) => severityOf(c)?.startsWith("SEV-") === true);
  const stated = cells(status).filter((c) => STATUS.test(c));
  const linked = cells(id).some((c) => c.includes("getmontecarlo.com"));
  const timed = cells(created).filter((c) => detectTimeLayout([c]) !== null);
  if (timed.length === 0) return null;
  const sure =
    linked ||
    (severe.length > 0 && severe.length === cells(severity).length) ||
    (stated.length > 1 && stated.length === cells(status).length);
  return sure ? columns : null;
}

/** Texts of the column of creation, to learn their layout from. */
export function timesOf(sample: Sample, columns: IncidentColumns): string[] {
  return sample.records
    .slice(1, 500)
    .map((r) => (r.fields[columns.created] ?? "").trim())
    .filter((time) => detectTimeLayout([time]) !== null);
}

/** Writes a row: an incident, as an event. */
export function writeRow(
  fields: readonly string[],
  columns: IncidentColumns,
  at: Position,
  { target, instants, sink }: Reading,
): void {
  const cell = (column: number): string | null => (fields[column] ?? "").trim() || null;
  const ts = instants.read(cell(columns.created));
  const type = cell(columns.type);
  const table = cell(columns.table);
  const used = new Set([
    columns.severity,
    columns.status,
    columns.type,
    columns.table,
    columns.title,
    columns.detail,
    ...(ts === null ? [] : [columns.created]),
  ]);
  const rest: Record<string, unknown> = {};
  columns.header.forEach((name, i) => {
    const value = cell(i);
    if (!used.has(i) && value !== null)
      rest[name === "" ? `column ${i + 1}` : name] = plainValue(value);
  });
  const fallback = `${(type ?? "data incident").replaceAll("_", " ").toLowerCase()}${table === null ? "" : ` in ${table}`}`;
  const known: JsonObject = {
    type,
    severity: severityOf(cell(columns.severity)),
    status: cell(columns.status)?.toLowerCase().replaceAll(" ", "_"),
    table,
  };
  target.event(
    {
      ts,
      kind: "data incident",
      title: cell(columns.title) ?? fallback,
      service: null,
      detail: cell(columns.detail),
      fields: { ...known, ...rest },
    },
    at,
  );
  sink.accepted(1);
}
