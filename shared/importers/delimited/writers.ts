import type { PlannedColumn } from "../../model/evidence.ts";
import type { Role } from "../../model/role.ts";
import { Term, type BatchBuilder } from "../../tables/batch.ts";
import { FIXED_TABLES } from "../../tables/fixed-tables.ts";
import { wordsOf } from "../roles.ts";
import { seriesKey } from "../series-key.ts";
import type { Cells } from "./cells.ts";
import type { Header } from "./header.ts";
import { findNamed, SERVICE_NAMES, spanStart } from "./target.ts";
import type { Analysis } from "./plan.ts";

/**
 * Turns the current record into rows. Returns `null`, or why the record
 * became no row; `cells.bad` then tells the cell, if one is to blame.
 */
export type RecordWriter = (provenance: Provenance) => string | null;

export interface Provenance {
  readonly evidence: number;
  line: number;
  /** -1: not known. */
  offset: number;
}

const encoder = new TextEncoder();
const BAD_CELL = "";

/** The writer for a plan's target. `full` is called between rows of one record when the batch has no room left. */
export function createWriter(
  analysis: Analysis,
  cells: Cells,
  builder: BatchBuilder,
  full: () => void,
): RecordWriter {
  const { plan } = analysis;
  switch (plan.target) {
    case "own":
      return ownWriter(plan.columns, cells, builder);
    case "metrics":
      return analysis.layout === "long"
        ? longWriter(plan.columns, cells, builder)
        : wideWriter(plan.columns, analysis.header, cells, builder, full);
    case "logs":
      return logWriter(plan.columns, cells, builder);
    case "events":
      return eventWriter(plan.columns, cells, builder);
    case "spans":
      return spanWriter(plan.columns, cells, builder);
  }
}

/** Writes `_ev`, `_line`, `_off` from column `first` on, and ends the row. */
function endRow(builder: BatchBuilder, first: number, at: Provenance): void {
  builder.bigint(first, at.evidence);
  builder.bigint(first + 1, at.line);
  if (at.offset >= 0) builder.bigint(first + 2, at.offset);
  builder.endRow();
}

function ownWriter(
  columns: readonly PlannedColumn[],
  cells: Cells,
  builder: BatchBuilder,
): RecordWriter {
  const width = columns.length;
  const types = columns.map((c) => c.type);
  return (at) => {
    for (let c = 0; c < width; c++) {
      let good = true;
      switch (types[c]) {
        case "timestamp":
          good = cells.timestamp(builder, c, c);
          break;
        case "double":
          good = cells.double(builder, c, c);
          break;
        case "bigint":
          good = cells.bigint(builder, c, c);
          break;
        case "boolean":
          good = cells.boolean(builder, c, c);
          break;
        case "varchar":
        case undefined:
          cells.text(builder, c, c);
      }
      if (!good) {
        builder.rollbackRow();
        return BAD_CELL;
      }
    }
    endRow(builder, width, at);
    return null;
  };
}

// --- Metrics ---------------------------------------------------------------

/** Text columns of `metrics` that repeat: kept as dictionaries. */
export const METRIC_TERMS = ["series", "name", "service", "unit"];

interface Series {
  readonly key: Term;
  readonly name: Term;
  readonly service: Term | null;
  readonly unit: Term | null;
}

function termOf(text: string | null | undefined): Term | null {
  return text === null || text === undefined || text === "" ? null : new Term(encoder.encode(text));
}

/** Time, series, name, service and unit of a sample; its value is the caller's. */
function writeSample(builder: BatchBuilder, ts: number, series: Series): void {
  builder.timestamp(0, ts);
  builder.term(1, series.key);
  builder.term(2, series.name);
  if (series.service !== null) builder.term(3, series.service);
  if (series.unit !== null) builder.term(5, series.unit);
}

const METRIC_WIDTH = FIXED_TABLES.metrics.length;

function withRole(columns: readonly PlannedColumn[], ...roles: readonly Role[]): number[] {
  return columns.flatMap((c, i) => (roles.includes(c.role) ? [i] : []));
}

function firstWithRole(columns: readonly PlannedColumn[], role: Role): number {
  return columns.findIndex((c) => c.role === role);
}

/** `checkout-578fcf4766-9csqn` → `checkout`: a pod belongs to its workload. */
function serviceOfPod(pod: string): string {
  return pod.replace(/-[a-f\d]{6,10}-[a-z\d]{5}$/, "");
}

/** One row per filled value column. */
function wideWriter(
  columns: readonly PlannedColumn[],
  header: Header,
  cells: Cells,
  builder: BatchBuilder,
  full: () => void,
): RecordWriter {
  const time = firstWithRole(columns, "timestamp");
  const values = withRole(columns, "value");
  const labels = withRole(columns, "service", "host", "segment", "series");
  const service = firstWithRole(columns, "service");
  const names = columns.map((c, i) => wideName(c, header.parts[i] ?? [], header.levels));
  const cache = new Map<string, readonly (Series | null)[]>();
  const seriesFor = (): readonly (Series | null)[] => {
    const texts = labels.map((c) => cells.string(c) ?? "");
    const cacheKey = texts.join("\u001f");
    let series = cache.get(cacheKey);
    if (series === undefined) {
      const pairs = labels.map((c, i): [string, string] => [
        columns[c]?.name ?? "",
        texts[i] ?? "",
      ]);
      const rowService = service === -1 ? null : serviceOfPod(texts[labels.indexOf(service)] ?? "");
      series = columns.map((_, c) => {
        const name = names[c];
        if (name === undefined || !values.includes(c)) return null;
        const owner = rowService ?? name.service;
        const key = seriesKey(name.full, pairs);
        return {
          key: new Term(encoder.encode(key)),
          name: new Term(encoder.encode(name.name)),
          service: termOf(owner),
          unit: termOf(columns[c]?.unit),
        };
      });
      cache.set(cacheKey, series);
    }
    return series;
  };
  const fixed = labels.length === 0 ? seriesFor() : null;
  const numbers = new Float64Array(columns.length);
  return (at) => {
    const ts = cells.time(time);
    if (ts === null) return cells.bad === null ? "it has no time" : BAD_CELL;
    const series = fixed ?? seriesFor();
    // All cells are read before the first row is written: a record is taken whole or not at all.
    const present: number[] = [];
    for (const c of values) {
      const value = cells.number(c);
      if (value === null) {
        if (cells.bad !== null) return BAD_CELL;
        continue;
      }
      numbers[c] = value;
      present.push(c);
    }
    for (const c of present) {
      const one = series[c];
      if (one === null || one === undefined) continue;
      writeSample(builder, ts, one);
      builder.double(4, numbers[c] ?? 0);
      endRow(builder, METRIC_WIDTH, at);
      if (builder.full) full();
    }
    return null;
  };
}

interface WideName {
  readonly full: string;
  readonly name: string;
  readonly service: string | null;
}

/** Headers of several rows may name the service on one of them. */
function wideName(
  column: PlannedColumn,
  parts: readonly string[],
  levels: readonly string[],
): WideName {
  const level = levels.findIndex((l) => SERVICE_NAMES.includes(wordsOf(l).join(" ")));
  const service = level === -1 ? undefined : parts[level];
  if (service === undefined || service === "") {
    return { full: column.name, name: column.name, service: null };
  }
  const rest = parts.filter((p, i) => i !== level && p !== "").join(" / ");
  return { full: column.name, name: rest === "" ? column.name : rest, service };
}

function longWriter(
  columns: readonly PlannedColumn[],
  cells: Cells,
  builder: BatchBuilder,
): RecordWriter {
  const time = firstWithRole(columns, "timestamp");
  const value = firstWithRole(columns, "value");
  const [name = -1, ...further] = withRole(columns, "series");
  const labels = [...further, ...withRole(columns, "service", "host", "segment")];
  const service = firstWithRole(columns, "service");
  const unitColumn = columns.findIndex((c) => /^units?$/i.test(c.name));
  const unit = columns[value]?.unit;
  const identity = [...new Set([name, ...labels, ...(unitColumn === -1 ? [] : [unitColumn])])];
  const known: (Series | null)[] = [];
  const seriesOf = (): Series | null => {
    const metric = cells.string(name);
    if (metric === null) return null;
    const pairs = labels.flatMap((c): [string, string][] => {
      const text = c === unitColumn ? null : cells.string(c);
      return text === null ? [] : [[columns[c]?.name ?? "", text]];
    });
    const owner = service === -1 ? null : cells.string(service);
    return {
      key: new Term(encoder.encode(seriesKey(metric, pairs))),
      name: new Term(encoder.encode(metric)),
      service: termOf(owner === null ? null : serviceOfPod(owner)),
      unit: termOf(unitColumn === -1 ? unit : cells.string(unitColumn)),
    };
  };
  return (at) => {
    const ts = cells.time(time);
    if (ts === null) return cells.bad === null ? "it has no time" : BAD_CELL;
    const number = cells.number(value);
    if (number === null && cells.bad !== null) return BAD_CELL;
    const combination = cells.combination(identity);
    const series = known[combination] ?? seriesOf();
    if (series === null) return "it names no series";
    if (combination >= 0) known[combination] = series;
    writeSample(builder, ts, series);
    if (number !== null) builder.double(4, number);
    endRow(builder, METRIC_WIDTH, at);
    return null;
  };
}

// --- Logs, events, spans ---------------------------------------------------

/** A JSON object of the columns that have no place of their own, and of the pod that a service was derived from. */
function fieldsWriter(
  columns: readonly PlannedColumn[],
  used: readonly number[],
  service: number,
  cells: Cells,
): () => string | null {
  const rest = columns.flatMap((c, i) =>
    used.includes(i) ? [] : [{ i, key: `${JSON.stringify(c.name)}:` }],
  );
  return () => {
    let json = "";
    for (const { i, key } of rest) {
      const text = cells.string(i);
      if (i === service && text !== null && serviceOfPod(text) === text) continue;
      if (text === null) continue;
      json += `${json === "" ? "{" : ","}${key}${JSON.stringify(text)}`;
    }
    return json === "" ? null : `${json}}`;
  };
}

/** Levels of the `logs` table by the words that tools use. */
const LEVELS: Readonly<Record<string, string>> = {
  fatal: "fatal",
  critical: "fatal",
  crit: "fatal",
  emerg: "fatal",
  emergency: "fatal",
  panic: "fatal",
  alert: "fatal",
  f: "fatal",
  error: "error",
  err: "error",
  e: "error",
  severe: "error",
  failure: "error",
  warn: "warn",
  warning: "warn",
  w: "warn",
  info: "info",
  information: "info",
  informational: "info",
  notice: "info",
  i: "info",
  debug: "debug",
  d: "debug",
  fine: "debug",
  trace: "trace",
  verbose: "trace",
  finest: "trace",
};

function logWriter(
  columns: readonly PlannedColumn[],
  cells: Cells,
  builder: BatchBuilder,
): RecordWriter {
  const time = firstWithRole(columns, "timestamp");
  const message = firstWithRole(columns, "message");
  const level = firstWithRole(columns, "level");
  const service = firstWithRole(columns, "service");
  const host = firstWithRole(columns, "host");
  const fields = fieldsWriter(columns, [time, message, level, host], service, cells);
  const width = FIXED_TABLES.logs.length;
  return (at) => {
    const ts = time === -1 ? null : cells.time(time);
    if (cells.bad !== null) return BAD_CELL;
    if (ts !== null) builder.timestamp(0, ts);
    const word = level === -1 ? null : cells.string(level);
    if (word !== null) {
      const known = LEVELS[word.toLowerCase()];
      builder.utf8(1, known ?? word.toLowerCase());
    }
    const owner = service === -1 ? null : cells.string(service);
    if (owner !== null) builder.utf8(2, serviceOfPod(owner));
    if (host !== -1) cells.text(builder, 3, host);
    if (message !== -1) cells.text(builder, 4, message);
    const rest = fields();
    if (rest !== null) builder.utf8(5, rest);
    endRow(builder, width, at);
    return null;
  };
}

function eventWriter(
  columns: readonly PlannedColumn[],
  cells: Cells,
  builder: BatchBuilder,
): RecordWriter {
  const time = firstWithRole(columns, "timestamp");
  const title = firstWithRole(columns, "message");
  const kind = firstWithRole(columns, "series");
  const service = firstWithRole(columns, "service");
  const detail = findNamed(
    columns.map((c, i) => ({
      name: i === title ? "" : c.name,
      type: c.type,
      filled: 0,
      distinct: 0,
    })),
    ["detail", "details", "description", "body", "notes", "text"],
  );
  const fields = fieldsWriter(columns, [time, title, kind, detail], service, cells);
  const width = FIXED_TABLES.events.length;
  return (at) => {
    const ts = cells.time(time);
    if (ts === null) return cells.bad === null ? "it has no time" : BAD_CELL;
    builder.timestamp(0, ts);
    if (kind !== -1) cells.text(builder, 1, kind);
    if (title !== -1) cells.text(builder, 2, title);
    const owner = service === -1 ? null : cells.string(service);
    if (owner !== null) builder.utf8(3, serviceOfPod(owner));
    if (detail !== -1) cells.text(builder, 4, detail);
    const rest = fields();
    if (rest !== null) builder.utf8(5, rest);
    endRow(builder, width, at);
    return null;
  };
}

/** Factor to µs by the unit in a duration column's name; spans without one are in µs (Jaeger, Nezha). */
function durationFactor(name: string): number {
  const words = wordsOf(name);
  if (words.includes("ms") || words.includes("millis")) return 1000;
  if (words.includes("ns") || words.includes("nano") || words.includes("nanos")) return 1e-3;
  return words.includes("s") || words.includes("seconds") ? 1e6 : 1;
}

function spanWriter(
  columns: readonly PlannedColumn[],
  cells: Cells,
  builder: BatchBuilder,
): RecordWriter {
  const profiles = columns.map((c) => ({ name: c.name, type: c.type, filled: 0, distinct: 0 }));
  const named = (...names: readonly string[]): number => findNamed(profiles, names);
  const start =
    firstWithRole(columns, "timestamp") === -1
      ? spanStart(profiles)
      : firstWithRole(columns, "timestamp");
  const end = columns.findIndex(
    (c, i) => i !== start && c.type === "timestamp" && /end|finish|stop/i.test(c.name),
  );
  const duration = columns.findIndex(
    (c) => /duration|elapsed|latency/i.test(c.name) && c.type !== "timestamp",
  );
  const trace = named("trace id", "traceid");
  const span = named("span id", "spanid");
  const parent = named("parent id", "parentid", "parent span id", "parentspanid");
  const service = firstWithRole(columns, "service");
  const name = named("operation name", "operation", "name", "span name");
  const status = named("status", "status code");
  const factor = durationFactor(columns[duration]?.name ?? "");
  const fields = fieldsWriter(
    columns,
    [start, end, duration, trace, span, parent, name, status],
    service,
    cells,
  );
  const width = FIXED_TABLES.spans.length;
  return (at) => {
    const ts = cells.time(start);
    if (ts === null) return cells.bad === null ? "it has no time" : BAD_CELL;
    const until = end === -1 ? null : cells.time(end);
    const took = until === null && duration !== -1 ? cells.number(duration) : null;
    if (cells.bad !== null) return BAD_CELL;
    builder.timestamp(0, ts);
    if (trace !== -1) cells.text(builder, 1, trace);
    if (span !== -1) cells.text(builder, 2, span);
    const above = parent === -1 ? null : cells.string(parent);
    if (above !== null && above !== "root" && !/^0*$/.test(above)) builder.utf8(3, above);
    const owner = service === -1 ? null : cells.string(service);
    if (owner !== null) builder.utf8(4, serviceOfPod(owner));
    if (name !== -1) cells.text(builder, 5, name);
    const micros = until === null ? (took === null ? null : took * factor) : until - ts;
    if (micros !== null && Number.isFinite(micros)) builder.bigint(6, Math.round(micros));
    if (status !== -1) cells.text(builder, 7, status);
    const rest = fields();
    if (rest !== null) builder.utf8(8, rest);
    endRow(builder, width, at);
    return null;
  };
}
