import { err, ok } from "../base/result.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import { PATTERNS, ValidationReader } from "./great-expectations/reading.ts";
import type { Importer } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { firstValues, Instants } from "./json-fields.ts";
import { firstCharacter, layoutOfJson, mainOfPlan, planRecords } from "./json-records.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const SOURCES = {
  events: {
    ts: "meta.run_id.run_time",
    title: "the expectation and its column",
    detail: "what was found instead",
    fields: "result and expectation_config",
  },
  metrics: { ts: "meta.run_id.run_time", value: "success, unexpected_percent, observed_value" },
} as const;

/** Where the results of a validation may stand in a file. */
const RESULTS = [
  "results.[].",
  "[].results.[].",
  "run_results.*.validation_result.results.[].",
  "run_results.*.results.[].",
  "[].run_results.*.validation_result.results.[].",
  "[].run_results.*.results.[].",
  "validation_results.[].expectations.[].",
  "",
  "[].",
];

/** Paths that tell a result from other records: the name of the expectation stands in all of them. */
const PATHS = RESULTS.flatMap((at) => [
  `${at}expectation_config.type`,
  `${at}expectation_config.expectation_type`,
  `${at}expectation_type`,
  `${at}success`,
]);

/**
 * Validation results of Great Expectations, 0.13 to 1.x: one, a checkpoint's,
 * lists and JSON lines of them, and single results
 * (https://docs.greatexpectations.io/docs/reference/api/core/ExpectationSuiteValidationResult_class/).
 */
export const greatExpectationsImporter: Importer = {
  id: "great-expectations",
  name: "Great Expectations",
  description:
    "Validation and checkpoint results of Great Expectations 0.x and 1.x: failed expectations as events, all as metrics",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    if (!/[{[]/.test(firstCharacter(head))) return 0;
    const part = head.subarray(0, 256 * 1024);
    const text = new TextDecoder().decode(part);
    if (!/"(?:expectation_config|expectation_type)"/.test(text) || !text.includes('"success"'))
      return 0;
    const found = firstValues(part, PATHS);
    const isResult = RESULTS.some((at) => {
      const name =
        found.get(`${at}expectation_config.type`) ??
        found.get(`${at}expectation_config.expectation_type`) ??
        found.get(`${at}expectation_type`);
      if (typeof name !== "string") return false;
      // Where keys are sorted, the outcome comes last, and a large result may hide it.
      return typeof found.get(`${at}success`) === "boolean" || text.includes('"exception_info"');
    });
    return isResult ? 0.97 : 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const patterns = PATTERNS[layoutOfJson(head)];
    const preview = new PreviewRows();
    const instants = new Instants(options.timezone);
    const reader = new ValidationReader({ target: preview, sink: HEAD_SINK, instants });
    for (const element of elementsOf(head, patterns))
      await reader.read(element, patterns[element.pattern] ?? "");
    await reader.finish();
    if (preview.total === 0) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No result of an expectation was found at the beginning of “${source.name}”.`,
        advice:
          "Save a validation result (result.to_json_dict()) or a checkpoint's; a suite alone has no results.",
      });
    }
    const tables = ["events", "metrics"] as const;
    return ok(
      planRecords("great-expectations", options, tables, "events", preview, instants, SOURCES),
    );
  },

  async read(source, plan, sink) {
    const patterns = PATTERNS[layoutOfJson(await source.head())];
    const writer = new FixedTablesWriter(sink, mainOfPlan(plan));
    const instants = new Instants(plan.options.timezone);
    const reader = new ValidationReader({ target: writer, sink, instants });
    for await (const element of jsonElements(source, patterns)) {
      checkCancelled(sink.signal, source.name);
      await reader.read(element, patterns[element.pattern] ?? "");
      await writer.deliver();
    }
    await reader.finish();
    await writer.finish();
  },
};
