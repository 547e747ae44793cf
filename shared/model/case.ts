import { z } from "zod";
import { Evidence } from "./evidence.ts";
import { Finding } from "./finding.ts";
import { Guide } from "./guide.ts";
import { ItemsSchema, PriorityTable, Pseudonym, ReviewStep, TextKey } from "./reasoning.ts";
import { RuleSet } from "./rules.ts";
import { TemplateEdit } from "./template-edit.ts";
import { TimelineNote } from "./timeline-note.ts";
import { Windows } from "./window.ts";

/** `case.json`: what does not change often. */
export const CaseFile = z.object({
  inquest: z.literal(1),
  id: z.string(),
  name: z.string(),
  createdAt: z.string(),
});
export type CaseFile = z.infer<typeof CaseFile>;

export const Symptom = z.object({
  /** Column or series that people noticed. */
  metric: z.string(),
  /** Of which service, where several have a metric of that name. */
  service: z.string().optional(),
  direction: z.enum(["up", "down"]),
});
export type Symptom = z.infer<typeof Symptom>;

/** `caller` asks `callee` for something: trouble of the callee reaches the caller. */
export const Dependency = z.object({ caller: z.string().min(1), callee: z.string().min(1) });
export type Dependency = z.infer<typeof Dependency>;

export const Impact = z.object({
  requests_per_hour: z.number().optional(),
  value_per_request: z.number().optional(),
  currency: z.string().optional(),
});
export type Impact = z.infer<typeof Impact>;

/** An export that was made from the case. */
export const ExportRecord = z.object({
  path: z.string(),
  format: z.string(),
  sha256: z.string(),
  at: z.string(),
});
export type ExportRecord = z.infer<typeof ExportRecord>;

/** A pattern for log lines that a person made, to be used again. */
export const LogPattern = z.object({ name: z.string(), pattern: z.string() });
export type LogPattern = z.infer<typeof LogPattern>;

/** State of a case: fold(journal), see `shared/case/fold.ts`. */
export const CaseState = z.object({
  name: z.string(),
  evidence: z.array(Evidence),
  /** Highest number that an evidence id ever had; ids are never used twice. */
  lastEvidenceNumber: z.number().int(),
  /** Imports that were started and neither finished nor failed (a crash in between). */
  unfinishedImports: z.array(z.object({ id: z.string(), path: z.string() })),
  windows: Windows,
  symptom: Symptom.nullable(),
  impact: Impact.nullable(),
  /** Calls between services that a person stated, beside those that the evidence shows. */
  dependencies: z.array(Dependency),
  /** What people wrote on the timeline, or took from a report. */
  timelineNotes: z.array(TimelineNote),
  /** What was changed by hand of the templates of log messages, in order. */
  templateEdits: z.array(TemplateEdit),
  logPatterns: z.array(LogPattern),
  /** Saved rules, one set a table. */
  rules: z.array(RuleSet),
  findings: z.array(Finding),
  /** Free text that the report opens with. */
  summary: z.string(),
  exports: z.array(ExportRecord),
  /** Items of the reasoning tools and of the report, by collection. */
  items: ItemsSchema,
  texts: z.partialRecord(TextKey, z.string()),
  /** Null: the one that comes with the application. */
  priorityTable: PriorityTable.nullable(),
  redactionNames: z.array(z.string()),
  /** What stands in exports for values that may not leave. */
  pseudonyms: z.array(Pseudonym),
  /** Guided path that the case follows; null: none. */
  guide: Guide.nullable(),
  /** Steps of the review, the latest last; empty: a draft that nobody reviewed. */
  review: z.array(ReviewStep),
});
export type CaseState = z.infer<typeof CaseState>;
