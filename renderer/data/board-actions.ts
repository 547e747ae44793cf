import type { BoardEvents } from "../../shared/analysis/board/board-events.ts";
import { eventId } from "../../shared/analysis/board/board-rows.ts";
import { measureOf, measureText } from "../../shared/analysis/logs/log-series.ts";
import type { LogsInput } from "../../shared/analysis/logs/log-task.ts";
import { Fault } from "../../shared/base/result.ts";
import type { BoardRow } from "../../shared/model/board.ts";
import type { Comparison } from "../../shared/model/comparison.ts";
import type {
  LogComparison,
  ParameterChange,
  ParameterComparison,
  StackComparison,
  TemplateChange,
} from "../../shared/model/log-comparison.ts";
import type { ModelPerformance } from "../../shared/model/model-checks.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import { findingFromParameter } from "../../shared/reasoning/log-finding.ts";
import { noteFinding } from "../../shared/reasoning/make-finding.ts";
import { pinStack, pinTemplate } from "./log-actions.ts";
import { pin, pinMetric, pinShift, pinTableRows, pinTableShift } from "./pin.ts";
import { getEngine } from "./services.ts";

/** What the sources of the board found; what is not there yet is undefined. */
export interface BoardMaterial {
  readonly tables: readonly TableMeta[];
  readonly logsInput: LogsInput | null;
  readonly comparison: Comparison | undefined;
  readonly templates: LogComparison | undefined;
  readonly parameters: readonly ParameterComparison[] | undefined;
  readonly stacks: StackComparison | undefined;
  readonly model: ModelPerformance | undefined;
  readonly events: BoardEvents | undefined;
}

/** Puts a row of the board on record; false where that was refused, or its source has gone. */
export async function pinBoardRow(row: BoardRow, material: BoardMaterial): Promise<boolean> {
  const { target } = row;
  switch (target.to) {
    case "compare":
      return pinCompared(row, material);
    case "lines":
      return pinLines(row, target.templateId, material);
    case "stack": {
      const { stacks } = material;
      const stack = stacks?.stacks.find((s) => s.fingerprint === target.fingerprint);
      return stack !== undefined && pinStack(stack, stacks?.sql ?? "");
    }
    case "metric": {
      const table = material.tables.find((t) => t.name === target.table);
      const checks = material.model?.checks.find((c) => c.table === target.table);
      const change = checks?.metrics.find((m) => m.metric === target.metric);
      if (table === undefined || checks === undefined || change === undefined) return false;
      return pinMetric(table, checks, change);
    }
    case "time":
      return row.source === "event" ? pinEvent(row, material) : pinNote(row);
  }
}

function pinCompared({ id, of }: BoardRow, { comparison }: BoardMaterial): Promise<boolean> {
  const table = comparison?.tables.find((t) => t.table === of);
  const column = table?.columns.find((c) => c.shifts.some((s) => s.id === id));
  if (column !== undefined) return pinShift(column);
  const shift = table?.shifts.find((s) => s.id === id);
  return shift === undefined ? Promise.resolve(false) : pinTableShift(shift);
}

async function pinLines(
  row: BoardRow,
  templateId: string,
  { logsInput, templates, parameters }: BoardMaterial,
): Promise<boolean> {
  const template = templates?.templates.find((t) => t.id === templateId);
  if (template === undefined || templates === undefined || logsInput === null) return false;
  if (row.source === "template") return pinTemplate(logsInput.logs, template, null);
  const parameter = parameters
    ?.find((p) => p.templateId === templateId)
    ?.parameters.find((p) => row.id.endsWith(`/${p.name}`));
  if (parameter === undefined) return false;
  return pinParameter(logsInput, templates, template, parameter);
}

/** Buckets of the course that a pinned parameter shows. */
const BUCKETS = 200;

function pinParameter(
  { logs, edits }: LogsInput,
  { baseline, incident }: LogComparison,
  template: TemplateChange,
  parameter: ParameterChange,
): Promise<boolean> {
  const measure = measureOf(parameter);
  const title = measureText(measure, `${parameter.name} after “${parameter.after.trim()}”`);
  return pin(async (fresh, windows) => {
    const engine = getEngine();
    const range = {
      from: Math.min(baseline.from, incident.from),
      to: Math.max(baseline.to, incident.to),
    };
    const series = await engine.analyse("logSeries", {
      ...{ logs, edits, templateId: template.id, measure, range, buckets: BUCKETS },
    });
    if (!series.ok) throw new Fault(series.error);
    if (series.value === null) throw new Fault({ message: "The template is gone." });
    const { points, sql } = series.value;
    const course = { title, points, sql };
    return findingFromParameter(engine, fresh, logs, template, parameter, course, windows);
  });
}

function pinEvent(row: BoardRow, { tables, events }: BoardMaterial): Promise<boolean> {
  const table = tables.find((t) => t.target === "events");
  const event = events?.events.find((e) => eventId(e) === row.id);
  if (table === undefined || event === undefined) return Promise.resolve(false);
  return pinTableRows(table, row.name, event.rows);
}

/** A note of the timeline is a person's own word: the finding has no rows under it. */
function pinNote({ name, sentence }: BoardRow): Promise<boolean> {
  return pin((fresh) => Promise.resolve({ ...noteFinding(fresh), title: name, note: sentence }));
}
