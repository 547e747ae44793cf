import type { EventRow } from "../fixed-tables-writer.ts";
import {
  objectOf,
  textOf,
  valueAt,
  without,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { serviceOfObject } from "./names.ts";

/** Times of an event, the last first: `series` and `eventTime` are those of events.k8s.io. */
const TIMES = [
  "series.lastObservedTime",
  "lastTimestamp",
  "deprecatedLastTimestamp",
  "eventTime",
  "firstTimestamp",
  "deprecatedFirstTimestamp",
  "metadata.creationTimestamp",
];

const USED = new Set(["kind", "apiVersion", "metadata", "reason", "message", "note", "count"]);

/**
 * The row of an Event of core/v1 or events.k8s.io/v1, at the last time it was seen.
 * https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export function eventOf(event: JsonObject, instants: Instants): EventRow {
  const object = objectOf(event["involvedObject"]) ?? objectOf(event["regarding"]) ?? {};
  const kind = textOf(object["kind"]);
  const name = textOf(object["name"]);
  const metadata = objectOf(event["metadata"]) ?? {};
  return {
    ts: instants.read(valueAt(event, TIMES)),
    kind: "kubernetes event",
    title: textOf(event["reason"]) ?? "Event",
    service: serviceOfObject(kind, name),
    detail: textOf(event["message"]) ?? textOf(event["note"]),
    fields: {
      namespace: textOf(object["namespace"]) ?? metadata["namespace"],
      object: kind === null ? name : `${kind}/${name ?? ""}`,
      count: valueAt(event, ["series.count", "count", "deprecatedCount"]),
      ...without(event, USED),
      metadata: without(metadata, BOOKKEEPING),
    },
  };
}

/** What the API server notes of its own writes. */
export const BOOKKEEPING: ReadonlySet<string> = new Set(["managedFields"]);
