import { ok } from "../base/result.ts";
import type { ImportOptions } from "../model/evidence.ts";
import { clockNotes, withClockOffset } from "./clock-offset.ts";
import { FixedTablesWriter } from "./fixed-tables-writer.ts";
import type { Importer } from "./importer.ts";
import { Instants } from "./json-fields.ts";
import { planRecords } from "./json-records.ts";
import { SlowQueryReader } from "./mysql/slow-query-reader.ts";
import { HEAD_SINK } from "./otlp/records.ts";
import { describeBinary, detectText, lines } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { sampleLines } from "./text-log/sample.ts";
import { PreviewRows } from "./traces/preview-rows.ts";

const PREVIEW_BYTES = 64 * 1024;

const SOURCES = {
  logs: {
    ts: "# Time, or SET timestamp where that names no zone",
    message: "the statement",
    fields: "user, client, times and counts",
  },
};

/**
 * Slow query logs of MySQL, MariaDB and Percona Server: one record per query,
 * with its times, counts and user.
 * https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html
 */
export const mysqlSlowImporter: Importer = {
  id: "mysql-slow",
  name: "MySQL slow query log",
  description: "Slow queries of MySQL, MariaDB and Percona Server with times, rows and user",
  extensions: ["log", "slow"],

  detect(head) {
    if (head.length === 0 || describeBinary(head) !== null) return 0;
    const text = new TextDecoder().decode(head.subarray(0, PREVIEW_BYTES));
    return /^# User@Host: /m.test(text) && /^# (?:Query_time|Thread_id): /m.test(text) ? 0.97 : 0;
  },

  async plan(source, options) {
    const head = (await source.head()).subarray(0, PREVIEW_BYTES);
    const preview = new PreviewRows();
    const instants = new Instants(options.timezone);
    const target = withClockOffset(preview, options);
    const reader = new SlowQueryReader({ target, sink: HEAD_SINK, instants }, serviceOf(options));
    const decoder = new TextDecoder();
    sampleLines(head, detectText(head), PREVIEW_BYTES).forEach((line, i) => {
      reader.read(decoder.decode(line), { line: i + 1, offset: -1 });
    });
    reader.finish();
    const plan = planRecords("mysql-slow", options, ["logs"], "logs", preview, instants, SOURCES);
    return ok({ ...plan, notes: [...plan.notes, ...clockNotes(options)] });
  },

  async read(source, plan, sink) {
    const writer = new FixedTablesWriter(sink, "logs");
    const { options } = plan;
    const target = withClockOffset(writer, options);
    const instants = new Instants(options.timezone);
    const reader = new SlowQueryReader({ target, sink, instants }, serviceOf(options));
    const decoder = new TextDecoder();
    const onReject = (r: { line: number; offset: number; reason: string; text: string }): void => {
      sink.reject(r.line, r.offset, r.reason, r.text);
    };
    for await (const block of lines(source, detectText(await source.head()), { onReject })) {
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

function serviceOf(options: ImportOptions): string | null {
  return options.service ?? null;
}
