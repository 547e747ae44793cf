import { isMap, isSeq, type Document, type LineCounter, type Node, type YAMLError } from "yaml";
import type { z } from "zod";
import { ImportOptions } from "../model/evidence.ts";
import { Role } from "../model/role.ts";

/** What is wrong with a recipe, and where. */
export interface RecipeError {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** What should have been there, in words. */
  readonly expected: string;
  /** The whole complaint: what is wrong and what was expected. */
  readonly message: string;
}

type Issue = z.core.$ZodIssue;
type Place = Pick<RecipeError, "line" | "column">;

export function syntaxError(error: YAMLError, lines: LineCounter): RecipeError {
  const [what = ""] = error.message.split("; please use");
  return {
    ...placeAt(error.pos[0], lines),
    expected: "valid YAML",
    message: `not valid YAML: ${what}`,
  };
}

/** An alias (`*name`) without its anchor, or aliases that unfold without end. */
export function aliasError(message: string, text: string): RecipeError {
  const name = /: (\S+)$/.exec(message)?.[1];
  const at = name === undefined ? 0 : Math.max(0, text.indexOf(`*${name}`));
  const before = text.slice(0, at).split("\n");
  return {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    expected: "no aliases",
    message: `not valid YAML: ${message}`,
  };
}

/** The issue that helps most: a name that means nothing explains another one that is missing. */
export function recipeError(
  document: Document,
  issues: readonly Issue[],
  lines: LineCounter,
): RecipeError {
  const issue = issues.find((i) => i.code === "unrecognized_keys") ?? issues[0];
  if (issue === undefined) throw new Error("a recipe was refused without a reason");
  const where = issue.path.map(String).join(".");
  const place = placeOf(document, issue, lines);
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((k) => `"${k}"`).join(", ");
    const { expected, text } = suggestion(issue.path, issue.keys[0] ?? "");
    return {
      ...place,
      expected,
      message: `${where === "" ? "the recipe" : where} has ${names}, which means nothing here; ${text}`,
    };
  }
  const expected = expectedAt(issue);
  const found: unknown = valueAt(document, issue.path);
  if (found === undefined && where !== "") {
    return { ...place, expected, message: `${where} is missing; expected ${expected}` };
  }
  const quotes = issue.code === "invalid_type" && issue.expected === "string" && isPlain(found);
  const hint = quotes ? `; put it in quotes: "${String(found)}"` : "";
  return {
    ...place,
    expected,
    message: `${where === "" ? "the recipe" : where}: expected ${expected}${hint}`,
  };
}

/** What belongs at a path, `*` for any name or number. */
const EXPECTED: readonly (readonly [RegExp, string])[] = [
  [/^$/, "names with values: inquest, case, evidence and windows"],
  [/^inquest$/, "1, the version of recipes that this program reads"],
  [/^case$/, "a name"],
  [/^evidence$/, "a list of files, each with a path"],
  [/^evidence\.\d+$/, "a file with a path, such as `path: logs/*.log`"],
  [/^evidence\.\d+\.path$/, "a path or a pattern, such as logs/*.log"],
  [/^evidence\.\d+\.member(\.\d+)?$/, "a name or a pattern, such as logs/*.log, or a list of them"],
  [/\.roles$/, "columns by role, such as { timestamp: event_ts }"],
  [/\.roles\.[a-z_]+(\.\d+)?$/, "the name of a column, or a list of names"],
  [/^windows$/, "baseline and incident"],
  [/^windows\.[a-z]+$/, "from and to, or a filter with column and values"],
  [/\.(from|to)$/, "a time with its zone, such as 2024-05-01T00:00:00Z"],
  [/\.filter$/, "a column and the values that belong to the window"],
  [/\.filter\.values$/, "a list of values"],
  [/^symptom\.metric$/, "the name of a column or series"],
  [/^dependencies(\.\d+)?$/, "a list of calls, such as { caller: frontend, callee: cart }"],
  [/^rules(\.\d+)?$/, "the path of an expectation suite (JSON), or a list of them"],
  [/^report\.formats$/, "a list of formats, such as [html, pdf]"],
];

const TYPES: Readonly<Record<string, string>> = {
  object: "names with values",
  array: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function expectedAt(issue: Issue): string {
  const where = issue.path.map(String).join(".");
  if (issue.code === "custom") return issue.message;
  if (issue.code === "invalid_value" && where !== "inquest") {
    return issue.values.map(String).join(" or ");
  }
  const known = EXPECTED.find(([path]) => path.test(where));
  if (known !== undefined) return known[1];
  return issue.code === "invalid_type"
    ? (TYPES[issue.expected] ?? issue.expected)
    : "another value";
}

function isPlain(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function valueAt(document: Document, path: readonly PropertyKey[]): unknown {
  const value: unknown = path.length === 0 ? document.contents : document.getIn(path);
  return path.length === 0 && value === null ? undefined : value;
}

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "": [
    "inquest",
    "case",
    "timezone",
    "evidence",
    "windows",
    "symptom",
    "impact",
    "dependencies",
    "rules",
    "report",
  ],
  evidence: ["path", "member", "importer", "roles", "options"],
  options: Object.keys(ImportOptions.shape).filter((name) => name !== "roles"),
  windows: ["baseline", "incident"],
  baseline: ["from", "to", "filter"],
  incident: ["from", "to", "filter"],
  filter: ["column", "values"],
  symptom: ["metric", "service", "direction"],
  dependencies: ["caller", "callee"],
  impact: ["requests_per_hour", "value_per_request", "currency"],
  report: ["formats", "audience", "redact", "redact_names"],
  roles: Role.options,
};

/** `did you mean "windows"?` for a near miss, else the names that are known there. */
function suggestion(
  path: readonly PropertyKey[],
  wrong: string,
): { expected: string; text: string } {
  const section = [...path].reverse().find((part) => typeof part === "string");
  const known = KNOWN[section ?? ""] ?? [];
  const [near] = known
    .map((name) => ({ name, far: distance(name, wrong.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.min(2, name.length - 1))
    .sort((a, b) => a.far - b.far);
  return near === undefined
    ? { expected: known.join(" or "), text: `expected one of ${known.join(", ")}` }
    : { expected: near.name, text: `did you mean "${near.name}"?` };
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Where in the text an issue is: the value itself, or the nearest thing around it that is there. */
function placeOf(document: Document, issue: Issue, lines: LineCounter): Place {
  const path = [...issue.path];
  if (issue.code === "unrecognized_keys") {
    const parent: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(parent)
      ? parent.items.find((item) => String(item.key) === issue.keys[0])
      : undefined;
    const key = pair?.key as Node | undefined;
    if (key?.range) return placeAt(key.range[0], lines);
  }
  for (let length = path.length; length >= 0; length--) {
    const node: unknown =
      length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as Node | null | undefined)?.range;
    if (range && (isMap(node) || isSeq(node) || length === path.length)) {
      return placeAt(range[0], lines);
    }
  }
  return { line: 1, column: 1 };
}

function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
