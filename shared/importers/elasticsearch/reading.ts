import type { ElementReader } from "../element-import.ts";
import type { Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import {
  exactValue,
  numberOf,
  objectOf,
  textOf,
  writtenOf,
  type JsonObject,
} from "../json-fields.ts";
import { noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { rowOfHit } from "./log-row.ts";

/** Hits that a search answers at most (`index.max_result_window`). */
const WINDOW = 10_000;

/** Reads hits to logs, and what responses say of being whole. */
export class ElasticsearchReader implements ElementReader {
  readonly #reading: Reading;
  readonly #service: string | undefined;
  #hits = 0;
  /** The most that a response said to have found, and whether it stopped counting there. */
  #total = 0;
  #more = false;

  constructor(reading: Reading, service: string | undefined) {
    this.#reading = reading;
    this.#service = service;
  }

  async read(element: JsonElement, pattern: string): Promise<void> {
    const { sink, target } = this.#reading;
    if (element.bad !== null) {
      rejectRecord(sink, element, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(sink, "it ends in the middle of a document.");
      return;
    }
    const value = exactValue(element);
    const inner = pattern.replace(/^responses\.\*\./, "");
    if (inner === "aggregations.*")
      rejectRecord(
        sink,
        element,
        `aggregation “${String(element.path.at(-1))}” is not imported: export the documents`,
        value,
      );
    else if (inner === "" || inner.endsWith("*")) this.#hit(value, element);
    else this.#property(inner, value, element);
    if (target.full) await target.deliver();
  }

  finish(): void {
    const { sink } = this.#reading;
    if (this.#total > this.#hits)
      noteCut(
        sink,
        `the search found ${this.#total} documents${this.#more ? " or more" : ""}, and ${this.#hits} of them are in the file.`,
      );
    else if (this.#hits === WINDOW || (this.#more && this.#hits === this.#total))
      noteCut(sink, `it holds exactly ${this.#hits} documents, which is a limit of searches.`);
  }

  #hit(value: unknown, at: Position): void {
    const { sink, target, instants } = this.#reading;
    const hit = objectOf(value);
    if (hit === null || !isHit(hit)) {
      const error = hit === null ? null : errorOf(hit["error"]);
      rejectRecord(
        sink,
        at,
        error === null
          ? "no document of Elasticsearch: _source or fields are missing"
          : `Elasticsearch answered with an error: ${error}`,
        value,
      );
      return;
    }
    this.#hits++;
    const { row, refused } = rowOfHit(hit, instants);
    if (refused !== null) {
      rejectRecord(sink, at, refused, hit);
      return;
    }
    target.log({ ...row, service: row.service ?? this.#service ?? null }, at);
    sink.accepted(1);
  }

  #property(key: string, value: unknown, at: Position): void {
    const { sink } = this.#reading;
    if (key === "hits.total") {
      const object = objectOf(value);
      const total = numberOf(object?.["value"] ?? value) ?? 0;
      this.#total = Math.max(this.#total, total);
      if (object?.["relation"] === "gte") this.#more = true;
    } else if (key === "timed_out" && value === true)
      noteCut(sink, "the search ran out of time (timed_out).");
    else if (key === "terminated_early" && value === true)
      noteCut(sink, "the search stopped early (terminated_early).");
    else if (key === "_shards.failed" && Number(value) > 0)
      noteCut(sink, `${String(value)} shards did not answer the search (_shards.failed).`);
    else if (key === "error") {
      const reason = `Elasticsearch answered with an error: ${errorOf(value) ?? "without a reason"}`;
      rejectRecord(sink, at, reason, value);
    }
  }
}

function isHit(hit: JsonObject): boolean {
  return "_index" in hit && (objectOf(hit["_source"]) !== null || objectOf(hit["fields"]) !== null);
}

function errorOf(error: unknown): string | null {
  const object = objectOf(error);
  if (object === null) return writtenOf(error);
  return [object["type"], object["reason"]].map((part) => textOf(part) ?? "").join(": ");
}
