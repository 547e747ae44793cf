import type { EventRow } from "../fixed-tables-writer.ts";
import {
  objectOf,
  textOf,
  without,
  writtenOf,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { serviceOfLabels } from "../series-key.ts";

const DETAILS = ["summary", "description", "message"];

/** An alert, as Prometheus (`activeAt`) and Alertmanager (`startsAt`) list it. */
export function isAlert(object: JsonObject): boolean {
  return objectOf(object["labels"]) !== null && ("activeAt" in object || "startsAt" in object);
}

/**
 * Events of an alert: its beginning, and its end where it is over. `around`
 * is what stands outside of it: rule, group, receiver.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#alerts,
 * https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export function eventsOfAlert(
  alert: JsonObject,
  around: JsonObject,
  instants: Instants,
): EventRow[] {
  const labels = objectOf(alert["labels"]) ?? {};
  const annotations = objectOf(alert["annotations"]) ?? {};
  const name = textOf(labels["alertname"]) ?? textOf(around["rule"]) ?? "alert";
  const begin = alert["startsAt"] ?? alert["activeAt"];
  const ts = instants.read(begin);
  const end = endOf(alert, instants);
  const detail = DETAILS.map((key) => writtenOf(annotations[key])).find((text) => text !== null);
  const row = {
    kind: "alert",
    service: serviceOfLabels(labels),
    detail: detail ?? null,
    fields: {
      severity: labels["severity"],
      ...without(alert, new Set(["activeAt", "startsAt"])),
      ...around,
    },
  };
  const state = stateOf(alert);
  const first: EventRow = {
    ...row,
    ts,
    title: `${name}: ${end === null ? state : "firing"}`,
    fields: { ...row.fields, ...(ts === null ? { startsAt: begin } : {}) },
  };
  return end === null ? [first] : [first, { ...row, ts: end, title: `${name}: resolved` }];
}

function stateOf(alert: JsonObject): string {
  const status = objectOf(alert["status"]);
  // Alertmanager calls an alert active that Prometheus calls firing.
  const state = textOf(alert["state"]) ?? textOf(status?.["state"]) ?? textOf(alert["status"]);
  return state === null || state === "active" ? "firing" : state;
}

/** When the alert ended; Alertmanager sets `endsAt` of a firing one to when it would time out. */
function endOf(alert: JsonObject, instants: Instants): number | null {
  const end = instants.read(alert["endsAt"]);
  if (end === null || end <= 0) return null;
  if (alert["status"] === "resolved") return end;
  const updated = instants.read(alert["updatedAt"]);
  return updated !== null && end <= updated ? end : null;
}

/** A rule that could not be evaluated, or null where it could. */
export function eventOfFailedRule(
  rule: JsonObject,
  around: JsonObject,
  instants: Instants,
): EventRow | null {
  const error = textOf(rule["lastError"]);
  if (error === null || rule["health"] !== "err") return null;
  const date = rule["lastEvaluation"];
  const ts = instants.read(date);
  return {
    ts,
    kind: "alert",
    title: `rule ${textOf(rule["name"]) ?? ""}: evaluation failed`,
    service: serviceOfLabels(objectOf(rule["labels"]) ?? {}),
    detail: error,
    fields: {
      ...without(rule, new Set(["name", "lastError", "alerts", "lastEvaluation"])),
      ...around,
      ...(ts === null ? { lastEvaluation: date } : {}),
    },
  };
}
