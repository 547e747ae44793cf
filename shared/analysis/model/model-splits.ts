import type {
  Estimate,
  GroupChecks,
  MetricName,
  Support,
  TimedMetrics,
} from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { queryRows, STRING } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { correctGroups, metricChanges } from "./metric-rules.ts";
import { classKey } from "./model-columns.ts";
import type { GroupOfCells, Metrics, Splitter } from "./score-cells.ts";

/** Metrics of one group in one window, whatever the model does. */
export interface GroupMetrics {
  readonly window: 0 | 1;
  readonly group: GroupOfCells["group"];
  readonly support: Support;
  readonly metrics: Metrics;
}

const MOST_SEGMENTS = 10;
const MOST_VALUES = 20;
/** A stretch of time needs so many labelled rows to have metrics. */
const LEAST_IN_TIME = 30;

/**
 * Segment and model version columns with their most frequent values over both
 * windows: up to 10 columns and 20 values each.
 */
export async function readSplitters(
  engine: Engine,
  table: TableMeta,
  condition: string,
  filtered: ReadonlySet<string>,
  options: QueryOptions,
): Promise<{ splitters: Splitter[]; version: string | null }> {
  const versions = table.columns.filter((c) => c.role === "model_version");
  const segments = table.columns.filter((c) => c.role === "segment" && !filtered.has(c.name));
  const columns = [...versions.slice(0, 1), ...segments].slice(0, MOST_SEGMENTS);
  const splitters: Splitter[] = [];
  for (const column of columns) {
    const expression =
      column.type === "double" ? classKey(column) : `CAST(${ident(column.name)} AS VARCHAR)`;
    const found = await queryRows(
      engine,
      `SELECT value FROM (SELECT ${expression} AS value FROM ${ident(table.name)} WHERE ${condition})
WHERE value IS NOT NULL GROUP BY value ORDER BY count(*) DESC, value LIMIT ${MOST_VALUES}`,
      { value: STRING },
      options,
    );
    if (found.length > 0) {
      splitters.push({ column: column.name, expression, values: found.map((r) => r.value) });
    }
  }
  return { splitters, version: versions[0]?.name ?? null };
}

/** Groups of both windows side by side where both have the support; q corrected over all. */
export function groupChecks(
  groups: readonly GroupMetrics[],
  splitters: readonly Splitter[],
  minSupport: number,
): GroupChecks[] {
  const of = (window: 0 | 1, column: string, value: string): GroupMetrics | undefined =>
    groups.find(
      (g) =>
        g.window === window &&
        g.group?.kind === "column" &&
        g.group.column === column &&
        g.group.value === value,
    );
  const pairs = splitters.flatMap(({ column, values }) =>
    values.flatMap((value) => {
      const b = of(0, column, value);
      const i = of(1, column, value);
      if (b === undefined || i === undefined) return [];
      if (b.support.labelled < minSupport || i.support.labelled < minSupport) return [];
      const metrics = metricChanges(b.metrics, i.metrics);
      return [{ column, value, baseline: b.support, incident: i.support, metrics }];
    }),
  );
  return correctGroups(pairs);
}

/** Metrics over time, in the order of time. @param bucket width in µs */
export function timedMetrics(groups: readonly GroupMetrics[], bucket: number): TimedMetrics[] {
  return groups
    .flatMap(({ window, group, support, metrics }): TimedMetrics[] =>
      group?.kind !== "time"
        ? []
        : [
            {
              from: group.bucket * bucket,
              to: (group.bucket + 1) * bucket,
              window: window === 0 ? "baseline" : "incident",
              support,
              metrics: support.labelled < LEAST_IN_TIME ? [] : listOf(metrics),
            },
          ],
    )
    .sort((a, b) => a.from - b.from || (a.window < b.window ? -1 : 1));
}

function listOf(metrics: Metrics): { metric: MetricName; estimate: Estimate }[] {
  return [...metrics].map(([metric, estimate]) => ({ metric, estimate }));
}
