import { firstValues, objectOf, textOf } from "../json-fields.ts";
import { firstCharacter } from "../json-records.ts";
import { ANSWER_PATTERNS } from "./answer.ts";

/** How a JSON file of Prometheus or Alertmanager is laid out. */
export type PrometheusShape =
  /** Answers of the HTTP API, or notifications of Alertmanager. */
  | "answers"
  /** Answers whose data is a list: the first API of Alertmanager, exemplars. */
  | "data-lists"
  /** A list of series (`promtool query -o json`) or alerts. */
  | "list"
  /** One series or alert a document. */
  | "documents";

/** Where the elements of each shape are. */
export const PATTERNS: Readonly<Record<PrometheusShape, readonly string[]>> = {
  answers: ANSWER_PATTERNS,
  "data-lists": ["status", "errorType", "error", "warnings.*", "infos.*", "data.*"],
  list: ["*"],
  documents: [""],
};

const RESULT_TYPES = new Set(["matrix", "vector", "scalar", "string"]);
const SERIES = ["metric", "values.[].[]", "value.[]"];
const PATHS = {
  answers: [
    "status",
    "errorType",
    "error",
    ...["", "data."].flatMap((at) => [
      `${at}resultType`,
      ...["metric", "values.[].[]", "value.[]"].map((path) => `${at}result.[].${path}`),
    ]),
    "data.alerts.[].labels",
    "data.alerts.[].activeAt",
    "data.groups.[].rules.[].type",
    "data.groups.[].rules.[].query",
    "alerts.[].startsAt",
    "alerts.[].labels",
    "groupLabels",
    "receiver",
  ],
  "data-lists": ["status", "data.[].startsAt", "data.[].labels", "data.[].seriesLabels"],
  list: [
    ...SERIES.map((path) => `[].${path}`),
    "[].timestamps.[]",
    "[].labels",
    "[].startsAt",
    "[].endsAt",
    "[].alerts.[].startsAt",
    "[].alerts.[].endsAt",
    "[].receiver",
  ],
  documents: [...SERIES, "timestamps.[]", "labels", "startsAt", "endsAt", "fingerprint"],
} as const;

const SIGNS = /"(?:resultType|metric|startsAt|activeAt|errorType|rules|seriesLabels)"\s*:/;

/** The shape that the first bytes show, or null where they are none of these. */
export function prometheusShape(head: Uint8Array): PrometheusShape | null {
  const text = new TextDecoder().decode(head.subarray(0, 262_144));
  if (!/^\s*[[{]/.test(text) || !SIGNS.test(text)) return null;
  if (firstCharacter(head) === "[") return isList(head) ? "list" : null;
  if (isAnswer(head)) return "answers";
  if (isDataList(head)) return "data-lists";
  return isDocument(head) ? "documents" : null;
}

/** True where an answer has what Loki adds: Loki answers metric queries as Prometheus does. */
export function isLokisAnswer(head: Uint8Array): boolean {
  const found = firstValues(head, ["data.stats.summary", "data.encodingFlags"]);
  return found.size > 0;
}

function isAnswer(head: Uint8Array): boolean {
  const found = firstValues(head, PATHS.answers);
  const has = (path: string): boolean => objectOf(found.get(path)) !== null;
  for (const at of ["", "data."]) {
    const type = found.get(`${at}resultType`);
    if (typeof type === "string") return RESULT_TYPES.has(type);
    const sample = found.get(`${at}result.[].values.[].[]`) ?? found.get(`${at}result.[].value.[]`);
    if (has(`${at}result.[].metric`) && typeof sample === "number") return true;
  }
  if (found.get("status") === "error")
    return textOf(found.get("errorType")) !== null && textOf(found.get("error")) !== null;
  if (has("data.alerts.[].labels") && found.has("data.alerts.[].activeAt")) return true;
  const rule = found.get("data.groups.[].rules.[].type");
  if (rule === "alerting" || rule === "recording")
    return found.has("data.groups.[].rules.[].query");
  const notified = found.has("groupLabels") || found.has("receiver");
  return notified && has("alerts.[].labels") && isTime(found.get("alerts.[].startsAt"));
}

function isDataList(head: Uint8Array): boolean {
  const found = firstValues(head, PATHS["data-lists"]);
  if (found.get("status") !== "success") return false;
  if (objectOf(found.get("data.[].seriesLabels")) !== null) return true;
  return objectOf(found.get("data.[].labels")) !== null && isTime(found.get("data.[].startsAt"));
}

function isList(head: Uint8Array): boolean {
  const found = firstValues(head, PATHS.list);
  if (isSeries(found, "[].")) return true;
  const alert = objectOf(found.get("[].labels")) !== null && isTime(found.get("[].startsAt"));
  if (alert) return isTime(found.get("[].endsAt"));
  return (
    objectOf(found.get("[].receiver")) !== null &&
    isTime(found.get("[].alerts.[].startsAt")) &&
    isTime(found.get("[].alerts.[].endsAt"))
  );
}

function isDocument(head: Uint8Array): boolean {
  const found = firstValues(head, PATHS.documents);
  if (isSeries(found, "")) return true;
  const labels = objectOf(found.get("labels"));
  return labels !== null && isTime(found.get("startsAt")) && isTime(found.get("endsAt"));
}

/** Labels, and a sample or what VictoriaMetrics has for one. */
function isSeries(found: ReadonlyMap<string, unknown>, at: string): boolean {
  const metric = objectOf(found.get(`${at}metric`));
  if (metric === null || !Object.values(metric).every((v) => typeof v === "string")) return false;
  if (typeof found.get(`${at}values.[].[]`) === "number") return true;
  if (typeof found.get(`${at}value.[]`) === "number") return true;
  return typeof found.get(`${at}timestamps.[]`) === "number";
}

function isTime(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value);
}
