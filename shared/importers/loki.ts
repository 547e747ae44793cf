import { err, ok } from "../base/result.ts";
import { planElements, readElements, type ElementFormat } from "./element-import.ts";
import type { Importer } from "./importer.ts";
import { LokiReader } from "./loki/reading.ts";
import { lokiShape, PATTERNS, type LokiShape } from "./loki/recognise.ts";
import { prometheusShape } from "./prometheus/recognise.ts";
import { tableNameOf } from "./roles.ts";
import { describeBinary } from "./text.ts";

const FORMAT: ElementFormat = {
  id: "loki",
  tables: ["logs", "metrics"],
  sources: {
    logs: {
      ts: "time of the line, in ns",
      level: "the label level or detected_level, or the line",
      service: "the label service_name, app, container or job",
      host: "the label host, node or instance",
      message: "line",
      fields: "labels and structured metadata",
    },
    metrics: { ts: "time of the sample", series: "labels", value: "value of the sample" },
  },
  reader: (reading, options, file) => new LokiReader(reading, tableNameOf(file), options.service),
};

/**
 * Grafana Loki: answers of queries, pushed streams, and what
 * `logcli -o jsonl` prints: https://grafana.com/docs/loki/latest/reference/loki-http-api/
 */
export const lokiImporter: Importer = {
  id: "loki",
  name: "Grafana Loki",
  description:
    "Logs and metric queries of Loki: answers of its API, pushed streams, logcli -o jsonl",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    return lokiShape(head) === null ? 0 : 0.97;
  },

  async plan(source, options) {
    const head = await source.head();
    const shape = chosenShape(head);
    if (shape === null) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No streams of Loki were found at the beginning of “${source.name}”.`,
        advice:
          "Save the answer of loki/api/v1/query_range or what logcli -o jsonl prints, or choose another importer.",
      });
    }
    return ok(await planElements(FORMAT, source, PATTERNS[shape], options));
  },

  async read(source, plan, sink) {
    const patterns = PATTERNS[chosenShape(await source.head()) ?? "answers"];
    await readElements(FORMAT, source, patterns, plan, sink);
  },
};

/** Also that of metric queries without Loki's statistics, which look like Prometheus': a person chose. */
function chosenShape(head: Uint8Array): LokiShape | null {
  return lokiShape(head) ?? (prometheusShape(head) === "answers" ? "answers" : null);
}
