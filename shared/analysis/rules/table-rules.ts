import { formatIso, type EvidenceTime } from "../../base/time.ts";
import type { Rule } from "../../model/rules.ts";
import type { TableMeta } from "../../model/table.ts";
import type { Window } from "../../model/window.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { NUMBER, NUMBER_OR_NULL, queryRows, queryTable, readColumn } from "../../tables/rows.ts";
import { ident, num } from "../../tables/sql.ts";
import { keyCandidates } from "../quality/key-violations.ts";
import { formatDuration, formatNumber, formatRange } from "../sentences.ts";
import { withoutProgress } from "../table-task.ts";
import { countedStretch, type WindowParts } from "./baseline-parts.ts";
import { partBounds } from "./part-bounds.ts";

/**
 * Keys without a repetition in the window: single columns, else the first pair.
 * @throws Fault<EngineError>
 */
export async function keyRules(
  engine: Engine,
  table: TableMeta,
  where: string,
  options: QueryOptions,
): Promise<Rule[]> {
  const candidates = keyCandidates(table);
  if (candidates.length === 0) return [];
  const list = candidates.map(
    ({ columns }, k) =>
      `count(*) - count(DISTINCT hash(${columns.map(ident).join(", ")})) AS r${String(k)}`,
  );
  const found = await queryTable(
    engine,
    `SELECT count(*) AS n, ${list.join(", ")} FROM ${ident(table.name)} WHERE ${where}`,
    withoutProgress(options),
  );
  const read = (name: string) => Number(readColumn(found, name)[0] ?? 0);
  const keys = candidates.filter((_, k) => read(`r${String(k)}`) === 0);
  const single = keys.filter((c) => c.columns.length === 1);
  const reason = `no two of the ${formatNumber(read("n"))} rows of the baseline are alike there`;
  if (single.length > 0) {
    return single.map(({ columns: [column = ""] }) => ({
      type: "expect_column_values_to_be_unique",
      kwargs: { column },
      reason,
    }));
  }
  return keys.slice(0, 1).map(({ columns }) => ({
    type: "expect_compound_columns_to_be_unique",
    kwargs: { column_list: [...columns] },
    reason,
  }));
}

/**
 * How many rows come in an hour or a day, and how long the rows may stay away at
 * the end of a window.
 * @throws Fault<EngineError>
 */
export async function rhythmRules(
  engine: Engine,
  table: TableMeta,
  window: Window,
  parts: WindowParts,
  options: QueryOptions,
): Promise<Rule[]> {
  const { from: first, to: last } = parts;
  if (table.timeColumn === null || first === null || last === null) return [];
  const from = window.from ?? first;
  const to = Math.min(window.to ?? last + 1, last + 1);
  const time = `epoch_us(${ident(table.timeColumn)})`;
  const rules: Rule[] = [];
  const every = countedStretch(from, to);
  if (every !== null) {
    const stretches = Math.floor((to - from) / every);
    const found = await queryRows(
      engine,
      `SELECT (${time} - ${num(from)}) // ${num(every)} AS k, count(*) AS n
FROM ${ident(table.name)} WHERE ${parts.where} GROUP BY k HAVING k < ${String(stretches)}`,
      { k: NUMBER, n: NUMBER },
      withoutProgress(options),
    );
    const counts = Array.from({ length: stretches }, () => 0);
    for (const { k, n } of found) counts[k] = n;
    const bounds = partBounds(counts);
    if (bounds !== null) {
      rules.push({
        type: "expect_table_row_count_to_be_between",
        kwargs: {
          min_value: Math.max(0, Math.floor(bounds.low)),
          max_value: Math.ceil(bounds.high),
        },
        every,
        reason: `${formatRange(counts)} rows come in ${formatDuration(every)} in the baseline`,
      });
    }
  }
  const gap = await longestGap(engine, table.name, time, parts.where, options);
  if (gap !== null && gap > 0) {
    const maxAge = 2 * gap;
    rules.push({
      type: "expect_column_max_to_be_between",
      kwargs: {
        column: table.timeColumn,
        // Without zone: pandas does not compare times with and without one.
        min_value: formatIso(Math.round(to - maxAge) as EvidenceTime).slice(0, -1),
      },
      maxAge,
      reason: `the longest time without a row is ${formatDuration(gap)} in the baseline; the newest row may be twice as old at a window's end`,
    });
  }
  return rules;
}

async function longestGap(
  engine: Engine,
  table: string,
  time: string,
  where: string,
  options: QueryOptions,
): Promise<number | null> {
  const [row] = await queryRows(
    engine,
    `SELECT max(gap) AS gap FROM (SELECT t - lag(t) OVER (ORDER BY t) AS gap
  FROM (SELECT DISTINCT ${time} AS t FROM ${ident(table)} WHERE ${where} AND ${time} IS NOT NULL))`,
    { gap: NUMBER_OR_NULL },
    withoutProgress(options),
  );
  return row?.gap ?? null;
}
