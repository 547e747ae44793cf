import { err, ok } from "../base/result.ts";
import type { FixedTable } from "../tables/fixed-tables.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer, Sink } from "./importer.ts";
import { elementsOf, type JsonElement } from "./json-elements.ts";
import { listOf, objectOf, textOf } from "./json-fields.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { describeBinary, KEPT_TEXT } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { CUT_OFF, documentsOf } from "./traces/json-lines.ts";
import { mainTableOf, planTables } from "./traces/plan-tables.ts";
import { PreviewRows, type RowTarget } from "./traces/preview-rows.ts";
import { zipkinSpanOf, type ZipkinSpan } from "./traces/zipkin-spans.ts";
import { upgradeZipkin } from "./traces/zipkin-v1.ts";

const TABLES: readonly FixedTable[] = ["spans", "events"];

const SOURCES = {
  spans: {
    ts: "timestamp",
    trace_id: "traceId",
    span_id: "id",
    parent_id: "parentId",
    service: "localEndpoint.serviceName",
    status: "the tag error",
    fields: "tags",
  },
  events: { ts: "annotations.timestamp", kind: "annotations", title: "annotations.value" },
} as const;

/** Traces that Zipkin's search answers unless it is asked for more. */
const DEFAULT_LIMIT = 10;

/**
 * Zipkin: a list of spans (one trace, or what a reporter posts), a list of
 * traces, or spans one after the other; version 2, and version 1
 * (https://zipkin.io/zipkin-api/).
 */
export const zipkinImporter: Importer = {
  id: "zipkin",
  name: "Zipkin traces",
  description:
    "Traces of Zipkin's API in version 2 or 1, or spans as JSON lines: spans, and their annotations as events",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const text = new TextDecoder().decode(head.subarray(0, 65536));
    if (!/^\s*[[{]/.test(text) || !/"traceId"\s*:/.test(text)) return 0;
    for (const element of elementsOf(head, layoutOf(head)))
      return isZipkin(element.value) ? 0.97 : 0;
    return 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const rows = new PreviewRows();
    const reader = new SpanReader(rows, HEAD_SINK);
    for (const element of elementsOf(head, layoutOf(head))) await reader.read(element);
    if (rows.total === 0 && !new TextDecoder().decode(head).includes('"traceId"')) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No span of Zipkin was found at the beginning of “${source.name}”.`,
        advice: "Download the trace as JSON from Zipkin, or choose another importer.",
      });
    }
    return ok(planTables("zipkin", options, TABLES, rows, [], SOURCES));
  },

  async read(source, plan, sink) {
    const head = await source.head();
    const writer = new FixedTablesWriter(sink, mainTableOf(plan));
    const reader = new SpanReader(writer, sink);
    for await (const element of documentsOf(source, head, layoutOf(head))) {
      checkCancelled(sink.signal, source.name);
      await reader.read(element);
    }
    reader.finish();
    await writer.finish();
  },
};

/** The spans of a list of traces or of spans, or documents one after the other. */
function layoutOf(head: Uint8Array): readonly string[] {
  const begin = new TextDecoder().decode(head.subarray(0, 4096));
  // A search without a result among the traces is an empty list.
  if (/^\s*\[\s*(?:\[\s*\]\s*,\s*)*\[/.test(begin)) return ["*.*"];
  return /^\s*\[/.test(begin) ? ["*"] : [""];
}

const KINDS = /^(?:CLIENT|SERVER|PRODUCER|CONSUMER)$/i;

/** Ids in hex, and something that only Zipkin has. */
function isZipkin(value: unknown): boolean {
  const span = objectOf(value) ?? {};
  if (!/^[0-9a-f]{1,32}$/i.test(textOf(span["traceId"]) ?? "")) return false;
  if (!/^[0-9a-f]{1,16}$/i.test(textOf(span["id"]) ?? "")) return false;
  const kind = textOf(span["kind"]);
  if (kind !== null && !KINDS.test(kind)) return false;
  if (objectOf(span["localEndpoint"]) !== null) return true;
  if (Array.isArray(span["binaryAnnotations"])) return true;
  const [annotation] = listOf(span["annotations"]);
  const annotated = objectOf(annotation);
  if (annotated !== null && "timestamp" in annotated && "value" in annotated) return true;
  // µs since 1970 have 16 digits until 2286.
  return (
    Number(span["timestamp"]) > 1e14 && "name" in span && ("duration" in span || kind !== null)
  );
}

/** Turns spans into rows. */
class SpanReader {
  #traces = 0;
  #trace = "";

  constructor(
    readonly target: RowTarget,
    readonly sink: Sink,
  ) {}

  async read(element: JsonElement): Promise<void> {
    if (element.bad !== null) {
      this.#reject(element, element.bad, element.text());
      if (element.bad.startsWith(CUT_OFF))
        this.sink.note("warning", "This export may be cut off: it ends in the middle of a span.");
      return;
    }
    if (element.path.length === 2) {
      const trace = `${element.document}/${String(element.path[0])}`;
      if (trace !== this.#trace) this.#traces++;
      this.#trace = trace;
    }
    await this.#value(element.value, element);
  }

  finish(): void {
    if (this.#traces === DEFAULT_LIMIT)
      this.sink.note(
        "warning",
        `This export may be cut off: it holds exactly ${DEFAULT_LIMIT} traces, which is where a search in Zipkin stops unless it is asked for more.`,
      );
  }

  /** A span, or a list that stands on a line of its own. */
  async #value(value: unknown, at: JsonElement, depth = 0): Promise<void> {
    if (Array.isArray(value) && depth < 2) {
      for (const item of listOf(value)) await this.#value(item, at, depth + 1);
      return;
    }
    const object = objectOf(value);
    const read = object === null ? [] : upgradeZipkin(object).map(zipkinSpanOf);
    if (read.length === 0 || read.includes(null)) {
      this.#reject(at, "not a span of Zipkin: it has no id", JSON.stringify(value));
      return;
    }
    for (const part of read) if (part !== null) await this.#write(part, at);
    this.sink.accepted(1);
  }

  async #write({ span, events }: ZipkinSpan, at: JsonElement): Promise<void> {
    this.target.span(span, at);
    if (this.target.full) await this.target.deliver();
    for (const event of events) {
      this.target.event(event, at);
      if (this.target.full) await this.target.deliver();
    }
  }

  #reject(at: JsonElement, reason: string, text: string): void {
    this.sink.reject(at.line, at.offset, reason, text.slice(0, KEPT_TEXT));
  }
}
