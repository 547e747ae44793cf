import { z } from "zod";

/** What a column of a feature, prediction or metric table is. */
export const Role = z.enum([
  "timestamp",
  "entity",
  "feature",
  "prediction",
  "score",
  "label",
  "segment",
  "model_version",
  "weight",
  "series",
  "value",
  "message",
  "level",
  "service",
  "host",
  "ignore",
]);
export type Role = z.infer<typeof Role>;

/** Column types that importers produce; each maps to one DuckDB type. */
export const ColumnType = z.enum(["timestamp", "double", "bigint", "boolean", "varchar"]);
export type ColumnType = z.infer<typeof ColumnType>;

export const Layer = z.enum(["data", "features", "model", "serving", "infrastructure", "people"]);
export type Layer = z.infer<typeof Layer>;
