import { err, ok } from "../base/result.ts";
import { CloudWatchReader } from "./cloudwatch/reading.ts";
import { cloudWatchShape, PATTERNS } from "./cloudwatch/recognise.ts";
import { planElements, readElements, type ElementFormat } from "./element-import.ts";
import type { Importer } from "./importer.ts";
import { describeBinary } from "./text.ts";

const FORMAT: ElementFormat = {
  id: "cloudwatch",
  tables: ["logs", "metrics", "events"],
  sources: {
    logs: {
      ts: "timestamp or @timestamp",
      level: "the message",
      service: "the log group",
      message: "message or @message",
      fields: "log stream, ids and the other fields",
    },
    metrics: { ts: "Timestamp", series: "Label and Id or statistic", name: "Label", unit: "Unit" },
    events: {
      ts: "Timestamp",
      title: "AlarmName and HistorySummary",
      detail: "stateReason",
      fields: "HistoryData and the rest",
    },
  },
  reader: (reading, options) => new CloudWatchReader(reading, options.service),
};

/**
 * Amazon CloudWatch, as the AWS command line and the API answer: log events,
 * Insights queries, metric data and statistics, alarms and their history;
 * deliveries of log subscriptions.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/
 */
export const cloudWatchImporter: Importer = {
  id: "cloudwatch",
  name: "Amazon CloudWatch",
  description:
    "Answers of the AWS command line: log events, Insights queries, metric data, alarm history",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    return cloudWatchShape(head) === null ? 0 : 0.96;
  },

  async plan(source, options) {
    const head = await source.head();
    const shape = cloudWatchShape(head);
    if (shape === null) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No answer of CloudWatch was found at the beginning of “${source.name}”.`,
        advice:
          "Save what aws logs filter-log-events or aws cloudwatch get-metric-data prints as JSON, or choose another importer.",
      });
    }
    return ok(await planElements(FORMAT, source, PATTERNS[shape], options));
  },

  async read(source, plan, sink) {
    const patterns = PATTERNS[cloudWatchShape(await source.head()) ?? "answers"];
    await readElements(FORMAT, source, patterns, plan, sink);
  },
};
