import type { Position } from "../fixed-tables-writer.ts";
import type { Sink, Source } from "../importer.ts";
import { jsonElements } from "../json-elements.ts";
import { checkCancelled } from "../text-log/cancelled.ts";
import { isRecord } from "../training-runs/own-table.ts";
import { epochMicros } from "../training-runs/times.ts";
import type { Point, RunLabels, WandbWriter } from "./tables.ts";

/** Points that W&B's charts and `run.history()` give of a run at most, unless asked for more. */
export const SAMPLED = 500;

/**
 * Lines of `wandb-history.jsonl` (an object per step) and `wandb-events.jsonl`
 * (an object per measurement of the machine)
 * (https://docs.wandb.ai/guides/track/log/). Nested objects become dotted
 * keys, as in W&B's own workspace.
 */
export async function readHistory(
  source: Source,
  run: RunLabels,
  writer: WandbWriter,
  sink: Sink,
  path = "",
): Promise<void> {
  const prefix = path === "" ? "" : `${path}: `;
  let steps = 0;
  for await (const element of jsonElements(source, [""])) {
    checkCancelled(sink.signal, source.name);
    const { value, bad } = element;
    if (bad !== null || !isRecord(value)) {
      const reason = bad ?? "a line of a history is a JSON object";
      sink.reject(element.line, element.offset, `${prefix}${reason}`, element.text());
      continue;
    }
    if ("_step" in value) steps++;
    await writeRecord(value, run, writer, element);
    sink.accepted(1);
    await writer.deliver();
  }
  if (steps === SAMPLED) sink.note("warning", sampledMessage("The history has"));
}

/** The note for a history of exactly 500 points. */
export function sampledMessage(subject: string): string {
  return `This export may be cut off: ${subject} exactly ${SAMPLED} points, as many as W&B samples for a chart or run.history(). Export all of them with run.scan_history(), or the history as Parquet.`;
}

async function writeRecord(
  record: Readonly<Record<string, unknown>>,
  run: RunLabels,
  writer: WandbWriter,
  at: Position,
): Promise<void> {
  const ts = epochMicros(record["_timestamp"]);
  const step = finite(record["_step"]);
  const runtime = finite(record["_runtime"]);
  const unread: Record<string, unknown> = {};
  if (ts === null) keep(unread, "_timestamp", record["_timestamp"]);
  if (step === null) keep(unread, "_step", record["_step"]);
  if (runtime === null) keep(unread, "_runtime", record["_runtime"]);
  const fields = Object.keys(unread).length > 0 ? { fields: unread } : {};
  const common = { ts, step, runtime, ...fields };
  // Measurements of the machine say so, or have no step.
  const bare = record["_wandb"] === true || (step === null && !("_step" in record));
  let rows = 0;
  for (const [key, value] of leaves(record)) {
    if (OWN_KEYS.has(key) || (key === "_wandb" && value === true)) continue;
    writer.point({ key, ...common, ...valueOf(value) }, run, at, bare);
    rows++;
    if (writer.full) await writer.deliver();
  }
  // A step at which nothing was logged is a row all the same.
  if (rows === 0) writer.point({ key: "_step", ...common, value: step }, run, at);
}

const OWN_KEYS = new Set(["_step", "_timestamp", "_runtime"]);

function keep(into: Record<string, unknown>, key: string, value: unknown): void {
  if (value !== undefined && value !== null) into[key] = value;
}

function finite(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A number, in words too where JSON has none for it; anything else as its JSON. */
function valueOf(value: unknown): Pick<Point, "value" | "text"> {
  if (typeof value === "number") return { value };
  switch (value) {
    case "NaN":
      return { value: NaN };
    case "Infinity":
      return { value: Infinity };
    case "-Infinity":
      return { value: -Infinity };
    default:
      return { value: null, text: typeof value === "string" ? value : JSON.stringify(value) };
  }
}

/**
 * Values of an object by dotted key. Media and histograms (objects with a
 * `_type`) and empty objects are values themselves.
 */
export function* leaves(
  object: Readonly<Record<string, unknown>>,
  prefix = "",
  depth = 0,
): Generator<readonly [string, unknown]> {
  for (const [key, value] of Object.entries(object)) {
    const nested =
      isRecord(value) && !("_type" in value) && Object.keys(value).length > 0 && depth < 20;
    if (nested) yield* leaves(value, `${prefix}${key}.`, depth + 1);
    else yield [`${prefix}${key}`, value];
  }
}
