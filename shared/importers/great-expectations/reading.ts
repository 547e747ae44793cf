import type { Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import { exactValue, listOf, objectOf, without, type JsonObject } from "../json-fields.ts";
import { noteCut, rejectRecord, type JsonLayout, type Reading } from "../json-records.ts";
import { isExpectationResult } from "./result.ts";
import { writeValidation, type Placed } from "./validation.ts";

/** Top-level keys of one document besides its results, which are read one by one. */
const AROUND = [
  "meta",
  "suite_name",
  "expectation_suite_name",
  "asset_name",
  "batch_id",
  "id",
  "name",
  "run_id",
  "result_url",
  "success",
  "statistics",
  "suite_parameters",
  "evaluation_parameters",
  "checkpoint_config",
  "validation_result_url",
  "expectation_config",
  "expectation_type",
  "kwargs",
  "result",
  "exception_info",
];

/** Where the results are: a large document is taken apart, small ones are read whole. */
export const PATTERNS: Readonly<Record<JsonLayout, readonly string[]>> = {
  list: ["*"],
  documents: [""],
  document: ["results.*", "run_results.*", "validation_results.*", ...AROUND],
};

/** Results that wait for the end of their document, where its time may stand, take no more text than this. */
const MOST_WAITING = 64 * 1024 * 1024;

const NESTED = new Set(["validation_result"]);
/** What a checkpoint says of all its runs together. */
const OUTCOME = new Set(["success", "statistics"]);

/** Reads the elements of one file: validations, checkpoints with several of them, single results. */
export class ValidationReader {
  #document = 0;
  #around: Record<string, unknown> = {};
  #results: Placed[] = [];
  #nested: Placed[] = [];
  #waiting = 0;
  #first: Position | null = null;

  constructor(readonly reading: Reading) {}

  async read(element: JsonElement, pattern: string): Promise<void> {
    if (element.document !== this.#document) {
      await this.finish();
      this.#document = element.document;
    }
    const at = { line: element.line, offset: element.offset };
    if (element.bad !== null) {
      rejectRecord(this.reading.sink, at, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(this.reading.sink, "it ends in the middle of a validation result.");
      return;
    }
    const value = exactValue(element);
    if (pattern === "" || pattern === "*") {
      await this.#whole(value, {}, at);
      return;
    }
    this.#first ??= at;
    if (pattern === "results.*") this.#results.push({ value, at });
    else if (pattern.endsWith(".*")) this.#nested.push({ value, at });
    else this.#around[pattern] = value;
    this.#waiting += element.text().length;
    if (this.#waiting > MOST_WAITING) await this.#write();
  }

  /** Writes what waited for the end of a document. */
  async finish(): Promise<void> {
    await this.#write();
    this.#around = {};
    this.#first = null;
  }

  async #write(): Promise<void> {
    const results = this.#results;
    const nested = this.#nested;
    this.#results = [];
    this.#nested = [];
    this.#waiting = 0;
    const at = this.#first;
    if (at === null) return;
    if (nested.length > 0) {
      for (const { value, at: place } of nested) await this.#whole(value, this.#around, place);
      // What runs of a checkpoint share is in each of them.
      if (results.length === 0) return;
    }
    if (results.length > 0) await writeValidation(this.#around, results, at, this.reading);
    else if (Object.keys(this.#around).length > 0) await this.#whole(this.#around, {}, at);
  }

  /** A validation, a checkpoint or a single result that was read whole. */
  async #whole(value: unknown, outer: JsonObject, at: Position): Promise<void> {
    if (Array.isArray(value)) {
      for (const item of listOf(value)) await this.#whole(item, outer, at);
      return;
    }
    const object = objectOf(value);
    const inner = objectOf(object?.["validation_result"]);
    if (object === null) {
      rejectRecord(this.reading.sink, at, "no validation result", value);
    } else if (inner !== null) {
      await this.#whole({ ...inner, ...without(object, NESTED) }, outer, at);
    } else if (isExpectationResult(object)) {
      await writeValidation({}, [{ value: object, at }], at, this.reading);
    } else {
      await this.#parts(object, outer, at);
    }
  }

  async #parts(object: JsonObject, outer: JsonObject, at: Position): Promise<void> {
    const { results, expectations, run_results, validation_results, ...around } = object;
    const nested = Array.isArray(validation_results)
      ? listOf(validation_results)
      : Object.values(objectOf(run_results ?? validation_results) ?? {});
    for (const run of nested) await this.#whole(run, around, at);
    if (nested.length > 0) return;
    const list = Array.isArray(results) ? results : expectations;
    if (!Array.isArray(list)) {
      rejectRecord(this.reading.sink, at, "no validation result", object);
      return;
    }
    const config = objectOf(outer["checkpoint_config"]);
    const shared = without(outer, OUTCOME);
    const named = config === null ? shared : { checkpoint: config["name"], ...shared };
    const placed = listOf(list).map((item) => ({ value: item, at }));
    await writeValidation({ ...named, ...around }, placed, at, this.reading);
  }
}
