import type { MetricChange, Support, VersionComparison } from "../../model/model-checks.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Window } from "../../model/window.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER_OR_NULL, queryRows, STRING } from "../../tables/rows.ts";
import { ident, text } from "../../tables/sql.ts";
import { withoutProgress } from "../table-task.ts";
import { windowPredicate } from "../windows.ts";
import { modelChecks, type ModelChecksOptions } from "./model-checks.ts";
import { changeSentence } from "./model-statements.ts";
import { correctGroups } from "./metric-rules.ts";

/** Versions compared at most: the most frequent ones. */
const MOST_VERSIONS = 12;
const LEAST_ROWS = 30;

/**
 * Each model version against the one before it, in the order in which they were
 * first seen (by name where there is no time), over all rows of a window or of
 * the table. Versions that served different requests differ in inputs too: the
 * decomposition of `modelChecks` between two versions tells that apart.
 * @param column version column; by default the one with the role `model_version`
 * @throws Fault<EngineError>
 */
export async function versionComparison(
  engine: Engine,
  table: TableMeta,
  window: Window | null,
  options: ModelChecksOptions & { readonly column?: string } = {},
): Promise<VersionComparison> {
  const column =
    table.columns.find((c) => c.name === options.column) ??
    table.columns.find((c) => c.role === "model_version");
  const empty = (skipped: string): VersionComparison => ({
    ...{ table: table.name, column: column?.name ?? "", versions: [], steps: [] },
    ...{ statements: [], skipped },
  });
  if (column === undefined) return empty("no column holds a model version");
  const condition = window === null ? "true" : windowPredicate(table, window);
  if (condition === null) return empty("the window does not apply to the table");
  if (window?.filter !== undefined && window.filter.column !== column.name) {
    return empty(`the window filters on ${window.filter.column}, versions are in ${column.name}`);
  }
  const versions = await readVersions(
    engine,
    table,
    column.name,
    condition,
    withoutProgress(options),
  );
  if (versions.length < 2) return empty("there is one model version only");
  const steps: { before: string; after: string; metrics: MetricChange[] }[] = [];
  const supports = new Map<string, Support>();
  let before = versions[0]?.version ?? "";
  for (const [k, { version }] of versions.entries()) {
    if (k === 0) continue;
    const of = (value: string): Window => ({
      ...{ from: window?.from ?? null, to: window?.to ?? null },
      filter: { column: column.name, values: [value] },
    });
    const checks = await modelChecks(
      engine,
      table,
      { baseline: of(before), incident: of(version) },
      {
        ...options,
        metricsOnly: true,
        onProgress: (f) => options.onProgress?.((k - 1 + f) / (versions.length - 1)),
      },
    );
    if (checks.skipped !== null) return empty(checks.skipped);
    supports.set(before, checks.baseline);
    supports.set(version, checks.incident);
    if (checks.incident.labelled < LEAST_ROWS) continue;
    if (checks.baseline.labelled >= LEAST_ROWS) {
      steps.push({ before, after: version, metrics: checks.metrics });
    }
    before = version;
  }
  const corrected = correctGroups(steps);
  const none: Support = { rows: 0, labelled: 0, positives: null };
  return {
    table: table.name,
    column: column.name,
    versions: versions.map((v) => ({ ...v, support: supports.get(v.version) ?? none })),
    steps: corrected,
    statements: corrected.flatMap(({ before: b, after, metrics }) =>
      metrics
        .filter((m) => m.verdict !== "none" && m.direction !== "neither")
        .map((m) => `${b} → ${after}: ${changeSentence(m)}.`),
    ),
    skipped: null,
  };
}

async function readVersions(
  engine: Engine,
  table: TableMeta,
  column: string,
  condition: string,
  options: QueryOptions,
): Promise<{ version: string; from: number | null; to: number | null }[]> {
  const time = table.timeColumn === null ? "NULL::TIMESTAMP" : ident(table.timeColumn);
  const value = `CAST(${ident(column)} AS VARCHAR)`;
  const found = await queryRows(
    engine,
    `SELECT version, a, b FROM (SELECT ${value} AS version, epoch_us(min(${time})) AS a, epoch_us(max(${time})) AS b, count(*) AS n
FROM ${ident(table.name)} WHERE (${condition}) AND ${value} IS NOT NULL AND ${value} <> ${text("")}
GROUP BY 1 ORDER BY n DESC, version LIMIT ${MOST_VERSIONS}) ORDER BY a, version`,
    { version: STRING, a: NUMBER_OR_NULL, b: NUMBER_OR_NULL },
    options,
  );
  return found.map(({ version, a, b }) => ({ version, from: a, to: b }));
}
