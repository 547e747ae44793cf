import { elementsOf } from "../json-elements.ts";
import { firstCharacter, layoutOfJson } from "../json-records.ts";
import { WORKLOADS } from "./workload.ts";

const KINDS: ReadonlySet<string> = new Set(["Event", "Pod", ...Object.keys(WORKLOADS)]);
const VERSIONS =
  /^(?:v1|events\.k8s\.io\/v1(?:beta1)?|apps\/v1(?:beta[12])?|batch\/v1(?:beta1)?|extensions\/v1beta1)$/;

/** Where kinds and API versions stand in lists, arrays, documents and watched changes. */
const PLACES = ["", "items.*.", "*.", "object."];
/** What an object of a running cluster has and a manifest has not. */
const LIVE = ["metadata.creationTimestamp", "eventTime", "lastTimestamp", "status.phase"];
const PATTERNS = PLACES.flatMap((at) => ["kind", "apiVersion", ...LIVE].map((key) => at + key));

/** True for JSON of objects of a running cluster, of which at least one kind is read. */
export function isClusterJson(head: Uint8Array): boolean {
  if (!/[{[]/.test(firstCharacter(head))) return false;
  const part = head.subarray(0, 256 * 1024);
  const text = new TextDecoder().decode(part);
  if (!text.includes('"apiVersion"') || !text.includes('"kind"')) return false;
  let kind = false;
  let version = false;
  let live = false;
  for (const { pattern, value, bad } of elementsOf(part, PATTERNS)) {
    if (bad !== null || typeof value !== "string") continue;
    const key = PATTERNS[pattern] ?? "";
    if (key.endsWith("kind")) kind ||= KINDS.has(value.replace(/(?<=.)List$/, ""));
    else if (key.endsWith("apiVersion")) {
      if (value.startsWith("audit.k8s.io")) return false;
      version ||= VERSIONS.test(value);
    } else live = true;
  }
  return kind && version && live;
}

/** True for YAML of such objects, as `kubectl get -o yaml` writes it. */
export function isClusterYaml(head: Uint8Array): boolean {
  const text = new TextDecoder().decode(head.subarray(0, 256 * 1024));
  const version = /^(?:- |\s+)?apiVersion:[ \t]+["']?([\w./]+)["']?[ \t]*\r?$/m.exec(text)?.[1];
  const live = /^\s*(?:creationTimestamp|eventTime|lastTimestamp):[ \t]+["']?\d{4}-\d\d-\d\dT/m;
  if (version === undefined || !VERSIONS.test(version) || !live.test(text)) return false;
  for (const [, kind = ""] of text.matchAll(
    /^(?: {0,4})(?:- )?kind:[ \t]+["']?(\w+)["']?[ \t]*\r?$/gm,
  ))
    if (KINDS.has(kind)) return true;
  return false;
}

/** Patterns of a JSON file: items one by one where it is one list, else whole documents. */
export function patternsOf(head: Uint8Array): readonly string[] {
  const layout = layoutOfJson(head);
  if (layout === "list") return ["*"];
  const items = elementsOf(head, ["items.*.metadata.*", "items.*.kind"]).some(
    (e) => e.pattern >= 0,
  );
  return layout === "document" && items ? ["items.*", "kind", "apiVersion", "metadata"] : [""];
}
