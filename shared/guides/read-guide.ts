import { isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from "yaml";
import { err, ok, type Result } from "../base/result.ts";
import { Guide, GUIDE_CHECKS, GUIDE_PLACES } from "../model/guide.ts";

/** A guide is written by hand. */
const LONGEST = 1_000_000;

/**
 * Reads an organisation's own guide from YAML or JSON. What is wrong is told
 * with file, line and what to do, for the first mistake of each place.
 */
export function readGuide(text: string, file: string): Result<Guide, readonly string[]> {
  if (text.length > LONGEST) return err([`${file}: it is too long for a guide.`]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    return err(
      document.errors.map((e) => {
        const { line } = lines.linePos(e.pos[0]);
        return `${file}, line ${line}: not valid YAML: ${e.message.split("\n")[0] ?? ""}`;
      }),
    );
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (thrown) {
    return err([`${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`]);
  }
  const parsed = Guide.safeParse(value);
  if (!parsed.success) {
    return err(
      parsed.error.issues.map((issue) => {
        const path = issue.path.filter((p) => typeof p !== "symbol");
        const line = lineOf(document.contents, path, lines);
        return `${file}, line ${line}: ${path.join(".") || "the guide"}: ${explained(path, issue)}`;
      }),
    );
  }
  const seen = new Set<string>();
  for (const [index, { id }] of parsed.data.steps.entries()) {
    if (seen.has(id)) {
      const line = lineOf(document.contents, ["steps", index, "id"], lines);
      return err([`${file}, line ${line}: two steps have the id ${id}: give each its own.`]);
    }
    seen.add(id);
  }
  return ok(parsed.data);
}

function explained(
  path: readonly (string | number)[],
  issue: { readonly code: string; readonly message: string; readonly keys?: readonly string[] },
): string {
  const last = path.at(-1);
  if (last === "where") return `write one of ${GUIDE_PLACES.join(", ")}`;
  if (last === "check") return `write one of ${GUIDE_CHECKS.join(", ")}, or leave it out`;
  if (issue.code === "unrecognized_keys") {
    const known = path.length === 0 ? "id, title, description, steps" : STEP_KEYS;
    return `${(issue.keys ?? []).join(", ")} means nothing here; known are ${known}`;
  }
  if (path.length === 0) return "a guide has id, title and steps";
  return `${issue.message}${last === "steps" ? ": a list of steps, each with id, title and where" : ""}`;
}

const STEP_KEYS = "id, title, text, questions, where, check";

/** Line of the place, or of the nearest thing around it that is there. */
function lineOf(root: unknown, path: readonly (string | number)[], lines: LineCounter): number {
  let node: unknown = root;
  let found = rangeOf(root);
  for (const part of path) {
    if (!isCollection(node)) break;
    const next: unknown = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === part)?.value
      : isSeq(node)
        ? node.items[Number(part)]
        : undefined;
    const at = rangeOf(next);
    if (at === null) break;
    found = at;
    node = next;
  }
  return lines.linePos(found ?? 0).line;
}

function rangeOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null;
}
