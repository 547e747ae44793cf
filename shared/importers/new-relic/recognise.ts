import { firstValues } from "../json-fields.ts";
import type { Sample } from "../delimited/sniff.ts";

/** How JSON of New Relic is laid out. */
export type NewRelicShape = "answers" | "list" | "documents";

const RESULTS = ["results.*", "facets.*", "timeSeries.*", "metadata", "performanceStats"];

/** Where the elements of each shape are. */
export const PATTERNS: Readonly<Record<NewRelicShape, readonly string[]>> = {
  answers: [
    ...RESULTS,
    "errors.*",
    ...["data.actor", "actor"].flatMap((actor) =>
      ["results.*", "metadata", "nextCursor"].flatMap((key) => [
        `${actor}.account.*.${key}`,
        `${actor}.nrql.${key}`,
      ]),
    ),
  ],
  list: ["*"],
  documents: [""],
};

/** Attributes that only New Relic adds. */
const OWN =
  "entity.guid entityGuid entity.guids entityGuids entity.name entity.type newrelic.source newrelic.logPattern nr.entryPoint realAgentId eventType appId messageId".split(
    " ",
  );
/** Attributes that its events have among others. */
const USUAL =
  "appName message level name host hostname duration transactionName logtype plugin.type service.name".split(
    " ",
  );

/** Attributes with dots are keys, not paths. */
const keyed = (at: string, names: readonly string[]): string[] =>
  names.filter((name) => !name.includes(".")).map((name) => at + name);

const RECORD_PATHS = (at: string): string[] => [
  `${at}timestamp`,
  `${at}beginTimeSeconds`,
  `${at}endTimeSeconds`,
  ...keyed(at, OWN),
  ...keyed(at, USUAL),
];

const PATHS = [
  ...RECORD_PATHS(""),
  ...RECORD_PATHS("[]."),
  ...RECORD_PATHS("results.[]."),
  "results.[].events.[].timestamp",
  "results.[].success",
  "results.[]._time",
  "timeSeries.[].beginTimeSeconds",
  "facets.[].timeSeries.[].beginTimeSeconds",
  "performanceStats.*",
  "metadata.eventTypes.[]",
  "metadata.eventType",
  "metadata.rawSince",
  "metadata.facets.[]",
];

/** The shape of JSON of New Relic with these first bytes, or null where it is none. */
export function newRelicShape(head: Uint8Array): NewRelicShape | null {
  const latin = new TextDecoder("latin1");
  if (!/^(?:\u00ef\u00bb\u00bf)?\s*[{[]/.test(latin.decode(head.subarray(0, 64)))) return null;
  const part = head.subarray(0, 256 * 1024);
  const text = latin.decode(part);
  if (/^\s*\{\s*(?:"data"\s*:\s*\{\s*)?"actor"\s*:/.test(text) && /"results"\s*:/.test(text))
    return "answers";
  if (!/"(?:timestamp|beginTimeSeconds|performanceStats)"/.test(text)) return null;
  const found = firstValues(part, PATHS);
  const has = (path: string): boolean => found.has(path);
  const millis = (at: string): boolean => isMillis(found.get(`${at}timestamp`));
  const buckets = (at: string): boolean =>
    typeof found.get(`${at}beginTimeSeconds`) === "number" && has(`${at}endTimeSeconds`);
  // Attributes with dots in their names: a key, wherever it stands.
  const dotted = OWN.some((name) => name.includes(".") && text.includes(`"${name}"`));
  const own = (at: string): boolean => dotted || keyed(at, OWN).some(has);
  const stated =
    has("metadata.eventTypes.[]") ||
    has("metadata.eventType") ||
    has("metadata.rawSince") ||
    has("performanceStats.*");
  if (has("timeSeries.[].beginTimeSeconds") || has("facets.[].timeSeries.[].beginTimeSeconds"))
    return "answers";
  if (
    isMillis(found.get("results.[].events.[].timestamp")) &&
    (stated || has("metadata.facets.[]"))
  )
    return "answers";
  if (isMillis(found.get("results.[].events.[].timestamp"))) return "answers";
  if (buckets("results.[].")) return "answers";
  const others = has("results.[].success") || has("results.[]._time");
  const usual = keyed("results.[].", USUAL).some(has);
  if (millis("results.[].") && !others && (stated || usual || own("results.[]."))) return "answers";
  if (stated && /"(?:results|facets)"/.test(text) && has("performanceStats.*")) return "answers";
  if (buckets("[].") || (millis("[].") && own("[]."))) return "list";
  return buckets("") || (millis("") && own("")) ? "documents" : null;
}

/** Milliseconds since 1970, between 2001 and 2100. */
function isMillis(value: unknown): boolean {
  return typeof value === "number" && value > 1e12 && value < 4.1e12;
}

/** Whether a CSV is New Relic's: times in ms or buckets, and attributes that only New Relic adds. */
export function isNewRelicCsv(sample: Sample): boolean {
  const [first, ...rows] = sample.records;
  if (first === undefined || rows.length === 0) return false;
  const names = first.fields.map((f) => f.trim());
  if (names.includes("beginTimeSeconds") && names.includes("endTimeSeconds")) return true;
  const time = names.indexOf("timestamp");
  if (time < 0 || !names.some((name) => OWN.includes(name))) return false;
  const cells = rows.slice(0, 200).map((r) => r.fields[time] ?? "");
  const good = cells.filter((cell) => isMillis(Number(cell)) || /^\d{4}-\d\d-\d\dT/.test(cell));
  return good.length > 0 && good.length >= cells.length * 0.9;
}
