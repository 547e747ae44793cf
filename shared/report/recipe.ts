import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { parseIso } from "../base/time.ts";
import { err, ok, type Result } from "../base/result.ts";
import { Dependency, Impact, Symptom } from "../model/case.ts";
import { ImportOptions } from "../model/evidence.ts";
import { Role } from "../model/role.ts";
import type { Window, Windows } from "../model/window.ts";
import { REDACTION_KINDS } from "../redaction/detectors.ts";
import type { RedactionChoice } from "./redact-report.ts";
import { aliasError, recipeError, syntaxError, type RecipeError } from "./recipe-error.ts";

const REPORT_FORMAT = ["html", "pdf", "docx", "pptx", "md", "json"] as const;
export type RecipeFormat = (typeof REPORT_FORMAT)[number];

/** A time without a zone would be read differently by two people. */
const Instant = z
  .string()
  .refine((text) => parseIso(text) !== null && /(?:Z|[+-]\d\d:?\d\d)$/.test(text.trim()), {
    message: "a time with its zone, such as 2024-05-01T00:00:00Z",
  });

const Zone = z.string().refine(isZone, {
  message: "a time zone such as Europe/Berlin, UTC or +02:00",
});

const RecipeWindow = z
  .strictObject({
    from: Instant.optional(),
    to: Instant.optional(),
    filter: z.strictObject({ column: z.string(), values: z.array(z.string()).min(1) }).optional(),
  })
  .refine((w) => w.from !== undefined || w.to !== undefined || w.filter !== undefined, {
    message: "from and to, or a filter with column and values",
  })
  .refine(
    (w) =>
      w.from === undefined || w.to === undefined || (parseIso(w.from) ?? 0) < (parseIso(w.to) ?? 0),
    {
      message: "from to be before to",
    },
  );

const Columns = z.union([z.string(), z.array(z.string())]);

/** Columns by role: `{ timestamp: event_ts, segment: [country, device] }`. */
const Roles = z.strictObject(
  Object.fromEntries(Role.options.map((role) => [role, Columns.optional()])) as Record<
    Role,
    z.ZodOptional<typeof Columns>
  >,
);

const RecipeEvidence = z.strictObject({
  path: z.string().min(1),
  /** Parts of an archive, a folder, a workbook or a database; all where none is named. */
  member: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  importer: z.string().min(1).default("auto"),
  roles: Roles.superRefine((roles, context) => {
    const seen = new Map<string, string>();
    for (const [role, columns] of Object.entries(roles)) {
      for (const column of columnsOf(columns)) {
        const other = seen.get(column);
        if (other !== undefined) {
          const message = `one role for each column; \`${column}\` is ${other} and ${role}`;
          context.addIssue({ code: "custom", path: [role], message });
        }
        seen.set(column, role);
      }
    }
  }).optional(),
  options: ImportOptions.omit({ roles: true })
    .extend({ timezone: Zone.optional() })
    .strict()
    .optional(),
});

const RecipeFile = z.strictObject({
  inquest: z.literal(1),
  case: z.string().min(1),
  timezone: Zone.optional(),
  evidence: z.array(RecipeEvidence).min(1),
  windows: z.strictObject({ baseline: RecipeWindow, incident: RecipeWindow }),
  symptom: Symptom.strict().optional(),
  impact: Impact.strict().optional(),
  /** Calls between services, beside those that spans and tables of the evidence show. */
  dependencies: z.array(Dependency.strict()).optional(),
  /** Expectation suites (JSON) whose rules the incident is checked by. */
  rules: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  report: z
    .strictObject({
      formats: z.array(z.enum(REPORT_FORMAT)).min(1).default(["html", "json"]),
      audience: z.enum(["executive", "technical", "audit"]).default("technical"),
      redact: z.array(z.enum(REDACTION_KINDS)).default([]),
      /** Persons, hosts, customers: hidden as well. */
      redact_names: z.array(z.string().min(1)).default([]),
    })
    .optional(),
});

/** A case as a text file describes it. */
export interface Recipe {
  readonly name: string;
  readonly evidence: readonly {
    /** Path or pattern, relative to the recipe. */
    readonly path: string;
    /** Names or patterns of the parts that are meant; null for the whole, or for each of its parts. */
    readonly members: readonly string[] | null;
    readonly importer: string;
    readonly options: ImportOptions;
  }[];
  readonly windows: Windows & { readonly baseline: Window; readonly incident: Window };
  readonly symptom: Symptom | null;
  readonly impact: Impact | null;
  readonly dependencies: readonly Dependency[];
  /** Paths of expectation suites, relative to the recipe. */
  readonly rules: readonly string[];
  readonly formats: readonly RecipeFormat[];
  readonly audience: "executive" | "technical" | "audit";
  readonly redact: RedactionChoice;
}

/** Reads a recipe. Every error names its line and what was expected there. */
export function parseRecipe(text: string): Result<Recipe, RecipeError> {
  const lines = new LineCounter();
  // Times stay texts: YAML would read some of them as dates.
  const document = parseDocument(text, { lineCounter: lines, schema: "core", prettyErrors: false });
  const [syntax] = document.errors;
  if (syntax !== undefined) return err(syntaxError(syntax, lines));
  const content = contentOf(document);
  if (!content.ok) return err(aliasError(content.error, text));
  const parsed = RecipeFile.safeParse(content.value);
  return parsed.success
    ? ok(recipeOf(parsed.data))
    : err(recipeError(document, parsed.error.issues, lines));
}

/** The values of a document; aliases that lead nowhere or multiply without end are an error of the text. */
function contentOf(document: ReturnType<typeof parseDocument>): Result<unknown, string> {
  try {
    return ok(document.toJS());
  } catch (thrown) {
    if (!(thrown instanceof ReferenceError)) throw thrown;
    return err(thrown.message);
  }
}

function recipeOf(file: z.infer<typeof RecipeFile>): Recipe {
  return {
    name: file.case,
    evidence: file.evidence.map(({ path, member, importer, roles, options: all = {} }) => {
      const { member: part, ...options } = all;
      return {
        ...placeOf(path, member ?? part),
        importer,
        options: {
          ...(file.timezone === undefined ? {} : { timezone: file.timezone }),
          ...options,
          ...(roles === undefined ? {} : { roles: rolesByColumn(roles) }),
        },
      };
    }),
    windows: {
      baseline: windowOf(file.windows.baseline),
      incident: windowOf(file.windows.incident),
    },
    symptom: file.symptom ?? null,
    dependencies: file.dependencies ?? [],
    impact: file.impact ?? null,
    rules: typeof file.rules === "string" ? [file.rules] : (file.rules ?? []),
    formats: file.report?.formats ?? ["html", "json"],
    audience: file.report?.audience ?? "technical",
    redact: redactionOf(file.report?.redact ?? [], file.report?.redact_names ?? []),
  };
}

/** Whoever lists names wants them hidden. */
function redactionOf(kinds: RedactionChoice["kinds"], names: readonly string[]): RedactionChoice {
  return { kinds: names.length > 0 ? [...new Set([...kinds, "name" as const])] : kinds, names };
}

/** `incident.zip!/logs/*.log` is these members of that archive. */
function placeOf(
  path: string,
  member: string | string[] | undefined,
): { path: string; members: readonly string[] | null } {
  const at = path.indexOf("!/");
  if (at > 0 && member === undefined) {
    return { path: path.slice(0, at), members: [path.slice(at + 2)] };
  }
  const members = typeof member === "string" ? [member] : (member ?? null);
  return { path, members };
}

function columnsOf(columns: string | string[] | undefined): readonly string[] {
  return typeof columns === "string" ? [columns] : (columns ?? []);
}

function rolesByColumn(roles: z.infer<typeof Roles>): Record<string, Role> {
  return Object.fromEntries(
    Role.options.flatMap((role) => columnsOf(roles[role]).map((column) => [column, role] as const)),
  );
}

/** An offset, or a name that the system's table of time zones has. */
function isZone(zone: string): boolean {
  if (/^[+-]\d\d:?\d\d$/.test(zone)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function windowOf(window: z.infer<typeof RecipeWindow>): Window {
  return {
    from: window.from === undefined ? null : parseIso(window.from),
    to: window.to === undefined ? null : parseIso(window.to),
    ...(window.filter === undefined ? {} : { filter: window.filter }),
  };
}
