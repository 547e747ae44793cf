import type { ElementReader } from "../element-import.ts";
import type { Position } from "../fixed-tables-writer.ts";
import type { JsonElement } from "../json-elements.ts";
import { exactValue, listOf, numberOf, objectOf, textOf, type JsonObject } from "../json-fields.ts";
import { noteCut, rejectRecord, type Reading } from "../json-records.ts";
import { seriesKey } from "../series-key.ts";
import {
  eventOfAlarm,
  eventOfHistory,
  insightsRow,
  isInsightsLog,
  logOfEvent,
  logOfInsights,
  metricsOfDatapoint,
  metricsOfInsights,
} from "./rows.ts";

/** Rows that an Insights query stops at: its default limit, and the most there is. */
const QUERY_LIMITS = new Set([1000, 10_000]);
/** Events that one call of `get-log-events` or `filter-log-events` answers at most. */
const PAGE_LIMIT = 10_000;

/** What one document says beside its records. */
interface Envelope {
  document: number;
  around: Record<string, unknown>;
  label: string | null;
  datapoints: { readonly list: readonly unknown[]; readonly at: Position } | null;
  token: boolean;
  events: number;
  /** Log rows of an Insights query. */
  rows: number;
}

/** Reads answers of CloudWatch and CloudWatch Logs. */
export class CloudWatchReader implements ElementReader {
  readonly #reading: Reading;
  #envelope = envelopeOf(0);

  constructor(
    reading: Reading,
    readonly service: string | undefined,
  ) {
    this.#reading = reading;
  }

  async read(element: JsonElement, pattern: string): Promise<void> {
    if (element.document !== this.#envelope.document) {
      await this.#datapoints();
      this.#envelope = envelopeOf(element.document);
    }
    const { sink } = this.#reading;
    if (element.bad !== null) {
      rejectRecord(sink, element, element.bad, element.text());
      if (element.bad.startsWith("the file ends"))
        noteCut(sink, "it ends in the middle of a document.");
      return;
    }
    const value = exactValue(element);
    if (pattern.endsWith("*") || pattern === "") await this.#record(value, pattern, element);
    else this.#property(pattern, value, element);
    if (this.#reading.target.full) await this.#reading.target.deliver();
  }

  async finish(): Promise<void> {
    await this.#datapoints();
    const { sink } = this.#reading;
    const { token, rows, events, document } = this.#envelope;
    if (token)
      noteCut(sink, "its last page names another one (nextToken), which is not in the file.");
    else if (QUERY_LIMITS.has(rows))
      noteCut(sink, `it holds exactly ${rows} rows, which is a limit of Insights queries.`);
    else if (events === PAGE_LIMIT && document === 0)
      noteCut(sink, `it holds exactly ${events} events, which is the most that one call answers.`);
  }

  async #record(value: unknown, pattern: string, at: Position): Promise<void> {
    const object = objectOf(value);
    if (pattern === "results.*") this.#insights(value, at);
    else if (object === null) this.#refuse(value, at);
    else if (pattern === "Messages.*") {
      const text = [object["Code"], object["Value"]].map(textOf).filter((t) => t !== null);
      this.#reading.sink.note("warning", `CloudWatch: ${text.join(": ")}`);
    } else if (pattern === "MetricDataResults.*") await this.#series(object, at);
    else if (pattern === "AlarmHistoryItems.*")
      this.#event(eventOfHistory(object, this.#reading.instants), at);
    else if (pattern === "MetricAlarms.*" || pattern === "CompositeAlarms.*")
      this.#event(eventOfAlarm(object, this.#reading.instants), at);
    else if ("message" in object) this.#log(object, at);
    else this.#refuse(value, at);
  }

  #property(pattern: string, value: unknown, at: Position): void {
    const { sink } = this.#reading;
    const envelope = this.#envelope;
    switch (pattern) {
      case "Label":
        envelope.label = textOf(value);
        return;
      case "Datapoints":
        envelope.datapoints = { list: listOf(value), at };
        return;
      case "logGroup":
      case "logStream":
      case "owner":
        envelope.around[pattern] = value;
        return;
      case "nextToken":
      case "NextToken":
        envelope.token = textOf(value) !== null;
        return;
      case "status":
        if (typeof value === "string" && value !== "Complete")
          noteCut(sink, `its query had the status “${value}” when it was saved.`);
        return;
      case "statistics": {
        const matched = numberOf(objectOf(value)?.["recordsMatched"]) ?? 0;
        if (envelope.rows > 0 && matched > envelope.rows)
          noteCut(
            sink,
            `its query matched ${matched} records, and ${envelope.rows} of them are in the file.`,
          );
        return;
      }
      default:
        if (value === false) noteCut(sink, "a log stream was not searched to its end.");
    }
  }

  #log(event: JsonObject, at: Position): void {
    const { target, sink, instants } = this.#reading;
    const row = logOfEvent(event, this.#envelope.around, instants);
    target.log({ ...row, service: row.service ?? this.service ?? null }, at);
    sink.accepted(1);
    this.#envelope.events++;
  }

  #insights(value: unknown, at: Position): void {
    const { target, sink, instants } = this.#reading;
    const row = insightsRow(value);
    if (isInsightsLog(row)) {
      const log = logOfInsights(row, instants);
      target.log({ ...log, service: log.service ?? this.service ?? null }, at);
      sink.accepted(1);
      this.#envelope.rows++;
      return;
    }
    const metrics = metricsOfInsights(row, instants);
    if (metrics.length === 0) {
      const reason = "a row of statistics without a time or a number: query it with “by bin(5m)”";
      rejectRecord(sink, at, reason, value);
      return;
    }
    for (const metric of metrics) target.metric({ ...metric, service: this.#service(metric) }, at);
    sink.accepted(1);
  }

  /** `get-metric-data`: each point is a record. */
  async #series(result: JsonObject, at: Position): Promise<void> {
    const { target, sink, instants } = this.#reading;
    const id = textOf(result["Id"]) ?? "";
    const name = textOf(result["Label"]) ?? id;
    const series = seriesKey(name, [["id", id]]);
    const service = this.service ?? null;
    const values = listOf(result["Values"]);
    const times = listOf(result["Timestamps"]);
    for (let i = 0; i < Math.max(values.length, times.length); i++) {
      const ts = instants.read(times[i]);
      const value = numberOf(values[i]);
      if (ts === null || value === null) {
        rejectRecord(sink, at, `a point of ${series} without a time or a value`, [
          times[i],
          values[i],
        ]);
      } else {
        target.metric({ ts, series, name, service, value }, at);
        sink.accepted(1);
      }
      if (target.full) await target.deliver();
    }
    if (values.length + times.length === 0)
      rejectRecord(sink, at, "a series without points", result);
    for (const message of listOf(result["Messages"])) await this.#record(message, "Messages.*", at);
    const status = textOf(result["StatusCode"]) ?? "Complete";
    if (status !== "Complete")
      noteCut(sink, `${series} had the status “${status}” when it was saved.`);
  }

  /** `get-metric-statistics`: the name may stand after the points, so they wait for the end. */
  async #datapoints(): Promise<void> {
    const { datapoints, label } = this.#envelope;
    this.#envelope.datapoints = null;
    if (datapoints === null) return;
    const { target, sink, instants } = this.#reading;
    for (const point of datapoints.list) {
      const rows = metricsOfDatapoint(label ?? "metric", objectOf(point) ?? {}, instants);
      for (const row of rows) {
        target.metric({ ...row, service: this.service ?? null }, datapoints.at);
        if (target.full) await target.deliver();
      }
      if (rows.length > 0) sink.accepted(1);
      else rejectRecord(sink, datapoints.at, "a point without a time or a statistic", point);
    }
  }

  #event(row: Parameters<Reading["target"]["event"]>[0], at: Position): void {
    this.#reading.target.event({ ...row, service: this.service ?? null }, at);
    this.#reading.sink.accepted(1);
  }

  #service(row: { readonly service?: string | null }): string | null {
    return row.service ?? this.service ?? null;
  }

  #refuse(value: unknown, at: Position): void {
    rejectRecord(this.#reading.sink, at, "no record of CloudWatch that is known here", value);
  }
}

function envelopeOf(document: number): Envelope {
  return { document, around: {}, label: null, datapoints: null, token: false, events: 0, rows: 0 };
}
