import type { CaseEvent } from "../../shared/case/events.ts";
import type { Result } from "../../shared/base/result.ts";
import { matchesPath } from "../../shared/base/path-pattern.ts";
import type { Grant, IpcError } from "../../shared/contract/ipc.ts";
import type { MemberList } from "../../shared/contract/worker.ts";
import type { ImportError, Member } from "../../shared/importers/importer.ts";
import type { CaseState } from "../../shared/model/case.ts";
import type { Evidence } from "../../shared/model/evidence.ts";
import type { Recipe } from "../../shared/report/recipe.ts";
import { ipc } from "./ipc-client.ts";
import { importEvidence, shownName, type ImportRequest } from "./import-evidence.ts";
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
 * or member that cannot be read is answered as a failure; the rest goes on.
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
    ...(recipe.dependencies.length === 0
      ? []
      : [{ type: "dependencies/set" as const, data: [...recipe.dependencies] }]),
    ...(recipe.symptom === null ? [] : [{ type: "symptom/set" as const, data: recipe.symptom }]),
    ...(recipe.impact === null ? [] : [{ type: "impact/set" as const, data: recipe.impact }]),
  );
  const failures: RecipeFailure[] = [];
  const files = await filesOf(recipe, directory, failures);
  for (const [index, { path, entries }] of files.entries()) {
    if (target.signal?.aborted === true) break;
    const name = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
    const tell = (what: string, share: number) => {
      target.onProgress?.(`reading ${what}`, (index + share) / files.length);
    };
    tell(name, 0);
    await importOriginal(path, entries, target, failures, tell);
  }
  return failures;
}

type Entry = Recipe["evidence"][number];
type Tell = (what: string, share: number) => void;

/** Files, each with the entries that name it; an entry that matches nothing is a failure. */
async function filesOf(
  recipe: Recipe,
  directory: string,
  failures: RecipeFailure[],
): Promise<{ path: string; entries: Entry[] }[]> {
  const files = new Map<string, Entry[]>();
  for (const entry of recipe.evidence) {
    const { path } = entry;
    const matched = await ipc("recipe.match", { directory, patterns: [path] });
    const paths = matched.ok ? matched.value.flat() : [];
    if (!matched.ok) failures.push({ path, error: cannotLook(path, matched.error.message) });
    else if (paths.length === 0) failures.push({ path, error: nothingMatches(path, directory) });
    for (const found of paths) files.set(found, [...(files.get(found) ?? []), entry]);
  }
  return [...files].map(([path, entries]) => ({ path, entries }));
}

/** One file, or the members of an archive, a folder, a workbook or a database. */
async function importOriginal(
  path: string,
  entries: readonly Entry[],
  target: RecipeTarget,
  failures: RecipeFailure[],
  tell: Tell,
): Promise<void> {
  const [granted] = await ipc("evidence.grant", { paths: [path] });
  if (granted?.ok !== true) {
    failures.push({ path, error: noLeave(path, granted?.error) });
    return;
  }
  const { grant } = granted;
  const listed = await getIngest().listMembers(grant);
  if (!listed.ok) {
    failures.push({ path, error: listed.error });
    return;
  }
  const orders = ordersOf(entries, grant, listed.value, failures);
  let sha256: string | undefined;
  for (const [index, { entry, member, importer }] of orders.entries()) {
    if (target.signal?.aborted === true) return;
    const name = shownName(grant.name, member);
    const part = (share: number) => {
      tell(name, (index + share) / orders.length);
    };
    part(0);
    const options = member === undefined ? entry.options : { ...entry.options, member };
    const order = { ...entry, importer, options, sha256 };
    const result = await importOne(grant, order, target, part);
    sha256 = result.ok ? result.value.sha256 : undefined;
    if (!result.ok) failures.push({ path: shownName(path, member), error: result.error });
  }
}

interface Order {
  readonly entry: Entry;
  readonly member: string | undefined;
  readonly importer: string;
}

/** What the entries ask of an original. What is named twice is read once, as it is named first. */
function ordersOf(
  entries: readonly Entry[],
  grant: Grant,
  list: MemberList | null,
  failures: RecipeFailure[],
): Order[] {
  const orders = new Map<string | undefined, Order>();
  const add = (entry: Entry, member: string | undefined, importer = entry.importer) => {
    if (!orders.has(member)) orders.set(member, { entry, member, importer });
  };
  for (const entry of entries) {
    if (list === null) {
      // A part of a file with one part is asked of its importer.
      for (const member of entry.members ?? [undefined]) add(entry, member);
      continue;
    }
    for (const pattern of entry.members ?? [null]) {
      const chosen = chooseMembers(list.members, pattern);
      if (chosen.length === 0) failures.push(noMember(grant, pattern));
      for (const { name, importer } of chosen) {
        add(entry, name, entry.importer === "auto" ? (importer ?? "auto") : entry.importer);
      }
    }
  }
  return [...orders.values()];
}

/** A member that is called so; else those that fit the pattern and are not left out. */
function chooseMembers(members: readonly Member[], pattern: string | null): readonly Member[] {
  const called = members.find((m) => m.name === pattern);
  if (called !== undefined) return [called];
  return members.filter(
    (m) => m.skipped === null && (pattern === null || matchesPath(m.name, pattern)),
  );
}

async function importOne(
  grant: Grant,
  order: Pick<ImportRequest, "importer" | "options" | "sha256">,
  target: RecipeTarget,
  onShare: (share: number) => void,
): Promise<Result<Evidence, ImportError>> {
  const { importer, options, sha256 } = order;
  return importEvidence({
    grant,
    importer,
    options,
    sha256,
    caseState: target.state(),
    append: target.append,
    engine: getEngine(),
    ingest: getIngest(),
    ...(target.signal === undefined ? {} : { signal: target.signal }),
    onProgress: (p) => {
      if (p.totalBytes > 0) onShare(Math.min(1, p.bytes / p.totalBytes));
    },
  });
}

function noLeave(path: string, error: IpcError | undefined): ImportError {
  return {
    kind: error?.kind === "not-found" ? "vanished" : "unreadable",
    file: path,
    message: error?.message ?? `${path} cannot be read.`,
    advice: "Check that the file exists and that you may read it.",
  };
}

function noMember({ path, name }: Grant, pattern: string | null): RecipeFailure {
  const message =
    pattern === null
      ? `${name} holds no file that can be imported.`
      : `No file in ${name} matches ${pattern}.`;
  const advice = `Correct the member in the recipe, or leave it out to import all; inquest import ${name} --as csv lists them.`;
  return { path, error: { kind: "vanished", file: path, message, advice } };
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
