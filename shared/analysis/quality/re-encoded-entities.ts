import type { ColumnComparison } from "../../model/shift.ts";
import { NUMBER, STRING, queryRows } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { formatList, formatNumber, formatShare, quoteValue } from "../sentences.ts";
import { twoProportions } from "../statistics/two-proportions.ts";
import { throwIfCancelled, withoutProgress, type TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { isSuccessive } from "./name-hints.ts";

/** Entities that a mapping needs, and per value of it. */
const LEAST_ENTITIES = 20;
const LEAST_PER_VALUE = 5;
/** A value reads as another when this share of its entities changed to it. */
const FOLLOWS = 0.8;
/** A value is gone when less than this part of its former share is left. */
const LEFT = 0.02;
/** More values are free text or ids. */
const MOST_VALUES = 200;

/** Entities (with one value in each window) by their value before and now. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly entities: number;
}
interface ValueRows {
  readonly value: string;
  readonly baseline: number;
  readonly incident: number;
}

/** A value that its entities agree to have become another. */
export interface ConfirmedPair {
  readonly from: string;
  readonly to: string;
  /** Entities that had the former value, and those that have the new one now. */
  readonly entities: number;
  readonly following: number;
  readonly baselineRows: number;
  readonly incidentRows: number;
}

/**
 * The mapping that entities tell: for each former value the one that most of its
 * entities have now. A pair counts when at least 80 % follow it and the former
 * value is gone from all rows, or was taken over by another's entities (codes
 * that changed places). Entities that merely moved on leave their value behind
 * for others.
 */
export function confirmMapping(
  transitions: readonly Transition[],
  values: readonly ValueRows[],
): ConfirmedPair[] {
  const rows = new Map(values.map((v) => [v.value, v]));
  const totalB = values.reduce((s, v) => s + v.baseline, 0);
  const totalI = values.reduce((s, v) => s + v.incident, 0);
  const pairs = [...new Set(transitions.map((t) => t.from))].flatMap((from) => {
    const own = transitions.filter((t) => t.from === from);
    const entities = own.reduce((s, t) => s + t.entities, 0);
    const best = own.reduce((a, b) => (b.entities > a.entities ? b : a));
    const follows = entities >= LEAST_PER_VALUE && best.entities >= FOLLOWS * entities;
    if (!follows || best.to === from) return [];
    return [
      {
        from,
        to: best.to,
        entities,
        following: best.entities,
        baselineRows: rows.get(from)?.baseline ?? 0,
        incidentRows: rows.get(best.to)?.incident ?? 0,
      },
    ];
  });
  return pairs.filter(({ from }) => {
    const own = rows.get(from);
    const share = (own?.incident ?? 0) / Math.max(1, totalI);
    const gone = share <= (LEFT * (own?.baseline ?? 0)) / Math.max(1, totalB);
    return gone || pairs.some((other) => other.to === from);
  });
}

/**
 * Confirms (or corrects) a re-encoding by the entities that occur in both
 * windows with one value in each, and finds codes that changed places, which
 * shares alone cannot show. A finding replaces the one that shares suggested.
 * @throws Fault<EngineError>
 */
export async function checkReEncodedEntities(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const entity = task.table.columns.find((c) => c.role === "entity");
  if (entity === undefined) return [];
  const asked = columns.filter(
    (c) =>
      c.role !== "entity" &&
      c.type !== "timestamp" &&
      task.table.columns.some((own) => own.name === c.column) &&
      !isSuccessive(c.column, c.role) &&
      c.baseline.distinct <= MOST_VALUES &&
      c.baseline.distinct > 1 &&
      (c.distribution?.kind === "categorical" ||
        (c.type !== "varchar" && c.baseline.distinct <= 30)) &&
      c.shifts.some((s) => s.kind !== "null_rate" && s.verdict !== "none"),
  );
  const found: CheckFinding[] = [];
  for (const column of asked) {
    throwIfCancelled(task.options);
    const finding = await confirmColumn(task, entity.name, column);
    if (finding !== null) found.push(finding);
  }
  return found;
}

async function confirmColumn(
  task: TableTask,
  entity: string,
  column: ColumnComparison,
): Promise<CheckFinding | null> {
  const quiet = withoutProgress(task.options);
  const sql = transitionSql(task, entity, column.column);
  const transitions = await queryRows(
    task.engine,
    sql,
    { from: STRING, to: STRING, entities: NUMBER },
    quiet,
  );
  const entities = transitions.reduce((s, t) => s + t.entities, 0);
  if (entities < LEAST_ENTITIES) return null;
  const { baseline, incident } = task.predicates;
  const values = await queryRows(
    task.engine,
    `SELECT CAST(${ident(column.column)} AS VARCHAR) AS value, count(*) FILTER (WHERE ${baseline}) AS baseline,
  count(*) FILTER (WHERE ${incident}) AS incident FROM ${ident(task.table.name)}
WHERE (${baseline} OR ${incident}) AND ${ident(column.column)} IS NOT NULL GROUP BY 1`,
    { value: STRING, baseline: NUMBER, incident: NUMBER },
    quiet,
  );
  const pairs = confirmMapping(transitions, values);
  const before = values.reduce((s, v) => s + v.baseline, 0);
  const now = values.reduce((s, v) => s + v.incident, 0);
  return pairs.length === 0
    ? null
    : mappingFinding(column.column, entity, pairs, { before, now, sql });
}

function mappingFinding(
  name: string,
  entity: string,
  pairs: readonly ConfirmedPair[],
  { before, now, sql }: { before: number; now: number; sql: string },
): CheckFinding {
  const rows = pairs.reduce((s, p) => s + p.baselineRows, 0);
  const share = rows / before;
  const following = pairs.reduce((s, p) => s + p.following, 0);
  const concerned = pairs.reduce((s, p) => s + p.entities, 0);
  const told = pairs.map((p) => `${quoteValue(p.from)} now reads ${quoteValue(p.to)}`);
  return {
    column: name,
    kind: "re_encoding",
    statistic: {
      name: "re_encoded_share",
      value: share,
      p: twoProportions(rows, before, 0, now)?.p ?? null,
    },
    effect: { name: "re_encoded_share", value: share },
    measure: "re_encoding",
    size: share,
    sentence: `The codes of \`${name}\` changed: ${formatList(told)}; ${formatShare(following / concerned)} of the ${formatNumber(concerned)} values of \`${entity}\` that had these codes and occur in both windows follow it`,
    facts: pairs.map((p) => ({
      name: `${quoteValue(p.from)} → ${quoteValue(p.to)}`,
      value: `${formatNumber(p.baselineRows)} rows in the baseline; ${formatNumber(p.incidentRows)} rows read ${quoteValue(p.to)} now; ${formatNumber(p.following)} of ${formatNumber(p.entities)} values of ${entity} follow it (${formatShare(p.following / p.entities)})`,
    })),
    sql,
  };
}

/** Entities by their only value in each window. */
function transitionSql(task: TableTask, entity: string, column: string): string {
  const { baseline, incident } = task.predicates;
  const value = `CAST(${ident(column)} AS VARCHAR)`;
  const of = (aggregate: string, window: string): string =>
    `${aggregate}(${value}) FILTER (WHERE ${window})`;
  return `SELECT b AS ${ident("from")}, i AS ${ident("to")}, count(*) AS entities FROM (
  SELECT ${ident(entity)}, ${of("min", baseline)} AS b, ${of("min", incident)} AS i
  FROM ${ident(task.table.name)}
  WHERE (${baseline} OR ${incident}) AND ${ident(entity)} IS NOT NULL AND ${ident(column)} IS NOT NULL
  GROUP BY 1
  HAVING b IS NOT NULL AND i IS NOT NULL AND b = ${of("max", baseline)} AND i = ${of("max", incident)})
GROUP BY 1, 2 ORDER BY entities DESC, 1, 2`;
}
