import type { ParameterChange, ParameterComparison } from "../../model/log-comparison.ts";
import type { Engine, QueryOptions } from "../../tables/engine.ts";
import { benjaminiHochberg } from "../statistics/benjamini-hochberg.ts";
import { throwIfCancelled } from "../table-task.ts";
import { confirmedVerdict } from "../verdict.ts";
import { logTask, type LogsInput, type LogTask } from "./log-task.ts";
import { keyOf, readUnits, type LogUnit } from "./log-units.ts";
import { compareParameter, LEAST_VALUES, type ParameterDraft } from "./parameter-drift.ts";
import { sampleParameters } from "./parameter-sample.ts";
import { countUnits } from "./unit-counts.ts";

export interface LogParametersInput extends LogsInput {
  /** One template with all its parameters; null for the most frequent ones with what changed in them. */
  readonly templateId: string | null;
}

/** Templates whose parameters are compared unasked, most frequent first. */
const MOST_TEMPLATES = 30;

/**
 * Parameters inside templates, compared between the windows (`compareParameter`),
 * with one Benjamini-Hochberg correction over all that were tested. Templates with
 * fewer than `LEAST_VALUES` lines in a window are left out. Throws `Fault<EngineError>`.
 */
export async function compareLogParameters(
  engine: Engine,
  input: LogParametersInput,
  options: QueryOptions = {},
): Promise<ParameterComparison[]> {
  const task = await logTask(engine, input, options);
  if (typeof task === "string") return [];
  const units = await chosenUnits(task, input);
  const drafts: DraftOfTemplate[] = [];
  for (const [k, unit] of units.entries()) {
    throwIfCancelled(options);
    drafts.push(await draftOf(task, unit));
    options.onProgress?.((k + 1) / units.length);
  }
  const all = input.templateId !== null;
  return confirmTogether(drafts).flatMap((found) => {
    const parameters = all
      ? found.parameters
      : found.parameters.filter((p) => p.verdict !== "none");
    return all || parameters.length > 0 ? [{ ...found, parameters }] : [];
  });
}

interface DraftOfTemplate extends Omit<ParameterComparison, "parameters"> {
  readonly parameters: readonly ParameterDraft[];
}

async function chosenUnits(task: LogTask, input: LogParametersInput): Promise<LogUnit[]> {
  const units = await readUnits(task.engine, input.edits, task.options);
  if (input.templateId !== null) return units.filter((u) => u.id === input.templateId);
  const counts = await countUnits(task, units);
  return units
    .map((unit) => {
      const found = counts.get(keyOf(unit));
      return { unit, lines: Math.min(found?.baseline ?? 0, found?.incident ?? 0) };
    })
    .filter(({ lines }) => lines >= LEAST_VALUES)
    .sort((a, b) => b.lines - a.lines)
    .slice(0, MOST_TEMPLATES)
    .map(({ unit }) => unit);
}

async function draftOf(task: LogTask, unit: LogUnit): Promise<DraftOfTemplate> {
  const before = await sampleParameters(task, unit, task.baseline);
  const after = await sampleParameters(task, unit, task.incident);
  const parameters = before.parameters.flatMap((parameter) => {
    const other = after.parameters.find((p) => p.name === parameter.name);
    return other === undefined ? [] : (compareParameter(parameter, before, other, after) ?? []);
  });
  return {
    templateId: unit.id,
    sampled: { baseline: before.times.length, incident: after.times.length },
    lines: { baseline: before.lines, incident: after.lines },
    parameters,
  };
}

function confirmTogether(drafts: readonly DraftOfTemplate[]): ParameterComparison[] {
  const all = drafts.flatMap((d) => d.parameters);
  const corrected = benjaminiHochberg(all.map((p) => p.p));
  const q = new Map(all.map((p, k) => [p, corrected[k] ?? 1]));
  const order = ["major", "minor", "none"];
  return drafts.map(({ parameters, ...found }) => ({
    ...found,
    parameters: parameters
      .map((draft) => confirmed(draft, q.get(draft) ?? 1))
      .sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict)),
  }));
}

function confirmed(draft: ParameterDraft, q: number): ParameterChange {
  const { name, after, source, numeric, value, sentence } = draft;
  const verdict = confirmedVerdict(draft.verdict, q);
  return { name, after, source, numeric, value, sentence, q, verdict };
}
