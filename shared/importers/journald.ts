import { err, ok, type Result } from "../base/result.ts";
import type { ImportNote, ImportOptions } from "../model/evidence.ts";
import { FixedTablesWriter, fixedBatchColumns, fixedPlanColumns } from "./fixed-tables-writer.ts";
import type { ImportError, ImportPlan, Importer, Source } from "./importer.ts";
import { detectText, keptText, lines } from "./text.ts";
import { checkCancelled } from "./text-log/cancelled.ts";
import { describeClockOffset } from "./times.ts";
import { journalRow, newCounts, reportCounts, type JournalEntry } from "./journald/entry.ts";
import type { Outcome } from "./journald/entry.ts";
import { exportEntries } from "./journald/export-format.ts";
import { formOf, jsonEntry, type JournalForm } from "./journald/forms.ts";
import { PrettyReader } from "./journald/pretty.ts";
import { VerboseReader } from "./journald/verbose.ts";

const HEAD_BYTES = 256 * 1024;
const PREVIEW_ROWS = 20;

/**
 * The systemd journal as journalctl prints it: `-o json` (also json-sse and
 * json-seq), `-o export` and `-o verbose`. The forms `short…` are text logs.
 * https://systemd.io/JOURNAL_EXPORT_FORMATS/
 */
export const journaldImporter: Importer = {
  id: "journald",
  name: "systemd journal",
  description:
    "Entries of the systemd journal: journalctl -o json, -o json-pretty, -o export or -o verbose",
  extensions: ["json", "export", "journal", "log", "txt"],

  detect(head) {
    return formOf(head) === null ? 0 : 0.97;
  },

  async plan(source, options): Promise<Result<ImportPlan, ImportError>> {
    const head = await source.head(HEAD_BYTES);
    const form = formOf(head);
    if (form === null) {
      return err({
        kind: head.length === 0 ? "empty" : "unsupported",
        file: source.name,
        message: `No entry of a systemd journal was found at the beginning of “${source.name}”.`,
        advice: "Export it with journalctl -o json --all, or choose another importer.",
      });
    }
    return ok({
      importer: "journald",
      options: { ...options, target: "logs" },
      target: "logs",
      table: "logs",
      columns: fixedPlanColumns("logs", SOURCES),
      batchColumns: fixedBatchColumns("logs"),
      preview: await preview(source, form, options),
      notes: planNotes(form, options),
    });
  },

  async read(source, plan, sink): Promise<void> {
    const form = formOf(await source.head(HEAD_BYTES)) ?? "json";
    const writer = new FixedTablesWriter(sink, "logs");
    const counts = newCounts();
    let repaired = 0;
    const read = outcomesOf(source, form, (n) => {
      repaired += n;
    });
    for await (const outcome of read) {
      checkCancelled(sink.signal, source.name);
      if (outcome.entry === null)
        sink.reject(outcome.line, outcome.offset, outcome.reason, outcome.text);
      else {
        writer.log(journalRow(outcome.entry, plan.options, counts), outcome);
        sink.accepted(1);
        if (writer.full) await writer.deliver();
      }
    }
    await writer.finish();
    reportCounts({ ...counts, repaired }, sink);
  },
};

const SOURCES = {
  ts: "__REALTIME_TIMESTAMP",
  level: "PRIORITY",
  service: "_SYSTEMD_UNIT or SYSLOG_IDENTIFIER",
  host: "_HOSTNAME",
  message: "MESSAGE",
  fields: "all other fields",
};

const FORMS: Record<JournalForm, string> = {
  json: "journalctl -o json",
  pretty: "journalctl -o json-pretty",
  export: "journalctl -o export",
  verbose: "journalctl -o verbose",
};

function planNotes(form: JournalForm, options: ImportOptions): ImportNote[] {
  const notes: ImportNote[] = [
    { kind: "info", message: `Entries of a systemd journal, as ${FORMS[form]} prints them.` },
  ];
  if (options.clockOffsetMs !== undefined && options.clockOffsetMs !== 0)
    notes.push({ kind: "info", message: describeClockOffset(options.clockOffsetMs) });
  return notes;
}

async function preview(
  source: Source,
  form: JournalForm,
  options: ImportOptions,
): Promise<ImportPlan["preview"]> {
  const rows: string[][] = [];
  for await (const { entry } of outcomesOf(source, form, () => undefined)) {
    if (entry !== null) {
      const row = journalRow(entry, options, newCounts());
      rows.push([
        row.ts === null ? "" : new Date(row.ts / 1000).toISOString(),
        row.level ?? "",
        row.service ?? "",
        row.host ?? "",
        row.message ?? "",
        JSON.stringify(row.fields ?? {}),
      ]);
    }
    if (rows.length === PREVIEW_ROWS) break;
  }
  return { header: Object.values(SOURCES), rows };
}

/** Every entry of the source, read or refused. */
async function* outcomesOf(
  source: Source,
  form: JournalForm,
  onRepaired: (lines: number) => void,
): AsyncGenerator<Outcome> {
  if (form === "export") {
    yield* exportEntries(source);
    return;
  }
  const format = detectText(await source.head(HEAD_BYTES));
  const rejects: Outcome[] = [];
  const verbose = form === "verbose" ? new VerboseReader() : null;
  const pretty = form === "pretty" ? new PrettyReader() : null;
  const onReject = (r: Omit<Outcome, "entry">): void => {
    rejects.push({ ...r, entry: null });
  };
  for await (const block of lines(source, format, { onReject })) {
    onRepaired(block.repaired);
    for (let i = 0; i < block.count; i++) {
      const [start, end] = [block.starts[i] ?? 0, block.ends[i] ?? 0];
      const at = { line: block.firstLine + i, offset: block.offsets[i] ?? -1 };
      if (verbose !== null) {
        const done = verbose.push(block.bytes, start, end, at);
        if (done !== null) yield done;
        continue;
      }
      if (pretty !== null) {
        const done = pretty.push(block.bytes, start, end, at);
        if (done !== null) yield done;
        continue;
      }
      if (start === end) continue;
      const read = jsonEntry(block.bytes, start, end);
      if (typeof read === "string")
        yield {
          ...at,
          entry: null,
          reason: read,
          text: keptText(block.bytes, start, end, "utf-8"),
        };
      else if (read !== null) yield outcome(read, at);
    }
    yield* rejects.splice(0);
  }
  const last = verbose?.finish() ?? pretty?.finish() ?? null;
  if (last !== null) yield last;
  yield* rejects;
}

function outcome(entry: JournalEntry, at: { line: number; offset: number }): Outcome {
  return { ...at, entry, reason: "", text: "" };
}
