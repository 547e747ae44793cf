import { stringify } from "yaml";
import { formatIso, type EvidenceTime } from "../base/time.ts";
import type { CaseState } from "../model/case.ts";
import type { Evidence } from "../model/evidence.ts";
import type { Role } from "../model/role.ts";
import type { Window } from "../model/window.ts";
import type { RecipeFormat } from "./recipe.ts";

export interface WriteRecipeOptions {
  /** Folder of the recipe: paths below it are written relative to it. */
  readonly directory?: string;
  readonly formats?: readonly RecipeFormat[];
}

/**
 * A case as a recipe, so that somebody else can repeat it: `parseRecipe` reads
 * it back to the same evidence, options and windows. Answers null while a
 * window is missing or there is no evidence, since that is no recipe.
 */
export function writeRecipe(state: CaseState, options: WriteRecipeOptions = {}): string | null {
  const { baseline, incident } = state.windows;
  if (baseline === null || incident === null || state.evidence.length === 0) return null;
  const recipe = {
    inquest: 1,
    case: state.name,
    evidence: state.evidence.map((e) => fileOf(e, options.directory)),
    windows: { baseline: windowOf(baseline), incident: windowOf(incident) },
    ...(state.symptom === null ? {} : { symptom: state.symptom }),
    ...(state.dependencies.length === 0 ? {} : { dependencies: state.dependencies }),
    ...(state.impact === null ? {} : { impact: state.impact }),
    report: { formats: options.formats ?? ["html", "pdf", "md", "json"] },
  };
  return stringify(recipe, { lineWidth: 0, defaultStringType: "PLAIN" });
}

/** What was detected is written down too, so that it is not detected otherwise another time. */
function fileOf(evidence: Evidence, directory: string | undefined): Record<string, unknown> {
  const { roles = {}, member, ...options } = evidence.options;
  const all = { target: evidence.target, ...options };
  if (evidence.target === "own") all.table = evidence.table;
  return {
    path: relative(evidence.path, directory),
    ...(member === undefined ? {} : { member }),
    importer: evidence.importer,
    ...(Object.keys(roles).length === 0 ? {} : { roles: columnsByRole(roles) }),
    options: all,
  };
}

/** `/a/b/c.csv` seen from `/a` is `b/c.csv`; a path elsewhere stays absolute. */
function relative(path: string, directory: string | undefined): string {
  if (directory === undefined || directory === "") return path;
  const separator = directory.includes("\\") ? "\\" : "/";
  const folder = directory.endsWith(separator) ? directory : directory + separator;
  return path.startsWith(folder) ? path.slice(folder.length).replaceAll("\\", "/") : path;
}

function columnsByRole(roles: Readonly<Record<string, Role>>): Record<string, string | string[]> {
  const byRole = new Map<Role, string[]>();
  for (const [column, role] of Object.entries(roles)) {
    const columns = byRole.get(role);
    if (columns === undefined) byRole.set(role, [column]);
    else columns.push(column);
  }
  return Object.fromEntries(
    [...byRole].map(([role, [first = "", ...more]]) => [
      role,
      more.length === 0 ? first : [first, ...more],
    ]),
  );
}

function windowOf({ from, to, filter }: Window): Record<string, unknown> {
  return {
    ...(from === null ? {} : { from: formatIso(from as EvidenceTime) }),
    ...(to === null ? {} : { to: formatIso(to as EvidenceTime) }),
    ...(filter === undefined ? {} : { filter }),
  };
}
