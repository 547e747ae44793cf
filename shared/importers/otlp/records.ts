import type { Position } from "../fixed-tables-writer.ts";
import type { Sink } from "../importer.ts";
import { objectOf } from "../json-fields.ts";
import { KEPT_TEXT } from "../text.ts";
import type { RowTarget } from "../traces/preview-rows.ts";
import { logRowOf } from "./log-rows.ts";
import { pointsOf } from "./metric-rows.ts";
import type { Origin } from "./origin.ts";
import { spanRowsOf } from "./span-rows.ts";
import { writeBigInt } from "./values.ts";

export type Signal = "logs" | "metrics" | "spans";

/** A log record, metric or span, in the shape of OTLP JSON whatever its encoding was. */
export interface OtlpRecord {
  readonly signal: Signal;
  readonly value: unknown;
  readonly origin: Origin;
  readonly at: Position;
}

/** Something of the file that is no record, and why. */
export interface OtlpReject {
  readonly bad: string;
  readonly at: Position;
  readonly text: string;
}

const MOST_NAMES = 30;

/** Turns records into rows. A data point of a metric, a log record and a span count as one record each. */
export class OtlpRecords {
  /** Attributes of resources that the series of metrics do not carry. */
  readonly #unlabelled = new Set<string>();
  readonly #origins = new WeakSet<Origin>();
  #points = 0;
  #exemplars = 0;
  #estimated = 0;

  constructor(
    readonly target: RowTarget,
    readonly sink: Sink,
  ) {}

  async add(item: OtlpRecord | OtlpReject): Promise<void> {
    const { at } = item;
    if ("bad" in item) {
      this.sink.reject(at.line, at.offset, item.bad, item.text);
      return;
    }
    const record = objectOf(item.value);
    if (record === null) {
      this.#reject(`this is no object, where ${NAMES[item.signal]} was expected`, item.value, at);
    } else if (item.signal === "logs") {
      this.target.log(logRowOf(record, item.origin), at);
      this.sink.accepted(1);
    } else if (item.signal === "metrics") {
      await this.#metric(record, item.origin, at);
    } else {
      await this.#span(record, item.origin, at);
    }
    if (this.target.full) await this.target.deliver();
  }

  /** Says once what the rows do not hold. */
  finish(): void {
    if (this.#points === 0) return;
    const names = [...this.#unlabelled].sort();
    const named = names.slice(0, MOST_NAMES).join(", ");
    const more = names.length > MOST_NAMES ? ", …" : "";
    if (names.length > 0)
      this.sink.note(
        "info",
        `The series of metrics do not carry what only describes their resource: ${named}${more}.`,
      );
    const exemplars = this.#exemplars === 0 ? "" : `, exemplars (${this.#exemplars})`;
    this.sink.note(
      "info",
      `What metrics say beside their values has no column and stays in the file: descriptions, start times of points${exemplars}.`,
    );
    if (this.#estimated > 0)
      this.sink.note(
        "info",
        "Quantiles of exponential histograms are estimates from their buckets, which stay in the file.",
      );
  }

  async #metric(
    record: Readonly<Record<string, unknown>>,
    origin: Origin,
    at: Position,
  ): Promise<void> {
    if (!this.#origins.has(origin)) {
      this.#origins.add(origin);
      for (const key of origin.unlabelled) this.#unlabelled.add(key);
    }
    for (const point of pointsOf(record, origin)) {
      this.#exemplars += point.exemplars;
      if (point.bad !== null) {
        this.#reject(point.bad, point.value, at);
        continue;
      }
      for (const row of point.rows) {
        this.target.metric(row, at);
        if (this.target.full) await this.target.deliver();
      }
      this.#points++;
      if (point.estimated) this.#estimated++;
      this.sink.accepted(1);
    }
  }

  async #span(
    record: Readonly<Record<string, unknown>>,
    origin: Origin,
    at: Position,
  ): Promise<void> {
    const { span, events } = spanRowsOf(record, origin);
    if (span.traceId === null && span.spanId === null && span.name === null) {
      this.#reject("a span without ids and name", record, at);
      return;
    }
    this.target.span(span, at);
    for (const event of events) {
      if (this.target.full) await this.target.deliver();
      this.target.event(event, at);
    }
    this.sink.accepted(1);
  }

  #reject(reason: string, value: unknown, at: Position): void {
    const text = JSON.stringify(value, writeBigInt) as string | undefined;
    this.sink.reject(at.line, at.offset, reason, (text ?? "").slice(0, KEPT_TEXT));
  }
}

const NAMES: Readonly<Record<Signal, string>> = {
  logs: "a log record",
  metrics: "a metric",
  spans: "a span",
};

/** A sink for reading a head: rows are counted by their target, all else is dropped. */
export const HEAD_SINK: Sink = {
  signal: new AbortController().signal,
  evidence: 0,
  batch: () => Promise.resolve(),
  reject: () => undefined,
  note: () => undefined,
  accepted: () => undefined,
};
