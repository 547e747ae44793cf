import { firstValues, objectOf } from "../json-fields.ts";
import { firstCharacter } from "../json-records.ts";
import { ANSWER_PATTERNS } from "../prometheus/answer.ts";
import { isLokisAnswer } from "../prometheus/recognise.ts";

/** How a JSON file of Loki is laid out. */
export type LokiShape =
  /** Answers of the API, pushed streams, messages of `tail`. */
  | "answers"
  /** A list of streams. */
  | "list"
  /** One line of a log a document (`logcli -o jsonl`), or one stream. */
  | "documents";

/** Where the elements of each shape are. */
export const PATTERNS: Readonly<Record<LokiShape, readonly string[]>> = {
  answers: [
    ...ANSWER_PATTERNS.filter((p) => !/^data\.(?:alerts|group)/.test(p)),
    "streams.*",
    "dropped_entries.*",
  ],
  list: ["*"],
  documents: [""],
};

const STREAM = ["stream", "values.[].[]"];
const ENTRY_TIMES = ["streams.[].entries.[].ts", "streams.[].entries.[].timestamp"];
const ANSWER_PATHS = [
  "data.resultType",
  "resultType",
  ...["data.result.[].", "result.[].", "streams.[]."].flatMap((at) => STREAM.map((p) => at + p)),
  "streams.[].labels",
  ...ENTRY_TIMES,
];
const DOCUMENT_PATHS = [...STREAM, "labels", "line", "timestamp"];
const LIST_PATHS = DOCUMENT_PATHS.map((path) => `[].${path}`);

const SIGNS = /"(?:stream|streams|resultType|entries|line)"\s*:/;

/** The shape that the first bytes show, or null where they are not Loki's. */
export function lokiShape(head: Uint8Array): LokiShape | null {
  const text = new TextDecoder().decode(head.subarray(0, 262_144));
  if (!/^\s*[[{]/.test(text) || !SIGNS.test(text)) return null;
  if (firstCharacter(head) === "[")
    return isDocument(firstValues(head, LIST_PATHS), "[].") ? "list" : null;
  if (isAnswer(head)) return "answers";
  return isDocument(firstValues(head, DOCUMENT_PATHS), "") ? "documents" : null;
}

function isAnswer(head: Uint8Array): boolean {
  const found = firstValues(head, ANSWER_PATHS);
  const type = found.get("data.resultType") ?? found.get("resultType");
  if (type === "streams") return true;
  if (type !== undefined) return isLokisAnswer(head);
  if (["data.result.[].", "result.[].", "streams.[]."].some((at) => isStream(found, at)))
    return true;
  const labels = found.get("streams.[].labels");
  return (
    typeof labels === "string" &&
    labels.startsWith("{") &&
    ENTRY_TIMES.some((path) => found.has(path))
  );
}

function isDocument(found: ReadonlyMap<string, unknown>, at: string): boolean {
  if (isStream(found, at)) return true;
  return (
    objectOf(found.get(`${at}labels`)) !== null &&
    typeof found.get(`${at}line`) === "string" &&
    typeof found.get(`${at}timestamp`) === "string"
  );
}

/** Labels, and lines that begin with ns since 1970 as a text. */
function isStream(found: ReadonlyMap<string, unknown>, at: string): boolean {
  const nanos = found.get(`${at}values.[].[]`);
  return (
    objectOf(found.get(`${at}stream`)) !== null &&
    typeof nanos === "string" &&
    /^\d{18,19}$/.test(nanos)
  );
}
