import { z } from "zod";
import { TargetTable } from "./evidence.ts";
import { ColumnType, Role } from "./role.ts";

/** A DuckDB table of the case with what is known of its columns. */
export const TableMeta = z.object({
  name: z.string(),
  target: TargetTable,
  columns: z.array(
    z.object({
      name: z.string(),
      type: ColumnType,
      role: Role,
      reason: z.string().optional(),
      unit: z.string().optional(),
    }),
  ),
  /** The column that windows cut; null for tables without time. */
  timeColumn: z.string().nullable(),
  evidenceIds: z.array(z.string()),
  rows: z.number(),
  /** µs UTC. */
  from: z.number().nullable(),
  to: z.number().nullable(),
});
export type TableMeta = z.infer<typeof TableMeta>;
