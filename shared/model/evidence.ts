import { z } from "zod";
import { ColumnType, Role } from "./role.ts";

/** Where rows of an evidence file go: one of the fixed tables, or a table of its own. */
export const TargetTable = z.enum(["logs", "metrics", "events", "spans", "own"]);
export type TargetTable = z.infer<typeof TargetTable>;

/** How the columns of a delimited or columnar metric file are arranged. */
export const MetricLayout = z.enum(["wide", "long"]);
export type MetricLayout = z.infer<typeof MetricLayout>;

/** One column of a planned import, editable before the import starts. */
export const PlannedColumn = z.object({
  /** Name in the table (unique; a duplicate in the file is renamed `name_2`). */
  name: z.string(),
  /** Position (0-based) or key in the source. */
  source: z.union([z.number(), z.string()]),
  type: ColumnType,
  role: Role,
  /** Why this role was chosen, in words a person understands. */
  reason: z.string(),
  unit: z.string().optional(),
});
export type PlannedColumn = z.infer<typeof PlannedColumn>;

/**
 * What a person may set for an import. Everything is optional: what is
 * missing is detected, and the detected value stands in the plan.
 */
export const ImportOptions = z.object({
  target: TargetTable.optional(),
  /** Name of the table for `own`. */
  table: z.string().optional(),
  /** IANA zone or offset (`+02:00`) for times that carry none. */
  timezone: z.string().optional(),
  /** Year for time layouts that have none (syslog). */
  year: z.number().int().optional(),
  delimiter: z.string().optional(),
  encoding: z.string().optional(),
  headerRows: z.number().int().optional(),
  layout: MetricLayout.optional(),
  dayFirst: z.boolean().optional(),
  /** Service that the lines of a log belong to. */
  service: z.string().optional(),
  /** Pattern for a text log that no layout reads: literal text with groups `%{TYPE:field}`. */
  pattern: z.string().optional(),
  /**
   * Which lines of a text log continue the record before them: `indented` ones,
   * those without a time (`no-timestamp`), `none`, or all that do not fit this
   * pattern of a record's first line.
   */
  continuation: z.string().optional(),
  /** Added to every time of the file, in milliseconds: what its clock was behind. */
  clockOffsetMs: z.number().optional(),
  /** Added to every time of the file once it has been read, in milliseconds: its clock was put right later. */
  correctedMs: z.number().optional(),
  /** Field of a text log whose value is the service: tells services apart that share a file. */
  splitBy: z.string().optional(),
  /** Date (`2026-03-01`) of the first record, for times of day without a date. */
  date: z.string().optional(),
  /**
   * Part of a container that is meant: path in an archive or folder (one that
   * ends in `/` is a folder imported as one), sheet of a workbook, table of a database.
   */
  member: z.string().optional(),
  /** Roles by column name; wins over detection. */
  roles: z.record(z.string(), Role).optional(),
  /** Types by column name; wins over detection. */
  types: z.record(z.string(), ColumnType).optional(),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

/** A condition that a person should know of, found while planning or reading. */
export const ImportNote = z.object({
  kind: z.enum(["info", "warning"]),
  message: z.string(),
  count: z.number().optional(),
});
export type ImportNote = z.infer<typeof ImportNote>;

/** Statistics of one imported column, computed after the import. */
export const ColumnSummary = z.object({
  name: z.string(),
  type: ColumnType,
  role: Role,
  /** Why it has this role, in words a person understands. */
  reason: z.string().optional(),
  unit: z.string().optional(),
  nulls: z.number(),
});
export type ColumnSummary = z.infer<typeof ColumnSummary>;

/** A table that a file filled beside its main one. */
export const FurtherRows = z.object({
  target: TargetTable,
  table: z.string(),
  columns: z.array(ColumnSummary),
  tableRows: z.number(),
  from: z.number().nullable(),
  to: z.number().nullable(),
});
export type FurtherRows = z.infer<typeof FurtherRows>;

/** One source file of a case, as the journal records it. */
export const Evidence = z.object({
  /** `E1`, `E2`, … in the order of arrival; `_ev` in the tables holds the number. */
  id: z.string(),
  path: z.string(),
  name: z.string(),
  size: z.number(),
  mtimeMs: z.number(),
  sha256: z.string(),
  importer: z.string(),
  options: ImportOptions,
  target: TargetTable,
  /** Name of the DuckDB table that holds its rows. */
  table: z.string(),
  columns: z.array(ColumnSummary),
  /** Records of the file that arrived in the table. */
  rows: z.number(),
  /** Records of the file that did not, each kept in `rejects`. */
  rejected: z.number(),
  /** Rows in the table; differs from `rows` for wide metric files (one row per sample). */
  tableRows: z.number(),
  /** Time range of the rows: µs since the epoch, or null where there is no time. */
  from: z.number().nullable(),
  to: z.number().nullable(),
  notes: z.array(ImportNote),
  /** Tables beside the main one; missing where there are none. */
  further: z.array(FurtherRows).optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** State of an original on disk, compared with what the journal recorded. */
export const OriginalStatus = z.enum(["unchanged", "missing", "changed", "moved", "unreadable"]);
export type OriginalStatus = z.infer<typeof OriginalStatus>;
