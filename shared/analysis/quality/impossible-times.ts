import type { ColumnComparison } from "../../model/shift.ts";
import { queryTable, readColumn } from "../../tables/rows.ts";
import { ident } from "../../tables/sql.ts";
import { formatShare } from "../sentences.ts";
import { withoutProgress, type TableTask } from "../table-task.ts";
import type { CheckFinding } from "./check.ts";
import { findingOf, hitFacts, shareGain, type ContentFinding } from "./content-finding.ts";

interface TimeFault {
  readonly told: string;
  readonly condition: (column: string, time: string | null) => string | null;
}

/** Days that programs write where they have no date, and times after the row itself. */
const FAULTS: readonly TimeFault[] = [
  { told: "lies on 1970-01-01 (time zero)", condition: (x) => onDay(x, "1970-01-01") },
  {
    told: "lies on 1900-01-01 or before year 1000",
    condition: (x) => `(${onDay(x, "1900-01-01")} OR ${x} < TIMESTAMP '1000-01-01')`,
  },
  { told: "lies beyond the year 9000", condition: (x) => `${x} >= TIMESTAMP '9000-01-01'` },
  {
    // A day and a half: whole days and any zone of time stay below it.
    told: "lies in the future of its row",
    condition: (x, time) =>
      time === null
        ? null
        : `(${x} > ${time} + INTERVAL 36 HOUR AND ${x} < TIMESTAMP '9000-01-01')`,
  },
];
/** What more than this share of the baseline does is not impossible. */
const USUAL = 0.001;

function onDay(column: string, day: string): string {
  return `(${column} >= TIMESTAMP '${day}' AND ${column} < TIMESTAMP '${day}' + INTERVAL 1 DAY)`;
}

/**
 * Impossible times in the time columns other than the table's own: time zero,
 * 1900, 9999, and times after the row's own time where the baseline had none.
 * One scan for all columns.
 * @throws Fault<EngineError>
 */
export async function checkImpossibleTimes(
  task: TableTask,
  columns: readonly ColumnComparison[],
): Promise<CheckFinding[]> {
  const main = task.table.timeColumn;
  const asked = columns.flatMap((c) =>
    c.type === "timestamp" && c.column !== main
      ? FAULTS.flatMap((fault) => {
          const condition = fault.condition(ident(c.column), main === null ? null : ident(main));
          return condition === null ? [] : [{ compared: c, fault, condition }];
        })
      : [],
  );
  if (asked.length === 0) return [];
  const { baseline, incident } = task.predicates;
  const counts = asked.flatMap(({ condition }, k) => [
    `count(*) FILTER (WHERE (${baseline}) AND ${condition}) AS b${String(k)}`,
    `count(*) FILTER (WHERE (${incident}) AND ${condition}) AS i${String(k)}`,
  ]);
  const table = await queryTable(
    task.engine,
    `SELECT ${counts.join(", ")} FROM ${ident(task.table.name)} WHERE ${baseline} OR ${incident}`,
    withoutProgress(task.options),
  );
  const read = (name: string): number => Number(readColumn(table, name)[0] ?? 0);
  const worst = new Map<string, ContentFinding>();
  for (const [k, { compared, fault, condition }] of asked.entries()) {
    const b = {
      hits: read(`b${String(k)}`),
      rows: compared.baseline.rows - compared.baseline.nulls,
    };
    const i = {
      hits: read(`i${String(k)}`),
      rows: compared.incident.rows - compared.incident.nulls,
    };
    const finding = faultFinding(compared.column, fault.told, () => condition, b, i);
    if (finding !== null && finding.size > (worst.get(compared.column)?.size ?? 0)) {
      worst.set(compared.column, finding);
    }
  }
  return [...worst].map(([column, finding]) => findingOf(task, column, finding));
}

function faultFinding(
  name: string,
  what: string,
  condition: () => string,
  b: { hits: number; rows: number },
  i: { hits: number; rows: number },
): ContentFinding | null {
  if (i.hits === 0 || b.rows === 0 || b.hits / b.rows > USUAL) return null;
  const { gain, statistic, effect } = shareGain("impossible_share", b, i);
  if (gain <= 0) return null;
  return {
    kind: "impossible_value",
    statistic,
    effect,
    measure: "impossible_share",
    size: gain,
    sentence: `\`${name}\` ${what} in ${formatShare(i.hits / i.rows)} of rows, before ${b.hits === 0 ? "in none" : `in ${formatShare(b.hits / b.rows)}`}`,
    facts: hitFacts("Rows concerned", b, i),
    condition,
  };
}
