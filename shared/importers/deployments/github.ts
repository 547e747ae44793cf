import type { EventRow } from "../fixed-tables-writer.ts";
import { textOf, valueAt, type Instants, type JsonObject } from "../json-fields.ts";
import { nameOfUrl, rest, shortSha } from "./parts.ts";

/**
 * A deployment: https://docs.github.com/en/rest/deployments/deployments.
 */
export function githubDeployment(record: JsonObject, instants: Instants): EventRow {
  const environment = textOf(record["environment"]);
  const repository = repositoryOf(record);
  const to = environment === null ? "" : ` to ${environment}`;
  return {
    ts: instants.read(record["created_at"]),
    kind: "deployment",
    title: `Deployment of ${textOf(record["ref"]) ?? "?"} (${shortSha(record["sha"])})${to}`,
    service: repository?.name ?? environment,
    detail: textOf(record["description"]),
    fields: { repository: repository?.path, ...rest(record, ["created_at", "description"]) },
  };
}

/** A change of a deployment's state: https://docs.github.com/en/rest/deployments/statuses. */
export function githubStatus(record: JsonObject, instants: Instants): EventRow {
  const environment = textOf(record["environment"]);
  const repository = repositoryOf(record);
  const to = environment === null ? "" : ` to ${environment}`;
  return {
    ts: instants.read(record["created_at"]),
    kind: "deployment",
    title: `Deployment${to}: ${textOf(record["state"]) ?? "unknown"}`,
    service: repository?.name ?? environment,
    detail: textOf(record["description"]),
    fields: {
      repository: repository?.path,
      deployment: /\/(\d+)$/.exec(textOf(record["deployment_url"]) ?? "")?.[1],
      ...rest(record, ["created_at", "description"]),
    },
  };
}

/** A release, of the API (https://docs.github.com/en/rest/releases/releases) or of `gh release list --json`. */
export function githubRelease(record: JsonObject, instants: Instants): EventRow {
  const repository = repositoryOf(record);
  const tag = textOf(record["tag_name"]) ?? textOf(record["tagName"]) ?? "?";
  const name = textOf(record["name"]);
  const draft = record["draft"] === true || record["isDraft"] === true;
  return {
    ts: instants.read(valueAt(record, ["published_at", "publishedAt", "created_at", "createdAt"])),
    kind: "release",
    title: `${draft ? "Draft of release" : "Release"} ${tag}${name === null || name === tag ? "" : `: ${name}`}`,
    service: repository?.name ?? null,
    detail: textOf(record["body"]),
    fields: { repository: repository?.path, ref: tag, ...rest(record, ["body"]) },
  };
}

/** A run of a workflow: https://docs.github.com/en/rest/actions/workflow-runs, or `gh run list --json`. */
export function githubRun(record: JsonObject, instants: Instants): EventRow {
  const repository = repositoryOf(record);
  const name = textOf(record["name"]) ?? textOf(record["workflowName"]) ?? "Workflow";
  const number = textOf(record["run_number"]) ?? textOf(record["number"]);
  const outcome = textOf(record["conclusion"]) ?? textOf(record["status"]) ?? "unknown";
  const branch = textOf(record["head_branch"]) ?? textOf(record["headBranch"]);
  const attempt = record["run_attempt"] ?? record["attempt"];
  const again = typeof attempt === "number" && attempt > 1 ? `, attempt ${attempt}` : "";
  const on = branch === null ? "" : ` on ${branch}`;
  const run = number === null ? "" : ` #${number}`;
  return {
    ts: instants.read(valueAt(record, ["run_started_at", "startedAt", "created_at", "createdAt"])),
    kind: "pipeline",
    title: `${name}${run}${on}${again}: ${outcome}`,
    service: repository?.name ?? null,
    detail:
      textOf(record["display_title"]) ??
      textOf(record["displayTitle"]) ??
      textOf(valueAt(record, ["head_commit.message"])),
    fields: {
      repository: repository?.path,
      sha: textOf(record["head_sha"]) ?? textOf(record["headSha"]),
      ref: branch,
      ...rest(record, ["display_title", "displayTitle"]),
    },
  };
}

function repositoryOf(record: JsonObject): { path: string; name: string } | null {
  const named = textOf(valueAt(record, ["repository.full_name"]));
  if (named !== null) return { path: named, name: named.slice(named.lastIndexOf("/") + 1) };
  for (const key of ["repository_url", "url", "html_url"]) {
    const found = nameOfUrl(textOf(record[key]));
    if (found !== null) return found;
  }
  return null;
}
