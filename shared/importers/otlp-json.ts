import { err, ok } from "../base/result.ts";
import type { ImportNote } from "../model/evidence.ts";
import type { FixedTable } from "../tables/fixed-tables.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer } from "./importer.ts";
import { elementsOf } from "./json-elements.ts";
import { layoutOf } from "./otlp/json-documents.ts";
import { HEAD_SINK, OtlpRecords } from "./otlp/records.ts";
import { PLANNED_SOURCES } from "./otlp/planned-sources.ts";
import { describeBinary } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { CUT_OFF, documentsOf } from "./traces/json-lines.ts";
import { mainTableOf, planTables } from "./traces/plan-tables.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const TABLES: readonly FixedTable[] = ["logs", "metrics", "spans", "events"];

/** The key of a list of resources, with the list's bracket. */
const SIGNAL = /"(?:resource(?:Logs|Metrics|Spans|_logs|_metrics|_spans)|batches)"\s*:\s*\[/;
/** A document that begins with one, alone or in an array. */
const BEGINS =
  /^\s*\[?\s*\{\s*"resource(?:Logs|Metrics|Spans|_logs|_metrics|_spans)"\s*:\s*\[\s*(?:\]|\{\s*(?:\}|"(?:resource|scope\w+|instrumentation\w+|schema\w+)"\s*:))/;

/**
 * OTLP in its JSON encoding, as the collector's file exporter writes it: one
 * document a line, each of one signal; and single or pretty-printed documents,
 * arrays of them, and answers of Tempo
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
 */
export const otlpJsonImporter: Importer = {
  id: "otlp-json",
  name: "OpenTelemetry JSON",
  description:
    "OTLP JSON of the OpenTelemetry collector's file exporter and others: logs, metrics and spans with their events",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const text = new TextDecoder().decode(head.subarray(0, 65536));
    if (!/^\s*[[{]/.test(text)) return 0;
    if (BEGINS.test(text)) return 0.98;
    if (!SIGNAL.test(text)) return 0;
    const layout = layoutOf(head);
    const reader = layout.reader(null);
    for (const element of elementsOf(head, layout.patterns)) {
      for (const item of reader.push(element)) return "bad" in item ? 0 : 0.97;
    }
    return 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const rows = new PreviewRows();
    const records = new OtlpRecords(rows, HEAD_SINK);
    const layout = layoutOf(head);
    const reader = layout.reader(options.service ?? null);
    for (const element of elementsOf(head, layout.patterns)) {
      for (const item of reader.push(element)) await records.add(item);
    }
    for (const item of reader.finish()) await records.add(item);
    if (rows.total === 0 && !SIGNAL.test(new TextDecoder().decode(head))) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No resourceLogs, resourceMetrics or resourceSpans were found at the beginning of “${source.name}”.`,
        advice:
          "Choose another importer, or export with the collector's file exporter (format: json).",
      });
    }
    const notes: ImportNote[] = [];
    return ok(planTables("otlp-json", options, TABLES, rows, notes, PLANNED_SOURCES));
  },

  async read(source, plan, sink) {
    const head = await source.head();
    const layout = layoutOf(head);
    const writer = new FixedTablesWriter(sink, mainTableOf(plan));
    const records = new OtlpRecords(writer, sink);
    const reader = layout.reader(plan.options.service ?? null);
    for await (const element of documentsOf(source, head, layout.patterns)) {
      checkCancelled(sink.signal, source.name);
      for (const item of reader.push(element)) await records.add(item);
      if (element.bad?.startsWith(CUT_OFF) === true)
        sink.note("warning", "This export may be cut off: it ends in the middle of a record.");
    }
    for (const item of reader.finish()) await records.add(item);
    records.finish();
    await writer.finish();
  },
};
