import type { Dependency } from "../../model/case.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, STRING, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";

/** Which services each service calls. */
export type DependencyGraph = ReadonlyMap<string, ReadonlySet<string>>;

const MOST_EDGES = 20_000;
/** Headings of tables that list dependencies, callers first. */
const HEADINGS: readonly (readonly [string, string])[] = [
  ["caller", "callee"],
  ["source", "target"],
  ["upstream_service", "downstream_service"],
  ["parent", "child"],
  ["client", "server"],
];

/**
 * The calls between services: those that a person gave, those of tables that
 * list them (columns `caller` and `callee`, `source` and `target`, …), and
 * those seen in spans (a span of one service with a parent span of another).
 */
export async function readDependencies(
  engine: Engine,
  tables: readonly TableMeta[],
  given: readonly Dependency[],
  options: QueryOptions,
): Promise<Dependency[]> {
  const found: Dependency[] = [...given];
  for (const table of tables) {
    const sql = dependencySql(table);
    if (sql === null) continue;
    const columns = { caller: STRING, callee: STRING, n: NUMBER } as const;
    found.push(...(await queryRows(engine, sql, columns, options)));
  }
  return found.map(({ caller, callee }) => ({ caller, callee }));
}

function dependencySql(table: TableMeta): string | null {
  if (table.target === "spans") {
    const spans = ident(table.name);
    return `SELECT p.service AS caller, s.service AS callee, count(*)::DOUBLE AS n
FROM ${spans} s JOIN ${spans} p ON s.trace_id = p.trace_id AND s.parent_id = p.span_id
WHERE p.service IS NOT NULL AND s.service IS NOT NULL AND p.service <> s.service
GROUP BY 1, 2 ORDER BY n DESC LIMIT ${String(MOST_EDGES)}`;
  }
  if (table.target !== "own") return null;
  const named = (name: string) =>
    table.columns.find((c) => c.name.toLowerCase() === name && c.type === "varchar")?.name;
  for (const heading of HEADINGS) {
    const [caller, callee] = heading.map(named);
    if (caller === undefined || callee === undefined) continue;
    return `SELECT ${ident(caller)} AS caller, ${ident(callee)} AS callee, count(*)::DOUBLE AS n
FROM ${ident(table.name)} WHERE ${ident(caller)} IS NOT NULL AND ${ident(callee)} IS NOT NULL
GROUP BY 1, 2 ORDER BY n DESC LIMIT ${String(MOST_EDGES)}`;
  }
  return null;
}

export function graphOf(dependencies: readonly Dependency[]): DependencyGraph {
  const graph = new Map<string, Set<string>>();
  for (const { caller, callee } of dependencies) {
    if (caller === callee) continue;
    const callees = graph.get(caller) ?? new Set<string>();
    graph.set(caller, callees.add(callee));
  }
  return graph;
}
