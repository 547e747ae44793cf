import { err, ok, type Result } from "../base/result.ts";
import {
  fixedBatchColumns,
  fixedPlanColumns,
  FixedTablesWriter,
  furtherFixedTable,
} from "./fixed-tables-writer.ts";
import { GrafanaReading, kindOfElement } from "./grafana/reading.ts";
import { grafanaShape, PATTERNS, type GrafanaShape } from "./grafana/recognise.ts";
import { readFrame } from "./grafana/frame.ts";
import type { ImportError, Importer, ImportPlan, Source } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { listOf, objectOf, writtenOf } from "./json-fields.ts";
import { checkCancelled } from "./text-log/cancelled.ts";

const TABLES = ["metrics", "logs", "events", "spans"] as const;
type Table = (typeof TABLES)[number];

/**
 * JSON of Grafana: data frames (Inspect, Explore, `/api/ds/query`), dashboard
 * snapshots with their annotations, the annotations API, and Explore's log
 * download. Each row of a frame is a record.
 * https://grafana.com/docs/grafana/latest/developers/plugins/introduction-to-plugin-development/data-frames/
 */
export const grafanaImporter: Importer = {
  id: "grafana",
  name: "Grafana JSON",
  description:
    "Data frames from Inspect, Explore and the query API, dashboard snapshots, annotations",
  extensions: ["json"],

  detect(head) {
    return grafanaShape(head) === null ? 0 : 0.97;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    const head = await source.head();
    const shape = grafanaShape(head);
    if (shape === null) return err(unsupported(source, "is no JSON that Grafana writes"));
    const text = new TextDecoder().decode(head);
    const complete = head.length < 1024 * 1024;
    if (shape.endsWith("dashboard") && complete && !text.includes('"snapshotData"')) {
      return err({
        kind: "unsupported",
        file: source.name,
        message: `“${source.name}” is the definition of a dashboard: it holds queries, but no data.`,
        advice:
          "In Grafana, choose Share, Snapshot and save its JSON; or choose Inspect, Data on a panel and download the CSV.",
      });
    }
    const target = mainTable(head, shape, text);
    return ok({
      importer: "grafana",
      options: { ...options, target },
      target,
      table: target,
      columns: fixedPlanColumns(target, SOURCES[target]),
      batchColumns: fixedBatchColumns(target),
      preview: preview(head, shape),
      notes: [],
      further: TABLES.filter((t) => t !== target).map(furtherFixedTable),
    });
  },

  async read(source, plan, sink): Promise<void> {
    const shape = grafanaShape(await source.head()) ?? "list";
    const writer = new FixedTablesWriter(sink, plan.target as Table);
    const reading = new GrafanaReading(writer, plan.options.timezone);
    for await (const element of jsonElements(source, PATTERNS[shape])) {
      checkCancelled(sink.signal, source.name);
      await reading.read(element, PATTERNS[shape][element.pattern] ?? "");
      await writer.deliver();
    }
    await writer.finish();
    reading.report();
  },
};

const SOURCES: Readonly<Record<Table, Readonly<Record<string, string>>>> = {
  metrics: {
    ts: "the time field",
    series: "name and labels of the field",
    name: "name of the metric, field or panel",
    service: "label of the service",
    value: "values of the number fields",
    unit: "unit of the field",
  },
  logs: {
    ts: "the time field",
    message: "the line or body field",
    fields: "labels and other fields",
  },
  events: {
    ts: "time",
    title: "title, alert or text",
    detail: "text",
    kind: "tags or alert state",
  },
  spans: { ts: "startTime", name: "operationName", service: "serviceName" },
};

/** The table of the first record. */
function mainTable(head: Uint8Array, shape: GrafanaShape, text: string): Table {
  for (const element of elementsOf(head, PATTERNS[shape])) {
    // The annotations of a dashboard stand before its panels.
    if (element.path.includes("annotations")) continue;
    const kind = kindOfElement(element.value);
    if (kind !== null) return kind;
  }
  // The first frame is larger than what is seen of the file.
  if (/"preferredVisualisationType":\s*"logs"|"type":\s*"log-lines"/.test(text)) return "logs";
  return /"preferredVisualisationType":\s*"trace"/.test(text) ? "spans" : "metrics";
}

const PREVIEW_ROWS = 50;

function preview(head: Uint8Array, shape: GrafanaShape): ImportPlan["preview"] {
  const values = elementsOf(head, PATTERNS[shape]).map((e) => e.value);
  const panels = values.flatMap((v) => listOf(objectOf(v)?.["snapshotData"]));
  for (const value of [
    ...values.flatMap((v) => (Array.isArray(v) ? (v as unknown[]) : [v])),
    ...panels,
  ]) {
    const frame = readFrame(value);
    if (frame === null) continue;
    const rows = Array.from({ length: Math.min(PREVIEW_ROWS, frame.length) }, (_, r) =>
      frame.fields.map((f) => writtenOf(f.values[r]) ?? ""),
    );
    return { header: frame.fields.map((f) => f.name), rows };
  }
  const objects = values.map(objectOf).filter((o) => o !== null);
  const header = Object.keys(objects[0] ?? {});
  return {
    header,
    rows: objects.slice(0, PREVIEW_ROWS).map((o) => header.map((key) => writtenOf(o[key]) ?? "")),
  };
}

function unsupported(source: Source, what: string): ImportError {
  return {
    kind: "unsupported",
    file: source.name,
    message: `“${source.name}” ${what}.`,
    advice:
      "Export it again: Inspect, JSON on a panel, or Share, Snapshot on a dashboard; or choose another importer.",
  };
}
