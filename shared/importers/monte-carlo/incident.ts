import type { Position } from "../fixed-tables-writer.ts";
import {
  listOf,
  numberOf,
  objectOf,
  textOf,
  valueAt,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { parseJson } from "../json-elements.ts";
import type { Reading } from "../json-records.ts";
import { seriesKey } from "../series-key.ts";

/** Types of incidents and alerts, from the schema of the API (AlertType, IncidentModelIncidentType). */
const TYPES: ReadonlySet<string> = new Set(
  `agent_anomalies agent_evaluation_anomalies agent_metric_anomalies anomalies custom_rule_anomalies
  dbt_errors deleted_tables etl_errors json_schema_changes merged metric_anomalies
  metric_comparison_anomalies performance_anomalies pii_monitor pseudo_integration_test
  rule_run_execution_error schema_changes`.split(/\s+/),
);

/** True for an incident or alert as the API has it: an identifier, a time of creation, a known type. */
export function isIncident(record: JsonObject): boolean {
  const id = valueAt(record, ["uuid", "id", "incident_id", "alert_id"]);
  const time = valueAt(record, CREATED);
  return id !== undefined && time !== undefined && TYPES.has(typeOf(record) ?? "");
}

/** True for a node of a connection, whatever its type: an identifier and a time of creation. */
export function isNode(record: JsonObject): boolean {
  const id = valueAt(record, ["uuid", "id"]);
  return id !== undefined && typeof valueAt(record, CREATED) === "string";
}

/** True for what a webhook delivers: an alert with its events. */
export function isWebhook(record: JsonObject): boolean {
  const payload = objectOf(record["payload"]);
  const events = listOf(payload?.["event_list"]);
  return events.length > 0 && events.every((e) => objectOf(e) !== null);
}

const CREATED = ["createdTime", "created_time", "incidentTime", "incident_time", "created_at"];

function typeOf(record: JsonObject): string | null {
  const type = valueAt(record, ["incidentType", "incident_type", "alert_type", "type"]);
  return typeof type === "string" ? type.toLowerCase() : null;
}

/** `SEV-1` of `SEV_1`, `sev 1` or `SEV-1`; other severities stay as they are. */
export function severityOf(value: unknown): string | null {
  const text = textOf(value);
  const level = /^sev(?:erity)?[-_ ]?([1-5])$/i.exec(text ?? "")?.[1];
  return level === undefined ? text : `SEV-${level}`;
}

/** Writes an incident or alert: an event, and a sample for each measurement in it. */
export function writeIncident(record: JsonObject, at: Position, reading: Reading): void {
  const type = typeOf(record);
  const tables = tablesOf(record);
  const severity = severityOf(
    valueAt(record, ["severity", "declared_alert_severity", "alert_severity", "systemSetSeverity"]),
  );
  const status = textOf(
    valueAt(record, ["feedback", "alert_feedback", "status", "reaction.type", "reaction"]),
  );
  const { ts, from } = timeOf(record, reading.instants);
  reading.target.event(
    {
      ts,
      kind: "data incident",
      title: titleOf(record, type, tables),
      service: null,
      detail: textOf(valueAt(record, ["summary", "description", "message"])),
      fields: {
        type,
        severity,
        status: status?.toLowerCase(),
        table: tables.length === 0 ? null : tables.join(", "),
        time_from: from,
        incident: record,
      },
    },
    at,
  );
  writeHits(record, tables, at, reading);
}

/** What a webhook delivered, as an incident: its payload with what stands around it. */
export function incidentOfWebhook(record: JsonObject): JsonObject {
  const { payload, ...around } = record;
  return { ...around, ...objectOf(payload) };
}

/** When an incident was created; a webhook may only have the times of its events and measurements. */
function timeOf(
  record: JsonObject,
  instants: Instants,
): { ts: number | null; from: string | null } {
  const created = instants.read(valueAt(record, [...CREATED, "timestamp", "event_time"]));
  if (created !== null) return { ts: created, from: null };
  const events = listOf(record["event_list"]).map((e) => objectOf(e) ?? {});
  for (const event of events) {
    const ts = instants.read(valueAt(event, [...CREATED, "timestamp", "event_time"]));
    if (ts !== null) return { ts, from: "its first event" };
  }
  const hits = hitsOf(record).map((hit) => instants.read(hit["measurement_timestamp"]));
  const ts = hits.find((t) => t !== null) ?? null;
  return { ts, from: ts === null ? null : "its first measurement" };
}

function titleOf(record: JsonObject, type: string | null, tables: readonly string[]): string {
  const title = textOf(valueAt(record, ["title", "name", "alert_title", "incident_name"]));
  if (title !== null) return title;
  const [first] = tables;
  const more = tables.length > 1 ? ` and ${tables.length - 1} more` : "";
  const what = (type ?? "data incident").replaceAll("_", " ");
  return first === undefined ? what : `${what} in ${first}${more}`;
}

/** Names of the tables that an incident is about, from wherever they stand. */
function tablesOf(record: JsonObject): string[] {
  const names = new Set<string>();
  const add = (value: unknown): void => {
    const object = objectOf(value);
    const name =
      object === null
        ? textOf(value)
        : textOf(
            valueAt(object, [
              "fullTableId",
              "full_table_id",
              "tableId",
              "assetId",
              "displayName",
              "display_name",
              "name",
              "mcon",
            ]),
          );
    if (name !== null) names.add(tableOfMcon(name));
  };
  for (const key of [
    "table",
    "tables",
    "assets",
    "table_name",
    "tableMcons",
    "assetMcons",
    "asset_mcons",
  ]) {
    const value = record[key];
    for (const item of Array.isArray(value) ? listOf(value) : [value]) add(item);
  }
  for (const event of listOf(record["event_list"]).map(objectOf))
    if (event !== null) add(valueAt(event, ["full_table_id", "table_name", "table", "data.table"]));
  return [...names];
}

/** `project:dataset.table` of `MCON++account++warehouse++table++project:dataset.table`. */
function tableOfMcon(name: string): string {
  return name.startsWith("MCON++") ? (name.split("++").at(-1) ?? name) : name;
}

function writeHits(
  record: JsonObject,
  tables: readonly string[],
  at: Position,
  { target, instants }: Reading,
): void {
  const unique = tables.length === 1 ? (tables[0] ?? "") : "";
  for (const hit of hitsOf(record)) {
    const value = numberOf(hit["value"]);
    const name = textOf(
      valueAt(hit, ["metric_display_name", "metric_name", "metric", "measurement_name"]),
    );
    if (value === null || name === null) continue;
    const table = textOf(valueAt(hit, ["full_table_id", "table_name", "table"])) ?? unique;
    const field = textOf(valueAt(hit, ["field", "field_name"])) ?? "";
    const series = seriesKey(name, [
      ["table", table],
      ["field", field],
    ]);
    const ts = instants.read(valueAt(hit, ["measurement_timestamp", "timestamp"]));
    target.metric({ ts, series, name, value }, at);
  }
}

/** Measurements, wherever they stand in a record; `data` of an event may be JSON in a text. */
function hitsOf(value: unknown, depth = 0): JsonObject[] {
  if (depth > 10) return [];
  if (Array.isArray(value)) return listOf(value).flatMap((item) => hitsOf(item, depth + 1));
  const object = objectOf(value);
  if (object === null) return [];
  if ("measurement_timestamp" in object && "value" in object) return [object];
  return Object.entries(object).flatMap(([key, inner]) => {
    if (key === "data" && typeof inner === "string" && inner.includes("measurement_timestamp"))
      return hitsOf(parseJson(inner).value, depth + 1);
    return typeof inner === "object" ? hitsOf(inner, depth + 1) : [];
  });
}
