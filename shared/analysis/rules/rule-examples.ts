import type { RuleResult } from "../../model/rules.ts";
import { NUMBER, STRING_OR_NULL, queryRows, queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { withoutProgress } from "../table-task.ts";
import type { RuleTask } from "./rule-task.ts";
import type { RuleQuery } from "./rule-sql.ts";

const EXAMPLES = 5;
/** Rows are ordered by evidence and line in one number, exact below 2^53. */
const LINES = 2 ** 32;

/**
 * The first rows that break each failed rule, with file and line: one query for
 * all rules about single rows, one for each key.
 * @throws Fault<EngineError>
 */
export async function addExamples(
  task: RuleTask,
  queries: readonly RuleQuery[],
  results: readonly RuleResult[],
): Promise<RuleResult[]> {
  const place = `(_ev::BIGINT * ${String(LINES)} + _line)`;
  const failed = results.flatMap((result, k) => {
    const query = queries[k];
    return result.outcome === "failed" && (query?.kind === "rows" || query?.kind === "distinct")
      ? [{ k, query }]
      : [];
  });
  const out = [...results];
  if (failed.length > 0) {
    const list = failed.flatMap(({ query, k }) => {
      const when = `FILTER (WHERE (${query.present}) AND ${query.misses})`;
      return [
        `min_by(${query.shown}, ${place}, ${String(EXAMPLES)}) ${when} AS v${String(k)}`,
        `min(${place}, ${String(EXAMPLES)}) ${when} AS l${String(k)}`,
      ];
    });
    const found = await queryTable(
      task.engine,
      `SELECT ${list.join(",\n  ")}\nFROM ${ident(task.table.name)} WHERE ${task.where}`,
      withoutProgress(task.options),
    );
    for (const { k } of failed) {
      const result = out[k];
      const values = readColumn(found, `v${String(k)}`)[0];
      const places = readColumn(found, `l${String(k)}`)[0];
      if (result === undefined || !Array.isArray(values) || !Array.isArray(places)) continue;
      out[k] = { ...result, examples: values.map((v, n) => example(v, Number(places[n] ?? 0))) };
    }
  }
  for (const [k, result] of out.entries()) {
    const query = queries[k];
    if (result.outcome !== "failed" || query?.kind !== "key") continue;
    out[k] = { ...result, examples: await repeatedKeys(task, query) };
  }
  return out;
}

async function repeatedKeys(
  task: RuleTask,
  query: Extract<RuleQuery, { kind: "key" }>,
): Promise<RuleResult["examples"]> {
  const rows = await queryRows(
    task.engine,
    `SELECT any_value(${query.shown}) AS value, max(_ev::BIGINT * ${String(LINES)} + _line) AS place
FROM ${ident(task.table.name)} WHERE ${task.where} AND ${query.present}
GROUP BY ${query.hash} HAVING count(*) > 1 ORDER BY place LIMIT ${String(EXAMPLES)}`,
    { value: STRING_OR_NULL, place: NUMBER },
    withoutProgress(task.options),
  );
  return rows.map(({ value, place }) => example(value, place));
}

function example(value: unknown, place: number): RuleResult["examples"][number] {
  return {
    value: String(value),
    evidenceId: `E${String(Math.floor(place / LINES))}`,
    line: place % LINES,
  };
}
