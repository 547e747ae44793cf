import type { ComparisonDepth } from "../analysis/compare-depth.ts";
import { asSentence } from "../analysis/sentences.ts";

/** What columns show together, and in which segments they changed: sentences by table. */
export interface DepthSection {
  readonly table: string;
  readonly statements: readonly string[];
}

/** Tables with something to say; a column that changed in no segment says nothing. */
export function depthSections(depth: ComparisonDepth | null): DepthSection[] {
  if (depth === null) return [];
  const tables = [...depth.together, ...depth.segments].map((d) => d.table);
  return [...new Set(tables)].flatMap((table) => {
    const together = depth.together.filter((t) => t.table === table).flatMap((t) => t.statements);
    const segments = depth.segments
      .filter((s) => s.table === table)
      .flatMap((s) => s.segmentColumns.filter((c) => c.cause !== "none").slice(0, 1))
      .map((c) => c.sentence);
    const statements = [...together, ...segments].map(asSentence);
    return statements.length === 0 ? [] : [{ table, statements }];
  });
}
