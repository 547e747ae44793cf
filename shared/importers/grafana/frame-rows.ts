import type { FixedTablesWriter, Position } from "../fixed-tables-writer.ts";
import {
  microsOfMillis,
  numberOf,
  objectOf,
  textOf,
  writtenOf,
  type Instants,
} from "../json-fields.ts";
import { seriesKey, serviceOfLabels } from "../series-key.ts";
import { findLevel, levelOfWord } from "../text-log/levels.ts";
import { annotationRow } from "./annotation.ts";
import { textsOf, type Frame, type FrameField } from "./frame.ts";
import { seriesOf, serviceOf, type FrameContext } from "./series-of-frame.ts";

/** What the rows of a frame are. */
type FrameKind = "metrics" | "logs" | "events" | "spans" | "states" | { unsupported: string };

const LINE = /^(?:line|body|message|msg|content|log)$/i;

/** Tells by the frame's own statement, or by its fields, what its rows are. */
export function kindOfFrame(frame: Frame): FrameKind {
  const { meta, fields } = frame;
  const has = (name: string): boolean => fields.some((f) => f.name === name);
  const shown = meta["preferredVisualisationType"];
  if (shown === "nodeGraph") return { unsupported: "a node graph" };
  if (shown === "flamegraph") return { unsupported: "a flame graph" };
  if (shown === "trace" || (has("traceID") && has("spanID"))) {
    return has("startTime") ? "spans" : { unsupported: "a list of traces without their spans" };
  }
  const time = timeField(frame);
  if (time === null) return { unsupported: "a table without a time" };
  if (meta["dataTopic"] === "annotations" || (has("text") && (has("tags") || has("timeEnd"))))
    return "events";
  const type = textOf(meta["type"]) ?? "";
  if (shown === "logs" || type === "log-lines") return "logs";
  if (objectOf(meta["custom"])?.["resultType"] === "exemplar")
    return { unsupported: "exemplars of a query" };
  if (fields.some(isValue)) return "metrics";
  if (fields.some((f) => f.type === "string" && LINE.test(f.name))) return "logs";
  return fields.some((f) => f.type === "string") ? "states" : { unsupported: "no values" };
}

function isValue(field: FrameField): boolean {
  return field.type === "number" || field.type === "boolean";
}

function timeField(frame: Frame): FrameField | null {
  const times = frame.fields.filter((f) => f.type === "time");
  return times.find((f) => /^(?:@?timestamp|time)$/i.test(f.name)) ?? times[0] ?? null;
}

/** Writes each row of a frame as a record: accepted, or rejected with its values. */
export async function writeFrame(
  frame: Frame,
  context: FrameContext,
  instants: Instants,
  writer: FixedTablesWriter,
  at: Position,
): Promise<void> {
  const kind = kindOfFrame(frame);
  if (typeof kind === "object") throw new TypeError(kind.unsupported);
  const write = rowWriter(kind, frame, context, instants, writer, at);
  for (let row = 0; row < frame.length; row++) {
    const failure = write(row);
    if (failure === null) writer.sink.accepted(1);
    else writer.sink.reject(at.line, at.offset, failure, JSON.stringify(rowOf(frame, row)));
    if (writer.full) await writer.deliver();
  }
}

/** Writes one row; answers why it could not. */
type WriteRow = (row: number) => string | null;

function rowWriter(
  kind: Exclude<FrameKind, object>,
  frame: Frame,
  context: FrameContext,
  instants: Instants,
  writer: FixedTablesWriter,
  at: Position,
): WriteRow {
  switch (kind) {
    case "metrics":
      return metricRows(frame, context, instants, writer, at);
    case "logs":
      return logRows(frame, instants, writer, at);
    case "spans":
      return spanRows(frame, instants, writer, at);
    case "states":
      return stateRows(frame, context, instants, writer, at);
    case "events":
      return (row) => {
        const event = annotationRow(rowOf(frame, row), instants);
        writer.event(event, at);
        return null;
      };
  }
}

function rowOf(frame: Frame, row: number): Record<string, unknown> {
  return Object.fromEntries(
    frame.fields.map((f, i) => [f.name || `field ${i + 1}`, f.values[row]]),
  );
}

function timeOf(field: FrameField | null, row: number, instants: Instants): number | null {
  const value = field?.values[row];
  const nanos = numberOf(field?.nanos[row]);
  // A time of a frame is always in ms, also near 1970.
  const micros = microsOfMillis(value) ?? instants.read(value);
  const beyond = nanos !== null && nanos > 0 && nanos < 1e6 ? Math.floor(nanos / 1000) : 0;
  return micros === null ? null : micros + beyond;
}

function metricRows(
  frame: Frame,
  context: FrameContext,
  instants: Instants,
  writer: FixedTablesWriter,
  at: Position,
): WriteRow {
  const time = timeField(frame);
  const series = seriesOf(frame, frame.fields.filter(isValue), context);
  const dimensions = frame.fields.filter((f) => !isValue(f) && f !== time);
  const keys = new Map<
    string,
    readonly { readonly key: string; readonly service: string | null }[]
  >();
  const keysOf = (row: number): readonly { key: string; service: string | null }[] => {
    const own = dimensions.flatMap((d) => labelsOf(d, row));
    const id = JSON.stringify(own);
    let known = keys.get(id);
    if (known === undefined) {
      known = series.map(({ name, labels }) => {
        const all = [...labels, ...own];
        return { key: seriesKey(name, all), service: serviceOf(all) };
      });
      if (keys.size > 50_000) keys.clear();
      keys.set(id, known);
    }
    return known;
  };
  return (row) => {
    const ts = timeOf(time, row, instants);
    if (ts === null) return `the time ${JSON.stringify(time?.values[row] ?? null)} cannot be read`;
    const values = series.map(({ field }) => valueOf(field.values[row]));
    const bad = values.indexOf(undefined);
    if (bad >= 0) {
      const { field } = series[bad] ?? {};
      return `field ${field?.name ?? ""}: ${JSON.stringify(field?.values[row])} is no number`;
    }
    const filled = values.some((v) => v !== null);
    const of = keysOf(row);
    series.forEach(({ name, unit }, i) => {
      const value = values[i] ?? null;
      const { key = name, service = null } = of[i] ?? {};
      // Where there is no measurement at all, that is what the row says.
      if (value !== null || !filled)
        writer.metric({ ts, series: key, name, service, value, unit }, at);
    });
    return null;
  };
}

/** A number, null for no measurement, undefined for what is neither. */
function valueOf(value: unknown): number | null | undefined {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  return numberOf(value) ?? undefined;
}

/** What a field that is no value says of its row. */
function labelsOf(field: FrameField, row: number): [string, string][] {
  const value = field.values[row];
  if (objectOf(value) !== null) return Object.entries(textsOf(value));
  const text = writtenOf(value);
  return text === null ? [] : [[field.name === "" ? "label" : field.name, text]];
}

function logRows(
  frame: Frame,
  instants: Instants,
  writer: FixedTablesWriter,
  at: Position,
): WriteRow {
  const time = timeField(frame);
  const strings = frame.fields.filter((f) => f.type === "string");
  const line = strings.find((f) => LINE.test(f.name)) ?? strings[0];
  const exact = frame.fields.find((f) => f.name === "tsNs");
  const rest = frame.fields.filter((f) => f !== line && f !== time && f !== exact);
  return (row) => {
    const fields: Record<string, unknown> = { ...line?.labels };
    for (const field of rest) {
      const value = field.values[row];
      if (field.name === "labels" && objectOf(value) !== null) Object.assign(fields, value);
      else fields[field.name] = value;
    }
    const ts = instants.read(exact?.values[row]) ?? timeOf(time, row, instants);
    if (ts === null) fields["time"] = time?.values[row];
    writeLog(writer, { ts, message: writtenOf(line?.values[row]), fields }, at);
    return null;
  };
}

const encoder = new TextEncoder();
const LEVEL_FIELDS = ["severity", "level", "detected_level", "lvl", "loglevel"];
const HOST_FIELDS = ["host", "hostname", "node", "node_name", "nodename", "instance"];

/** A log row whose level, service and host are told from its fields, which keep them. */
export function writeLog(
  writer: FixedTablesWriter,
  record: {
    readonly ts: number | null;
    readonly message: string | null;
    readonly fields: Record<string, unknown>;
  },
  at: Position,
): void {
  const { fields } = record;
  const first = (names: readonly string[]): string | null => {
    for (const name of names) {
      const text = textOf(fields[name]);
      if (text !== null) return text;
    }
    return null;
  };
  const stated = first(LEVEL_FIELDS);
  const level = stated === null ? null : levelOfWord(stated);
  const line = encoder.encode((record.message ?? "").slice(0, 200));
  writer.log(
    {
      ...record,
      // Where no label says it, Grafana looks at the line too.
      level: level ?? findLevel(line, 0, line.length),
      service: serviceOfLabels(fields),
      host: first(HOST_FIELDS),
    },
    at,
  );
}

const SPAN_FIELDS = new Set(
  "traceID spanID parentSpanID serviceName operationName startTime duration statusCode".split(" "),
);

/** https://grafana.com/docs/grafana/latest/explore/trace-integration/#data-frame-structure: times and durations in ms. */
function spanRows(
  frame: Frame,
  instants: Instants,
  writer: FixedTablesWriter,
  at: Position,
): WriteRow {
  return (row) => {
    const of = rowOf(frame, row);
    const start = numberOf(of["startTime"]);
    const duration = numberOf(of["duration"]);
    const rest = Object.entries(of).filter(([key]) => !SPAN_FIELDS.has(key));
    const ts = microsOfMillis(start) ?? instants.read(of["startTime"]);
    writer.span(
      {
        ts,
        traceId: textOf(of["traceID"]),
        spanId: textOf(of["spanID"]),
        parentId: textOf(of["parentSpanID"]),
        service: textOf(of["serviceName"]),
        name: textOf(of["operationName"]),
        duration: duration === null ? null : duration * 1000,
        status: statusOf(of["statusCode"]),
        fields: {
          ...Object.fromEntries(rest),
          ...(ts === null ? { startTime: of["startTime"] } : {}),
        },
      },
      at,
    );
    return null;
  };
}

/** OpenTelemetry's status codes. */
function statusOf(code: unknown): string | null {
  return code === 2 ? "error" : code === 1 ? "ok" : code === 0 ? "unset" : textOf(code);
}

/** Texts over time, as state timelines show them. */
function stateRows(
  frame: Frame,
  context: FrameContext,
  instants: Instants,
  writer: FixedTablesWriter,
  at: Position,
): WriteRow {
  const time = timeField(frame);
  const [first, ...others] = frame.fields.filter((f) => f !== time);
  return (row) => {
    const ts = timeOf(time, row, instants);
    if (ts === null) return `the time ${JSON.stringify(time?.values[row] ?? null)} cannot be read`;
    const labels = first?.labels ?? {};
    writer.event(
      {
        ts,
        kind: "state",
        title: `${first?.legend ?? first?.name ?? ""}: ${writtenOf(first?.values[row]) ?? "none"}`,
        service: serviceOfLabels(labels),
        fields: {
          ...labels,
          panel: context.panel,
          ...Object.fromEntries(others.map((f) => [f.name, f.values[row]])),
        },
      },
      at,
    );
    return null;
  };
}
