import type { EventRow } from "../fixed-tables-writer.ts";
import { valueAt, type Instants, type JsonObject } from "../json-fields.ts";
import { argoApplication, argoHistory } from "./argo.ts";
import { githubDeployment, githubRelease, githubRun, githubStatus } from "./github.ts";
import { gitlabDeployment, gitlabPipeline, gitlabRelease } from "./gitlab.ts";

/** A kind of record, told by keys that stand in no other one together. */
interface RecordKind {
  readonly id: string;
  /** Paths that all must be there. */
  readonly signs: readonly string[];
  /** Path whose text must look so. */
  readonly like?: readonly [path: string, pattern: RegExp];
  readonly rows: (record: JsonObject, instants: Instants) => readonly EventRow[];
}

const one =
  (make: (record: JsonObject, instants: Instants) => EventRow): RecordKind["rows"] =>
  (record, instants) => [make(record, instants)];

/** The more special first. */
const KINDS: readonly RecordKind[] = [
  {
    id: "Argo CD application",
    signs: ["apiVersion", "kind", "metadata.name", "status"],
    like: ["apiVersion", /^argoproj\.io\//],
    rows: (record, instants) => argoApplication(record, instants),
  },
  {
    id: "GitLab deployment",
    signs: ["id", "iid", "ref", "sha", "environment.name", "created_at"],
    rows: one(gitlabDeployment),
  },
  {
    id: "GitHub deployment",
    signs: ["id", "sha", "ref", "task", "environment", "created_at", "statuses_url"],
    rows: one(githubDeployment),
  },
  {
    id: "GitHub deployment status",
    signs: ["id", "state", "created_at", "deployment_url"],
    rows: one(githubStatus),
  },
  {
    id: "GitHub workflow run",
    signs: ["id", "head_sha", "run_number", "workflow_id", "status", "created_at"],
    rows: one(githubRun),
  },
  {
    id: "GitHub workflow run (gh)",
    signs: ["headSha", "workflowName", "status", "createdAt"],
    rows: one(githubRun),
  },
  {
    id: "GitHub release",
    signs: ["id", "tag_name", "target_commitish", "draft", "prerelease", "created_at"],
    rows: one(githubRelease),
  },
  {
    id: "GitHub release (gh)",
    signs: ["tagName", "publishedAt", "isPrerelease"],
    rows: one(githubRelease),
  },
  {
    id: "GitLab release",
    signs: ["tag_name", "released_at", "created_at"],
    rows: one(gitlabRelease),
  },
  {
    id: "GitLab pipeline",
    signs: ["id", "sha", "ref", "status", "created_at", "web_url"],
    like: ["web_url", /\/pipelines\/\d+/],
    rows: one(gitlabPipeline),
  },
  {
    id: "Argo CD history",
    signs: ["id", "revision", "deployedAt", "source.repoURL"],
    rows: one((record, instants) => argoHistory(record, instants)),
  },
];

/** The kind of a record, or null where it is none of these. */
export function kindOfRecord(record: JsonObject): RecordKind | null {
  return (
    KINDS.find(
      ({ signs, like }) =>
        signs.every((path) => valueAt(record, [path]) !== undefined) &&
        (like === undefined || like[1].test(String(valueAt(record, [like[0]])))),
    ) ?? null
  );
}

/** Keys that stand in each kind: without one of them, nothing needs to be parsed. */
export const SIGN_WORDS =
  /"(?:argoproj\.io\/\w+|iid|statuses_url|deployment_url|workflow_id|workflowName|target_commitish|tagName|released_at|web_url|deployedAt)"/;
