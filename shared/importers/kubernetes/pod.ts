import type { EventRow } from "../fixed-tables-writer.ts";
import {
  listOf,
  objectOf,
  textOf,
  valueAt,
  without,
  type Instants,
  type JsonObject,
} from "../json-fields.ts";
import { BOOKKEEPING } from "./event.ts";
import { serviceOfObject } from "./names.ts";

const CONTAINERS = [
  "initContainerStatuses",
  "containerStatuses",
  "ephemeralContainerStatuses",
] as const;

/**
 * Events that a pod's status tells: the pod itself when it started, what its
 * containers do and how they last ended, and conditions that are not met.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/
 */
export function eventsOfPod(pod: JsonObject, instants: Instants): EventRow[] {
  const metadata = objectOf(pod["metadata"]) ?? {};
  const status = objectOf(pod["status"]) ?? {};
  const name = textOf(metadata["name"]) ?? "pod";
  const service = serviceOfObject("Pod", name);
  const place = {
    namespace: metadata["namespace"],
    pod: name,
    node: valueAt(pod, ["spec.nodeName"]),
  };
  const rows: EventRow[] = [ofPod(pod, metadata, status, service, instants)];
  for (const condition of listOf(status["conditions"]).map(objectOf)) {
    const row = condition === null ? null : ofCondition(condition, name, service, place, instants);
    if (row !== null) rows.push(row);
  }
  const notReady = unreadySince(status, metadata);
  for (const key of CONTAINERS)
    for (const container of listOf(status[key]).map(objectOf))
      if (container !== null)
        rows.push(...ofContainer(container, service, place, notReady, instants));
  return rows;
}

/** The pod as it stands, at its start; a pod that was evicted or failed says why. */
function ofPod(
  pod: JsonObject,
  metadata: JsonObject,
  status: JsonObject,
  service: string | null,
  instants: Instants,
): EventRow {
  const phase = textOf(status["phase"]);
  const deleted = textOf(metadata["deletionTimestamp"]);
  const state = textOf(status["reason"]) ?? (deleted === null ? phase : "Terminating");
  return {
    ts: instants.read(valueAt(pod, ["status.startTime", "metadata.creationTimestamp"])),
    kind: "pod",
    title: `Pod ${textOf(metadata["name"]) ?? ""} started${state === null ? "" : `, now ${state}`}`,
    service,
    detail: textOf(status["message"]),
    fields: {
      ...without(pod, new Set(["kind", "apiVersion", "metadata", "status"])),
      metadata: without(metadata, BOOKKEEPING),
      status: without(status, new Set([...CONTAINERS, "message"])),
    },
  };
}

/** A condition that is not met for a reason (a pod that cannot be scheduled), or a pod's eviction. */
function ofCondition(
  condition: JsonObject,
  pod: string,
  service: string | null,
  place: JsonObject,
  instants: Instants,
): EventRow | null {
  const reason = textOf(condition["reason"]);
  const unwanted = condition["type"] === "DisruptionTarget" ? "True" : "False";
  if (condition["status"] !== unwanted || reason === null) return null;
  // That containers are not ready, or a job's are done, is told by each of them.
  if (reason === "ContainersNotReady" || reason === "PodCompleted") return null;
  return {
    ts: instants.read(condition["lastTransitionTime"]),
    kind: "pod",
    title: reason,
    service,
    detail: textOf(condition["message"]) ?? `${textOf(condition["type"]) ?? ""} of pod ${pod}`,
    fields: { ...place, condition },
  };
}

/** A container that waits does not say since when; the pod is not ready since then or earlier. */
function unreadySince(status: JsonObject, metadata: JsonObject): unknown {
  const conditions = listOf(status["conditions"]).map(objectOf);
  for (const type of ["ContainersReady", "Ready", "Initialized", "PodScheduled"]) {
    const found = conditions.find((c) => c?.["type"] === type && c["status"] === "False");
    const time = found?.["lastTransitionTime"];
    if (typeof time === "string") return time;
  }
  return status["startTime"] ?? metadata["creationTimestamp"];
}

function ofContainer(
  container: JsonObject,
  service: string | null,
  place: JsonObject,
  notReady: unknown,
  instants: Instants,
): EventRow[] {
  const name = textOf(container["name"]) ?? "container";
  const fields = { ...place, ...without(container, new Set(["state", "lastState"])) };
  const row = (time: unknown, title: string, detail: string, state: JsonObject): EventRow => ({
    ts: instants.read(time),
    kind: "container",
    title,
    service,
    detail,
    fields: { ...fields, state },
  });
  const rows: EventRow[] = [];
  for (const [key, which] of [
    ["lastState", "last ended"],
    ["state", "ended"],
  ] as const) {
    const ended = objectOf(objectOf(container[key])?.["terminated"]);
    if (ended === null) continue;
    const code = textOf(ended["exitCode"]);
    const signal = textOf(ended["signal"]);
    const how = [
      code === null ? "" : ` with exit code ${code}`,
      signal === null ? "" : ` by signal ${signal}`,
      restartsOf(container),
      textOf(ended["message"]) === null ? "" : `: ${textOf(ended["message"]) ?? ""}`,
    ];
    rows.push(
      row(
        ended["finishedAt"],
        textOf(ended["reason"]) ?? "Terminated",
        `Container ${name} ${which}${how.join("")}`,
        ended,
      ),
    );
  }
  const state = objectOf(container["state"]) ?? {};
  const running = objectOf(state["running"]);
  if (running !== null)
    rows.push(
      row(
        running["startedAt"],
        "Started",
        `Container ${name} runs${restartsOf(container)}`,
        running,
      ),
    );
  const waiting = objectOf(state["waiting"]);
  if (waiting !== null) {
    const message = textOf(waiting["message"]);
    const why = message === null ? "" : `: ${message}`;
    rows.push(
      row(
        notReady,
        textOf(waiting["reason"]) ?? "Waiting",
        `Container ${name} waits${restartsOf(container)}${why}`,
        { ...waiting, time_from: "the pod's condition, or its start" },
      ),
    );
  }
  return rows;
}

function restartsOf(container: JsonObject): string {
  const restarts = container["restartCount"];
  if (typeof restarts !== "number" || restarts === 0) return "";
  return restarts === 1 ? ", 1 restart" : `, ${restarts} restarts`;
}
