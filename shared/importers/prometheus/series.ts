import type { Position } from "../fixed-tables-writer.ts";
import type { Sink } from "../importer.ts";
import { listOf, numberOf, objectOf, writtenOf, type JsonObject } from "../json-fields.ts";
import { rejectRecord } from "../json-records.ts";
import { seriesKey, serviceOfLabels } from "../series-key.ts";
import type { RowTarget } from "../traces/preview-rows.ts";
import { unitOfMetric } from "./metric-unit.ts";

/** What the rows of a series have in common. */
export interface SeriesIdentity {
  readonly series: string;
  readonly name: string;
  readonly service: string | null;
  readonly unit: string | null;
}

/** The identity of a series by its labels, `__name__` among them; without one it is called `unnamed`. */
export function identityOf(metric: JsonObject, unnamed: string): SeriesIdentity {
  const labels = Object.entries(metric)
    .filter(([key]) => key !== "__name__")
    .map(([key, value]) => [key, writtenOf(value) ?? ""] as const);
  const name = writtenOf(metric["__name__"]) ?? unnamed;
  return {
    series: seriesKey(name, labels),
    name,
    service: serviceOfLabels(Object.fromEntries(labels)),
    unit: unitOfMetric(name),
  };
}

/** µs of seconds since 1970, which may be a fraction, or null. */
export function microsOfSeconds(seconds: unknown): number | null {
  const number = numberOf(seconds);
  if (number === null) return null;
  const micros = Math.round(number * 1e6);
  return Number.isSafeInteger(micros) ? micros : null;
}

/**
 * Reads series: `{metric, values}` and `{metric, value}` as queries answer
 * them, and `{metric, values, timestamps}` as VictoriaMetrics exports them.
 * Each sample is a record.
 */
export class SeriesReader {
  /** Series that had no name of their own. */
  unnamed = 0;

  constructor(
    readonly target: RowTarget,
    readonly sink: Sink,
    /** What a series without a name is called. */
    readonly nameless: string,
  ) {}

  async read(series: JsonObject, at: Position): Promise<void> {
    const metric = objectOf(series["metric"]) ?? {};
    if (!("__name__" in metric)) this.unnamed++;
    const identity = identityOf(metric, this.nameless);
    let records = 0;
    const one = series["value"];
    if (one !== undefined) {
      records++;
      this.sample(identity, one, at);
    }
    const values = listOf(series["values"]);
    const timestamps = series["timestamps"];
    for (let i = 0; i < values.length; i++) {
      if (Array.isArray(timestamps)) this.#timed(identity, timestamps[i], values[i], at);
      else this.sample(identity, values[i], at);
      if (this.target.full) await this.target.deliver();
    }
    records += values.length + this.#histograms(identity, series, at);
    if (records === 0) rejectRecord(this.sink, at, "a series without samples", series);
    if (this.target.full) await this.target.deliver();
  }

  /** `[seconds, "value"]`. */
  sample(identity: SeriesIdentity, pair: unknown, at: Position): void {
    const [seconds, written] = listOf(pair);
    const ts = microsOfSeconds(seconds);
    const value = numberOf(written);
    if (ts === null || value === null) this.#refuse(identity, pair, at);
    else this.#row(identity, ts, value, at);
  }

  /** Milliseconds and value in lists of their own; null is how NaN is written there. */
  #timed(identity: SeriesIdentity, millis: unknown, written: unknown, at: Position): void {
    const number = numberOf(millis);
    const value = written === null ? NaN : numberOf(written);
    if (number === null || value === null) this.#refuse(identity, [millis, written], at);
    else this.#row(identity, Math.round(number * 1000), value, at);
  }

  #row(identity: SeriesIdentity, ts: number, value: number, at: Position): void {
    const { series, name, service, unit } = identity;
    this.target.metric({ ts, series, name, service, value, unit }, at);
    this.sink.accepted(1);
  }

  #refuse({ series }: SeriesIdentity, pair: unknown, at: Position): void {
    const reason = `not a sample: a time and a value are expected (${series})`;
    rejectRecord(this.sink, at, reason, pair);
  }

  #histograms(identity: SeriesIdentity, series: JsonObject, at: Position): number {
    const one = series["histogram"];
    const all = [...(one === undefined ? [] : [one]), ...listOf(series["histograms"])];
    for (const sample of all)
      rejectRecord(
        this.sink,
        at,
        `native histogram ${identity.series} is not supported; query histogram_quantile, histogram_count or histogram_sum of it instead`,
        sample,
      );
    return all.length;
  }
}
