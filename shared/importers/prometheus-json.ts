import { err, ok } from "../base/result.ts";
import type { FixedTable } from "../tables/fixed-tables.ts";
import { clockNotes, withClockOffset } from "./clock-offset.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { Instants } from "./json-fields.ts";
import { mainOfPlan, planRecords } from "./json-records.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { AnswerReader } from "./prometheus/answer.ts";
import { isLokisAnswer, PATTERNS, prometheusShape } from "./prometheus/recognise.ts";
import { tableNameOf } from "./roles.ts";
import { describeBinary } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const TABLES: readonly FixedTable[] = ["metrics", "events"];

const SOURCES = {
  metrics: {
    ts: "time of the sample",
    series: "__name__ and labels",
    name: "__name__",
    service: "the label service, app, container or job",
    value: "value of the sample",
    unit: "the end of the name",
  },
  events: {
    ts: "activeAt or startsAt",
    kind: "alert",
    title: "alertname and state",
    service: "the label service, app, container or job",
    detail: "the annotation summary or description",
    fields: "labels, annotations and the rest",
  },
} as const;

/**
 * Answers of Prometheus' HTTP API and of what answers like it (Thanos, Mimir,
 * VictoriaMetrics), output of `promtool query -o json`, and alerts of
 * Alertmanager: https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export const prometheusJsonImporter: Importer = {
  id: "prometheus-json",
  name: "Prometheus JSON",
  description:
    "Query answers, alerts and rules of Prometheus' HTTP API, and alerts of Alertmanager",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const shape = prometheusShape(head);
    if (shape === null || (shape === "answers" && isLokisAnswer(head))) return 0;
    return 0.97;
  },

  async plan(source, options) {
    const head = await source.head();
    const shape = prometheusShape(head);
    if (shape === null) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No answer of Prometheus was found at the beginning of “${source.name}”.`,
        advice: "Save the answer of api/v1/query_range as it comes, or choose another importer.",
      });
    }
    const preview = new PreviewRows();
    const instants = new Instants(options.timezone);
    const reading = { target: withClockOffset(preview, options), sink: HEAD_SINK, instants };
    const reader = new AnswerReader(reading, tableNameOf(source.name));
    const patterns = PATTERNS[shape];
    for (const element of elementsOf(head, patterns))
      await reader.read(element, patterns[element.pattern] ?? "");
    const main = preview.most(TABLES);
    const plan = planRecords("prometheus-json", options, TABLES, main, preview, instants, SOURCES);
    return ok({ ...plan, notes: [...plan.notes, ...clockNotes(options)] });
  },

  async read(source, plan, sink) {
    const patterns = PATTERNS[prometheusShape(await source.head()) ?? "answers"];
    const writer = new FixedTablesWriter(sink, mainOfPlan(plan));
    const instants = new Instants(plan.options.timezone);
    const target = withClockOffset(writer, plan.options);
    const reader = new AnswerReader({ target, sink, instants }, tableNameOf(source.name));
    for await (const element of jsonElements(source, patterns)) {
      checkCancelled(sink.signal, source.name);
      await reader.read(element, patterns[element.pattern] ?? "");
    }
    reader.finish();
    await writer.finish();
  },
};
