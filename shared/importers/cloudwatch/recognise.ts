import { firstValues, objectOf, textOf } from "../json-fields.ts";
import { firstCharacter } from "../json-records.ts";

/** How a JSON file of CloudWatch is laid out. */
export type CloudWatchShape =
  /** Answers of the API, or deliveries of a log subscription. */
  | "answers"
  /** A list of log events. */
  | "list"
  /** One log event a document. */
  | "documents";

/** Where the elements of each shape are. */
export const PATTERNS: Readonly<Record<CloudWatchShape, readonly string[]>> = {
  answers: [
    "events.*",
    "logEvents.*",
    "results.*",
    "MetricDataResults.*",
    "AlarmHistoryItems.*",
    "MetricAlarms.*",
    "CompositeAlarms.*",
    "Label",
    "Datapoints",
    "Messages.*",
    "logGroup",
    "logStream",
    "owner",
    "nextToken",
    "NextToken",
    "status",
    "statistics",
    "searchedLogStreams.*.searchedCompletely",
  ],
  list: ["*"],
  documents: [""],
};

const EVENT = ["timestamp", "message", "ingestionTime"];
const PATHS = [
  ...EVENT.map((key) => `events.[].${key}`),
  "events.[].logStreamName",
  "nextForwardToken",
  "messageType",
  "logGroup",
  "results.[].[].field",
  "results.[].[].value",
  "MetricDataResults.[].Id",
  "MetricDataResults.[].StatusCode",
  "MetricDataResults.[].Timestamps.[]",
  "Label",
  "Datapoints.[].Timestamp",
  "AlarmHistoryItems.[].HistoryItemType",
  "MetricAlarms.[].AlarmName",
  "MetricAlarms.[].StateValue",
];

const SIGNS =
  /"(?:events|logEvents|results|MetricDataResults|Datapoints|AlarmHistoryItems|MetricAlarms|ingestionTime)"\s*:/;

/** The shape that the first bytes show, or null where they are not CloudWatch's. */
export function cloudWatchShape(head: Uint8Array): CloudWatchShape | null {
  const text = new TextDecoder().decode(head.subarray(0, 262_144));
  if (!/^\s*[[{]/.test(text) || !SIGNS.test(text)) return null;
  const at = firstCharacter(head) === "[" ? "[]." : "";
  if (at === "" && isAnswer(firstValues(head, PATHS))) return "answers";
  const found = firstValues(
    head,
    EVENT.map((key) => at + key),
  );
  if (!isEvent(found, at) || typeof found.get(`${at}ingestionTime`) !== "number") return null;
  return at === "" ? "documents" : "list";
}

function isAnswer(found: ReadonlyMap<string, unknown>): boolean {
  if (isEvent(found, "events.[].")) {
    const own = ["events.[].ingestionTime", "events.[].logStreamName", "nextForwardToken"];
    return own.some((path) => found.has(path));
  }
  if (/^(?:DATA|CONTROL)_MESSAGE$/.test(textOf(found.get("messageType")) ?? ""))
    return found.has("logGroup");
  const field = found.get("results.[].[].field");
  if (typeof field === "string") return typeof found.get("results.[].[].value") === "string";
  if (typeof found.get("MetricDataResults.[].Id") === "string")
    return (
      found.has("MetricDataResults.[].StatusCode") ||
      found.has("MetricDataResults.[].Timestamps.[]")
    );
  if (typeof found.get("Label") === "string" && found.has("Datapoints.[].Timestamp")) return true;
  if (typeof found.get("AlarmHistoryItems.[].HistoryItemType") === "string") return true;
  return found.has("MetricAlarms.[].AlarmName") && found.has("MetricAlarms.[].StateValue");
}

function isEvent(found: ReadonlyMap<string, unknown>, at: string): boolean {
  const time = found.get(`${at}timestamp`);
  // ms since 1970.
  return (
    typeof time === "number" &&
    time > 1e11 &&
    time < 1e14 &&
    objectOf(found.get(`${at}message`)) === null &&
    typeof found.get(`${at}message`) === "string"
  );
}
