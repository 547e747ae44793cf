import { err, ok, type Result } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { readLogCsv, recogniseLogCsv } from "./datadog/csv.ts";
import { DatadogReading, tableOfElement } from "./datadog/reading.ts";
import { datadogShape, PATTERNS, type DatadogShape } from "./datadog/recognise.ts";
import { sniffDialect } from "./delimited/sniff.ts";
import { sampleRecords } from "./delimited/text-records.ts";
import {
  fixedBatchColumns,
  fixedPlanColumns,
  FixedTablesWriter,
  furtherFixedTable,
} from "./fixed-tables-writer.ts";
import type { ImportError, Importer, ImportPlan, Source } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { objectOf, writtenOf } from "./json-fields.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";

const TABLES = ["logs", "metrics", "events", "spans"] as const;
type Table = (typeof TABLES)[number];

/**
 * Exports of Datadog: logs (both APIs, archives, CSV), metric queries, events,
 * monitors, spans, incidents.
 * https://docs.datadoghq.com/api/latest/, https://docs.datadoghq.com/logs/log_configuration/archives/
 */
export const datadogImporter: Importer = {
  id: "datadog",
  name: "Datadog",
  description: "Logs (API, archive, CSV), metric queries, events, monitors, spans of Datadog",
  extensions: ["json", "jsonl", "csv"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    if (datadogShape(head) !== null) return 0.96;
    if (!looksLikeCsv(head)) return 0;
    const sample = sniffDialect(head.subarray(0, 65536), head.length < 65536, {});
    return recogniseLogCsv(sample) === null ? 0 : 0.96;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    const head = await source.head();
    const shape = datadogShape(head);
    return shape === null ? planCsv(source, options) : ok(planJson(head, shape, options));
  },

  async read(source, plan, sink): Promise<void> {
    const shape = datadogShape(await source.head());
    const writer = new FixedTablesWriter(sink, plan.target as Table);
    const { timezone, dayFirst } = plan.options;
    if (shape === null) {
      const sample = await sampleRecords(source, plan.options);
      const csv = recogniseLogCsv(sample);
      if (csv !== null) await readLogCsv(source, sample, csv, timezone, dayFirst, writer);
      await writer.finish();
      return;
    }
    const reading = new DatadogReading(writer, timezone);
    for await (const element of jsonElements(source, PATTERNS[shape])) {
      checkCancelled(sink.signal, source.name);
      await reading.read(element, PATTERNS[shape][element.pattern] ?? "");
      await writer.deliver();
    }
    await writer.finish();
    reading.report();
  },
};

/** The header is in the first line, and names a date. */
function looksLikeCsv(head: Uint8Array): boolean {
  const start = new TextDecoder().decode(head.subarray(0, 4096)).trimStart();
  return /^"?date"?[,;\t|]/i.test(start);
}

function planJson(head: Uint8Array, shape: DatadogShape, options: ImportOptions): ImportPlan {
  const elements = elementsOf(head, PATTERNS[shape]);
  const patternOf = (i: number): string => PATTERNS[shape][i] ?? "";
  const target =
    elements
      .map((e) => tableOfElement(e.value, patternOf(e.pattern)))
      .find((table) => table !== null) ?? "logs";
  const records = elements.map((e) => objectOf(e.value)).filter((o) => o !== null);
  const shown = records.slice(0, 50);
  const header = [...new Set(shown.flatMap((r) => Object.keys(r)))];
  return {
    importer: "datadog",
    options: { ...options, target },
    target,
    table: target,
    columns: fixedPlanColumns(target, SOURCES[target]),
    batchColumns: fixedBatchColumns(target),
    preview: {
      header,
      rows: shown.map((r) => header.map((key) => (writtenOf(r[key]) ?? "").slice(0, 500))),
    },
    notes: [],
    further: TABLES.filter((t) => t !== target).map(furtherFixedTable),
  };
}

const SOURCES: Readonly<Record<Table, Readonly<Record<string, string>>>> = {
  logs: {
    ts: "timestamp or date",
    level: "status",
    service: "service",
    host: "host",
    message: "message",
    fields: "attributes, tags and id",
  },
  metrics: {
    ts: "time of the point",
    series: "metric and tags",
    name: "metric",
    value: "value of the point",
    unit: "unit",
  },
  events: { ts: "date_happened or timestamp", title: "title", detail: "text or message" },
  spans: { ts: "start_timestamp", name: "resource_name", service: "service" },
};

async function planCsv(
  source: Source,
  options: ImportOptions,
): Promise<Result<ImportPlan, ImportError>> {
  const sample = await sampleRecords(source, options);
  const csv = recogniseLogCsv(sample);
  if (csv === null) {
    return err({
      kind: "unsupported",
      file: source.name,
      message: `“${source.name}” is no export of Datadog that is known here.`,
      advice:
        "Export logs as CSV or JSON, or save the answer of the API; or choose another importer for this file.",
    });
  }
  const [, ...rows] = sample.records;
  return ok({
    importer: "datadog",
    options: { ...options, target: "logs" },
    target: "logs",
    table: "logs",
    columns: fixedPlanColumns("logs", {
      ts: csv.header[0] ?? "Date",
      level: "Status",
      service: "Service",
      host: "Host",
      message: "Message",
      fields: "the other columns",
    }),
    batchColumns: fixedBatchColumns("logs"),
    preview: { header: csv.header, rows: rows.slice(0, 50).map((r) => r.fields) },
    notes: zoneNotes(csv.time.hasZone, options.timezone),
  });
}

function zoneNotes(hasZone: boolean, zone: string | undefined): ImportNote[] {
  if (hasZone) return [];
  return [
    {
      kind: zone === undefined ? "warning" : "info",
      message: `The dates do not say their zone: they were taken as ${zone ?? "UTC"}. Another one can be set in the options.`,
    },
  ];
}
