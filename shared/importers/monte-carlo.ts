import { err, ok } from "../base/result.ts";
import { sniffDialect } from "./delimited/sniff.ts";
import { sampleRecords, textRecords } from "./delimited/text-records.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer, Source } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { Instants, objectOf, type JsonObject } from "./json-fields.ts";
import { firstCharacter, mainOfPlan, planRecords, type Reading } from "./json-records.ts";
import { incidentColumns, timesOf, writeRow } from "./monte-carlo/csv.ts";
import { isIncident, isNode, isWebhook } from "./monte-carlo/incident.ts";
import { IncidentReader, incidentsIn, patternsOf } from "./monte-carlo/reading.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const SOURCES = {
  events: {
    ts: "createdTime",
    title: "title or name, else the type and the table",
    detail: "summary",
    fields: "type, severity, status, table, and the rest of the incident",
  },
  metrics: { ts: "measurement_timestamp", name: "metric_display_name", value: "value" },
} as const;

/** So many incidents of a file are looked at to recognise it. */
const LOOKED_AT = 20;

/**
 * Incidents and alerts of Monte Carlo: what its webhooks deliver, answers of
 * its GraphQL API (getIncidents, getAlerts), lists of such incidents, and CSV
 * by the names of its columns. Measurements in them go to the metrics.
 * https://docs.getmontecarlo.com/docs/webhooks, https://apidocs.getmontecarlo.com/
 */
export const monteCarloImporter: Importer = {
  id: "monte-carlo",
  name: "Monte Carlo",
  description: "Incidents and alerts of Monte Carlo: webhooks, answers of the API, CSV",
  extensions: ["json", "jsonl", "csv"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    if (isJson(head)) return isIncidentJson(head) ? 0.96 : 0;
    const [line = ""] = new TextDecoder().decode(head.subarray(0, 4096)).split("\n", 1);
    if (
      !/created|start|opened|detected|time|date/i.test(line) ||
      !/table|asset|dataset/i.test(line)
    )
      return 0;
    const sample = sniffDialect(head.subarray(0, 65536), head.length < 65536, {});
    return incidentColumns(sample) === null ? 0 : 0.95;
  },

  async plan(source, options) {
    const head = await source.head();
    const preview = new PreviewRows();
    const instants = new Instants(options.timezone, options.dayFirst);
    const reading = { target: preview, sink: HEAD_SINK, instants };
    if (isJson(head)) {
      const patterns = patternsOf(head);
      const reader = new IncidentReader(reading);
      for (const element of elementsOf(head, patterns))
        reader.read(element, patterns[element.pattern] ?? "");
    } else {
      const sample = await sampleRecords(source, options);
      const columns = incidentColumns(sample);
      if (columns !== null) {
        instants.learn(timesOf(sample, columns));
        for (const { fields, line } of sample.records.slice(1, 500))
          writeRow(fields, columns, { line, offset: -1 }, reading);
      }
    }
    if (preview.total === 0) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No incident or alert of Monte Carlo was found at the beginning of “${source.name}”.`,
        advice:
          "Save the answer of the API (getAlerts with uuid, createdTime, type, severity) or a webhook's body; or import a CSV as delimited text and set its columns.",
      });
    }
    const tables = ["events", "metrics"] as const;
    return ok(planRecords("monte-carlo", options, tables, "events", preview, instants, SOURCES));
  },

  async read(source, plan, sink) {
    const head = await source.head();
    const writer = new FixedTablesWriter(sink, mainOfPlan(plan));
    const instants = new Instants(plan.options.timezone, plan.options.dayFirst);
    const reading = { target: writer, sink, instants };
    if (isJson(head)) {
      const patterns = patternsOf(head);
      const reader = new IncidentReader(reading);
      for await (const element of jsonElements(source, patterns)) {
        checkCancelled(sink.signal, source.name);
        reader.read(element, patterns[element.pattern] ?? "");
        await writer.deliver();
      }
      reader.finish();
    } else await readCsv(source, reading, writer);
    await writer.finish();
  },
};

async function readCsv(source: Source, reading: Reading, writer: FixedTablesWriter): Promise<void> {
  const { sink, instants } = reading;
  const sample = await sampleRecords(source, {});
  const columns = incidentColumns(sample);
  if (columns === null) return;
  instants.learn(timesOf(sample, columns));
  const width = columns.header.length;
  let isHeader = true;
  for await (const record of textRecords(source, sample)) {
    checkCancelled(sink.signal, source.name);
    if (isHeader) isHeader = false;
    else if (record.bad !== null || record.fields.length !== width) {
      const reason = record.bad ?? `has ${record.fields.length} fields, the header has ${width}`;
      sink.reject(record.line, record.offset, reason, record.text());
    } else writeRow(record.fields, columns, record, reading);
    await writer.deliver();
  }
}

function isJson(head: Uint8Array): boolean {
  return /[{[]/.test(firstCharacter(head));
}

function isIncidentJson(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head.subarray(0, 256 * 1024));
  if (!/"(?:event_list|created_?time|incident_?time)"/i.test(text)) return false;
  const patterns = patternsOf(head);
  const records = elementsOf(head, patterns)
    .filter((e) => e.bad === null && !/page_?info$|^errors/i.test(patterns[e.pattern] ?? ""))
    .slice(0, LOOKED_AT)
    .flatMap((e) => incidentsIn(e.value))
    .map(objectOf);
  if (records.length === 0) return false;
  const known = (r: JsonObject | null): boolean =>
    r !== null && (isIncident(r) || (isWebhook(r) && isOurs(JSON.stringify(r))));
  // An answer names the query, and its nodes may then lack their type.
  const asked = /"get_?(?:alerts|incidents)"\s*:\s*\{/i.test(text);
  return asked ? records.some((r) => r !== null && isNode(r)) : records.every(known);
}

/** Many systems have a payload with a list of events: measurements or addresses tell this one. */
function isOurs(text: string): boolean {
  return (
    text.includes('"measurement_timestamp"') ||
    text.includes("getmontecarlo.com") ||
    /"(?:alert_feedback|declared_alert_severity|full_table_id)"/.test(text)
  );
}
