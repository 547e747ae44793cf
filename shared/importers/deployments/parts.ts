import { textOf, without, type JsonObject } from "../json-fields.ts";

/** `a1b2c3d` of a commit's hash; what is no hash stays as it is. */
export function shortSha(sha: unknown): string {
  const text = textOf(sha) ?? "?";
  return /^[0-9a-f]{40,64}$/.test(text) ? text.slice(0, 7) : text;
}

/** Owner and name of a GitHub repository in one of its addresses. */
export function nameOfUrl(url: string | null): { path: string; name: string } | null {
  const match = /^https?:\/\/[^/]+\/(?:api\/v3\/)?(?:repos\/)?([\w.-]+)\/([\w.-]+)(?:\/|$)/.exec(
    url ?? "",
  );
  const [, owner, name] = match ?? [];
  return owner === undefined || name === undefined ? null : { path: `${owner}/${name}`, name };
}

/** Group and name of a GitLab project in an address or path of one of its pages. */
export function projectOfPath(path: string | null): { path: string; name: string } | null {
  const found = /^(?:https?:\/\/[^/]+)?\/(.+?)\/-\//.exec(path ?? "")?.[1];
  if (found === undefined) return null;
  return { path: found, name: found.slice(found.lastIndexOf("/") + 1) };
}

/** Address templates of GitHub's API, which say nothing of the record. */
const TEMPLATE = /\{[/?&+]?[\w,]+\}$/;

/** What of a record has no column of its own; people and repositories by their names. */
export function rest(record: JsonObject, used: readonly string[]): JsonObject {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(without(record, new Set(used)))) {
    if (key.endsWith("_url") && typeof value === "string" && TEMPLATE.test(value)) continue;
    kept[key] = named(value);
  }
  return kept;
}

/** A person, bot or repository is told by its name: the rest are dozens of addresses. */
function named(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const object = value as JsonObject;
  if ("followers_url" in object || "gists_url" in object) return object["login"];
  if ("full_name" in object && "forks_url" in object) return object["full_name"];
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, named(inner)]));
}
