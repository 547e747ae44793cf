import { err, ok } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer } from "./importer.ts";
import { elementsOf } from "./json-elements.ts";
import { objectOf, textOf, type JsonObject } from "./json-fields.ts";
import { describeBinary, KEPT_TEXT } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { compileTime, describeClockOffset, detectTimeLayout, type TimeParser } from "./times.ts";
import { documentsOf } from "./traces/json-lines.ts";
import { plainSpanOf, spanKeys, type SpanKeys } from "./traces/plain-spans.ts";
import { planTables } from "./traces/plan-tables.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

/**
 * Spans that some program wrote plainly: a JSON list, or lines, of objects with a
 * trace, an id, a start and a duration or an end, by whatever usual names.
 */
export const jsonSpansImporter: Importer = {
  id: "json-spans",
  name: "Spans as JSON",
  description:
    "A JSON list, or JSON lines, of spans with trace, id, start and duration or end under their usual names",
  extensions: ["json", "jsonl"],

  detect(head) {
    return shapeOf(head, {}) === null ? 0 : 0.9;
  },

  async plan(source, options) {
    const head = await source.head();
    const shape = shapeOf(head, options);
    if (shape === null) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No span was found at the beginning of “${source.name}”: an object with a trace, an id, a start and a duration or an end.`,
        advice: "Read it as JSON lines, or name the keys as tracers do (trace_id, span_id, start).",
      });
    }
    const rows = new PreviewRows();
    for (const element of elementsOf(head, shape.layout)) {
      const object = element.bad === null ? objectOf(element.value) : null;
      const span = object === null ? null : plainSpanOf(object, shape.keys, shape.time);
      if (span !== null) rows.span(span);
    }
    const { keys } = shape;
    return ok(
      planTables("json-spans", options, ["spans"], rows, notesOf(shape, options), {
        spans: {
          ...{ ts: keys.start, trace_id: keys.trace, span_id: keys.span },
          ...{ parent_id: keys.parent ?? "", service: keys.service ?? "", name: keys.name ?? "" },
          ...{ duration: keys.duration ?? keys.end ?? "", status: keys.status ?? "" },
        },
      }),
    );
  },

  async read(source, plan, sink) {
    const head = await source.head();
    const shape = shapeOf(head, plan.options);
    if (shape === null) return;
    const writer = new FixedTablesWriter(sink, "spans");
    for await (const element of documentsOf(source, head, shape.layout)) {
      checkCancelled(sink.signal, source.name);
      const object = element.bad === null ? objectOf(element.value) : null;
      const span = object === null ? null : plainSpanOf(object, shape.keys, shape.time);
      if (span === null) {
        const text = element.bad === null ? JSON.stringify(element.value) : element.text();
        const reason = element.bad ?? "not a span: it has no trace or no id";
        sink.reject(element.line, element.offset, reason, text.slice(0, KEPT_TEXT));
        continue;
      }
      writer.span(span, element);
      if (writer.full) await writer.deliver();
      sink.accepted(1);
    }
    await writer.finish();
  },
};

interface Shape {
  /** Where the spans are: in a list, or one document after the other. */
  readonly layout: readonly string[];
  readonly keys: SpanKeys;
  readonly time: TimeParser;
  readonly hasZone: boolean;
}

/** Spans that are looked at for their keys and the layout of their times. */
const SAMPLES = 50;

function shapeOf(head: Uint8Array, options: ImportOptions): Shape | null {
  if (head.length === 0 || describeBinary(head) !== null) return null;
  const begin = new TextDecoder().decode(head.subarray(0, 65536));
  if (!/^\s*[[{]/u.test(begin) || !/trace/iu.test(begin)) return null;
  const layout = /^\s*\[/u.test(begin) ? ["*"] : [""];
  const spans: JsonObject[] = [];
  for (const { bad, value } of elementsOf(head, layout)) {
    const object = bad === null ? objectOf(value) : null;
    if (object !== null) spans.push(object);
    if (spans.length >= SAMPLES) break;
  }
  const [first] = spans;
  if (first === undefined || spanKeys(first) === null) return null;
  // A root has no parent: what its children have counts as well.
  const keys = spanKeys(Object.assign({}, ...spans) as JsonObject);
  if (keys === null) return null;
  const starts = spans.flatMap((span) => textOf(span[keys.start]) ?? []);
  const found = detectTimeLayout(starts) ?? detectTimeLayout(starts.slice(0, 1));
  if (found === null) return null;
  const { timezone, clockOffsetMs = 0 } = options;
  const time = compileTime(found.layout, {
    ...(timezone === undefined ? {} : { zone: timezone }),
    clockOffsetMicros: clockOffsetMs * 1000,
  });
  return { layout, keys, time, hasZone: found.hasZone };
}

function notesOf({ keys, hasZone }: Shape, options: ImportOptions): ImportNote[] {
  const notes: ImportNote[] = [];
  if (!keys.saysUnit)
    notes.push({
      kind: "warning",
      message: `“${keys.duration ?? ""}” was taken as milliseconds: its name does not say a unit.`,
    });
  if (!hasZone)
    notes.push({
      kind: "info",
      message: `Times without an offset were read as ${options.timezone ?? "UTC"}.`,
    });
  if (options.clockOffsetMs !== undefined && options.clockOffsetMs !== 0)
    notes.push({ kind: "info", message: describeClockOffset(options.clockOffsetMs) });
  return notes;
}
