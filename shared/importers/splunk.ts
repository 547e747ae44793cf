import { err, ok } from "../base/result.ts";
import { sniffDialect } from "./delimited/sniff.ts";
import { sampleRecords, textRecords } from "./delimited/text-records.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer, Sink, Source } from "./importer.ts";
import { elementsOf, jsonElements } from "./json-elements.ts";
import { Instants, type JsonObject } from "./json-fields.ts";
import { firstCharacter, mainOfPlan, noteCut, planRecords, rejectRecord } from "./json-records.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { ResultReader } from "./splunk/reading.ts";
import { csvOf, isSplunkCsv, isSplunkJson, isSplunkXml, patternsOf } from "./splunk/recognise.ts";
import { xmlParts, xmlPartsOf, type XmlPart } from "./splunk/xml.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeBinary } from "./text.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const SOURCES = {
  logs: {
    ts: "_time",
    level: "log_level, level or severity, else the text",
    service: "sourcetype or source",
    host: "host",
    message: "_raw",
    fields: "the other fields",
  },
  metrics: {
    ts: "_time",
    name: "column",
    value: "its number",
    series: "column and texts of the row",
  },
} as const;

/**
 * Results of Splunk searches: JSON lines of exports, JSON, JSON_ROWS,
 * JSON_COLS, XML and CSV. Events go to the logs, tables of numbers (stats,
 * timechart) to the metrics.
 * https://docs.splunk.com/Documentation/Splunk/latest/RESTREF/RESTsearch
 */
export const splunkImporter: Importer = {
  id: "splunk",
  name: "Splunk",
  description: "Search results of Splunk as JSON (lines, rows, columns), XML or CSV",
  extensions: ["json", "jsonl", "csv", "xml"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    if (isSplunkJson(head)) return 0.97;
    if (isSplunkXml(head)) return 0.97;
    return isSplunkCsv(head) ? 0.95 : 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const preview = new PreviewRows();
    const instants = new Instants(options.timezone);
    const reading = { target: preview, sink: HEAD_SINK, instants };
    const reader = new ResultReader(reading, options.timezone !== undefined);
    await readHead(head, reader);
    await reader.finish();
    if (preview.total === 0 && !isSplunkJson(head) && !isSplunkXml(head)) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No result of a Splunk search was found at the beginning of “${source.name}”.`,
        advice:
          "Export the results as JSON, XML or CSV with _time in them; a raw export is an ordinary text log.",
      });
    }
    const tables = ["logs", "metrics"] as const;
    const main = preview.most(tables);
    return ok(planRecords("splunk", options, tables, main, preview, instants, SOURCES));
  },

  async read(source, plan, sink) {
    const writer = new FixedTablesWriter(sink, mainOfPlan(plan));
    const { timezone } = plan.options;
    const instants = new Instants(timezone);
    const reader = new ResultReader({ target: writer, sink, instants }, timezone !== undefined);
    const head = await source.head();
    const first = firstCharacter(head);
    const deliver = async (): Promise<void> => {
      checkCancelled(sink.signal, source.name);
      await writer.deliver();
    };
    if (first === "<") await readXml(source, reader, sink, deliver);
    else if (isJson(head)) {
      const patterns = patternsOf(head);
      for await (const element of jsonElements(source, patterns)) {
        await reader.read(element, patterns[element.pattern] ?? "");
        await deliver();
      }
    } else await readCsv(source, reader, sink, deliver);
    await reader.finish();
    await writer.finish();
  },
};

function isJson(head: Uint8Array): boolean {
  return /[{[]/.test(firstCharacter(head));
}

async function readHead(head: Uint8Array, reader: ResultReader): Promise<void> {
  if (firstCharacter(head) === "<") {
    for (const part of xmlPartsOf(head)) await readPart(part, reader, HEAD_SINK);
  } else if (isJson(head)) {
    const patterns = patternsOf(head);
    for (const element of elementsOf(head, patterns))
      await reader.read(element, patterns[element.pattern] ?? "");
  } else {
    const sample = sniffDialect(head.subarray(0, 256 * 1024), head.length < 256 * 1024, {});
    const header = csvOf(sample);
    if (header === null) return;
    for (const { fields, line } of sample.records.slice(1))
      await reader.row(rowOf(header, fields), false, { line, offset: -1 });
  }
}

async function readXml(
  source: Source,
  reader: ResultReader,
  sink: Sink,
  deliver: () => Promise<void>,
): Promise<void> {
  let ended = false;
  for await (const part of xmlParts(source)) {
    ended = part.kind === "end" && !part.preview;
    await readPart(part, reader, sink);
    await deliver();
  }
  if (!ended) noteCut(sink, "the end of the final results (</results>) is missing.");
}

async function readPart(part: XmlPart, reader: ResultReader, sink: Sink): Promise<void> {
  if (part.kind === "result") await reader.row(part.row, part.preview, part, () => part.text);
  else if (part.kind === "message") reader.message(part.type, part.text);
  else if (part.kind === "bad") rejectRecord(sink, part, part.reason, part.text);
}

async function readCsv(
  source: Source,
  reader: ResultReader,
  sink: Sink,
  deliver: () => Promise<void>,
): Promise<void> {
  const sample = await sampleRecords(source, {});
  const header = sample.records[0]?.fields.map((f) => f.trim()) ?? [];
  let isHeader = true;
  for await (const record of textRecords(source, sample)) {
    if (isHeader) isHeader = false;
    else if (record.bad !== null || record.fields.length !== header.length) {
      const reason =
        record.bad ?? `has ${record.fields.length} fields, the header has ${header.length}`;
      sink.reject(record.line, record.offset, reason, record.text());
    } else {
      const { line, offset } = record;
      await reader.row(rowOf(header, record.fields), false, { line, offset });
    }
    await deliver();
  }
}

/** Cells by their column; an empty one is no value. */
function rowOf(header: readonly string[], fields: readonly string[]): JsonObject {
  const row: Record<string, unknown> = {};
  header.forEach((name, i) => {
    if (fields[i] !== "") row[name] = fields[i];
  });
  return row;
}
