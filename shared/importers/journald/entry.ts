import type { ImportOptions } from "../../model/evidence.ts";
import type { LogRow } from "../fixed-tables-writer.ts";
import type { Sink } from "../importer.ts";
import { levelOfSyslog } from "../text-log/levels.ts";

/** Fields of one entry. A value is a text, null where journalctl left it out, or several of the same name. */
export type JournalEntry = Readonly<Record<string, JournalValue>>;
export type JournalValue = string | null | readonly (string | null)[];

export interface JournalCounts {
  /** Entries whose message journalctl left out. */
  leftOut: number;
  undated: number;
  coloured: number;
  repaired: number;
}

export function newCounts(): JournalCounts {
  return { leftOut: 0, undated: 0, coloured: 0, repaired: 0 };
}

/** Fields that have a column of their own. */
const PLACED = new Set(["__REALTIME_TIMESTAMP", "MESSAGE", "_HOSTNAME"]);

/** The row of an entry (https://www.freedesktop.org/software/systemd/man/latest/systemd.journal-fields.html). */
export function journalRow(
  entry: JournalEntry,
  options: ImportOptions,
  counts: JournalCounts,
): LogRow {
  const fields: Record<string, JournalValue> = {};
  const realtime = textOf(entry["__REALTIME_TIMESTAMP"]);
  const micros = /^\d{1,17}$/.test(realtime ?? "") ? Number(realtime) : NaN;
  const priority = /^[0-7]$/.test(textOf(entry["PRIORITY"]) ?? "")
    ? Number(entry["PRIORITY"])
    : null;
  for (const [key, value] of Object.entries(entry)) {
    if (PLACED.has(key) && !(key === "__REALTIME_TIMESTAMP" && Number.isNaN(micros))) continue;
    if (key === "PRIORITY" && priority !== null) continue;
    fields[key] = value;
  }
  if (Number.isNaN(micros)) counts.undated++;
  if (entry["MESSAGE"] === null) counts.leftOut++;
  const split = options.splitBy === undefined ? null : textOf(entry[options.splitBy]);
  return {
    ts: Number.isNaN(micros) ? null : micros + (options.clockOffsetMs ?? 0) * 1000,
    level: priority === null ? null : levelOfSyslog(priority),
    service: split ?? serviceOf(entry) ?? options.service ?? null,
    host: textOf(entry["_HOSTNAME"]),
    message: messageOf(entry["MESSAGE"], counts),
    fields,
  };
}

function textOf(value: JournalValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : value.filter((v) => v !== null).join(", ");
}

/**
 * The unit that the message came from; for units that hold many programs
 * (`init.scope`, a user's session) the program's own name.
 */
function serviceOf(entry: JournalEntry): string | null {
  const unit = textOf(entry["_SYSTEMD_UNIT"]);
  const userUnit = textOf(entry["_SYSTEMD_USER_UNIT"]);
  for (const name of [userUnit, unit]) {
    const service = /^(.+)\.service$/.exec(name ?? "")?.[1];
    if (service !== undefined && !service.startsWith("user@")) return service;
  }
  return textOf(entry["SYSLOG_IDENTIFIER"]) ?? textOf(entry["_COMM"]) ?? unit;
}

function messageOf(value: JournalValue | undefined, counts: JournalCounts): string | null {
  if (value === undefined || value === null) return null;
  const text = typeof value === "string" ? value : value.filter((v) => v !== null).join("\n");
  if (!text.includes("\u001b")) return text;
  counts.coloured++;
  return text.replace(/\u001b\[[\x20-\x3f]*[\x40-\x7e]/g, "");
}

export function reportCounts(counts: JournalCounts, sink: Sink): void {
  const say = (count: number, one: string, many: string): void => {
    if (count > 0) sink.note("warning", count === 1 ? `1 ${one}.` : `${count} ${many}.`);
  };
  say(
    counts.leftOut,
    "entry has no message because journalctl leaves out long and binary ones: export again with --all",
    "entries have no message because journalctl leaves out long and binary ones: export again with --all",
  );
  say(
    counts.undated,
    "entry has no readable time and cannot be placed in a window",
    "entries have no readable time and cannot be placed in a window",
  );
  say(
    counts.coloured,
    "message had colour codes of a terminal, which were dropped",
    "messages had colour codes of a terminal, which were dropped",
  );
  say(
    counts.repaired,
    "line is not UTF-8 and was read as Windows-1252",
    "lines are not UTF-8 and were read as Windows-1252",
  );
}

/** An entry with its place, or why there is none. `line` counts lines of the file. */
export interface Outcome {
  readonly line: number;
  readonly offset: number;
  readonly entry: JournalEntry | null;
  readonly reason: string;
  readonly text: string;
}
