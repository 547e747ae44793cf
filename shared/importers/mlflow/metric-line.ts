import { epochMicros } from "../training-runs/times.ts";
import { numberOf } from "../training-runs/own-table.ts";
import type { MetricPoint } from "./records.ts";

/**
 * A line of a metric file: `time value step`, with more behind it where the
 * value belongs to a data set or a logged model
 * (https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/file_store.py).
 * Some writers put the value first: the token that can be a time is the time,
 * and the first one where both can. A text is the reason why it is none.
 */
export function readMetricLine(
  key: string,
  line: string,
  model: string | null,
): MetricPoint | string {
  const tokens = line.trim().split(/[ \t]+/);
  const [first = "", second, third, ...rest] = tokens;
  if (second === undefined) return "a metric line has at least a time and a value";
  const valueFirst = epochMicros(first) === null && epochMicros(second) !== null;
  const time = valueFirst ? second : first;
  const written = valueFirst ? first : second;
  const value = numberOf(written) ?? looseNumber(written);
  if (value === null) return `“${shorten(written)}” is no number`;
  const ts = epochMicros(time);
  if (ts === null && !/^-?\d+(?:\.\d+)?$/.test(time))
    return `“${shorten(time)}” is no time: ms since 1970 are expected`;
  const step = third === undefined ? null : integer(third);
  if (third !== undefined && step === null) return `“${shorten(third)}” is no step`;
  const fields = {
    ...(ts === null ? { timestamp: time } : {}),
    ...(rest.length > 0 ? restFields(rest, model !== null) : {}),
  };
  return {
    key,
    value,
    ts,
    // As MLflow reads lines without one.
    step: step ?? 0,
    modelId: model,
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
  };
}

/** `dataset digest` after a run's point, `run [dataset digest]` after a logged model's. */
function restFields(rest: readonly string[], ofModel: boolean): Record<string, unknown> {
  const [run, ...others] = ofModel ? rest : [undefined, ...rest];
  const of: Record<string, unknown> = run === undefined ? {} : { run_id: run };
  if (others.length === 0) return of;
  if (others.length === 2) return { ...of, dataset: others[0], dataset_digest: others[1] };
  return { ...of, more: others };
}

function looseNumber(text: string): number | null {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

function integer(text: string): number | null {
  if (!/^[+-]?\d+(?:\.0*)?$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
