/** Ticks of a time axis at round local times of an IANA zone. Times are µs UTC. */

export interface TimeTick {
  readonly at: number;
  readonly label: string;
  /** A tick where a new day (or month, or year) begins: drawn stronger. */
  readonly major: boolean;
}

const SECOND = 1e6;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps with a fixed length; days, months and years follow the calendar. */
const CLOCK_STEPS = [
  1,
  10,
  100,
  1e3,
  1e4,
  1e5,
  2e5,
  5e5,
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
];
const DAY_STEPS = [1, 2, 7, 14];
const MONTH_STEPS = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

const offsets = new Map<string, Intl.DateTimeFormat>();

/** Local time minus UTC in µs at an instant: whole minutes, also where history had seconds. */
export function zoneOffset(micros: number, zone: string): number {
  if (zone === "UTC") return 0;
  let format = offsets.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    });
    offsets.set(zone, format);
  }
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(micros / 1000)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute) * 1000 - Math.floor(micros / MINUTE) * MINUTE;
}

/** The instant of a local wall-clock time (µs as if it were UTC); the later reading where the clock was put back. */
export function fromLocal(local: number, zone: string): number {
  const guess = local - zoneOffset(local, zone);
  return local - zoneOffset(guess, zone);
}

/** Ticks in `[from, to)`, at most about one per `gap` px of `width`. */
export function timeTicks(
  from: number,
  to: number,
  width: number,
  zone: string,
  gap = 76,
): TimeTick[] {
  const wanted = ((to - from) / Math.max(width, 1)) * gap;
  if (!(to > from) || width <= 0) return [];
  const clock = CLOCK_STEPS.find((step) => step >= wanted);
  if (clock !== undefined) return clockTicks(from, to, clock, zone);
  const days = DAY_STEPS.find((n) => n * DAY >= wanted);
  if (days !== undefined) return dayTicks(from, to, days, zone);
  const months = MONTH_STEPS.find((n) => n * 30 * DAY >= wanted) ?? 1200;
  return monthTicks(from, to, months, zone);
}

function clockTicks(from: number, to: number, step: number, zone: string): TimeTick[] {
  const ticks: TimeTick[] = [];
  let at = nextLocalMultiple(from, step, zone);
  while (at < to && ticks.length < 500) {
    const local = at + zoneOffset(at, zone);
    const major = local % DAY === 0;
    ticks.push({ at, major, label: major ? dayLabel(local, false) : clockLabel(local, step) });
    at = nextLocalMultiple(at + step / 2, step, zone);
  }
  return ticks;
}

/** First instant at or after `from` whose local time is a multiple of the step; right across changes of the clock. */
function nextLocalMultiple(from: number, step: number, zone: string): number {
  const offset = zoneOffset(from, zone);
  const at = Math.ceil((from + offset) / step) * step - offset;
  const there = zoneOffset(at, zone);
  if (there === offset || step <= HOUR / 2) return at;
  const moved = Math.ceil((at + there) / step) * step - there;
  return moved >= from ? moved : at;
}

function dayTicks(from: number, to: number, days: number, zone: string): TimeTick[] {
  const ticks: TimeTick[] = [];
  // Weeks begin on Monday: 1970-01-05 was one.
  const origin = days >= 7 ? 4 : 0;
  const first = Math.floor((from + zoneOffset(from, zone)) / DAY);
  let day = origin + Math.floor((first - origin) / days) * days;
  for (; ticks.length < 500; day += days) {
    const at = fromLocal(day * DAY, zone);
    if (at >= to) break;
    if (at < from) continue;
    const date = new Date((day * DAY) / 1000);
    ticks.push({
      at,
      major: date.getUTCDate() === 1,
      label: dayLabel(day * DAY, date.getUTCMonth() === 0 && date.getUTCDate() <= days),
    });
  }
  return ticks;
}

function monthTicks(from: number, to: number, months: number, zone: string): TimeTick[] {
  const ticks: TimeTick[] = [];
  const start = new Date((from + zoneOffset(from, zone)) / 1000);
  let month = start.getUTCFullYear() * 12 + start.getUTCMonth();
  month = Math.floor(month / months) * months;
  for (; ticks.length < 500; month += months) {
    const local = Date.UTC(Math.floor(month / 12), month % 12, 1) * 1000;
    const at = fromLocal(local, zone);
    if (at >= to) break;
    if (at < from) continue;
    const major = month % 12 === 0;
    const year = String(Math.floor(month / 12));
    ticks.push({ at, major, label: major ? year : `${MONTHS[month % 12] ?? ""} ${year}` });
  }
  return ticks;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function dayLabel(local: number, withYear: boolean): string {
  const date = new Date(local / 1000);
  const text = `${String(date.getUTCDate())} ${MONTHS[date.getUTCMonth()] ?? ""}`;
  return withYear ? `${text} ${String(date.getUTCFullYear())}` : text;
}

function clockLabel(local: number, step: number): string {
  const iso = new Date(Math.floor(local / 1000)).toISOString();
  if (step >= MINUTE) return iso.slice(11, 16);
  if (step >= SECOND) return iso.slice(11, 19);
  if (step >= 1e3) return iso.slice(17, 23);
  return `${iso.slice(20, 23)}.${String(((local % 1000) + 1000) % 1000).padStart(3, "0")} ms`;
}
