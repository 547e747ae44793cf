import type { FixedTablesWriter, Position } from "../fixed-tables-writer.ts";
import {
  listOf,
  microsOfMillis,
  numberOf,
  objectOf,
  textOf,
  type JsonObject,
} from "../json-fields.ts";
import { seriesKey, serviceOfLabels } from "../series-key.ts";
import { tagsOf } from "./log-record.ts";

type Labels = [string, string][];

interface Points {
  readonly name: string;
  readonly labels: Labels;
  readonly unit: string | null;
  /** Time in ms and value, as they stand in the file. */
  readonly points: Iterable<readonly [unknown, unknown]>;
}

/** Writes the series of metric queries; each point is a record. */
export class SeriesReading {
  /** Queries by the series that they answered with, to tell two of the same metric apart. */
  readonly #queries = new Map<string, string>();

  constructor(readonly writer: FixedTablesWriter) {}

  /** A series of the first API: https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points */
  async readList(series: JsonObject, at: Position): Promise<void> {
    if (!Array.isArray(series["pointlist"])) {
      const text = JSON.stringify(series);
      this.writer.sink.reject(at.line, at.offset, "a series without points", text);
      return;
    }
    const name = textOf(series["metric"]) ?? textOf(series["display_name"]) ?? "value";
    const labels = Object.entries(tagsOf(series["tag_set"]));
    if (labels.length === 0) labels.push(...Object.entries(tagsOf(series["scope"])));
    const aggregate = textOf(series["aggr"]);
    if (aggregate !== null) labels.push(["aggr", aggregate]);
    const query = textOf(series["expression"]) ?? textOf(series["query_index"]) ?? "";
    const key = seriesKey(name, labels);
    const before = this.#queries.get(key);
    if (before === undefined) this.#queries.set(key, query);
    else if (before !== query) labels.push(["expression", query]);
    const points = listOf(series["pointlist"]).map((p): readonly [unknown, unknown] => {
      const [time, value] = listOf(p);
      return [time, value];
    });
    await this.#write({ name, labels, unit: unitOf(series["unit"]), points }, at);
  }

  /** The answer of the second API, whose series share their times: https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-data-across-multiple-products */
  async readColumns(attributes: JsonObject, at: Position): Promise<void> {
    const times = listOf(attributes["times"]);
    const values = listOf(attributes["values"]);
    const series = listOf(attributes["series"]);
    for (const [i, item] of values.entries()) {
      const of = objectOf(series[i]) ?? {};
      const column = listOf(item);
      const index = numberOf(of["query_index"]) ?? 0;
      const length = Math.max(times.length, column.length);
      const points = Array.from(
        { length },
        (_, t) => [times[t] ?? null, column[t] ?? null] as const,
      );
      const labels = Object.entries(tagsOf(of["group_tags"]));
      await this.#write({ name: `query ${index}`, labels, unit: unitOf(of["unit"]), points }, at);
    }
    if (values.length > 0)
      this.writer.sink.note(
        "info",
        "Datadog's answer does not say what was asked: the metrics are named by the number of their query.",
      );
  }

  async #write(series: Points, at: Position): Promise<void> {
    const { name, labels, unit } = series;
    const key = seriesKey(name, labels);
    const service = serviceOfLabels(Object.fromEntries(labels));
    const { sink } = this.writer;
    for (const [time, written] of series.points) {
      const ts = microsOfMillis(time);
      const value = numberOf(written);
      if (ts === null || (value === null && written !== null)) {
        const reason = ts === null ? "a point without a time" : "a point without a number";
        sink.reject(at.line, at.offset, reason, JSON.stringify([key, time, written]));
        continue;
      }
      this.writer.metric({ ts, series: key, name, service, value, unit }, at);
      sink.accepted(1);
      if (this.writer.full) await this.writer.deliver();
    }
  }
}

/** `[{short_name:"B"}, {short_name:"s"}]` is `B/s`. */
function unitOf(unit: unknown): string | null {
  const [of, per] = Array.isArray(unit) ? (unit as unknown[]) : [unit];
  const written = (part: unknown): string | null =>
    textOf(objectOf(part)?.["short_name"]) ?? textOf(objectOf(part)?.["name"]);
  const first = written(of);
  const second = written(per);
  if (first === null) return null;
  return second === null ? first : `${first}/${second}`;
}
