import type { FixedTablesWriter, Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import {
  exactValue,
  Instants,
  objectOf,
  textOf,
  valueAt,
  without,
  type JsonObject,
} from "../json-fields.ts";
import { eventOf, incidentOf, monitorOf, nestedEventOf, spanOf } from "./event-record.ts";
import { logOf } from "./log-record.ts";
import { SeriesReading } from "./series.ts";

const PAGE_LIMITS = new Set([1000, 5000]);

/** Reads the elements of one JSON file: records, series, and what its pages say of themselves. */
export class DatadogReading {
  readonly #writer: FixedTablesWriter;
  readonly #instants: Instants;
  readonly #series: SeriesReading;
  #logs = 0;
  /** Pages that say that another one follows, and pages altogether. */
  #tokens = 0;
  #lastToken = -1;
  #lastDocument = -1;

  constructor(writer: FixedTablesWriter, zone: string | undefined) {
    this.#writer = writer;
    this.#instants = new Instants(zone);
    this.#series = new SeriesReading(writer);
  }

  async read(element: JsonElement, pattern: string): Promise<void> {
    const { line, offset, bad, document } = element;
    const value = exactValue(element);
    const at = { line, offset };
    this.#lastDocument = document;
    if (bad !== null) {
      this.#reject(at, bad, element.text());
      return;
    }
    switch (pattern) {
      case "meta":
      case "links":
      case "nextLogId":
        this.#page(pattern, value, document);
        return;
      case "status":
      case "error":
      case "errors":
        this.#failure(pattern, value);
        return;
      case "series.*":
      case "event":
      case "events.*":
        await this.#listed(value, pattern, at);
        return;
      case "data.*":
        if (typeof element.path[1] === "string") {
          await this.#answer(element.path[1], value, at);
          return;
        }
    }
    await this.#record(value, at);
    if (this.#writer.full) await this.#writer.deliver();
  }

  report(): void {
    const { sink } = this.#writer;
    if (this.#instants.unzoned > 0)
      sink.note(
        "info",
        "Some times name no zone; they were taken as UTC unless the options say another.",
      );
    if (this.#tokens > 0 && this.#lastToken === this.#lastDocument)
      sink.note(
        "warning",
        "This export may be cut off: its last page names another one (after or nextLogId), which is not in the file.",
      );
    else if (PAGE_LIMITS.has(this.#logs) && this.#lastDocument === 0)
      sink.note(
        "warning",
        `This export may be cut off: it holds exactly ${this.#logs} logs, which is the size of a page.`,
      );
  }

  async #listed(value: unknown, pattern: string, at: Position): Promise<void> {
    const object = objectOf(value);
    if (object === null) this.#reject(at, "no record of Datadog", JSON.stringify(value));
    else if (pattern === "series.*") await this.#series.readList(object, at);
    else this.#event(eventOf(object, this.#instants), at);
    if (this.#writer.full) await this.#writer.deliver();
  }

  /** `data` that is an object: the answer to a metric query. */
  async #answer(key: string, value: unknown, at: Position): Promise<void> {
    if (key !== "attributes") return;
    const attributes = objectOf(value) ?? {};
    if (Array.isArray(attributes["times"])) await this.#series.readColumns(attributes, at);
    else
      this.#reject(
        at,
        "an answer without times (a scalar query), which is not imported; query a time series instead",
        JSON.stringify(value),
      );
  }

  async #record(value: unknown, at: Position): Promise<void> {
    const record = objectOf(value);
    if (record === null) {
      // A document may be a list of records itself.
      if (Array.isArray(value)) for (const item of value) await this.#record(item, at);
      else this.#reject(at, "no record of Datadog", JSON.stringify(value));
      return;
    }
    const content = objectOf(record["content"]);
    const attributes = objectOf(record["attributes"]);
    const type = textOf(record["type"]);
    const around = without(record, new Set(["content", "attributes", "type"]));
    if ("pointlist" in record) await this.#series.readList(record, at);
    else if ("date_happened" in record) this.#event(eventOf(record, this.#instants), at);
    else if (content !== null) this.#log(content, around, at);
    else if ("_id" in record || "date" in record) this.#log(record, {}, at);
    else if ("query" in record && ("overall_state" in record || "status" in record))
      this.#event(monitorOf(record, this.#instants), at);
    else if (attributes !== null) this.#typed(type, attributes, around, at);
    else if ("message" in record) this.#log(record, {}, at);
    else this.#reject(at, "a record of a kind that is not imported", JSON.stringify(record));
  }

  #typed(type: string | null, core: JsonObject, around: JsonObject, at: Position): void {
    const named = type === null || type === "log" ? around : { type, ...around };
    if (type === "event") this.#event(nestedEventOf(core, around, this.#instants), at);
    else if (type === "incidents") this.#event(incidentOf(core, around, this.#instants), at);
    else if (type === "spans" || type === "span") {
      this.#writer.span(spanOf(core, around, this.#instants), at);
      this.#writer.sink.accepted(1);
    } else if (type === "log" || valueAt(core, ["timestamp", "message"]) !== undefined)
      this.#log(core, named, at);
    else
      this.#reject(
        at,
        `a record of type “${type ?? "unknown"}”, which is not imported`,
        JSON.stringify({ ...named, attributes: core }),
      );
  }

  #log(core: JsonObject, around: JsonObject, at: Position): void {
    this.#logs++;
    this.#writer.log(logOf(core, around, this.#instants), at);
    this.#writer.sink.accepted(1);
  }

  #event(row: ReturnType<typeof eventOf>, at: Position): void {
    this.#writer.event(row, at);
    this.#writer.sink.accepted(1);
  }

  #page(pattern: string, value: unknown, document: number): void {
    const object = objectOf(value);
    const token =
      pattern === "nextLogId"
        ? textOf(value)
        : pattern === "meta"
          ? textOf(object === null ? null : valueAt(object, ["page.after"]))
          : null;
    const status = object === null ? null : textOf(object["status"]);
    if (status === "timeout") this.#note("a query that ran into its time limit");
    if (token === null) return;
    this.#tokens++;
    this.#lastToken = document;
  }

  #failure(pattern: string, value: unknown): void {
    if (pattern === "status") {
      if (value === "timeout") this.#note("a query that ran into its time limit");
      return;
    }
    const text = Array.isArray(value) ? value.map(textOf).join("; ") : textOf(value);
    if (text !== null && text !== "")
      this.#writer.sink.note("warning", `Datadog answered with an error: ${text}`);
  }

  #note(why: string): void {
    this.#writer.sink.note("warning", `This export may be cut off: it has ${why}.`);
  }

  #reject(at: Position, reason: string, text: string): void {
    this.#writer.sink.reject(at.line, at.offset, reason, text);
  }
}

/** The table that an element's records go to, or null where that is not told. */
export function tableOfElement(
  value: unknown,
  pattern: string,
): "logs" | "metrics" | "events" | "spans" | null {
  if (pattern === "series.*") return "metrics";
  if (pattern === "event" || pattern === "events.*" || pattern === "monitors.*") return "events";
  const record = objectOf(value);
  if (record === null || /^(?:meta|links)$/.test(pattern)) return null;
  if ("pointlist" in record || Array.isArray(record["times"])) return "metrics";
  if ("date_happened" in record || "overall_state" in record) return "events";
  const type = record["type"];
  if (type === "event" || type === "incidents") return "events";
  if (type === "spans" || type === "span") return "spans";
  return "logs";
}
