import type { Position } from "../fixed-tables-writer.ts";
import {
  listOf,
  numberOf,
  objectOf,
  textOf,
  valueAt,
  without,
  type JsonObject,
} from "../json-fields.ts";
import { rejectRecord, type Reading } from "../json-records.ts";
import { seriesKey } from "../series-key.ts";
import { exceptionOf, isExpectationResult, targetOf, typeOf, unexpectedText } from "./result.ts";

/** The result of one expectation, and where it stands. */
export interface Placed {
  readonly value: unknown;
  readonly at: Position;
}

/** What all results of one validation have in common. */
interface Context {
  readonly ts: number | null;
  readonly suite: string;
  readonly asset: string;
  readonly fields: JsonObject;
}

/**
 * Writes the results of one validation: `around` is all of its document but
 * the results. An expectation that was not met is an event; each one is a
 * sample of `gx_success` and of what it measured; the validation as a whole
 * is an event that keeps what the others were given and observed.
 */
export async function writeValidation(
  around: JsonObject,
  results: readonly Placed[],
  at: Position,
  reading: Reading,
): Promise<void> {
  const context = contextOf(around, reading);
  const seen = new Map<string, number>();
  const met: JsonObject[] = [];
  let failed = 0;
  let size = 0;
  for (const placed of results) {
    const result = objectOf(placed.value);
    if (result === null || !isExpectationResult(result)) {
      rejectRecord(reading.sink, placed.at, "no result of an expectation", placed.value);
      continue;
    }
    const success = result["success"] === true;
    writeMetrics(result, context, seen, placed.at, reading);
    if (success) {
      const kept = keptOf(result);
      size += JSON.stringify(kept).length;
      if (size <= MOST_KEPT) met.push(kept);
    } else {
      failed++;
      writeFailure(result, context, placed.at, reading);
    }
    reading.sink.accepted(1);
    if (reading.target.full) await reading.target.deliver();
  }
  if (size > MOST_KEPT)
    reading.sink.note(
      "info",
      "A validation has so many expectations that were met that the parameters of some are not kept; their measurements are.",
    );
  if (results.length === 0) {
    rejectRecord(reading.sink, at, "a validation without results", around);
    return;
  }
  if (isWhole(around)) writeSummary(context, failed, results.length, met, around, at, reading);
  if (reading.target.full) await reading.target.deliver();
}

/** Characters of the met expectations that a validation's event keeps. */
const MOST_KEPT = 256 * 1024;

/** A single expectation's result has nothing around it that could be summed up. */
function isWhole(around: JsonObject): boolean {
  return "statistics" in around || "meta" in around || "suite_name" in around;
}

/** When a validation ran, the better first; before 0.11 the run was named by its time. */
const TIMES = [
  "meta.run_id.run_time",
  "run_id.run_time",
  "meta.run_id",
  "meta.validation_time",
  "meta.batch_markers.ge_load_time",
];

/** Names of suite, asset and run, and the time: that of the run, which all its validations share. */
function contextOf(around: JsonObject, reading: Reading): Context {
  const times = TIMES.map((path) => valueAt(around, [path])).filter((t) => textOf(t) !== null);
  let ts: number | null = null;
  for (const time of times) ts ??= reading.instants.read(time);
  const text = (paths: string[]): string => textOf(valueAt(around, paths)) ?? "";
  const run = valueAt(around, ["meta.run_id.run_name", "run_id.run_name", "meta.run_id"]);
  const suite = text(["suite_name", "meta.expectation_suite_name", "expectation_suite_name"]);
  const asset = text([
    "meta.active_batch_definition.data_asset_name",
    "asset_name",
    "meta.batch_kwargs.data_asset_name",
    "meta.data_asset_name",
    "meta.data_asset_name.generator_asset",
  ]);
  if (ts === null)
    reading.sink.note(
      "warning",
      "Some validations do not say when they ran: their rows have no time. Export the validation result, which has meta.run_id, instead of its description.",
    );
  return {
    ts,
    suite,
    asset,
    fields: {
      suite: suite || null,
      asset: asset || null,
      batch: valueAt(around, [
        "meta.active_batch_definition",
        "meta.batch_kwargs",
        "meta.batch_spec",
      ]),
      run_name: textOf(run),
      checkpoint: valueAt(around, ["checkpoint", "meta.checkpoint_name"]),
      unread_time: ts === null ? times[0] : null,
    },
  };
}

function writeMetrics(
  result: JsonObject,
  { ts, suite, asset }: Context,
  seen: Map<string, number>,
  at: Position,
  { target }: Reading,
): void {
  const expectation = typeOf(result);
  const column = targetOf(result);
  // The same expectation may stand twice in a suite, with other parameters.
  const same = `${expectation}\n${column}`;
  const nth = (seen.get(same) ?? 0) + 1;
  seen.set(same, nth);
  const labels: [string, string][] = [
    ["suite", suite],
    ["asset", asset],
    ["column", column],
    ["expectation", expectation],
    ["nth", nth === 1 ? "" : String(nth)],
  ];
  const write = (name: string, value: unknown, unit: string | null = null): void => {
    const number = typeof value === "boolean" ? null : numberOf(value);
    if (number !== null)
      target.metric({ ts, series: seriesKey(name, labels), name, value: number, unit }, at);
  };
  write("gx_success", result["success"] === true ? 1 : 0);
  const measured = objectOf(result["result"]) ?? {};
  write("gx_unexpected_percent", measured["unexpected_percent"], "%");
  write("gx_observed_value", measured["observed_value"]);
  write("gx_element_count", measured["element_count"]);
}

function writeFailure(result: JsonObject, context: Context, at: Position, reading: Reading): void {
  const expectation = typeOf(result);
  const exception = exceptionOf(result);
  const measured = objectOf(result["result"]) ?? {};
  const config = objectOf(result["expectation_config"]) ?? result;
  const outcome = exception === null ? "failed" : "raised an exception";
  reading.target.event(
    {
      ts: context.ts,
      kind: "expectation",
      title: `${expectation}(${targetOf(result)}) ${outcome}`,
      service: null,
      detail: exception?.message ?? unexpectedText(measured),
      fields: {
        ...context.fields,
        column: targetOf(result) || null,
        severity: config["severity"],
        ...keptOf(result),
        exception: exception?.whole,
      },
    },
    at,
  );
}

function writeSummary(
  context: Context,
  failed: number,
  all: number,
  met: readonly JsonObject[],
  around: JsonObject,
  at: Position,
  { target }: Reading,
): void {
  const what = [context.suite || "validation", context.asset === "" ? "" : `on ${context.asset}`];
  const count = failed === 0 ? `all ${all}` : `${all - failed} of ${all}`;
  target.event(
    {
      ts: context.ts,
      kind: "validation",
      title: `${what.join(" ").trim()}: ${count} expectations met`,
      service: null,
      detail: null,
      fields: { ...context.fields, ...around, met: met.length === 0 ? null : met },
    },
    at,
  );
}

const TOLD = new Set(["expectation_config", "exception_info", "success"]);

/** What a result says beyond columns, without what is empty. */
function keptOf(result: JsonObject): JsonObject {
  const config = objectOf(result["expectation_config"]) ?? {};
  const rest = without(result, TOLD);
  return withoutEmpty({ expectation: typeOf(result), ...config, ...rest });
}

function withoutEmpty(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object)
      .filter(([key]) => key !== "type" && key !== "expectation_type")
      .map(([key, value]) => {
        const inner = objectOf(value);
        return [key, inner === null ? value : withoutEmpty(inner)] as const;
      })
      .filter(([, value]) => !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  const object = objectOf(value);
  return object === null
    ? Array.isArray(value) && listOf(value).length === 0
    : Object.keys(object).length === 0;
}
