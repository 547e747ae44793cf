import { LineCounter, parseDocument, isMap, isSeq, type Document, type Node } from "yaml";
import { z } from "zod";
import { parseIso } from "../base/time.ts";
import { err, ok, type Result } from "../base/result.ts";
import { Impact, Symptom } from "../model/case.ts";
import { ImportOptions } from "../model/evidence.ts";
import { Role } from "../model/role.ts";
import type { Window, Windows } from "../model/window.ts";

/** What is wrong with a recipe, and where. */
export interface RecipeError {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  /** What was expected there, in words. */
  readonly message: string;
}

const REPORT_FORMAT = ["html", "pdf", "docx", "pptx", "md", "json"] as const;
export type RecipeFormat = (typeof REPORT_FORMAT)[number];

const Instant = z.string().refine((text) => parseIso(text) !== null, {
  message: "expected a time such as 2024-05-01T00:00:00Z",
});

const RecipeWindow = z
  .strictObject({
    from: Instant.optional(),
    to: Instant.optional(),
    filter: z.strictObject({ column: z.string(), values: z.array(z.string()).min(1) }).optional(),
  })
  .refine((w) => w.from !== undefined || w.to !== undefined || w.filter !== undefined, {
    message: "expected from and to, or a filter with column and values",
  })
  .refine(
    (w) =>
      w.from === undefined || w.to === undefined || (parseIso(w.from) ?? 0) < (parseIso(w.to) ?? 0),
    {
      message: "expected from to be before to",
    },
  );

const Columns = z.union([z.string(), z.array(z.string())]);

const RecipeEvidence = z.strictObject({
  path: z.string().min(1),
  importer: z.string().default("auto"),
  /** Columns by role: `{ timestamp: event_ts, segment: [country, device] }`. */
  roles: z.partialRecord(Role, Columns).optional(),
  options: ImportOptions.omit({ roles: true }).strict().optional(),
});

const RecipeFile = z.strictObject({
  inquest: z.literal(1),
  case: z.string().min(1),
  timezone: z.string().optional(),
  evidence: z.array(RecipeEvidence).min(1),
  windows: z.strictObject({ baseline: RecipeWindow, incident: RecipeWindow }),
  symptom: Symptom.strict().optional(),
  impact: Impact.strict().optional(),
  report: z
    .strictObject({
      formats: z.array(z.enum(REPORT_FORMAT)).min(1).default(["html", "json"]),
      audience: z.enum(["executive", "technical", "audit"]).default("technical"),
      redact: z.array(z.string()).default([]),
    })
    .optional(),
});

/** A case as a text file describes it. */
export interface Recipe {
  readonly name: string;
  readonly evidence: readonly {
    /** Path or pattern, relative to the recipe. */
    readonly path: string;
    readonly importer: string;
    readonly options: ImportOptions;
  }[];
  readonly windows: Windows & { readonly baseline: Window; readonly incident: Window };
  readonly symptom: Symptom | null;
  readonly impact: Impact | null;
  readonly formats: readonly RecipeFormat[];
  readonly audience: "executive" | "technical" | "audit";
  readonly redact: readonly string[];
}

/** Reads a recipe. Every error names its line and what was expected there. */
export function parseRecipe(text: string): Result<Recipe, RecipeError> {
  const lines = new LineCounter();
  // Times stay texts: YAML would read some of them as dates.
  const document = parseDocument(text, { lineCounter: lines, schema: "core", prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax !== undefined) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    return err({ line, column: col, message: `not valid YAML: ${syntax.message}` });
  }
  const parsed = RecipeFile.safeParse(document.toJS() as unknown);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue === undefined) return err({ line: 1, column: 1, message: "not a recipe" });
    const place = placeOf(document, issue, lines);
    return err({ ...place, message: messageOf(issue) });
  }
  return ok(recipeOf(parsed.data));
}

type Issue = z.core.$ZodIssue;

function messageOf(issue: Issue): string {
  const where = issue.path.length === 0 ? "the recipe" : issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return `${where} has ${issue.keys.map((k) => `"${k}"`).join(", ")}, which means nothing here${suggestion(issue)}`;
  }
  if (issue.code === "invalid_value") {
    return `${where}: expected ${issue.values.map(String).join(" or ")}`;
  }
  return `${where}: ${issue.message.replace("Invalid input: ", "")}`;
}

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  "": ["inquest", "case", "timezone", "evidence", "windows", "symptom", "impact", "report"],
  evidence: ["path", "importer", "roles", "options"],
  windows: ["baseline", "incident"],
  baseline: ["from", "to", "filter"],
  incident: ["from", "to", "filter"],
  symptom: ["metric", "direction"],
  impact: ["requests_per_hour", "value_per_request", "currency"],
  report: ["formats", "audience", "redact"],
  roles: Role.options,
};

/** `; did you mean "windows"?` for a near miss, else the names that are known there. */
function suggestion(issue: Extract<Issue, { code: "unrecognized_keys" }>): string {
  const section = [...issue.path].reverse().find((part) => typeof part === "string");
  const known = KNOWN[section ?? ""];
  const wrong = issue.keys[0];
  if (known === undefined || wrong === undefined) return "";
  const near = known.find((name) => distance(name, wrong) <= 2);
  return near === undefined ? `; expected one of ${known.join(", ")}` : `; did you mean "${near}"?`;
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
function placeOf(
  document: Document,
  issue: Issue,
  lines: LineCounter,
): { line: number; column: number } {
  const path = [...issue.path];
  if (issue.code === "unrecognized_keys") {
    const parent: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
    const pair = isMap(parent)
      ? parent.items.find((item) => String(item.key) === issue.keys[0])
      : undefined;
    const key = pair?.key as Node | undefined;
    if (key?.range) return at(key.range[0], lines);
  }
  for (let length = path.length; length >= 0; length--) {
    const node: unknown =
      length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const range = (node as Node | null | undefined)?.range;
    if (range && (isMap(node) || isSeq(node) || length === path.length)) return at(range[0], lines);
  }
  return { line: 1, column: 1 };
}

function at(offset: number, lines: LineCounter): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function recipeOf(file: z.infer<typeof RecipeFile>): Recipe {
  return {
    name: file.case,
    evidence: file.evidence.map(({ path, importer, roles, options }) => ({
      path,
      importer,
      options: {
        ...(file.timezone === undefined ? {} : { timezone: file.timezone }),
        ...options,
        ...(roles === undefined ? {} : { roles: rolesByColumn(roles) }),
      },
    })),
    windows: {
      baseline: windowOf(file.windows.baseline),
      incident: windowOf(file.windows.incident),
    },
    symptom: file.symptom ?? null,
    impact: file.impact ?? null,
    formats: file.report?.formats ?? ["html", "json"],
    audience: file.report?.audience ?? "technical",
    redact: file.report?.redact ?? [],
  };
}

function rolesByColumn(roles: Partial<Record<Role, string | string[]>>): Record<string, Role> {
  const byColumn: Record<string, Role> = {};
  for (const [role, columns] of Object.entries(roles)) {
    for (const column of typeof columns === "string" ? [columns] : columns) {
      byColumn[column] = Role.parse(role);
    }
  }
  return byColumn;
}

function windowOf(window: z.infer<typeof RecipeWindow>): Window {
  return {
    from: window.from === undefined ? null : parseIso(window.from),
    to: window.to === undefined ? null : parseIso(window.to),
    ...(window.filter === undefined ? {} : { filter: window.filter }),
  };
}
