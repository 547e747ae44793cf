import { sniffDialect, type Sample } from "../delimited/sniff.ts";
import { elementsOf } from "../json-elements.ts";
import { firstValues, numberOf } from "../json-fields.ts";
import { firstCharacter, layoutOfJson } from "../json-records.ts";

const PARTS = [
  "results.*",
  "rows.*",
  "columns.*",
  "fields",
  "preview",
  "init_offset",
  "messages.*",
];

const SIGNS = [
  "preview",
  "offset",
  "lastrow",
  "init_offset",
  "result._time",
  "result._raw",
  "result.*",
  "results.[]._time",
  "results.[]._raw",
  "_time",
  "_raw",
  "sourcetype",
  "index",
  "[]._time",
  "[]._raw",
  "[].preview",
  "[].result._time",
];

/** True for JSON of a search's results. */
export function isSplunkJson(head: Uint8Array): boolean {
  if (!/[{[]/.test(firstCharacter(head))) return false;
  const part = head.subarray(0, 256 * 1024);
  if (!/"(?:preview|_raw|_time)"/.test(new TextDecoder().decode(part))) return false;
  const found = firstValues(part, SIGNS);
  const has = (path: string): boolean => found.has(path);
  const says = (path: string): boolean => typeof found.get(path) === "boolean";
  const numbered = typeof found.get("offset") === "number" || found.get("lastrow") === true;
  if (says("preview") && numbered && /"result"\s*:\s*\{|"lastrow"/.test(textOfStart(part)))
    return true;
  if (says("preview") && typeof found.get("init_offset") === "number") return true;
  if (has("results.[]._time") && (has("results.[]._raw") || says("preview"))) return true;
  if (has("[]._raw") && has("[]._time")) return true;
  return has("_raw") && has("_time") && (has("sourcetype") || has("index"));
}

function textOfStart(head: Uint8Array): string {
  return new TextDecoder().decode(head.subarray(0, 4096));
}

/** Where results stand in a JSON file. */
export function patternsOf(head: Uint8Array): readonly string[] {
  const layout = layoutOfJson(head);
  if (layout === "list") return ["*"];
  if (layout === "documents") return [""];
  const parts = ["results.*", "rows.*", "columns.*", "init_offset"];
  return elementsOf(head, parts).some((e) => e.pattern >= 0) ? PARTS : [""];
}

/** True for XML of a search's results. */
export function isSplunkXml(head: Uint8Array): boolean {
  const start = textOfStart(head);
  return (
    /^(?:\u{feff})?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)?<results\s+preview\s*=/u.test(
      start,
    ) && /<(?:fieldOrder|result|meta|messages)\b|<\/results>/.test(start)
  );
}

/** True for a CSV whose header and first rows are those of a search's results. */
export function isSplunkCsv(head: Uint8Array): boolean {
  const start = textOfStart(head);
  const [line = ""] = start.split("\n", 1);
  if (!/(?:^|[,;\t"])_(?:raw|time)\b/.test(line) || /^\s*[{[<]/.test(start)) return false;
  return csvOf(sniffDialect(head.subarray(0, 65536), head.length < 65536, {})) !== null;
}

/** The header of such a CSV, or null. */
export function csvOf(sample: Sample): readonly string[] | null {
  const [first, ...rows] = sample.records;
  const header = first?.fields.map((f) => f.trim()) ?? [];
  const has = (name: string): boolean => header.includes(name);
  if (has("_raw") && (has("_time") || has("sourcetype") || has("index"))) return header;
  if (!has("_time") || rows.length === 0) return null;
  const own = header.some((h) => h === "_span" || h.startsWith("__mv_"));
  if (own || has("sourcetype")) return header;
  // A time chart: the time, and numbers beside it.
  const numeric = header.filter((name, i) => {
    const cells = rows.slice(0, 100).map((r) => r.fields[i] ?? "");
    const filled = cells.filter((c) => c !== "");
    return name !== "_time" && filled.length > 0 && filled.every((c) => numberOf(c) !== null);
  });
  return header[0] === "_time" && numeric.length > 0 ? header : null;
}
