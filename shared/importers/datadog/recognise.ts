import { firstValues } from "../json-fields.ts";

/** How JSON of Datadog is laid out. */
export type DatadogShape =
  /** An object around lists: pages of the API, answers to metric queries. */
  | "pages"
  /** A list of records. */
  | "list"
  /** One record a document: archives, events copied from the application. */
  | "documents";

/** Where the elements of each shape are. */
export const PATTERNS: Readonly<Record<DatadogShape, readonly string[]>> = {
  pages: [
    "data.*",
    "logs.*",
    "events.*",
    "event",
    "series.*",
    "monitors.*",
    "meta",
    "links",
    "nextLogId",
    "status",
    "error",
    "errors",
  ],
  list: ["*"],
  documents: [""],
};

/** Types of records in `data` that are told from other services' by a path that only Datadog has. */
const TYPED: Readonly<Record<string, readonly string[]>> = {
  log: ["timestamp", "message", "status", "service", "tags.[]", "host"],
  event: ["attributes.evt.id", "attributes.evt.name", "attributes.title", "tags.[]", "timestamp"],
  spans: ["span_id", "trace_id"],
  incidents: ["customer_impacted", "customer_impact_scope"],
  audit: ["timestamp", "tags.[]"],
  rum: ["timestamp", "tags.[]"],
};

/** Paths of one record that tell an archive's record and a copied event. */
const RECORD = {
  archive: ["_id", "date", "status"],
  archived: ["tags.[]", "source", "message"],
  content: ["content.timestamp"],
  contents: ["content.tags.[]", "content.service", "content.host", "content.message"],
  monitor: ["overall_state", "query", "type"],
};

function pathsAt(prefix: string): string[] {
  return [
    `${prefix}type`,
    `${prefix}id`,
    ...Object.values(TYPED).flatMap((paths) => paths.map((p) => `${prefix}attributes.${p}`)),
    ...RECORD.content.map((p) => prefix + p),
    ...RECORD.contents.map((p) => prefix + p),
  ];
}

const PATHS = [
  ...new Set([
    ...["", "[].", "data.[].", "logs.[]."].flatMap(pathsAt),
    ...["", "[]."].flatMap((at) =>
      [...RECORD.archive, ...RECORD.archived].map((path) => at + path),
    ),
    ...["[].", "monitors.[].", ""].flatMap((at) => RECORD.monitor.map((path) => at + path)),
    "monitors.[].status",
    "series.[].pointlist.[].[]",
    "series.[].metric",
    "series.[].scope",
    "from_date",
    "res_type",
    "data.type",
    "data.attributes.times.[]",
    "data.attributes.columns.[].name",
    "events.[].date_happened",
    "event.date_happened",
    "events.[].alert_type",
    "events.[].title",
  ]),
]
  // What goes on deeper must not be asked for whole.
  .filter((path, _, all) => !all.some((other) => other.startsWith(`${path}.`)));

const WORDS =
  /"(?:attributes|content|pointlist|date_happened|overall_state|timeseries_response|scalar_response)"/;

/** The shape of a Datadog export with these first bytes, or null where it is none. */
export function datadogShape(head: Uint8Array): DatadogShape | null {
  const latin = new TextDecoder("latin1");
  if (!/^(?:\u00ef\u00bb\u00bf)?\s*[{[]/.test(latin.decode(head.subarray(0, 64)))) return null;
  const part = head.subarray(0, 256 * 1024);
  if (!WORDS.test(latin.decode(part)) && !isArchive(latin.decode(part))) return null;
  const found = firstValues(part, PATHS);
  const has = (path: string): boolean => found.has(path);
  const isRecord = (at: string): boolean => {
    const type = found.get(`${at}type`);
    const signs = typeof type === "string" && Object.hasOwn(TYPED, type) ? TYPED[type] : undefined;
    if (has(`${at}id`) && signs?.some((path) => has(`${at}attributes.${path}`)) === true)
      return true;
    return (
      has(`${at}id`) &&
      RECORD.content.every((path) => has(at + path)) &&
      RECORD.contents.some((path) => has(at + path))
    );
  };
  const archived = (at: string): boolean =>
    RECORD.archive.every((path) => has(at + path)) &&
    RECORD.archived.some((path) => has(at + path));
  const monitors = (at: string): boolean => RECORD.monitor.every((path) => has(at + path));
  if (isRecord("data.[].") || isRecord("logs.[].")) return "pages";
  if (has("series.[].pointlist.[].[]") && (has("series.[].metric") || has("series.[].scope")))
    return "pages";
  if (/^(?:timeseries|scalar)_response$/.test(String(found.get("data.type")))) return "pages";
  if (has("events.[].date_happened") && has("events.[].title")) return "pages";
  if (has("event.date_happened")) return "pages";
  if (has("monitors.[].query") && has("monitors.[].type") && has("monitors.[].status"))
    return "pages";
  if (isRecord("[].") || archived("[].") || monitors("[].")) return "list";
  return isRecord("") || archived("") || monitors("") ? "documents" : null;
}

function isArchive(text: string): boolean {
  return text.includes('"_id"') && text.includes('"date"') && text.includes('"status"');
}
