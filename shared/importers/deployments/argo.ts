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
import { shortSha } from "./parts.ts";

/**
 * An application of Argo CD: a deployment for each entry of its history, the
 * last operation where it is not one of them, and its health.
 * https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
 */
export function argoApplication(record: JsonObject, instants: Instants): EventRow[] {
  const metadata = objectOf(record["metadata"]) ?? {};
  const status = objectOf(record["status"]) ?? {};
  const name = textOf(metadata["name"]);
  const around = {
    application: name,
    namespace: valueAt(record, ["spec.destination.namespace"]),
    project: valueAt(record, ["spec.project"]),
  };
  const rows: EventRow[] = listOf(status["history"])
    .map(objectOf)
    .filter((entry) => entry !== null)
    .map((entry) => ({ ...argoHistory(entry, instants, name), fields: { ...around, ...entry } }));
  const operation = objectOf(status["operationState"]);
  // The last sync is in the history too, where it was carried out.
  const told = listOf(status["history"]).some(
    (entry) => objectOf(entry)?.["deployedAt"] === operation?.["finishedAt"],
  );
  const state = told ? null : operation;
  if (state !== null) {
    const revision = shortSha(valueAt(state, ["syncResult.revision", "operation.sync.revision"]));
    rows.push({
      ts: instants.read(valueAt(state, ["finishedAt", "startedAt"])),
      kind: "deployment",
      title: `Sync of ${name ?? "?"} to ${revision}: ${textOf(state["phase"]) ?? "unknown"}`,
      service: name,
      detail: textOf(state["message"]),
      fields: { ...around, operation: state },
    });
  }
  const health = textOf(valueAt(status, ["health.status"]));
  rows.push({
    ts: instants.read(
      valueAt(status, ["health.lastTransitionTime", "reconciledAt", "observedAt"]) ??
        metadata["creationTimestamp"],
    ),
    kind: "health",
    title: `${name ?? "?"} is ${health ?? "of unknown health"}, ${textOf(valueAt(status, ["sync.status"])) ?? "sync unknown"}`,
    service: name,
    detail: textOf(valueAt(status, ["health.message"])),
    fields: {
      ...without(record, new Set(["metadata", "status"])),
      metadata: without(metadata, new Set(["managedFields"])),
      status: without(status, new Set(told ? ["history"] : ["history", "operationState"])),
    },
  });
  return rows;
}

/** An entry of an application's history. */
export function argoHistory(
  entry: JsonObject,
  instants: Instants,
  application: string | null = null,
): EventRow {
  const source = objectOf(entry["source"]) ?? objectOf(listOf(entry["sources"])[0]) ?? {};
  const revision = entry["revision"] ?? listOf(entry["revisions"])[0];
  const target = textOf(source["targetRevision"]);
  const from = target === null || target === revision ? "" : ` of ${target}`;
  const path = textOf(source["path"]) ?? textOf(source["chart"]);
  const service = application ?? path?.slice(path.lastIndexOf("/") + 1) ?? null;
  return {
    ts: instants.read(valueAt(entry, ["deployStartedAt", "deployedAt"])),
    kind: "deployment",
    title: `Deployment of ${service ?? "?"}, revision ${shortSha(revision)}${from}`,
    service,
    detail: textOf(source["repoURL"]),
    fields: entry,
  };
}
