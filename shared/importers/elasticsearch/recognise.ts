import { firstValues, objectOf } from "../json-fields.ts";
import { firstCharacter } from "../json-records.ts";

/** How a JSON file of Elasticsearch is laid out. */
export type ElasticsearchShape =
  /** Responses of a search, several (`_msearch`) or one after the other. */
  | "responses"
  /** A list of hits. */
  | "list"
  /** One hit a document, as elasticdump writes them. */
  | "documents";

const RESPONSE = [
  "hits.hits.*",
  "hits.total",
  "aggregations.*",
  "timed_out",
  "terminated_early",
  "_shards.failed",
  "_scroll_id",
  "error",
];

/** Where the elements of each shape are. */
export const PATTERNS: Readonly<Record<ElasticsearchShape, readonly string[]>> = {
  responses: [...RESPONSE, ...RESPONSE.map((path) => `responses.*.${path}`)],
  list: ["*"],
  documents: [""],
};

const HIT = ["_index", "_id", "_source", "fields"];
const PATHS = [
  ...["", "hits.hits.[].", "responses.[].hits.hits.[]."].flatMap((at) =>
    HIT.map((key) => at + key),
  ),
  "took",
  "timed_out",
  "_shards.total",
  "hits.max_score",
  "responses.[].took",
  "responses.[]._shards.total",
];
const LIST_PATHS = HIT.map((key) => `[].${key}`);

/** The shape that the first bytes show, or null where they are not Elasticsearch's. */
export function elasticsearchShape(head: Uint8Array): ElasticsearchShape | null {
  const text = new TextDecoder().decode(head.subarray(0, 262_144));
  if (!/^\s*[[{]/.test(text) || !/"(?:_index|_shards)"\s*:/.test(text)) return null;
  if (firstCharacter(head) === "[")
    return isHit(firstValues(head, LIST_PATHS), "[].") ? "list" : null;
  const found = firstValues(head, PATHS);
  const response = typeof found.get("took") === "number" && found.has("_shards.total");
  const several = found.has("responses.[].took") && found.has("responses.[]._shards.total");
  const hits = ["hits.hits.[].", "responses.[].hits.hits.[]."];
  if (response || several || hits.some((at) => isHit(found, at))) return "responses";
  return isHit(found, "") ? "documents" : null;
}

function isHit(found: ReadonlyMap<string, unknown>, at: string): boolean {
  const source = found.get(`${at}_source`) ?? found.get(`${at}fields`);
  return typeof found.get(`${at}_index`) === "string" && objectOf(source) !== null;
}
