import { err, ok } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { clockNotes, withClockOffset } from "./clock-offset.ts";
import { FixedTablesWriter, fixedBatchColumns, fixedPlanColumns } from "./fixed-tables-writer.ts";
import type { Importer, ImportPlan } from "./importer.ts";
import { Instants } from "./json-fields.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { flavourOf, type TextFlavour } from "./prometheus/text-flavour.ts";
import { NO_TIME, TextReader } from "./prometheus/text-reader.ts";
import { tableNameOf } from "./roles.ts";
import { describeBinary, detectText, lines } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { sampleLines } from "./text-log/sample.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const PREVIEW_BYTES = 64 * 1024;

const SOURCES = {
  ts: "timestamp of the sample",
  series: "name and labels",
  name: "name of the metric",
  service: "the label service, app, container or job",
  value: "value of the sample",
  unit: "# UNIT, or the end of the name",
};

/**
 * Prometheus' text formats: the exposition format 0.0.4, OpenMetrics 1.0, and
 * what `promtool tsdb dump` prints:
 * https://prometheus.io/docs/instrumenting/exposition_formats/,
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export const prometheusTextImporter: Importer = {
  id: "prometheus-text",
  name: "Prometheus text",
  description:
    "Metrics in Prometheus' text format or OpenMetrics: scrapes, federation, promtool tsdb dump",
  extensions: ["prom", "txt", "om"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    return flavourOf(head) === null ? 0 : 0.97;
  },

  async plan(source, options) {
    const head = await source.head();
    const flavour = flavourOf(head);
    if (flavour === null) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No metrics in a text format of Prometheus were found at the beginning of “${source.name}”.`,
        advice: "Save what /metrics or promtool tsdb dump prints, or choose another importer.",
      });
    }
    const preview = new PreviewRows();
    const scrape = scrapeOf(options);
    // The preview shows samples without a time, too.
    const target = withClockOffset(preview, options);
    const reading = { target, sink: HEAD_SINK, instants: new Instants(options.timezone) };
    const reader = new TextReader(reading, flavour, tableNameOf(source.name), scrape ?? NaN);
    const decoder = new TextDecoder();
    sampleLines(head.subarray(0, PREVIEW_BYTES), detectText(head), PREVIEW_BYTES).forEach(
      (line, i) => {
        reader.read(decoder.decode(line), { line: i + 1, offset: -1 });
      },
    );
    return ok({
      importer: "prometheus-text",
      options: { ...options, target: "metrics" as const },
      target: "metrics" as const,
      table: "metrics",
      columns: fixedPlanColumns("metrics", SOURCES),
      batchColumns: fixedBatchColumns("metrics"),
      preview: withoutMissingTimes(preview.previewOf("metrics")),
      notes: planNotes(flavour, options, scrape),
    });
  },

  async read(source, plan, sink) {
    const head = await source.head();
    const flavour = flavourOf(head) ?? NOT_SHOWN;
    const writer = new FixedTablesWriter(sink, "metrics");
    const { options } = plan;
    const target = withClockOffset(writer, options);
    const reading = { target, sink, instants: new Instants(options.timezone) };
    const reader = new TextReader(reading, flavour, tableNameOf(source.name), scrapeOf(options));
    const decoder = new TextDecoder();
    const onReject = (r: { line: number; offset: number; reason: string; text: string }): void => {
      sink.reject(r.line, r.offset, r.reason, r.text);
    };
    for await (const block of lines(source, detectText(head), { onReject })) {
      checkCancelled(sink.signal, source.name);
      for (let i = 0; i < block.count; i++) {
        const text = decoder.decode(block.bytes.subarray(block.starts[i], block.ends[i]));
        reader.read(text, { line: block.firstLine + i, offset: block.offsets[i] ?? -1 });
        if (writer.full) await writer.deliver();
      }
    }
    reader.finish();
    await writer.finish();
  },
};

const NOT_SHOWN: TextFlavour = { openMetrics: false, timeUnit: "ms", samples: 0, timeless: 0 };

/** µs of the date of the options, for samples that do not say theirs. */
function scrapeOf(options: ImportOptions): number | null {
  return options.date === undefined ? null : new Instants(options.timezone).read(options.date);
}

function withoutMissingTimes({ header, rows }: ImportPlan["preview"]): ImportPlan["preview"] {
  const ts = header.indexOf("ts");
  return {
    header,
    rows: rows.map((row) => row.map((cell, i) => (i === ts && cell === "NaN" ? "" : cell))),
  };
}

function planNotes(
  flavour: TextFlavour,
  options: ImportOptions,
  scrape: number | null,
): ImportNote[] {
  const notes: ImportNote[] = [];
  if (flavour.timeless > 0 && scrape === null)
    notes.push({
      kind: "warning",
      message: `${flavour.timeless} of the first ${flavour.samples} samples cannot be imported: ${NO_TIME}.`,
    });
  if (options.date !== undefined && scrape === null)
    notes.push({
      kind: "warning",
      message: `“${options.date}” is no date: write it as 2026-03-01T10:00:00Z.`,
    });
  return [...notes, ...clockNotes(options)];
}
