import type { TableMeta } from "../../shared/model/table.ts";

const ORDER = ["model_version", "segment", "label", "prediction"];
const NEVER = new Set(["timestamp", "entity", "message", "ignore", "weight"]);
/** Columns of the fixed tables that hold categories. */
const FIXED: readonly string[] = ["level", "service", "host", "kind", "status"];

export interface CategoryColumn {
  readonly table: string;
  readonly column: string;
}

/** Columns that may hold categories, the likeliest first. */
export function categoryColumns(tables: readonly TableMeta[]): CategoryColumn[] {
  return tables
    .flatMap((table) =>
      table.columns
        .filter((c) =>
          table.target === "own"
            ? mayHoldCategories(c)
            : table.target !== "metrics" && FIXED.includes(c.name),
        )
        .map((c) => ({
          table: table.name,
          column: c.name,
          rank: ORDER.includes(c.role) ? ORDER.indexOf(c.role) : ORDER.length,
        })),
    )
    .sort((a, b) => a.rank - b.rank);
}

function mayHoldCategories({ name, type, role }: TableMeta["columns"][number]): boolean {
  if (NEVER.has(role) || name.startsWith("_") || type === "timestamp") return false;
  return type !== "double" || ORDER.includes(role);
}

/** The same column has the same key, in lists and as the value of an option. */
export function keyOf({ table, column }: CategoryColumn): string {
  return `${table}\n${column}`;
}
