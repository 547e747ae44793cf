import type { ImportOptions } from "../../model/evidence.ts";
import type { Sink, Source } from "../importer.ts";
import { Instants } from "../json-fields.ts";
import { checkCancelled } from "../text-log/cancelled.ts";
import { numberOf } from "../training-runs/own-table.ts";
import { epochMicros } from "../training-runs/times.ts";
import { csvRecords } from "./csv.ts";
import { SAMPLED, sampledMessage } from "./history.ts";
import type { WandbWriter } from "./tables.ts";

/** A curve of a chart: a metric of a run, and where its band stands. */
export interface Curve {
  readonly run: string;
  readonly key: string;
  readonly column: number;
  readonly min: number;
  readonly max: number;
}

/** The header of a chart's CSV. */
export interface ChartHeader {
  /** `Step`, `Wall Time`, `Relative Time (Process)`, or a metric that the chart is drawn over. */
  readonly axis: string;
  readonly width: number;
  readonly curves: readonly Curve[];
  /** True where the axis can be times. */
  readonly wall: boolean;
}

/**
 * The CSV that a chart of W&B gives
 * (https://docs.wandb.ai/guides/app/features/panels/line-plot/):
 * `"Step","run-a - loss","run-a - loss__MIN","run-a - loss__MAX"`.
 * Null where the header is another.
 */
export function readChartHeader(fields: readonly string[]): ChartHeader | null {
  const [axis = "", ...names] = fields;
  if (axis === "" || names.length === 0) return null;
  const index = new Map(fields.map((name, i) => [name, i]));
  const curves: Curve[] = [];
  for (const [column, name] of fields.entries()) {
    if (column === 0 || /__(?:MIN|MAX)$/.test(name)) continue;
    const min = index.get(`${name}__MIN`);
    const max = index.get(`${name}__MAX`);
    if (min === undefined || max === undefined) return null;
    // Names of runs may have a dash in them; names of metrics rarely do.
    const dash = name.lastIndexOf(" - ");
    const run = dash < 0 ? "" : name.slice(0, dash);
    curves.push({ run, key: dash < 0 ? name : name.slice(dash + 3), column, min, max });
  }
  if (curves.length === 0 || fields.length !== 1 + curves.length * 3) return null;
  const wall = /^(?:wall ?time|_timestamp|timestamp|date|created)$/i.test(axis);
  return { axis, width: fields.length, curves, wall };
}

/** µs of a place on a wall-time axis. */
export function wallTime(text: string, instants: Instants): number | null {
  return epochMicros(text) ?? instants.read(text);
}

/** Reads a chart's rows: a record has a point of each curve that is filled. */
export async function readChart(
  source: Source,
  header: ChartHeader,
  options: ImportOptions,
  writer: WandbWriter,
  sink: Sink,
): Promise<void> {
  const instants = new Instants(options.timezone);
  const counts = new Map<Curve, number>();
  let first = true;
  for await (const record of csvRecords(source)) {
    checkCancelled(sink.signal, source.name);
    if (first) {
      first = false;
      continue;
    }
    const { fields } = record;
    const reason =
      fields === null
        ? record.reason
        : fields.length !== header.width
          ? `has ${fields.length} fields, the header has ${header.width}`
          : null;
    if (fields === null || reason !== null) {
      sink.reject(record.line, record.offset, reason ?? "", record.text());
      continue;
    }
    const place = fields[0] ?? "";
    const ts = header.wall ? wallTime(place, instants) : null;
    const step = header.wall && ts !== null ? null : numberOf(place);
    const unread = step === null && ts === null && place !== "" ? { [header.axis]: place } : null;
    const common = { ts, axis: header.axis, step };
    let points = 0;
    for (const curve of header.curves) {
      const text = fields[curve.column] ?? "";
      if (text === "") continue;
      const value = numberOf(text);
      points++;
      counts.set(curve, (counts.get(curve) ?? 0) + 1);
      writer.point(
        {
          key: curve.key,
          ...common,
          value,
          min: numberOf(fields[curve.min] ?? ""),
          max: numberOf(fields[curve.max] ?? ""),
          text: value === null ? text : null,
          ...(unread === null ? {} : { fields: unread }),
        },
        { runId: null, runName: curve.run === "" ? null : curve.run },
        record,
      );
      if (writer.full) await writer.deliver();
    }
    if (points === 0) {
      sink.reject(record.line, record.offset, "no curve has a value here", record.text());
      continue;
    }
    sink.accepted(1);
    await writer.deliver();
  }
  const sampled = [...counts].filter(([, n]) => n === SAMPLED).length;
  if (sampled > 0)
    sink.note("warning", sampledMessage(sampled === 1 ? "a curve has" : `${sampled} curves have`));
}
