import { err, ok, type Result } from "../base/result.ts";
import type { ImportOptions } from "../model/evidence.ts";
import { plainValue } from "./delimited/plain-value.ts";
import { sniffDialect, type Sample } from "./delimited/sniff.ts";
import { sampleRecords, textRecords } from "./delimited/text-records.ts";
import {
  fixedBatchColumns,
  fixedPlanColumns,
  FixedTablesWriter,
  furtherFixedTable,
} from "./fixed-tables-writer.ts";
import type { ImportError, Importer, ImportPlan, Sink, Source } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { Instants, listOf, objectOf, writtenOf, type JsonObject } from "./json-fields.ts";
import { kindOfEvent } from "./new-relic/event-record.ts";
import { EventReading, rowsOf } from "./new-relic/reading.ts";
import {
  isNewRelicCsv,
  newRelicShape,
  PATTERNS,
  type NewRelicShape,
} from "./new-relic/recognise.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";

const TABLES = ["logs", "metrics", "events", "spans"] as const;
type Table = (typeof TABLES)[number];

/**
 * Results of NRQL queries (NerdGraph, the older query API, JSON and CSV of the
 * query builder) and log exports of New Relic: logs, transactions and spans,
 * time series, samples, other events.
 * https://docs.newrelic.com/docs/apis/nerdgraph/examples/nerdgraph-nrql-tutorial/
 */
export const newRelicImporter: Importer = {
  id: "new-relic",
  name: "New Relic",
  description: "NRQL results (JSON, CSV, NerdGraph) and log exports of New Relic",
  extensions: ["json", "jsonl", "csv"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    if (newRelicShape(head) !== null) return 0.95;
    const start = new TextDecoder().decode(head.subarray(0, 16384)).split("\n", 1)[0] ?? "";
    if (!/\b(?:timestamp|beginTimeSeconds)\b/.test(start) || /^\s*[{[]/.test(start)) return 0;
    return isNewRelicCsv(sniffDialect(head.subarray(0, 65536), head.length < 65536, {})) ? 0.96 : 0;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    const head = await source.head();
    const shape = newRelicShape(head);
    if (shape !== null) return ok(planOf(eventsOf(head, shape), options));
    const sample = await sampleRecords(source, options);
    if (isNewRelicCsv(sample)) return ok(planOf(eventsOfCsv(sample), options));
    return err({
      kind: "unsupported",
      file: source.name,
      message: `“${source.name}” is no result of a New Relic query that is known here.`,
      advice:
        "Export the query's result as JSON or CSV again, with timestamp or TIMESERIES in it; or choose another importer.",
    });
  },

  async read(source, plan, sink): Promise<void> {
    const shape = newRelicShape(await source.head());
    const writer = new FixedTablesWriter(sink, plan.target as Table);
    const instants = new Instants(plan.options.timezone, plan.options.dayFirst);
    const reading = new EventReading(writer, instants);
    if (shape === null) {
      await readCsv(source, await sampleRecords(source, plan.options), reading, sink);
    } else {
      for await (const element of jsonElements(source, PATTERNS[shape])) {
        checkCancelled(sink.signal, source.name);
        await reading.read(element, PATTERNS[shape][element.pattern] ?? "");
        await writer.deliver();
      }
    }
    await writer.finish();
    reading.report();
  },
};

async function readCsv(
  source: Source,
  sample: Sample,
  reading: EventReading,
  sink: Sink,
): Promise<void> {
  const header = headerOf(sample);
  const buckets = bucketColumns(sample);
  let isHeader = true;
  for await (const record of textRecords(source, sample)) {
    checkCancelled(sink.signal, source.name);
    if (isHeader) isHeader = false;
    else if (record.bad !== null || record.fields.length !== header.length) {
      const reason =
        record.bad ?? `has ${record.fields.length} fields, the header has ${header.length}`;
      sink.reject(record.line, record.offset, reason, record.text());
    } else await reading.row(eventOfRow(header, record.fields, buckets), record, record.text);
  }
}

function headerOf(sample: Sample): string[] {
  return sample.records[0]?.fields.map((f) => f.trim()) ?? [];
}

/** Columns of a time series whose cells are numbers: an empty one is a bucket without a value. */
function bucketColumns(sample: Sample): ReadonlySet<number> {
  const header = headerOf(sample);
  const rows = sample.records.slice(1, 500).map((r) => r.fields);
  if (!header.includes("beginTimeSeconds")) return new Set();
  return new Set(
    header.flatMap((_, i) => {
      const filled = rows.map((r) => r[i] ?? "").filter((cell) => cell !== "");
      return filled.length > 0 && filled.every((c) => typeof plainValue(c) === "number") ? [i] : [];
    }),
  );
}

/** Cells that hold something, by their column; numbers as numbers, except in texts that people wrote. */
function eventOfRow(
  header: readonly string[],
  fields: readonly string[],
  buckets: ReadonlySet<number> = new Set(),
): JsonObject {
  const event: Record<string, unknown> = {};
  header.forEach((name, i) => {
    const cell = fields[i] ?? "";
    if (cell === "" && buckets.has(i)) event[name] = null;
    else if (cell !== "") event[name] = /message/i.test(name) ? cell : plainValue(cell);
  });
  return event;
}

function eventsOf(head: Uint8Array, shape: NewRelicShape): JsonObject[] {
  return elementsOf(head, PATTERNS[shape])
    .filter((e) => !/(?:metadata|Stats|Cursor|errors\.\*)$/.test(PATTERNS[shape][e.pattern] ?? ""))
    .flatMap((e) => (Array.isArray(e.value) ? listOf(e.value) : [e.value]))
    .flatMap((value) => rowsOf(objectOf(value) ?? {}))
    .slice(0, 1000);
}

function eventsOfCsv(sample: Sample): JsonObject[] {
  const header = headerOf(sample);
  return sample.records
    .slice(1)
    .filter((r) => r.fields.length === header.length)
    .slice(0, 1000)
    .map((r) => eventOfRow(header, r.fields));
}

const SOURCES: Readonly<Record<Table, Readonly<Record<string, string>>>> = {
  logs: {
    ts: "timestamp",
    level: "level",
    service: "service.name, entity.name or appName",
    host: "hostname",
    message: "message",
    fields: "the other attributes",
  },
  metrics: {
    ts: "beginTimeSeconds or timestamp",
    series: "aggregate or attribute, and facets",
    name: "aggregate or attribute",
    value: "its number",
  },
  events: { ts: "timestamp", kind: "eventType", fields: "the other attributes" },
  spans: { ts: "timestamp", name: "name", service: "appName or entity.name" },
};

function planOf(events: readonly JsonObject[], options: ImportOptions): ImportPlan {
  const target = events.map(kindOfEvent).find((kind) => kind !== null) ?? "logs";
  const shown = events.slice(0, 50);
  const header = [...new Set(shown.flatMap((e) => Object.keys(e)))];
  return {
    importer: "new-relic",
    options: { ...options, target },
    target,
    table: target,
    columns: fixedPlanColumns(target, SOURCES[target]),
    batchColumns: fixedBatchColumns(target),
    preview: { header, rows: shown.map((e) => header.map((key) => writtenOf(e[key]) ?? "")) },
    notes: [],
    further: TABLES.filter((t) => t !== target).map(furtherFixedTable),
  };
}
