import { z } from "zod";
import { Distribution } from "./shift.ts";

/** A row of evidence that a finding stands on. */
export const RowReference = z.object({
  evidenceId: z.string(),
  /** 1-based line of a text file, or record number of a columnar one. */
  line: z.number(),
  /** Bytes from the start of the decompressed content; null for columnar files. */
  offset: z.number().nullable(),
  text: z.string(),
});
export type RowReference = z.infer<typeof RowReference>;

/** The query under a claim, and what it answered when the claim was made. */
export const Provenance = z.object({
  sql: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  /** SHA-256 of the result in canonical form (`shared/tables/digest.ts`). */
  resultDigest: z.string(),
  resultRows: z.number(),
});
export type Provenance = z.infer<typeof Provenance>;

/** A picture's data, kept with the finding so that a report needs no database. */
export const FindingChart = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("distribution"),
    title: z.string(),
    unit: z.string().optional(),
    distribution: Distribution,
  }),
  z.object({
    kind: z.literal("series"),
    title: z.string(),
    unit: z.string().optional(),
    /** µs UTC at bucket starts. */
    times: z.array(z.number()),
    values: z.array(z.number().nullable()),
    min: z.array(z.number().nullable()),
    max: z.array(z.number().nullable()),
  }),
]);
export type FindingChart = z.infer<typeof FindingChart>;

export const Finding = z.object({
  id: z.string(),
  kind: z.enum(["shift", "chart", "rows", "note", "suspect"]),
  title: z.string(),
  /** What the person writes: plain text, blank lines separate paragraphs. */
  note: z.string(),
  /** Machine-made statement, e.g. a shift's sentence. */
  statement: z.string(),
  provenance: Provenance.nullable(),
  evidenceIds: z.array(z.string()),
  rows: z.array(RowReference),
  chart: FindingChart.nullable(),
  /** Table of numbers shown with the finding: header and cells as text. */
  numbers: z
    .object({ header: z.array(z.string()), cells: z.array(z.array(z.string())) })
    .nullable(),
  createdAt: z.string(),
});
export type Finding = z.infer<typeof Finding>;
