import type { ColumnComparison } from "../model/shift.ts";
import { STRING, queryRows } from "../tables/rows.ts";
import { ident, text } from "../tables/sql.ts";
import { compareOwnColumns } from "./compare-own.ts";
import { compareVolume, VOLUME } from "./compare-volume.ts";
import { withoutProgress, type TableTask } from "./table-task.ts";

/**
 * Compares `logs`: level, service and host by their shares, the message by its
 * length, lines per minute in all and of each level.
 */
export async function compareLogs(task: TableTask): Promise<ColumnComparison[]> {
  const columns = await compareOwnColumns(task);
  const { baseline, incident } = task.predicates;
  const levels = await queryRows(
    task.engine,
    `SELECT DISTINCT level FROM ${ident(task.table.name)} WHERE level IS NOT NULL AND (${baseline} OR ${incident}) ORDER BY 1`,
    { level: STRING },
    withoutProgress(task.options),
  );
  const byLevel = await compareVolume(
    task,
    levels.map(({ level }) => ({
      column: `${VOLUME} ${level}`,
      what: `${level} lines`,
      condition: `level = ${text(level)}`,
      kind: "level" as const,
    })),
  );
  return [...columns, ...byLevel];
}
