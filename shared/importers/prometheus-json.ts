import { err, ok } from "../base/result.ts";
import { planElements, readElements, type ElementFormat } from "./element-import.ts";
import type { Importer } from "./importer.ts";
import { AnswerReader } from "./prometheus/answer.ts";
import { isLokisAnswer, PATTERNS, prometheusShape } from "./prometheus/recognise.ts";
import { tableNameOf } from "./roles.ts";
import { describeBinary } from "./text.ts";

const FORMAT: ElementFormat = {
  id: "prometheus-json",
  tables: ["metrics", "events"],
  sources: {
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
  },
  reader: (reading, _options, file) => new AnswerReader(reading, tableNameOf(file)),
};

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
    return ok(await planElements(FORMAT, source, PATTERNS[shape], options));
  },

  async read(source, plan, sink) {
    const patterns = PATTERNS[prometheusShape(await source.head()) ?? "answers"];
    await readElements(FORMAT, source, patterns, plan, sink);
  },
};
