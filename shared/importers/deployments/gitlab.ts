import type { EventRow } from "../fixed-tables-writer.ts";
import { textOf, valueAt, type Instants, type JsonObject } from "../json-fields.ts";
import { projectOfPath, rest, shortSha } from "./parts.ts";

/** A deployment: https://docs.gitlab.com/api/deployments/. It begins with the job that carries it out. */
export function gitlabDeployment(record: JsonObject, instants: Instants): EventRow {
  const environment = textOf(valueAt(record, ["environment.name"]));
  const project = projectOf(record, [
    "deployable.web_url",
    "deployable.pipeline.web_url",
    "deployable.commit.web_url",
  ]);
  const to = environment === null ? "" : ` to ${environment}`;
  const status = textOf(record["status"]) ?? textOf(valueAt(record, ["deployable.status"]));
  return {
    ts: instants.read(valueAt(record, ["deployable.started_at", "created_at"])),
    kind: "deployment",
    title: `Deployment of ${textOf(record["ref"]) ?? "?"} (${shortSha(record["sha"])})${to}: ${status ?? "unknown"}`,
    service: project?.name ?? environment,
    detail: textOf(valueAt(record, ["deployable.commit.title", "deployable.commit.message"])),
    fields: { project: project?.path, ...rest(record, []) },
  };
}

/** A pipeline: https://docs.gitlab.com/api/pipelines/. */
export function gitlabPipeline(record: JsonObject, instants: Instants): EventRow {
  const project = projectOf(record, ["web_url"]);
  const name = textOf(record["name"]);
  return {
    ts: instants.read(valueAt(record, ["started_at", "created_at"])),
    kind: "pipeline",
    title: `Pipeline ${textOf(record["id"]) ?? "?"} on ${textOf(record["ref"]) ?? "?"}: ${textOf(record["status"]) ?? "unknown"}`,
    service: project?.name ?? null,
    detail: name,
    fields: { project: project?.path, ...rest(record, ["name"]) },
  };
}

/** A release: https://docs.gitlab.com/api/releases/. */
export function gitlabRelease(record: JsonObject, instants: Instants): EventRow {
  const project = projectOf(record, ["_links.self", "commit_path", "tag_path", "commit.web_url"]);
  const tag = textOf(record["tag_name"]) ?? "?";
  const name = textOf(record["name"]);
  return {
    ts: instants.read(valueAt(record, ["released_at", "created_at"])),
    kind: "release",
    title: `Release ${tag}${name === null || name === tag ? "" : `: ${name}`}`,
    service: project?.name ?? null,
    detail: textOf(record["description"]),
    fields: {
      project: project?.path,
      ref: tag,
      sha: valueAt(record, ["commit.id"]),
      ...rest(record, ["description", "description_html"]),
    },
  };
}

function projectOf(
  record: JsonObject,
  paths: readonly string[],
): { path: string; name: string } | null {
  for (const path of paths) {
    const found = projectOfPath(textOf(valueAt(record, [path])));
    if (found !== null) return found;
  }
  return null;
}
