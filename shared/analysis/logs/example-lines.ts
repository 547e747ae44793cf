import type { TemplateChange } from "../../model/log-comparison.ts";
import type { RowReference } from "../../model/finding.ts";
import { NUMBER, NUMBER_OR_NULL, NUMBERS, queryRows, STRING } from "../../tables/rows.ts";
import type { LogTask } from "./log-task.ts";
import { keyOf, unitLines } from "./log-units.ts";

const EXAMPLES = 3;
/** Characters of a message that are kept. */
const MOST_TEXT = 500;
/** Lines of one file that a position can tell apart from those of the next. */
const LINES_OF_FILE = 2 ** 32;

/**
 * The first lines of each template, in the order of the files: of the incident,
 * of the baseline where the incident has none. Throws `Fault<EngineError>`.
 */
export async function readExamples(
  task: LogTask,
  templates: readonly TemplateChange[],
): Promise<Map<string, RowReference[]>> {
  const found = new Map<string, RowReference[]>();
  for (const which of ["incident", "baseline"] as const) {
    const wanted = templates.filter((t) => t.incident.lines > 0 === (which === "incident"));
    if (wanted.length === 0) continue;
    const keys = wanted.map(keyOf);
    const position = `_ev * ${String(LINES_OF_FILE)} + _line`;
    const first = await queryRows(
      task.engine,
      `SELECT u, min(${position}, ${String(EXAMPLES)}) AS at
FROM ${unitLines(task.table, wanted, `${task[which].where} AND shape IN (${wanted.flatMap((t) => t.shapes).join(", ")})`)}
WHERE u IN (${keys.join(", ")}) GROUP BY u`,
      { u: NUMBER, at: NUMBERS },
      task.options,
    );
    const texts = await readLines(
      task,
      first.flatMap((r) => r.at),
    );
    for (const template of wanted) {
      const at = first.find((r) => r.u === keyOf(template))?.at ?? [];
      found.set(
        template.id,
        at.flatMap((place) => texts.get(place) ?? []),
      );
    }
  }
  return found;
}

async function readLines(
  task: LogTask,
  positions: readonly number[],
): Promise<Map<number, RowReference>> {
  if (positions.length === 0) return new Map();
  const byFile = new Map<number, number[]>();
  for (const at of positions) {
    const file = Math.floor(at / LINES_OF_FILE);
    byFile.set(file, [...(byFile.get(file) ?? []), at - file * LINES_OF_FILE]);
  }
  const where = [...byFile].map(
    ([file, lines]) => `(_ev = ${String(file)} AND _line IN (${lines.join(", ")}))`,
  );
  const rows = await queryRows(
    task.engine,
    `SELECT _ev, _line, min(_off) AS off, substr(min(message), 1, ${String(MOST_TEXT)}) AS message
FROM ${task.table} WHERE message IS NOT NULL AND (${where.join(" OR ")}) GROUP BY _ev, _line`,
    { _ev: NUMBER, _line: NUMBER, off: NUMBER_OR_NULL, message: STRING },
    task.options,
  );
  return new Map(
    rows.map((r) => [
      r._ev * LINES_OF_FILE + r._line,
      { evidenceId: `E${String(r._ev)}`, line: r._line, offset: r.off, text: r.message },
    ]),
  );
}
