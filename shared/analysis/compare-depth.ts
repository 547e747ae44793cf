import type { Comparison } from "../model/comparison.ts";
import type { Multivariate } from "../model/multivariate.ts";
import type { TableMeta } from "../model/table.ts";
import type { Engine, QueryOptions } from "../tables/engine.ts";
import { shiftRank } from "./false-discovery.ts";
import { compareTogether } from "./multivariate/compare-together.ts";
import { segmentDrift, type SegmentDrift } from "./segments/segment-drift.ts";
import { withoutProgress } from "./table-task.ts";
import type { WindowPair } from "./windows.ts";

/** Of each table, so many of the columns that changed most are looked at by segment. */
const MOST_COLUMNS = 12;

/** What the comparison of single columns does not show. */
export interface ComparisonDepth {
  /** Columns together, by table; tables that cannot be compared so are left out. */
  readonly together: readonly Multivariate[];
  /** Of the columns that changed most: in which segments. */
  readonly segments: readonly (SegmentDrift & { readonly table: string })[];
}

/**
 * Goes on from a comparison: the columns of each own table together, and the
 * twelve that changed most within the values of the segment columns.
 * @throws Fault<EngineError>
 */
export async function compareDepth(
  engine: Engine,
  comparison: Comparison,
  tables: readonly TableMeta[],
  windows: WindowPair,
  options: QueryOptions = {},
): Promise<ComparisonDepth> {
  const own = tables.filter((t) => t.target === "own");
  const quiet = withoutProgress(options);
  const together: Multivariate[] = [];
  const segments: (SegmentDrift & { readonly table: string })[] = [];
  for (const [k, table] of own.entries()) {
    const compared = await compareTogether(engine, table, windows, quiet);
    if (compared.skipped === null) together.push(compared);
    for (const column of changedMost(comparison, table)) {
      const drift = await segmentDrift(engine, table, column, null, windows, quiet);
      if (drift.why === null && drift.segmentColumns.length > 0) {
        segments.push({ ...drift, table: table.name });
      }
    }
    options.onProgress?.((k + 1) / own.length);
  }
  return { together, segments };
}

/** Names of a table's columns with a verdict above none, those that count most first. */
function changedMost({ tables }: Comparison, table: TableMeta): string[] {
  const columns = tables.find((t) => t.table === table.name)?.columns ?? [];
  return columns
    .map((c) => ({
      name: c.column,
      rank: Math.max(-1, ...c.shifts.filter((s) => s.verdict !== "none").map(shiftRank)),
    }))
    .filter((c) => c.rank >= 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST_COLUMNS)
    .map((c) => c.name);
}
