import { err, ok } from "../base/result.ts";
import type { FixedTable } from "../tables/fixed-tables.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer, Sink } from "./importer.ts";
import { elementsOf, type JsonElement } from "./json-elements.ts";
import { listOf, objectOf, textOf, type JsonObject } from "./json-fields.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { describeBinary, KEPT_TEXT } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { jaegerSpanOf, type JaegerTrace } from "./traces/jaeger-spans.ts";
import { CUT_OFF, documentsOf } from "./traces/json-lines.ts";
import { mainTableOf, planTables } from "./traces/plan-tables.ts";
import { PreviewRows, type RowTarget } from "./traces/preview-rows.ts";

const TABLES: readonly FixedTable[] = ["spans", "events"];

const SOURCES = {
  spans: {
    ts: "startTime",
    trace_id: "traceID",
    span_id: "spanID",
    parent_id: "references",
    service: "process.serviceName",
    name: "operationName",
    status: "the tags otel.status_code and error",
    fields: "tags",
  },
  events: { ts: "logs.timestamp", kind: "logs", title: "logs.fields", fields: "logs.fields" },
} as const;

/** Answers of the query service, of Elasticsearch, arrays, and documents one after the other. */
const LAYOUTS = [["data.*", "errors.*"], ["hits.hits.*"], ["*"], [""]] as const;

/** Numbers of traces at which searches stop: the interface's default and most, and the query service's default. */
const LIMITS = new Set([20, 100, 1500]);
/** Documents of one answer of Elasticsearch, at most. */
const ELASTIC_LIMIT = 10_000;

/**
 * Jaeger: the JSON of its interface and query service (a list of traces under
 * `data`, or one trace), and spans of its Elasticsearch storage as documents
 * (https://www.jaegertracing.io/docs/latest/architecture/apis/).
 */
export const jaegerImporter: Importer = {
  id: "jaeger",
  name: "Jaeger traces",
  description:
    "Traces of the Jaeger interface or query API, and spans from its Elasticsearch storage: spans, and their logs as events",
  extensions: ["json", "jsonl"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const text = new TextDecoder().decode(head.subarray(0, 65536));
    if (!/^\s*[[{]/.test(text) || !/"traceID"\s*:/.test(text)) return 0;
    for (const element of elementsOf(head, layoutOf(head)))
      return isJaeger(element.value) ? 0.97 : 0;
    // One trace that is longer than the head.
    return /"spans"\s*:\s*\[/.test(text) &&
      /"spanID"\s*:/.test(text) &&
      /"operationName"\s*:/.test(text)
      ? 0.96
      : 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const rows = new PreviewRows();
    const reader = new TraceReader(rows, HEAD_SINK);
    for (const element of elementsOf(head, layoutOf(head))) await reader.read(element);
    if (rows.total === 0 && !new TextDecoder().decode(head).includes('"traceID"')) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No trace or span of Jaeger was found at the beginning of “${source.name}”.`,
        advice:
          "Save the trace with “Trace JSON” in Jaeger's interface, or choose another importer.",
      });
    }
    return ok(planTables("jaeger", options, TABLES, rows, [], SOURCES));
  },

  async read(source, plan, sink) {
    const head = await source.head();
    const writer = new FixedTablesWriter(sink, mainTableOf(plan));
    const reader = new TraceReader(writer, sink);
    for await (const element of documentsOf(source, head, layoutOf(head))) {
      checkCancelled(sink.signal, source.name);
      await reader.read(element);
    }
    reader.finish();
    await writer.finish();
  },
};

/** The patterns of the layout that the head has. */
function layoutOf(head: Uint8Array): readonly string[] {
  const [api, elastic, array, documents] = LAYOUTS;
  const begun = (pattern: string): boolean =>
    elementsOf(head, [pattern]).some((e) => e.pattern >= 0);
  if (begun("data.*.traceID")) return api;
  if (begun("hits.hits.*._source.traceID")) return elastic;
  return head.find((byte) => byte > 0x20 && byte < 0x80) === 0x5b ? array : documents;
}

function isJaeger(value: unknown): boolean {
  const object = objectOf(value) ?? {};
  const span = objectOf(object["_source"]) ?? object;
  if (textOf(span["traceID"]) === null) return false;
  if (Array.isArray(span["spans"])) {
    const [first] = listOf(span["spans"]);
    return first === undefined || textOf(objectOf(first)?.["spanID"]) !== null;
  }
  return textOf(span["spanID"]) !== null && "operationName" in span;
}

/** Turns traces and spans into rows. */
class TraceReader {
  #traces = 0;
  #documents = 0;

  constructor(
    readonly target: RowTarget,
    readonly sink: Sink,
  ) {}

  async read(element: JsonElement): Promise<void> {
    if (element.bad !== null) {
      this.#reject(element, element.bad, element.text());
      if (element.bad.startsWith(CUT_OFF))
        this.sink.note("warning", "This export may be cut off: it ends in the middle of a trace.");
      return;
    }
    await this.#value(element.value, element);
  }

  finish(): void {
    if (LIMITS.has(this.#traces))
      this.sink.note(
        "warning",
        `This export may be cut off: it holds exactly ${this.#traces} traces, a number at which searches in Jaeger stop.`,
      );
    if (this.#documents === ELASTIC_LIMIT)
      this.sink.note(
        "warning",
        "This export may be cut off: it holds exactly 10,000 spans, the most that one answer of Elasticsearch holds.",
      );
  }

  async #value(value: unknown, at: JsonElement): Promise<void> {
    const object = objectOf(value);
    if (object === null) {
      this.#reject(at, "neither a trace nor a span of Jaeger", JSON.stringify(value));
    } else if (Array.isArray(object["spans"])) {
      await this.#trace(object, at);
    } else if (textOf(object["traceID"]) !== null && textOf(object["spanID"]) !== null) {
      this.#documents++;
      await this.#span(object, null, at);
    } else if (objectOf(object["_source"]) !== null) {
      await this.#value(object["_source"], at);
    } else if (Array.isArray(object["data"])) {
      for (const trace of listOf(object["data"])) await this.#value(trace, at);
    } else {
      const message = textOf(object["msg"]);
      const reason =
        message === null
          ? "neither a trace nor a span of Jaeger"
          : `an error of Jaeger's query service: ${message}`;
      this.#reject(at, reason, JSON.stringify(value));
    }
  }

  async #trace(value: JsonObject, at: JsonElement): Promise<void> {
    this.#traces++;
    const trace: JaegerTrace = {
      traceId: textOf(value["traceID"])?.toLowerCase() ?? null,
      processes: objectOf(value["processes"]) ?? {},
      warnings: listOf(value["warnings"]),
    };
    for (const span of listOf(value["spans"])) {
      const object = objectOf(span);
      if (object === null) this.#reject(at, "a span that is no object", JSON.stringify(span));
      else await this.#span(object, trace, at);
    }
  }

  async #span(value: JsonObject, trace: JaegerTrace | null, at: JsonElement): Promise<void> {
    const read = jaegerSpanOf(value, trace);
    if (read === null) {
      this.#reject(at, "a span without id and operation", JSON.stringify(value));
      return;
    }
    this.target.span(read.span, at);
    for (const event of read.events) {
      if (this.target.full) await this.target.deliver();
      this.target.event(event, at);
    }
    this.sink.accepted(1);
    if (read.missingProcess !== null)
      this.sink.note(
        "warning",
        "The process of a span is not described in the file: its service is not known.",
      );
    if (this.target.full) await this.target.deliver();
  }

  #reject(at: JsonElement, reason: string, text: string): void {
    this.sink.reject(at.line, at.offset, reason, text.slice(0, KEPT_TEXT));
  }
}
