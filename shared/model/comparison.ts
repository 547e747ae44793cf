import { z } from "zod";
import { Shift, TableComparison } from "./shift.ts";

/** A column that is in one evidence file of a table and not in another, or changed its type. */
export const SchemaChange = z.object({
  table: z.string(),
  column: z.string(),
  change: z.enum(["added", "removed", "retyped", "all_null"]),
  why: z.string(),
});
export type SchemaChange = z.infer<typeof SchemaChange>;

/** The full set of differences between baseline and incident over all tables. */
export const Comparison = z.object({
  tables: z.array(TableComparison),
  schemaChanges: z.array(SchemaChange),
  /** All shifts with a verdict above none, strongest first; Benjamini-Hochberg over the whole comparison. */
  shifts: z.array(Shift),
});
export type Comparison = z.infer<typeof Comparison>;
