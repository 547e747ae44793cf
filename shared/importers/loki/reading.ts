import type { ElementReader } from "../element-import.ts";
import type { Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import { exactValue, listOf, objectOf, without, type JsonObject } from "../json-fields.ts";
import { noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { AnswerReader } from "../prometheus/answer.ts";
import { labelsOf, logRow } from "./log-row.ts";

/** Lines that logcli, the API, Grafana and a server's default limit stop at. */
const LIMITS = new Set([30, 100, 1000, 5000]);

/** Reads streams and lines to logs; answers of metric queries are those of Prometheus. */
export class LokiReader implements ElementReader {
  readonly #reading: Reading;
  readonly #metrics: AnswerReader;
  #lines = 0;

  constructor(
    reading: Reading,
    nameless: string,
    readonly service: string | undefined,
  ) {
    this.#reading = reading;
    this.#metrics = new AnswerReader(reading, nameless, "Loki");
  }

  async read(element: JsonElement, pattern: string): Promise<void> {
    const object = element.bad === null ? objectOf(exactValue(element)) : null;
    if (object === null) await this.#metrics.read(element, pattern);
    else if ("stream" in object || "entries" in object) {
      this.#metrics.turnTo(element, 1);
      await this.#stream(object, element);
    } else if ("line" in object) {
      this.#metrics.turnTo(element, 1);
      this.#line(objectOf(object["labels"]) ?? {}, logcliEntry(object), element);
    } else if (pattern === "dropped_entries.*") {
      noteCut(this.#reading.sink, "Loki left out lines (dropped_entries).");
      rejectRecord(
        this.#reading.sink,
        element,
        "a line that Loki left out (dropped_entries)",
        object,
      );
    } else await this.#metrics.read(element, pattern);
  }

  finish(): void {
    this.#metrics.finish();
    if (LIMITS.has(this.#lines))
      noteCut(
        this.#reading.sink,
        `it holds exactly ${this.#lines} lines, which is a limit of Loki's queries.`,
      );
  }

  /** `{stream, values}` of answers and pushes, `{labels, entries}` of older pushes. */
  async #stream(stream: JsonObject, at: Position): Promise<void> {
    const { sink, target } = this.#reading;
    const labels = labelsOf(stream["stream"] ?? stream["labels"]);
    const entries = listOf(stream["values"] ?? stream["entries"]);
    if (entries.length === 0) rejectRecord(sink, at, "a stream without lines", stream);
    for (const entry of entries) {
      this.#line(labels, Array.isArray(entry) ? entry : pushedEntry(objectOf(entry) ?? {}), at);
      if (target.full) await target.deliver();
    }
  }

  /** Time, text and what is beside them. */
  #line(labels: JsonObject, [time, text, beside]: readonly unknown[], at: Position): void {
    const { sink, target, instants } = this.#reading;
    if (typeof text !== "string") {
      rejectRecord(sink, at, "no line of a log: a time and a text are expected", [time, text]);
      return;
    }
    const row = logRow(labels, time, text, objectOf(beside) ?? {}, instants);
    target.log({ ...row, service: row.service ?? this.service ?? null }, at);
    sink.accepted(1);
    this.#lines++;
  }
}

function pushedEntry(entry: JsonObject): readonly unknown[] {
  return [entry["ts"] ?? entry["timestamp"], entry["line"], without(entry, ENTRY_KEYS)];
}

function logcliEntry(entry: JsonObject): readonly unknown[] {
  return [entry["timestamp"], entry["line"], without(entry, ENTRY_KEYS)];
}

const ENTRY_KEYS = new Set(["ts", "timestamp", "line", "labels"]);
