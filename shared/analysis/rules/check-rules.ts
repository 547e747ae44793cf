import { ruleColumns, type Rule, type RuleResult, type RuleSet } from "../../model/rules.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Window } from "../../model/window.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident, text } from "../../tables/sql.ts";
import { throwIfCancelled, withoutProgress } from "../table-task.ts";
import { whyNotApplicable, windowPredicate } from "../windows.ts";
import { checkRhythm } from "./check-rhythm.ts";
import { addExamples } from "./rule-examples.ts";
import { judge, type Measured } from "./rule-judgement.ts";
import { ruleQuery, type RuleQuery } from "./rule-sql.ts";
import type { RuleTask } from "./rule-task.ts";

/**
 * Checks rules on a window: all rules of a table in one query, the examples of
 * those that fail in a second one; rows over time ask one more. Missing values
 * are looked at by `expect_column_values_to_not_be_null` alone, as in Great
 * Expectations. A rule that cannot be checked (no such column, an unreadable
 * expression, too few rows) is `skipped` and says why.
 * @throws Fault<EngineError>
 */
export async function checkRules(
  engine: Engine,
  tables: readonly TableMeta[],
  rules: readonly RuleSet[],
  window: Window,
  options: QueryOptions = {},
): Promise<RuleResult[]> {
  const results: RuleResult[] = [];
  const times = tables.flatMap((t) => (t.to === null ? [] : [t.to]));
  const latest = times.length === 0 ? null : Math.max(...times);
  for (const set of rules) {
    throwIfCancelled(options);
    const table = tables.find((t) => t.name === set.table);
    const why = table === undefined ? "there is no such table" : whyNotApplicable(table, window);
    const where = table === undefined ? null : windowPredicate(table, window);
    if (table === undefined || where === null) {
      results.push(...set.rules.map((rule) => skipped(set.table, rule, why ?? "no window")));
      continue;
    }
    const task = { engine, table, window, where, latest, options };
    results.push(...(await checkTable(task, set.rules)));
  }
  options.onProgress?.(1);
  return results;
}

async function checkTable(task: RuleTask, rules: readonly Rule[]): Promise<RuleResult[]> {
  const { table } = task;
  const planned: RuleQuery[] = [];
  for (const rule of rules) planned.push(await readable(task, rule, queryOf(table, rule)));
  const columns = [
    ...new Set(
      rules
        .filter((r) => r.type === "expect_column_to_exist")
        .flatMap(ruleColumns)
        .filter((name) => table.columns.some((c) => c.name === name)),
    ),
  ];
  const list = [
    "count(*) AS n",
    ...columns.map((name, k) => `count(${ident(name)}) AS e${String(k)}`),
    ...planned.flatMap((query, k) => measures(query, k)),
  ];
  const found = await queryTable(
    task.engine,
    `SELECT ${list.join(",\n  ")}\nFROM ${ident(table.name)} WHERE ${task.where}`,
    withoutProgress(task.options),
  );
  const read = (name: string): number => Number(readColumn(found, name)[0] ?? NaN);
  const filled = new Map(columns.map((name, k) => [name, read(`e${String(k)}`)]));
  const results: RuleResult[] = [];
  for (const [k, rule] of rules.entries()) {
    const query = planned[k] ?? { kind: "none" };
    const measured: Measured = {
      rows: read("n"),
      filled,
      read: (part) => read(`${part}${String(k)}`),
    };
    const rhythm = await checkRhythm(task, rule, read("n"));
    results.push(rhythm ?? judge(task, rule, query, measured, repeatSql(task, query)));
  }
  return addExamples(task, planned, results);
}

/** A rule over columns that are not there is not asked. */
function queryOf(table: TableMeta, rule: Rule): RuleQuery {
  const missing =
    rule.type === "expect_column_to_exist"
      ? []
      : ruleColumns(rule).filter((name) => !table.columns.some((c) => c.name === name));
  return missing.length === 0
    ? ruleQuery(table, rule)
    : { kind: "impossible", why: `the table has no column ${missing.join(", ")}` };
}

/** One unreadable expression would fail the query of all rules. */
async function readable(task: RuleTask, rule: Rule, query: RuleQuery): Promise<RuleQuery> {
  const { regex } = rule.kwargs;
  if (query.kind !== "rows" || regex === undefined) return query;
  const tried = await task.engine.query(`SELECT regexp_matches('', ${text(regex)})`);
  return tried.ok
    ? query
    : { kind: "impossible", why: `the expression is not understood: ${tried.error.message}` };
}

function measures(query: RuleQuery, k: number): string[] {
  const id = String(k);
  switch (query.kind) {
    case "rows":
      return [
        `count(*) FILTER (WHERE ${query.present}) AS p${id}`,
        `count(*) FILTER (WHERE (${query.present === "true" ? "true" : query.present}) AND ${query.misses}) AS m${id}`,
      ];
    case "distinct":
      return [
        `count(DISTINCT ${query.shown}) FILTER (WHERE ${query.present}) AS p${id}`,
        `count(DISTINCT ${query.shown}) FILTER (WHERE ${query.misses}) AS m${id}`,
      ];
    case "key":
      return [
        `count(*) FILTER (WHERE ${query.present}) AS p${id}`,
        `count(*) FILTER (WHERE ${query.present}) - count(DISTINCT ${query.hash}) FILTER (WHERE ${query.present}) AS m${id}`,
      ];
    case "aggregates":
      return query.values.map(({ sql }, n) => `CAST(${sql} AS DOUBLE) AS a${String(n)}_${id}`);
    case "none":
    case "impossible":
      return [];
  }
}

function repeatSql({ table, where }: RuleTask, query: RuleQuery): string {
  const list = measures(query, 0);
  return `SELECT ${["count(*) AS n", ...list].join(", ")} FROM ${ident(table.name)} WHERE ${where}`;
}

function skipped(table: string, rule: Rule, why: string): RuleResult {
  return {
    table,
    rule,
    outcome: "skipped",
    observed: why,
    elements: 0,
    unexpected: null,
    unexpectedShare: null,
    excess: 0,
    examples: [],
    sql: "",
  };
}
