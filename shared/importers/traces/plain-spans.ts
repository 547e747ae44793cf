import type { TimeParser } from "../times.ts";
import type { SpanRow } from "../fixed-tables-writer.ts";
import { numberOf, textOf, type JsonObject } from "../json-fields.ts";
import { restOf } from "../otlp/values.ts";

/** Which key of a span holds what; null where none does. */
export interface SpanKeys {
  readonly trace: string;
  readonly span: string;
  readonly parent: string | null;
  readonly service: string | null;
  readonly name: string | null;
  readonly start: string;
  readonly end: string | null;
  readonly duration: string | null;
  /** µs of one unit of the duration. */
  readonly unit: number;
  /** The duration's key says its unit. */
  readonly saysUnit: boolean;
  readonly status: string | null;
}

/** Names that exporters give, without case, `_`, `-` and `.`; the first that is there counts. */
const NAMES = {
  trace: ["traceid", "trace"],
  span: ["spanid", "id", "span"],
  parent: ["parentid", "parentspanid", "parentspan", "parent"],
  service: ["service", "servicename", "resourceservicename", "app", "application", "component"],
  name: ["name", "operation", "operationname", "spanname", "resource", "method"],
  start: ["start", "starttime", "startts", "startedat", "timestamp", "time", "begin", "ts"],
  end: ["end", "endtime", "endts", "endedat", "finish"],
  duration: ["duration", "durationtime", "elapsed", "latency", "took"],
  status: ["status", "statuscode", "error", "iserror", "outcome"],
} as const;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/(?:ns|nanos|nanoseconds|nano)$/u, 0.001],
  [/(?:us|µs|micros|microseconds|micro)$/u, 1],
  [/(?:ms|millis|milliseconds|milli)$/u, 1000],
  [/(?:s|sec|secs|seconds)$/u, 1_000_000],
];

/** The keys of a span that is written plainly; null where one that every span needs is not there. */
export function spanKeys(span: JsonObject): SpanKeys | null {
  const plain = new Map(
    Object.keys(span).map((key) => [key.toLowerCase().replace(/[_.-]/gu, ""), key]),
  );
  const find = (names: readonly string[]): string | null =>
    names.map((name) => plain.get(name)).find((key) => key !== undefined) ?? null;
  const [trace, id] = [find(NAMES.trace), find(NAMES.span)];
  const start = find([
    ...NAMES.start,
    ...NAMES.start.flatMap((n) => ["ms", "us", "ns", "unixnano", "unixnanos"].map((u) => n + u)),
  ]);
  const duration = durationKey(plain);
  const end = find([
    ...NAMES.end,
    ...NAMES.end.flatMap((n) => ["ms", "us", "ns"].map((u) => n + u)),
  ]);
  if (trace === null || id === null || trace === id || start === null) return null;
  // A log line that names the span it was written in is no span.
  if (find(["message", "msg", "log", "level", "severity", "loglevel"]) !== null) return null;
  if (duration === null && end === null) return null;
  return {
    ...{ trace, span: id, start, end },
    parent: find(NAMES.parent),
    service: find(NAMES.service),
    name: find(NAMES.name),
    status: find(NAMES.status),
    duration: duration?.key ?? null,
    unit: duration?.unit ?? 1000,
    saysUnit: duration?.saysUnit ?? true,
  };
}

function durationKey(
  plain: ReadonlyMap<string, string>,
): { key: string; unit: number; saysUnit: boolean } | null {
  for (const name of NAMES.duration) {
    for (const [bare, key] of plain) {
      if (bare === name) return { key, unit: 1000, saysUnit: false };
      if (!bare.startsWith(name)) continue;
      const unit = UNITS.find(([ending]) => ending.test(bare.slice(name.length)));
      if (unit !== undefined) return { key, unit: unit[1], saysUnit: true };
    }
  }
  return null;
}

const FAILED = /^(?:error|failed|failure|fatal|true|2|5\d\d|status_code_error)$/iu;

/** A span as its keys say; null where it has no id. Times that cannot be read stay in the fields. */
export function plainSpanOf(value: JsonObject, keys: SpanKeys, time: TimeParser): SpanRow | null {
  const at = (key: string | null): unknown => (key === null ? null : value[key]);
  const [traceId, spanId] = [textOf(at(keys.trace)), textOf(at(keys.span))];
  if (traceId === null || spanId === null) return null;
  const start = readTime(at(keys.start), time);
  const end = readTime(at(keys.end), time);
  const length = numberOf(at(keys.duration));
  const duration =
    length !== null ? length * keys.unit : start === null || end === null ? null : end - start;
  const known = new Set(
    [keys.trace, keys.span, keys.parent, keys.service, keys.name, keys.duration, keys.end].filter(
      (key) => key !== null,
    ),
  );
  if (start !== null) known.add(keys.start);
  if (length === null && duration === null) known.delete(keys.duration ?? "");
  return {
    ...{ ts: start, traceId: traceId.toLowerCase(), spanId: spanId.toLowerCase() },
    parentId: textOf(at(keys.parent))?.toLowerCase() ?? null,
    service: textOf(at(keys.service)),
    name: textOf(at(keys.name)),
    duration: duration === null ? null : Math.round(duration),
    status: statusOf(textOf(at(keys.status))),
    fields: restOf(value, known),
  };
}

/** `error: false` says nothing of a status. */
function statusOf(written: string | null): string | null {
  if (written === null || /^(?:false|null|)$/iu.test(written)) return null;
  return FAILED.test(written) ? "error" : written.toLowerCase();
}

const encoder = new TextEncoder();

function readTime(value: unknown, time: TimeParser): number | null {
  const text = textOf(value);
  if (text === null) return null;
  const bytes = encoder.encode(text);
  const micros = time(bytes, 0, bytes.length);
  return Number.isFinite(micros) ? Math.round(micros) : null;
}
