import type { Position } from "../fixed-tables-writer.ts";
import { elementsOf, type JsonElement } from "../json-elements.ts";
import { exactValue, listOf, numberOf, objectOf, textOf, valueAt } from "../json-fields.ts";
import { layoutOfJson, noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { kindOfRecord } from "./kinds.ts";

/** Objects around lists: runs of workflows, applications as kubectl and Argo CD list them. */
const LISTS = ["workflow_runs", "items", "history"] as const;
const WRAPPED = [...LISTS.map((key) => `${key}.*`), "total_count", "metadata"];

/** Numbers of records on one page: GitHub's 30, GitLab's 20, and the most of both. */
const PAGES = new Set([20, 30, 100]);

/** Where the records of a file stand. */
export function patternsOf(head: Uint8Array): readonly string[] {
  if (layoutOfJson(head) === "list") return ["*"];
  const wrapped = elementsOf(head, ["workflow_runs.*.id", "items.*.metadata.*", "history.*.id"]);
  return wrapped.some((e) => e.pattern >= 0) ? WRAPPED : [""];
}

/** The records of a document: itself, or those of the list that it wraps. */
export function recordsOf(value: unknown): readonly unknown[] {
  const object = objectOf(value);
  const list = LISTS.map((key) => object?.[key]).find(Array.isArray);
  return list === undefined || kindOfRecord(object ?? {}) !== null ? [value] : listOf(list);
}

/** Reads records of deployments, releases and pipelines. */
export class DeploymentReader {
  #records = 0;
  #total: number | null = null;
  #lastDocument = 0;

  constructor(readonly reading: Reading) {}

  async read(element: JsonElement, pattern: string): Promise<void> {
    const { sink } = this.reading;
    const at = { line: element.line, offset: element.offset };
    this.#lastDocument = element.document;
    if (element.bad !== null) {
      rejectRecord(sink, at, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(sink, "it ends in the middle of a record.");
      return;
    }
    const value = exactValue(element);
    if (pattern === "total_count") this.#total = Math.max(this.#total ?? 0, numberOf(value) ?? 0);
    else if (pattern === "metadata") this.#continues(value);
    else await this.#record(value, at);
  }

  finish(): void {
    const { sink } = this.reading;
    if (this.#total !== null && this.#total > this.#records)
      noteCut(
        sink,
        `it holds ${this.#records} of ${this.#total} runs (total_count). Save the other pages too.`,
      );
    else if (this.#total === null && this.#lastDocument === 0 && PAGES.has(this.#records))
      noteCut(
        sink,
        `it holds exactly ${this.#records} records, which is the size of a page of the API.`,
      );
  }

  async #record(value: unknown, at: Position): Promise<void> {
    const { target, sink, instants } = this.reading;
    const record = objectOf(value);
    if (record === null) {
      if (Array.isArray(value)) for (const item of listOf(value)) await this.#record(item, at);
      else rejectRecord(sink, at, "no record of a deployment", value);
      return;
    }
    const kind = kindOfRecord(record);
    const list = LISTS.find((key) => Array.isArray(record[key]));
    if (kind === null && list !== undefined) {
      this.#continues(record["metadata"]);
      if (numberOf(record["total_count"]) !== null)
        this.#total = Math.max(this.#total ?? 0, numberOf(record["total_count"]) ?? 0);
      for (const item of listOf(record[list])) await this.#record(item, at);
      return;
    }
    if (kind === null) {
      rejectRecord(
        sink,
        at,
        "neither a deployment nor a release or pipeline that is known",
        record,
      );
      return;
    }
    this.#records++;
    for (const row of kind.rows(record, instants)) {
      if (target.full) await target.deliver();
      target.event(row, at);
    }
    sink.accepted(1);
  }

  #continues(metadata: unknown): void {
    const object = objectOf(metadata) ?? {};
    if (textOf(valueAt(object, ["continue"])) !== null)
      noteCut(this.reading.sink, "the list names a next page (metadata.continue).");
  }
}
