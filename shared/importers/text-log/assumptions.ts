import type { ImportNote, ImportOptions } from "../../model/evidence.ts";
import { compileTime, describeClockOffset, isKnownZone } from "../times.ts";
import { createClock, dateMicros, isDate, type Clock } from "./clock.ts";
import { newHead, type ReadLine } from "./line-reader.ts";

/** The options of a plan with what the times lack filled in, and what was assumed, in words. */
export interface Assumptions {
  readonly options: ImportOptions;
  readonly notes: readonly ImportNote[];
}

/** Fills in the year, date and order of day and month that the times of a sample lack. Each assumption is a note that names its option. */
export function assume(
  sample: readonly Uint8Array[],
  read: ReadLine,
  options: ImportOptions,
  file: string,
): Assumptions {
  const notes: ImportNote[] = [];
  const warn = (message: string): void => {
    notes.push({ kind: "warning", message });
  };
  const clock = newClock({ ...options, year: options.year ?? 2000 });
  const head = newHead();
  let times = 0;
  let last = NaN;
  for (const line of sample) {
    if (!read(line, 0, line.length, clock, head)) continue;
    if (Number.isNaN(head.micros)) continue;
    times++;
    last = head.micros;
  }
  const filled: ImportOptions = { ...options };
  const named = dateOfName(file);
  if (clock.yearless > 0 && options.year === undefined) {
    filled.year = named?.year ?? assumedYear(last, clock.turns);
    warn(
      named === null
        ? `The times carry no year: ${filled.year} was assumed for the first record, so that the last of the lines looked at is not in the future. Set the year if it is another.`
        : `The times carry no year: ${filled.year} was taken from the name of the file. Set the year if it is another.`,
    );
  }
  if (clock.dateless > 0 && options.date === undefined) {
    if (named?.day === undefined) {
      warn(
        "The times carry no date, so the records cannot be placed in a window. Set the date of the first record.",
      );
    } else {
      filled.date = `${named.year}-${two(named.month)}-${two(named.day)}`;
      warn(
        `The times carry no date: ${filled.date} was taken from the name of the file for the first record. Set the date if it is another.`,
      );
    }
  }
  const dated = times > 0 || filled.date !== undefined;
  if (dated && clock.zoned < Math.max(times, clock.dateless) && options.timezone === undefined) {
    warn("The times carry no zone: they were read as UTC. Set the time zone if it is another.");
  }
  decideDayFirst(clock, options, filled, warn);
  if (options.timezone !== undefined && !isKnownZone(options.timezone)) {
    warn(`The time zone “${options.timezone}” is not known; the times were read as UTC.`);
  }
  if (options.date !== undefined && midnight(options.date) === null) {
    warn(`“${options.date}” is no date: write it as 2026-03-01.`);
  }
  if (options.clockOffsetMs !== undefined && options.clockOffsetMs !== 0) {
    notes.push({ kind: "info", message: describeClockOffset(options.clockOffsetMs) });
  }
  return { options: filled, notes };
}

/** Dates such as `1/3/2026`: what other dates of the file show, else a question. */
function decideDayFirst(
  clock: Clock,
  options: ImportOptions,
  filled: ImportOptions,
  warn: (message: string) => void,
): void {
  if (options.dayFirst !== undefined || clock.ambiguous === 0) return;
  filled.dayFirst = clock.dayFirstOnly > 0 && clock.monthFirstOnly === 0;
  if (clock.dayFirstOnly > 0 && clock.monthFirstOnly > 0) {
    warn(
      "Some dates can only be day/month/year and some only month/day/year: the others were read as month/day/year. Say whether the day comes first.",
    );
  } else if (clock.dayFirstOnly === 0 && clock.monthFirstOnly === 0) {
    warn(
      "Is 3/4/2026 the third of April or the fourth of March? Day and month could be swapped in all dates looked at; they were read as month/day/year. Say whether the day comes first.",
    );
  }
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** The date that a file name carries (`app-2026-03-01.log`, `20260301.log`), or null. */
export function dateOfName(
  name: string,
): { readonly year: number; readonly month: number; readonly day: number } | null {
  for (const match of name.matchAll(/(?<!\d)((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?!\d)/g)) {
    const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
    if (isDate(year, month, day)) return { year, month, day };
  }
  return null;
}

/** Year of the first record, such that the last one (read with 2000 as first year) is not later than now. */
function assumedYear(last: number, turns: number): number {
  const now = new Date();
  const date = new Date(last / 1000);
  const passed =
    Date.UTC(now.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) <= now.getTime();
  return now.getUTCFullYear() - turns - (passed ? 0 : 1);
}

/** A clock that reads times as the options say. */
export function newClock(options: ImportOptions): Clock {
  const clock = createClock(
    options.year ?? new Date().getUTCFullYear(),
    zoneShift(options.timezone),
  );
  clock.dayFirst = options.dayFirst === true;
  clock.day = (options.date === undefined ? null : midnight(options.date)) ?? NaN;
  return clock;
}

/** Midnight of `2026-03-01` in local µs, or null; of an instant, its date as it is written. */
function midnight(date: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:.*)?$/.exec(date);
  if (match === null) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return isDate(year, month, day) ? dateMicros(year, month, day) : null;
}

const SLOT = 15 * 60_000_000;

/** Local µs to UTC µs in a zone, by the time parser's own rules, looked up once per quarter of an hour. */
function zoneShift(zone: string | undefined): (local: number) => number {
  if (zone === undefined || /^(?:utc|gmt|z)$/i.test(zone) || !isKnownZone(zone))
    return (local) => local;
  const parse = compileTime("iso", { zone });
  const encoder = new TextEncoder();
  const offsets = new Map<number, number>();
  let lastSlot = NaN;
  let lastOffset = 0;
  return (local) => {
    const slot = Math.floor(local / SLOT);
    if (slot === lastSlot) return local - lastOffset;
    if (Number.isNaN(local)) return NaN;
    let offset = offsets.get(slot);
    if (offset === undefined) {
      const text = encoder.encode(new Date((slot * SLOT) / 1000).toISOString().slice(0, 19));
      offset = slot * SLOT - parse(text, 0, text.length);
      offsets.set(slot, offset);
    }
    lastSlot = slot;
    lastOffset = offset;
    return local - offset;
  };
}
