import { z } from "zod";
import { Finding } from "./finding.ts";
import { Impact, Symptom } from "./case.ts";
import { ImportNote } from "./evidence.ts";
import {
  Estimate,
  GroupChecks,
  MetricChange,
  MetricName,
  ModelTask,
  Support,
  TrainingServing,
} from "./model-checks.ts";
import { DomainClassifier, PairChange, Reconstruction } from "./multivariate.ts";
import { ItemsSchema, REVIEW_STATES } from "./reasoning.ts";
import { ColumnStats, Shift, Statistic, Verdict } from "./shift.ts";
import { Suspect } from "./suspect.ts";

/** A window as ISO 8601 texts, for people and other programs. */
const IsoWindow = z.object({
  from: z.string().nullable(),
  to: z.string().nullable(),
  filter: z.object({ column: z.string(), values: z.array(z.string()) }).nullable(),
});

/**
 * `findings.json`: the public, versioned contract. The JSON Schema in
 * `resources/schema/findings-1.schema.json` is generated from this.
 * Times are ISO 8601 in UTC.
 */
export const FindingsFile = z.object({
  inquest: z.literal(1),
  case: z.string(),
  generated_by: z.object({ name: z.string(), version: z.string() }),
  windows: z.object({ baseline: IsoWindow.nullable(), incident: IsoWindow.nullable() }),
  symptom: Symptom.nullable(),
  impact: Impact.nullable(),
  evidence: z.array(
    z.object({
      id: z.string(),
      path: z.string(),
      /** The part of the file that is meant: a path in an archive or folder, a sheet, a table. */
      member: z.string().optional(),
      sha256: z.string(),
      importer: z.string(),
      table: z.string(),
      rows: z.number(),
      rejected: z.number(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      notes: z.array(ImportNote),
    }),
  ),
  /** Evidence that may not hold all there was: its end is no drop in traffic. */
  cut_exports: z.array(z.object({ evidence_id: z.string(), why: z.string() })),
  /** Evidence that could not be read, with the reason. */
  failed: z.array(z.object({ path: z.string(), reason: z.string(), advice: z.string() })),
  schema_changes: z.array(
    z.object({ table: z.string(), column: z.string(), change: z.string(), why: z.string() }),
  ),
  shifts: z.array(
    z.object({
      id: z.string(),
      table: z.string(),
      kind: z.string(),
      column: z.string().nullable(),
      metric: z.string().nullable(),
      template: z.string().nullable(),
      statistic: z.string(),
      value: z.number(),
      effect: z.object({ name: z.string(), value: z.number() }),
      p: z.number().nullable(),
      q: z.number().nullable(),
      verdict: Verdict,
      score: z.number(),
      /** Share of the model's change that lies where this moved, in [0, 1]; null where not known. */
      impact: z.number().nullable(),
      layer: Shift.shape.layer,
      sentence: z.string(),
      sql: z.string(),
      evidence_ids: z.array(z.string()),
      baseline: ColumnStats,
      incident: ColumnStats,
      statistics: z.array(Statistic),
    }),
  ),
  /** Columns looked at together, by table. */
  together: z.array(
    z.object({
      table: z.string(),
      /** Rows that were read of each window: all, or a part chosen by the hash of the row's number. */
      rows: z.object({ baseline: z.number(), incident: z.number(), whole: z.boolean() }),
      statements: z.array(z.string()),
      /** Pairs whose association changed. */
      pairs: z.array(PairChange),
      classifier: DomainClassifier.nullable(),
      reconstruction: Reconstruction.omit({ points: true }).nullable(),
      left_out: z.array(z.object({ column: z.string(), why: z.string() })),
    }),
  ),
  /** Columns that changed most, by the values of a segment column. */
  segment_drift: z.array(
    z.object({
      table: z.string(),
      column: z.string(),
      segment_column: z.string(),
      cause: z.enum(["none", "within", "mix", "both"]),
      /** Jensen-Shannon distances beyond chance: in all, by the mix, within segments. */
      whole: z.number(),
      mix: z.number(),
      within: z.number(),
      sentence: z.string(),
      segments: z.array(
        z.object({
          value: z.string().nullable(),
          baseline: z.number(),
          incident: z.number(),
          psi: z.number(),
          jensen_shannon: z.number(),
          p: z.number(),
          q: z.number(),
          verdict: Verdict,
        }),
      ),
      sql: z.string(),
    }),
  ),
  /** Rules of expectation suites checked on the incident; null where there were none. */
  rules: z
    .object({
      checked: z.number(),
      passed: z.number(),
      failures: z.array(
        z.object({
          table: z.string(),
          type: z.string(),
          kwargs: z.record(z.string(), z.unknown()),
          reason: z.string(),
          observed: z.string(),
          elements: z.number(),
          unexpected: z.number().nullable(),
          unexpected_share: z.number().nullable(),
          examples: z.array(
            z.object({ value: z.string(), evidence_id: z.string(), line: z.number() }),
          ),
          sql: z.string(),
        }),
      ),
      /** Rules that could not be checked, with the reason. */
      skipped: z.array(
        z.object({
          table: z.string(),
          type: z.string(),
          kwargs: z.record(z.string(), z.unknown()),
          why: z.string(),
        }),
      ),
      /** Expectations that are not known here. */
      unsupported: z.array(z.object({ file: z.string(), type: z.string(), why: z.string() })),
    })
    .nullable(),
  /** How the models behind the tables did; each change is incident minus baseline, with 95 % intervals. */
  models: z.array(
    z.object({
      table: z.string(),
      /** Why nothing could be checked; null when something was. */
      skipped: z.string().nullable(),
      task: ModelTask.nullable(),
      positive_class: z.string().nullable(),
      readings: z.array(z.string()),
      baseline: Support,
      incident: Support,
      /** Incident from here on is left out of realised metrics: labels are still arriving. */
      immature_from: z.string().nullable(),
      metrics: z.array(MetricChange),
      /** Estimated without the incident's labels, by calibrated scores; null where that cannot be. */
      estimated: z
        .object({
          metrics: z.array(MetricChange),
          assumptions: z.array(z.string()),
          statement: z.string(),
        })
        .nullable(),
      decompositions: z.array(
        z.object({
          metric: MetricName,
          method: z.string(),
          path: z.string(),
          change: Estimate,
          parts: z.object({ inputs: Estimate, labels: Estimate, concept: Estimate }),
          statement: z.string(),
        }),
      ),
      segments: z.array(GroupChecks),
      versions: z.array(GroupChecks),
      statements: z.array(z.string()),
      sql: z.string(),
    }),
  ),
  model_versions: z.array(
    z.object({
      table: z.string(),
      column: z.string(),
      steps: z.array(
        z.object({ before: z.string(), after: z.string(), metrics: z.array(MetricChange) }),
      ),
      statements: z.array(z.string()),
    }),
  ),
  training_serving: z.array(TrainingServing),
  changepoints: z.array(
    z.object({
      table: z.string(),
      subject: z.string(),
      at: z.string(),
      from: z.string(),
      to: z.string(),
    }),
  ),
  suspects: z.array(
    Suspect.omit({ onset: true, shiftIds: true, evidenceIds: true }).extend({
      onset: z.object({ at: z.string(), from: z.string(), to: z.string() }).nullable(),
      shift_ids: z.array(z.string()),
      evidence_ids: z.array(z.string()),
    }),
  ),
  timeline: z.array(
    z.object({
      at: z.string(),
      kind: z.string(),
      title: z.string(),
      service: z.string().nullable(),
      evidence_id: z.string(),
      line: z.number(),
    }),
  ),
  findings: z.array(Finding),
  /** Where the report stands; a final version is superseded, never edited. */
  review: z.object({ status: z.enum(REVIEW_STATES), version: z.number().int().positive() }),
  /** What people wrote; a number may name its finding as `[3.2 %](F:ID)`. */
  texts: z.object({
    summary: z.string(),
    problem: z.string(),
    detection_gap: z.string(),
    lessons: z.string(),
  }),
  /** What people concluded, with the ids of the findings that carry it. */
  conclusions: ItemsSchema.omit({ blocks: true, answers: true }),
  report_files: z.array(z.object({ path: z.string(), format: z.string(), sha256: z.string() })),
});
export type FindingsFile = z.infer<typeof FindingsFile>;
