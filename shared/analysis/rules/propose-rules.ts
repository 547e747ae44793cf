import type { Rule } from "../../model/rules.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Window } from "../../model/window.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { throwIfCancelled } from "../table-task.ts";
import { windowParts } from "./baseline-parts.ts";
import { columnRules } from "./column-rules.ts";
import { keyRules, rhythmRules } from "./table-rules.ts";
import { textContents } from "./text-contents.ts";

/** Fewer rows are no baseline: every bound would be a guess. */
const LEAST_ROWS = 100;

/**
 * Rules that hold in a window, proposed for the windows to come. The window is
 * cut into up to ten parts by time; a bound is what the parts did plus the margin
 * that their own variation asks for, so that another ordinary part keeps it.
 * Columns that grow without end (counters, times) get no bounds. Every rule
 * tells its reason. Empty where the window has fewer than 100 rows.
 * @throws Fault<EngineError>
 */
export async function proposeRules(
  engine: Engine,
  table: TableMeta,
  window: Window,
  options: QueryOptions = {},
): Promise<Rule[]> {
  if (table.target !== "own") return [];
  const parts = await windowParts(engine, table, window, options);
  if (parts === null || parts.rows.reduce((s, n) => s + n, 0) < LEAST_ROWS) return [];
  throwIfCancelled(options);
  const contents = await textContents(engine, table, parts, options);
  throwIfCancelled(options);
  const keys = await keyRules(engine, table, parts.where, options);
  throwIfCancelled(options);
  const rhythm = await rhythmRules(engine, table, window, parts, options);
  const columns = parts.columns.flatMap((c) =>
    columnRules(
      c,
      parts.rows,
      contents.get(c.column.name) ?? null,
      c.column.name === table.timeColumn,
    ),
  );
  options.onProgress?.(1);
  return [...rhythm, ...keys, ...columns];
}
