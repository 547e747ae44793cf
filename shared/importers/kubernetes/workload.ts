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

const REVISION = "deployment.kubernetes.io/revision";
const CAUSE = "kubernetes.io/change-cause";

/** Kinds whose creation and conditions are events, and what kind of event. */
export const WORKLOADS: Readonly<Record<string, string>> = {
  Deployment: "deployment",
  ReplicaSet: "deployment",
  StatefulSet: "deployment",
  DaemonSet: "deployment",
  Job: "job",
  Node: "node",
};

/**
 * Events that a workload or node tells: its creation (a replica set's is the
 * beginning of a rollout) with the images it runs, and the last change of
 * each of its conditions.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export function eventsOfWorkload(object: JsonObject, kind: string, instants: Instants): EventRow[] {
  const metadata = objectOf(object["metadata"]) ?? {};
  const status = objectOf(object["status"]) ?? {};
  const name = textOf(metadata["name"]) ?? kind;
  const owner = listOf(metadata["ownerReferences"])
    .map(objectOf)
    .find((o) => o?.["controller"] === true);
  const service = textOf(owner?.["name"]) ?? serviceOfObject(kind, name);
  const images = imagesOf(object);
  const event = WORKLOADS[kind] ?? "deployment";
  const created: EventRow = {
    ts: instants.read(metadata["creationTimestamp"]),
    kind: event,
    title: createdTitle(kind, name, service, metadata),
    service,
    // A replica set keeps its images; all others may have changed theirs since.
    detail:
      images.length === 0
        ? null
        : `${kind === "ReplicaSet" ? "image" : "image now"} ${images.join(", ")}`,
    fields: {
      namespace: metadata["namespace"],
      image: images.length === 0 ? null : images.join(", "),
      ...without(object, new Set(["kind", "apiVersion", "metadata"])),
      metadata: without(metadata, BOOKKEEPING),
    },
  };
  const conditions = listOf(status["conditions"])
    .map(objectOf)
    .filter((c) => c !== null)
    .map((condition) =>
      ofCondition(condition, { kind, name, service, event, images, metadata }, instants),
    );
  return [created, ...conditions];
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly service: string | null;
  readonly event: string;
  readonly images: readonly string[];
  readonly metadata: JsonObject;
}

function ofCondition(condition: JsonObject, of: Named, instants: Instants): EventRow {
  const type = textOf(condition["type"]) ?? "Condition";
  const state = textOf(condition["status"]) ?? "Unknown";
  const reason = textOf(condition["reason"]);
  // Progressing stays true over rollouts: its last update is when the last one was done.
  const time =
    type === "Progressing" && textOf(condition["lastUpdateTime"]) !== null
      ? condition["lastUpdateTime"]
      : condition["lastTransitionTime"];
  return {
    ts: instants.read(time),
    kind: of.event,
    title: `${of.kind} ${of.name}: ${type}=${state}${reason === null ? "" : ` (${reason})`}`,
    service: of.service,
    detail: textOf(condition["message"]),
    fields: {
      namespace: of.metadata["namespace"],
      image: of.images.length === 0 ? null : of.images.join(", "),
      revision: valueAt(of.metadata, [`annotations.${REVISION}`]),
      condition,
    },
  };
}

function createdTitle(
  kind: string,
  name: string,
  service: string | null,
  metadata: JsonObject,
): string {
  const annotations = objectOf(metadata["annotations"]) ?? {};
  const revision = textOf(annotations[REVISION]);
  const cause = textOf(annotations[CAUSE]);
  if (kind === "ReplicaSet" && revision !== null)
    return `Rollout of ${service ?? name}, revision ${revision}${cause === null ? "" : `: ${cause}`}`;
  return `${kind} ${name} created`;
}

function imagesOf(object: JsonObject): string[] {
  const spec = objectOf(valueAt(object, ["spec.template.spec"])) ?? {};
  const containers = [...listOf(spec["initContainers"]), ...listOf(spec["containers"])];
  return [
    ...new Set(containers.map((c) => textOf(objectOf(c)?.["image"])).filter((i) => i !== null)),
  ];
}
