import type { TableColumn } from "./fixed-tables.ts";

/**
 * Each log line holds the id of its shape: what is left of the message when its
 * values are masked. The shapes themselves stand once per file in `log_shapes`;
 * templates are made of them when they are asked for, over all files at once,
 * so that neither the order of lines nor that of files matters.
 */
export const LOG_SHAPES = "log_shapes";

/** Column of `logs` after those that importers fill. */
export const SHAPE_COLUMN: TableColumn = { name: "shape", type: "bigint" };

export const LOG_SHAPES_COLUMNS: readonly TableColumn[] = [
  /** 53 bits, the same in every file and session. */
  { name: "id", type: "bigint" },
  /** One digit per token (`templates/chunk-kinds.ts`). */
  { name: "kinds", type: "varchar" },
  /** JSON array of the tokens' texts; empty for a value. */
  { name: "texts", type: "varchar" },
  /** Lines of the file that have it. */
  { name: "count", type: "bigint" },
  { name: "example", type: "varchar" },
  /** Shapes that were counted together because there were too many. */
  { name: "overflow", type: "boolean" },
  { name: "_ev", type: "bigint" },
];
