import type { EventRow } from "../fixed-tables-writer.ts";
import {
  listOf,
  microsOfMillis,
  textOf,
  without,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";

const KNOWN = new Set("time timeEnd text title".split(" "));

/** Kinds by the words of an annotation's tags. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^(?:deploy|release|rollout|rollback|version)/i, "deployment"],
  [/^(?:config|feature.?flag|toggle)/i, "config"],
  [/^(?:incident|outage)/i, "incident"],
  [/^model/i, "model"],
  [/^alert/i, "alert"],
];

/**
 * What an annotation says, from the annotations API, a snapshot or a frame.
 * https://grafana.com/docs/grafana/latest/developers/http_api/annotations/
 */
export function annotationRow(annotation: JsonObject, instants: Instants): EventRow {
  const ts = annotationTime(annotation["time"], instants);
  const text = plainText(annotation["text"]);
  const alert = textOf(annotation["alertName"]);
  const state = textOf(annotation["newState"]);
  const title = textOf(annotation["title"]) ?? alert ?? text.split("\n", 1)[0] ?? "";
  const end = annotationTime(annotation["timeEnd"], instants);
  const rest = without(annotation, KNOWN);
  return {
    ts,
    kind: alert === null && state === null ? kindOfTags(annotation["tags"]) : "alert",
    title: state === null ? title : `${title}: ${state}`,
    detail: text === "" ? null : text,
    service: serviceOfTags(annotation["tags"]),
    fields: {
      ...rest,
      ...(ts === null ? { time: annotation["time"] } : {}),
      ...(end === null || end === ts ? {} : { timeEnd: new Date(end / 1000).toISOString() }),
      // What was plain already is the detail itself.
      ...(text === annotation["text"] || text === "" ? {} : { text: annotation["text"] }),
    },
  };
}

function annotationTime(value: unknown, instants: Instants): number | null {
  if (value === 0) return null;
  const micros = microsOfMillis(value) ?? instants.read(value);
  // Beyond this, a date cannot be written.
  return micros !== null && Math.abs(micros) <= 8.64e15 * 1000 ? micros : null;
}

/** Annotations may be written in HTML. */
function plainText(text: unknown): string {
  return (textOf(text) ?? "")
    .replace(/<br\s*\/?>/gi, "\n")
    .replace(/<\/?[a-z][^<>]*>/gi, "")
    .trim();
}

function tagsOf(tags: unknown): string[] {
  const list = typeof tags === "string" ? tags.split(",") : listOf(tags);
  return list.map((tag) => (textOf(tag) ?? "").trim());
}

function kindOfTags(tags: unknown): string {
  for (const tag of tagsOf(tags)) {
    const kind = KINDS.find(([pattern]) => pattern.test(tag));
    if (kind !== undefined) return kind[1];
  }
  return "note";
}

/** `service:checkout`, as Grafana's users write tags with a key. */
function serviceOfTags(tags: unknown): string | null {
  for (const tag of tagsOf(tags)) {
    const match = /^(?:service|app|svc)[:=](.+)$/.exec(tag);
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
}
