import type { FixedTablesWriter, Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import {
  exactValue,
  type Instants,
  listOf,
  numberOf,
  objectOf,
  textOf,
  without,
  writtenOf,
  type JsonObject,
} from "../json-fields.ts";
import { writeEvent } from "./event-record.ts";

/** LIMIT MAX, now and until 2021. */
const LIMITS = new Set([5000, 2000]);

/** Reads the rows of one file, and tells at the end whether a limit cut it. */
export class EventReading {
  readonly #writer: FixedTablesWriter;
  readonly #instants: Instants;
  /** Rows of the current document, which is one answer. */
  #rows = 0;
  #document = 0;
  readonly #limits = new Set<number>();
  readonly #widths = new Set<number>();

  constructor(writer: FixedTablesWriter, instants: Instants) {
    this.#writer = writer;
    this.#instants = instants;
  }

  async read(element: JsonElement, pattern: string): Promise<void> {
    const { line, offset, bad, document } = element;
    const value = exactValue(element);
    const at = { line, offset };
    if (document !== this.#document && pattern !== "") {
      this.#endAnswer();
      this.#document = document;
    }
    if (bad !== null) {
      this.#writer.sink.reject(line, offset, bad, element.text());
    } else if (pattern.endsWith("metadata")) {
      this.#metadata(objectOf(value) ?? {});
    } else if (pattern.endsWith("nextCursor")) {
      if (textOf(value) !== null) this.#cut("it names a cursor to further results");
    } else if (pattern === "performanceStats") {
      this.#statistics(objectOf(value) ?? {});
    } else if (pattern === "errors.*") {
      const text = writtenOf(objectOf(value)?.["message"] ?? value) ?? "";
      this.#writer.sink.note("warning", `New Relic answered with an error: ${text}`);
    } else {
      await this.#item(value, at);
    }
  }

  /** A row that is no JSON: one of a CSV. */
  async row(event: JsonObject, at: Position, text: () => string): Promise<void> {
    this.#count(event);
    const failure = writeEvent(this.#writer, event, this.#instants, at);
    if (failure === null) this.#writer.sink.accepted(1);
    else this.#writer.sink.reject(at.line, at.offset, failure, text());
    if (this.#writer.full) await this.#writer.deliver();
  }

  report(): void {
    this.#endAnswer();
    const { sink } = this.#writer;
    if (this.#widths.size > 0) {
      const widths = [...this.#widths].sort((a, b) => a - b);
      sink.note(
        "info",
        `Values of a bucket stand at its beginning; buckets are ${widths.slice(0, 4).join(", ")} s long.`,
      );
    }
    if (this.#instants.unzoned > 0)
      sink.note(
        "info",
        "Some times name no zone; they were taken as UTC unless the options say another.",
      );
  }

  async #item(value: unknown, at: Position): Promise<void> {
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) await this.#item(item, at);
      return;
    }
    const object = objectOf(value);
    if (object === null) {
      this.#writer.sink.reject(at.line, at.offset, "no row of a result", JSON.stringify(value));
      return;
    }
    if ("total" in object && "timeSeries" in object)
      this.#writer.sink.note("info", "Totals beside the time series of a facet were left out.");
    for (const row of rowsOf(object)) await this.row(row, at, () => JSON.stringify(row));
  }

  #count(row: JsonObject): void {
    this.#rows++;
    const begin = numberOf(row["beginTimeSeconds"]);
    const end = numberOf(row["endTimeSeconds"]);
    if (begin !== null && end !== null && this.#widths.size < 100) this.#widths.add(end - begin);
  }

  #metadata(metadata: JsonObject): void {
    const contents = metadata["contents"];
    for (const part of listOf(objectOf(contents)?.["contents"] ?? contents)) {
      const limit = numberOf(objectOf(part)?.["limit"]);
      if (limit !== null) this.#limits.add(limit);
    }
    for (const message of listOf(metadata["messages"])) {
      const text = writtenOf(message) ?? "";
      if (/limit|truncat|partial|too many|exceed/i.test(text))
        this.#cut(`New Relic says “${text}”`);
      else if (text !== "") this.#writer.sink.note("info", `New Relic says: ${text}`);
    }
  }

  #statistics(stats: JsonObject): void {
    const omitted = numberOf(stats["omittedCount"]);
    if (omitted !== null && omitted > 0) this.#cut(`New Relic left ${omitted} events out`);
    if (stats["exceedsRetentionWindow"] === true)
      this.#cut("the query asks for times beyond the retention of the data");
  }

  #endAnswer(): void {
    if (LIMITS.has(this.#rows))
      this.#cut(
        `it holds exactly ${this.#rows} rows, the most that a query answers with (LIMIT MAX)`,
      );
    else if (this.#limits.has(this.#rows) && this.#rows > 0)
      this.#cut(`it holds exactly as many rows as its query allowed (LIMIT ${this.#rows})`);
    this.#rows = 0;
    this.#limits.clear();
  }

  #cut(why: string): void {
    this.#writer.sink.note("warning", `This export may be cut off: ${why}.`);
  }
}

/** How the answer came to be; no value of the series. */
const BOOKKEEPING = new Set(["inspectedCount"]);

/**
 * The rows of an element: itself, or in the older API the events within it,
 * the buckets of a facet, or a bucket's results.
 * https://docs.newrelic.com/docs/apis/insights-apis/query-insights-event-data-api/
 */
export function rowsOf(element: JsonObject, facet: JsonObject = {}): JsonObject[] {
  if (Array.isArray(element["events"]))
    return listOf(element["events"]).map((e) => objectOf(e) ?? { value: e });
  if (Array.isArray(element["timeSeries"])) {
    const of = "name" in element ? { facet: element["name"] } : {};
    return listOf(element["timeSeries"]).flatMap((b) => rowsOf(objectOf(b) ?? {}, of));
  }
  if (Array.isArray(element["results"]) && ("beginTimeSeconds" in element || "name" in element)) {
    const { results, ...rest } = without(element, BOOKKEEPING);
    // Several aggregates may have the same name.
    const values: Record<string, unknown> = {};
    for (const result of listOf(results)) {
      for (const [key, value] of Object.entries(objectOf(result) ?? {})) {
        let name = key;
        for (let n = 2; name in values; n++) name = `${key} ${n}`;
        values[name] = value;
      }
    }
    const percentiles = objectOf(values["percentiles"]);
    if (percentiles !== null) {
      delete values["percentiles"];
      values["percentile"] = percentiles;
    }
    return [{ ...facet, ...rest, ...values }];
  }
  return [{ ...facet, ...element }];
}
