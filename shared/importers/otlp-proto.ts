import { err, ok } from "../base/result.ts";
import type { FixedTable } from "../tables/fixed-tables.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { ImportError, Importer } from "./importer.ts";
import { PLANNED_SOURCES } from "./otlp/planned-sources.ts";
import { framingOf, isCompressedByMessage, type Framing } from "./otlp/proto-framing.ts";
import { PieceReader, piecesOf } from "./otlp/proto-messages.ts";
import { HEAD_SINK, OtlpRecords } from "./otlp/records.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { mainTableOf, planTables } from "./traces/plan-tables.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const TABLES: readonly FixedTable[] = ["logs", "metrics", "spans", "events"];

/**
 * OTLP as protobuf: the file of the collector's file exporter (`format: proto`,
 * each message behind its length in four bytes, big endian), or one
 * `Export…ServiceRequest`, `LogsData`, `MetricsData` or `TracesData`
 * (https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/,
 * https://opentelemetry.io/docs/specs/otlp/#binary-protobuf-encoding).
 * The number of the message stands for the line; in a file that is one message,
 * that of the resource.
 */
export const otlpProtoImporter: Importer = {
  id: "otlp-proto",
  name: "OpenTelemetry protobuf",
  description:
    "OTLP protobuf, raw or length-delimited as the OpenTelemetry collector's file exporter writes it: logs, metrics and spans with their events",
  extensions: ["pb", "binpb", "proto", "bin"],

  detect(head) {
    if (framingOf(head) !== null) return 0.97;
    return isCompressedByMessage(head) ? 0.9 : 0;
  },

  async plan(source, options) {
    const head = await source.head();
    const framing = framingOf(head);
    if (framing === null) return err(refusal(source.name, head));
    const rows = new PreviewRows();
    const records = new OtlpRecords(rows, HEAD_SINK);
    const reader = new PieceReader(framing, options.service ?? null);
    for await (const piece of piecesOf(only(head), framing)) {
      for (const item of reader.read(piece)) await records.add(item);
    }
    return ok(planTables("otlp-proto", options, TABLES, rows, [], PLANNED_SOURCES));
  },

  async read(source, plan, sink) {
    const framing: Framing = framingOf(await source.head()) ?? "delimited";
    const writer = new FixedTablesWriter(sink, mainTableOf(plan));
    const records = new OtlpRecords(writer, sink);
    const reader = new PieceReader(framing, plan.options.service ?? null);
    for await (const piece of piecesOf(source.stream(), framing)) {
      checkCancelled(sink.signal, source.name);
      for (const item of reader.read(piece)) {
        await records.add(item);
        checkCancelled(sink.signal, source.name);
      }
      if (piece.cut)
        sink.note("warning", "This export may be cut off: it ends in the middle of a message.");
    }
    records.finish();
    await writer.finish();
  },
};

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function refusal(file: string, head: Uint8Array): ImportError {
  if (isCompressedByMessage(head)) {
    return {
      kind: "unsupported",
      file,
      message: `Each message of “${file}” is compressed by itself, which cannot be read.`,
      advice:
        "Export again without compression (file exporter: leave “compression” out), and compress the file as a whole.",
    };
  }
  return {
    kind: head.length === 0 ? "empty" : "unsupported",
    file,
    message: `“${file}” does not begin with an OTLP message in protobuf.`,
    advice:
      "Choose another importer, or export with the collector's file exporter (format: proto or json).",
  };
}
