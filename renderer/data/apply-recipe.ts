import type { CaseEvent } from "../../shared/case/events.ts";
import type { ImportError } from "../../shared/importers/importer.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Recipe } from "../../shared/report/recipe.ts";
import { ipc } from "./ipc-client.ts";
import { importEvidence } from "./import-evidence.ts";
import { getEngine, getIngest } from "./services.ts";

/** The case that a recipe is applied to. */
export interface RecipeTarget {
  readonly state: () => CaseState;
  readonly append: (...events: CaseEvent[]) => Promise<boolean>;
  readonly signal?: AbortSignal;
  /** Before each file and while it is read; `fraction` is of the whole work. */
  readonly onProgress?: (message: string, fraction: number) => void;
}

export interface RecipeFailure {
  readonly path: string;
  readonly error: ImportError;
}

/**
 * Imports the evidence of a recipe and sets windows, symptom and impact. A file
 * that cannot be read is answered as a failure; the rest goes on.
 */
export async function applyRecipe(
  recipe: Recipe,
  directory: string,
  target: RecipeTarget,
): Promise<RecipeFailure[]> {
  const { baseline, incident } = recipe.windows;
  await target.append(
    { type: "windows/set", data: { which: "baseline", window: baseline } },
    { type: "windows/set", data: { which: "incident", window: incident } },
    ...(recipe.symptom === null ? [] : [{ type: "symptom/set" as const, data: recipe.symptom }]),
    ...(recipe.impact === null ? [] : [{ type: "impact/set" as const, data: recipe.impact }]),
  );
  const failures: RecipeFailure[] = [];
  const files = await filesOf(recipe, directory, failures);
  for (const [index, { path, entry }] of files.entries()) {
    if (target.signal?.aborted === true) break;
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    target.onProgress?.(`reading ${name}`, index / files.length);
    const error = await importOne(path, entry, target, (share) => {
      target.onProgress?.(`reading ${name}`, (index + share) / files.length);
    });
    if (error !== null) failures.push({ path, error });
  }
  return failures;
}

type Entry = Recipe["evidence"][number];

/** Files by entry; an entry that matches nothing is a failure. A file named twice is read once. */
async function filesOf(
  recipe: Recipe,
  directory: string,
  failures: RecipeFailure[],
): Promise<{ path: string; entry: Entry }[]> {
  const files = new Map<string, Entry>();
  for (const entry of recipe.evidence) {
    const { path } = entry;
    const matched = await ipc("recipe.match", { directory, patterns: [path] });
    const paths = matched.ok ? matched.value.flat() : [];
    if (!matched.ok) failures.push({ path, error: cannotLook(path, matched.error.message) });
    else if (paths.length === 0) failures.push({ path, error: nothingMatches(path, directory) });
    for (const found of paths) if (!files.has(found)) files.set(found, entry);
  }
  return [...files].map(([path, entry]) => ({ path, entry }));
}

async function importOne(
  path: string,
  entry: Entry,
  target: RecipeTarget,
  onShare: (share: number) => void,
): Promise<ImportError | null> {
  const [granted] = await ipc("evidence.grant", { paths: [path] });
  if (granted?.ok !== true) {
    return {
      kind: granted?.error.kind === "not-found" ? "vanished" : "unreadable",
      file: path,
      message: granted?.error.message ?? `${path} cannot be read.`,
      advice: "Check that the file exists and that you may read it.",
    };
  }
  const result = await importEvidence({
    grant: granted.grant,
    importer: entry.importer,
    options: entry.options,
    caseState: target.state(),
    append: target.append,
    engine: getEngine(),
    ingest: getIngest(),
    ...(target.signal === undefined ? {} : { signal: target.signal }),
    onProgress: (p) => {
      if (p.totalBytes > 0) onShare(Math.min(1, p.bytes / p.totalBytes));
    },
  });
  return result.ok ? null : result.error;
}

function cannotLook(pattern: string, message: string): ImportError {
  return {
    kind: "unreadable",
    file: pattern,
    message,
    advice: "Make the folder readable, then run the recipe again.",
  };
}

function nothingMatches(pattern: string, directory: string): ImportError {
  return {
    kind: "vanished",
    file: pattern,
    message: `No file matches ${pattern} in ${directory}.`,
    advice: "Correct the path in the recipe; paths are relative to the recipe's folder.",
  };
}
