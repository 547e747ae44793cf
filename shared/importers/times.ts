import { DAY, HOUR, MINUTE, SECOND } from "../base/time.ts";

/** Ways in which evidence writes a point in time. */
export type TimeLayout =
  /**
   * `2026-03-01`, `2026-03-01T10:00:00,123+02:00`, `2026-03-01 10:00:00 UTC`;
   * also with `/` or `.` in the date, and as Go writes it:
   * `2022-08-22 03:51:07.123456789 +0000 UTC m=+0.397`.
   */
  | "iso"
  /** `20260301T100000Z`, `20260301 100000`. */
  | "iso-basic"
  /** `2026-03-01-10.00.00.123456`. */
  | "db2"
  | "epoch-s"
  | "epoch-ms"
  | "epoch-us"
  | "epoch-ns"
  /** `01/Mar/2026:10:00:00 +0000`. */
  | "access"
  /** `Mar  1 10:00:00`. */
  | "syslog"
  /** `Sun Mar 01 10:00:00.123456 2026`. */
  | "ctime"
  /** `3/1/2026 1:05 PM`, `1.3.2026 13:05`, `1-3-2026`. */
  | "numeric"
  /** `Sun, 01 Mar 2026 10:00:00 +0000`, `1 Mar 2026 10:00`. */
  | "rfc2822"
  /** `Mar 1, 2026 @ 10:00:00.000`. */
  | "month-name"
  /** `260301 100000`. */
  | "compact"
  /** `E0301 10:00:00.123456`. */
  | "glog";

export type TimePrecision = "day" | "minute" | "s" | "ms" | "us" | "ns";

export interface DetectedTime {
  readonly layout: TimeLayout;
  /** Every sample says its offset. */
  readonly hasZone: boolean;
  readonly hasYear: boolean;
  /** Day and month could be swapped in all samples. */
  readonly ambiguousDayFirst: boolean;
  /** What the samples say, or the habit of the layout where they do not say. */
  readonly dayFirst: boolean;
  readonly precision: TimePrecision;
}

export interface TimeSettings {
  /** IANA zone, `UTC` or offset (`+02:00`) for times that carry none; UTC by default. */
  readonly zone?: string;
  /** The same as a fixed offset from UTC. */
  readonly offsetMicros?: number;
  /** Year for layouts without one; 1970 by default. */
  readonly year?: number;
  readonly dayFirst?: boolean;
  /** Added to every time: what the clock that wrote them was behind. */
  readonly clockOffsetMicros?: number;
}

/** µs since the epoch (UTC) of the text in `bytes[start, end)`, or NaN. Fractions beyond µs are cut off. */
export type TimeParser = (bytes: Uint8Array, start: number, end: number) => number;

/** Layouts in order of preference, for texts that several could read. */
const LAYOUTS: readonly TimeLayout[] = [
  "iso",
  "access",
  "epoch-s",
  "epoch-ms",
  "epoch-us",
  "epoch-ns",
  "iso-basic",
  "db2",
  "numeric",
  "ctime",
  "syslog",
  "rfc2822",
  "month-name",
  "compact",
  "glog",
];

const encoder = new TextEncoder();

/**
 * The layout that reads all samples (empty ones are skipped), or `null`.
 * Plain numbers are taken as epochs only between 1990 and 2100, so that
 * counters and identifiers are not mistaken for times.
 */
export function detectTimeLayout(samples: readonly string[]): DetectedTime | null {
  const texts = samples.map((s) => s.trim()).filter((s) => s !== "");
  const first = texts[0];
  if (first === undefined) return null;
  for (const layout of LAYOUTS) {
    if (!readsAll(layout, [first])) continue;
    const order = dayOrder(layout, texts);
    if (order === null) continue;
    if (!readsAll(layout, texts, order.dayFirst)) continue;
    return {
      layout,
      hasZone: layout.startsWith("epoch") || texts.every(saysZone),
      hasYear: layout !== "syslog" && layout !== "glog",
      ambiguousDayFirst: order.ambiguous,
      dayFirst: order.dayFirst,
      precision: precisionOf(layout, texts),
    };
  }
  return null;
}

/** A parser for one layout. Texts it cannot read, and impossible dates, give NaN. */
export function compileTime(layout: TimeLayout, settings: TimeSettings = {}): TimeParser {
  const offset = settings.clockOffsetMicros ?? 0;
  const parse = compileLayout(layout, settings);
  return offset === 0 ? parse : (bytes, start, end) => parse(bytes, start, end) + offset;
}

function compileLayout(layout: TimeLayout, settings: TimeSettings): TimeParser {
  const toUtc = zoneConverter(settings);
  const year = settings.year ?? 1970;
  switch (layout) {
    case "iso":
      return isoParser(toUtc);
    case "iso-basic":
      return cursorParser((c) => readIsoBasic(c, toUtc));
    case "db2":
      return cursorParser((c) => readDb2(c, toUtc));
    case "epoch-s":
      return epochParser(1e6);
    case "epoch-ms":
      return epochParser(1e3);
    case "epoch-us":
      return epochParser(1);
    case "epoch-ns":
      return epochParser(1e-3);
    case "access":
      return cursorParser((c) => readAccess(c, toUtc));
    case "syslog":
      return cursorParser((c) => readSyslog(c, toUtc, year));
    case "ctime":
      return cursorParser((c) => readCtime(c, toUtc));
    case "numeric":
      return cursorParser((c) => readNumeric(c, toUtc, settings.dayFirst));
    case "rfc2822":
      return cursorParser((c) => readRfc2822(c, toUtc));
    case "month-name":
      return cursorParser((c) => readMonthName(c, toUtc));
    case "compact":
      return cursorParser((c) => readCompact(c, toUtc));
    case "glog":
      return cursorParser((c) => readGlog(c, toUtc, year));
  }
}

/** µs since the epoch of a text, or NaN: the parser for one-off use. */
export function parseTime(text: string, layout: TimeLayout, settings: TimeSettings = {}): number {
  const bytes = encoder.encode(text);
  return compileTime(layout, settings)(bytes, 0, bytes.length);
}

/** What a plan says of a clock offset that was set. */
export function describeClockOffset(milliseconds: number): string {
  const text = `${milliseconds > 0 ? "+" : ""}${milliseconds} ms`;
  return `A clock offset of ${text} was set: it was added to every time of the file. Set it to 0 to see the times as written.`;
}

/** `true` for an IANA zone that this machine knows, `UTC`, `Z` or an offset such as `+02:00`. */
export function isKnownZone(zone: string): boolean {
  if (fixedOffset(zone) !== null) return true;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

// --- Detection -------------------------------------------------------------

/** 1990 and 2100 in seconds. */
const EPOCH_FROM = 631_152_000;
const EPOCH_TO = 4_102_444_800;

const EPOCH_FACTORS: Partial<Record<TimeLayout, number>> = {
  "epoch-s": 1,
  "epoch-ms": 1e3,
  "epoch-us": 1e6,
  "epoch-ns": 1e9,
};

function readsAll(layout: TimeLayout, texts: readonly string[], dayFirst?: boolean): boolean {
  const factor = EPOCH_FACTORS[layout];
  const parse = compileTime(
    layout,
    // A leap year: 29 February is a possible date without a year.
    dayFirst === undefined ? { year: 2024 } : { year: 2024, dayFirst },
  );
  return texts.every((text) => {
    if (factor !== undefined) {
      const seconds = Number(text) / factor;
      if (!(seconds >= EPOCH_FROM && seconds <= EPOCH_TO)) return false;
    }
    const bytes = encoder.encode(text);
    const time = parse(bytes, 0, bytes.length);
    if (!Number.isNaN(time)) return true;
    // The order of day and month is not known yet.
    return layout === "numeric" && dayFirst === undefined
      ? !Number.isNaN(compileTime(layout, { dayFirst: true })(bytes, 0, bytes.length))
      : false;
  });
}

/** Which of the first two numbers is the day; `null` where the samples contradict each other. */
function dayOrder(
  layout: TimeLayout,
  texts: readonly string[],
): { readonly dayFirst: boolean; readonly ambiguous: boolean } | null {
  if (layout !== "numeric") return { dayFirst: false, ambiguous: false };
  let dots = false;
  let firstIsDay = false;
  let secondIsDay = false;
  for (const text of texts) {
    const match = /^(\d{1,2})([./-])(\d{1,2})/.exec(text);
    if (match === null) return null;
    dots ||= match[2] === ".";
    firstIsDay ||= Number(match[1]) > 12;
    secondIsDay ||= Number(match[3]) > 12;
  }
  if (firstIsDay && secondIsDay) return null;
  if (firstIsDay) return { dayFirst: true, ambiguous: false };
  if (secondIsDay) return { dayFirst: false, ambiguous: false };
  return { dayFirst: dots, ambiguous: !dots };
}

function saysZone(text: string): boolean {
  return (
    /(?:Z|UTC|GMT|\d\s?[+-]\d\d(?::?\d\d)?)(?:\s*\([A-Z]+\)|\sUTC|\sm=\S+)*$/i.test(text) &&
    /:\d\d|T\d{4,6}/.test(text)
  );
}

function precisionOf(layout: TimeLayout, texts: readonly string[]): TimePrecision {
  if (layout === "epoch-ms") return "ms";
  if (layout === "epoch-us") return "us";
  if (layout === "epoch-ns") return "ns";
  let best: TimePrecision = "day";
  const rank: readonly TimePrecision[] = ["day", "minute", "s", "ms", "us", "ns"];
  for (const text of texts) {
    const here = precisionOfText(layout, text);
    if (rank.indexOf(here) > rank.indexOf(best)) best = here;
  }
  return best;
}

function precisionOfText(layout: TimeLayout, text: string): TimePrecision {
  const fraction =
    layout === "epoch-s"
      ? /\.(\d+)$/.exec(text)
      : layout === "db2"
        ? /\d\d\.\d\d\.\d\d\.(\d+)/.exec(text)
        : /:\d\d[.,](\d+)/.exec(text);
  const digits = fraction?.[1]?.length ?? 0;
  if (digits > 6) return "ns";
  if (digits > 3) return "us";
  if (digits > 0) return "ms";
  if (layout === "epoch-s" || layout === "compact" || layout === "db2") return "s";
  if (/\d:\d\d:\d\d/.test(text) || /\d{6}/.test(text)) return "s";
  return /\d:\d\d/.test(text) || /\d\s*[AP]M/i.test(text) ? "minute" : "day";
}

// --- Calendar --------------------------------------------------------------

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01, or NaN for a date that does not exist (Howard Hinnant, `days_from_civil`). */
function daysFromCivil(year: number, month: number, day: number): number {
  if (month < 1 || month > 12 || day < 1) return NaN;
  if (day > (MONTH_DAYS[month - 1] ?? 0)) {
    const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    if (!(month === 2 && day === 29 && leap)) return NaN;
  }
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

// --- Zones -----------------------------------------------------------------

/** Local µs (as if UTC) to UTC µs. */
type ToUtc = (local: number) => number;

const asUtc: ToUtc = (local) => local;

function zoneConverter(settings: TimeSettings): ToUtc {
  const zone = settings.zone;
  const offset = settings.offsetMicros ?? (zone === undefined ? 0 : fixedOffset(zone));
  if (offset === 0) return asUtc;
  if (offset !== null) return (local) => local - offset;
  return namedZone(zone ?? "UTC");
}

/** Offset of `Z`, `UTC`, `+02:00`, `-0530`, `UTC+2` in µs; `null` for anything else. */
function fixedOffset(zone: string): number | null {
  const match = /^(?:Z|UTC|GMT|Etc\/UTC)?(?:([+-])(\d{1,2})(?::?(\d\d))?)?$/i.exec(zone.trim());
  if (match === null || zone.trim() === "") return null;
  const [, sign, hours = "0", minutes = "0"] = match;
  const size = Number(hours) * HOUR + Number(minutes) * MINUTE;
  return sign === "-" ? -size : size;
}

/** Offsets change at most on a quarter of an hour. */
const SLOT = 15 * MINUTE;

/**
 * Converts local times of an IANA zone. A time that occurs twice (clocks set
 * back) is taken as the first; one that never occurs is moved forward.
 */
function namedZone(zone: string): ToUtc {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
    era: "short",
  });
  const offsetAt = (utc: number): number => {
    const part: Record<string, string> = {};
    for (const { type, value } of format.formatToParts(utc / 1000)) {
      part[type] = value;
    }
    const year = part["era"] === "BC" ? 1 - Number(part["year"]) : Number(part["year"]);
    const days = daysFromCivil(year, Number(part["month"]), Number(part["day"]));
    const local =
      days * DAY +
      Number(part["hour"]) * HOUR +
      Number(part["minute"]) * MINUTE +
      Number(part["second"]) * SECOND;
    return local - Math.floor(utc / SECOND) * SECOND;
  };
  const offsets = new Map<number, number>();
  let lastSlot = NaN;
  let lastOffset = 0;
  return (local) => {
    const slot = Math.floor(local / SLOT);
    if (slot === lastSlot) return local - lastOffset;
    if (Number.isNaN(local)) return NaN;
    let offset = offsets.get(slot);
    if (offset === undefined) {
      const start = slot * SLOT;
      const before = offsetAt(start - DAY);
      const after = offsetAt(start + DAY);
      // The offset in force before a change wins, unless the time does not exist with it.
      offset =
        offsetAt(start - before) === before || before === after
          ? before
          : offsetAt(start - after) === after
            ? after
            : before;
      offsets.set(slot, offset);
    }
    lastSlot = slot;
    lastOffset = offset;
    return local - offset;
  };
}

// --- Parsers ---------------------------------------------------------------

function digit(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) - 48;
}

/** Two digits, or a number outside 0 to 99. */
function two(bytes: Uint8Array, at: number): number {
  const a = digit(bytes, at);
  const b = digit(bytes, at + 1);
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : 1000;
}

const DASH = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const SPACE = 32;

/**
 * `YYYY-MM-DD[(T| |_)HH:MM[:SS[(.|,)f…]]][ ][zone]`; the separators of the date
 * may be `/` or `.`. Trailing zone names after an offset (Go) and a monotonic
 * clock reading (`m=+0.1`) are skipped.
 */
function isoParser(toUtc: ToUtc): TimeParser {
  let lastDate = -1;
  let lastDays = 0;
  return (bytes, from, to) => {
    let start = from;
    let end = to;
    while (start < end && (bytes[start] ?? 0) <= SPACE) start++;
    while (end > start && (bytes[end - 1] ?? 0) <= SPACE) end--;
    const length = end - start;
    if (length < 10) return NaN;
    const y1 = two(bytes, start);
    const y2 = two(bytes, start + 2);
    const mo = two(bytes, start + 5);
    const d = two(bytes, start + 8);
    const separator = bytes[start + 4];
    if (
      y1 > 99 ||
      y2 > 99 ||
      mo > 12 ||
      d > 31 ||
      separator !== bytes[start + 7] ||
      (separator !== DASH && separator !== SLASH && separator !== DOT)
    ) {
      return NaN;
    }
    const date = (y1 * 100 + y2) * 10000 + mo * 100 + d;
    if (date !== lastDate) {
      const days = daysFromCivil(y1 * 100 + y2, mo, d);
      if (Number.isNaN(days)) return NaN;
      lastDate = date;
      lastDays = days;
    }
    const midnight = lastDays * 86_400_000_000;
    if (length === 10) return toUtc(midnight);
    const t = bytes[start + 10];
    if (t !== 84 && t !== SPACE && t !== 116 && t !== 95) return NaN;
    const h = two(bytes, start + 11);
    const mi = two(bytes, start + 14);
    if (length < 16 || h > 24 || mi > 59 || bytes[start + 13] !== COLON || (h === 24 && mi > 0)) {
      return NaN;
    }
    let at = start + 16;
    let micros = midnight + (h * 60 + mi) * 60_000_000;
    if (at < end && bytes[at] === COLON) {
      const s = two(bytes, at + 1);
      if (s > 60 || at + 3 > end || (h === 24 && s > 0)) return NaN;
      micros += s * 1_000_000;
      at += 3;
      const point = bytes[at];
      if (at < end && (point === DOT || point === 44)) {
        at++;
        let scale = 100_000;
        const first = at;
        while (at < end) {
          const f = digit(bytes, at);
          if (f < 0 || f > 9) break;
          if (scale >= 1) micros += f * scale;
          scale /= 10;
          at++;
        }
        if (at === first) return NaN;
      }
    }
    if (at === end) return toUtc(micros);
    if (bytes[at] === 90 && at + 1 === end) return micros;
    const offset = readOffset(bytes, at, end);
    return micros - offset;
  };
}

/** Offset in µs of what follows a time (`+02:00`, ` UTC`, ` +0000 UTC m=+0.1`), or NaN. */
function readOffset(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  const first = bytes[at];
  if (first === 43 || first === DASH) {
    const h = two(bytes, at + 1);
    if (at + 3 > end || h > 18) return NaN;
    let next = at + 3;
    let m = 0;
    if (next < end && bytes[next] === COLON) next++;
    if (next + 2 <= end && two(bytes, next) <= 59) {
      m = two(bytes, next);
      next += 2;
    } else if (bytes[next - 1] === COLON) return NaN;
    const offset = (h * 60 + m) * 60_000_000;
    if (!isZoneTail(bytes, next, end)) return NaN;
    return first === 43 ? offset : -offset;
  }
  const name = asciiText(bytes, at, end).toUpperCase();
  return name === "Z" || name === "UTC" || name === "GMT" || name === "Z UTC" ? 0 : NaN;
}

/** Nothing, a zone's abbreviation, and Go's monotonic reading. */
function isZoneTail(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  return /^(?: \(?[A-Z][A-Za-z]{1,5}\)?| [+-]\d{2,4})?(?: m=[+-][\d.]+)?$/.test(
    asciiText(bytes, start, end),
  );
}

function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let i = start; i < end && text.length < 100; i++) {
    text += String.fromCharCode(bytes[i] ?? 0);
  }
  return text;
}

/** Seconds and fractions since the epoch; `factor` µs per unit. */
function epochParser(factor: number): TimeParser {
  return (bytes, from, to) => {
    let at = from;
    let end = to;
    while (at < end && (bytes[at] ?? 0) <= SPACE) at++;
    while (end > at && (bytes[end - 1] ?? 0) <= SPACE) end--;
    const negative = bytes[at] === DASH;
    if (negative) at++;
    const first = at;
    // The last nine digits apart from the rest: 19 digits do not fit in a double.
    let high = 0;
    let low = 0;
    let lowScale = 1;
    while (at < end) {
      const d = digit(bytes, at);
      if (d < 0 || d > 9) break;
      if (at - first < 10) high = high * 10 + d;
      else {
        low = low * 10 + d;
        lowScale *= 10;
      }
      at++;
    }
    if (at === first || at - first > 20) return NaN;
    let micros = Math.floor(exactProduct(high, low, lowScale, factor));
    if (at < end && bytes[at] === DOT) {
      at++;
      let scale = factor / 10;
      let fraction = 0;
      while (at < end) {
        const d = digit(bytes, at);
        if (d < 0 || d > 9) break;
        fraction += d * scale;
        scale /= 10;
        at++;
      }
      micros += Math.floor(fraction + 1e-4);
    }
    if (at < end) {
      // 1.6926084E9 and the like.
      if (bytes[at] !== 101 && bytes[at] !== 69) return NaN;
      const value = Number(asciiText(bytes, from, to));
      return Number.isNaN(value) ? NaN : Math.round(value * factor);
    }
    return negative ? -micros : micros;
  };
}

/** (high · lowScale + low) · factor for factors 1e6, 1e3, 1 and 1e-3, without losing µs. */
function exactProduct(high: number, low: number, lowScale: number, factor: number): number {
  if (factor >= 1) return (high * lowScale + low) * factor;
  const inverse = 1000;
  return lowScale >= inverse
    ? high * (lowScale / inverse) + Math.floor(low / inverse)
    : Math.floor((high * lowScale + low) / inverse);
}

/** Reads forward through a short ASCII text; a failed read makes the whole fail. */
class Cursor {
  at = 0;
  end = 0;
  bytes: Uint8Array = new Uint8Array(0);
  failed = false;

  reset(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
    this.failed = false;
    while (this.at < this.end && this.peek() <= SPACE) this.at++;
    while (this.end > this.at && (this.bytes[this.end - 1] ?? 0) <= SPACE) {
      this.end--;
    }
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  peek(): number {
    return this.at < this.end ? (this.bytes[this.at] ?? 0) : -1;
  }

  /** A number of `min` to `max` digits. */
  int(min: number, max: number): number {
    let value = 0;
    let count = 0;
    while (count < max && this.at < this.end) {
      const d = digit(this.bytes, this.at);
      if (d < 0 || d > 9) break;
      value = value * 10 + d;
      this.at++;
      count++;
    }
    if (count < min) this.failed = true;
    return value;
  }

  /** One of the characters of `set`. */
  one(set: string): boolean {
    if (set.includes(String.fromCharCode(this.peek()))) {
      this.at++;
      return true;
    }
    this.failed = true;
    return false;
  }

  skip(set: string): boolean {
    const before = this.at;
    while (!this.done && set.includes(String.fromCharCode(this.peek()))) {
      this.at++;
    }
    return this.at > before;
  }

  /** Letters up to the next other character. */
  word(): string {
    let text = "";
    while (!this.done) {
      const b = this.peek() | 32;
      if (b < 97 || b > 122) break;
      text += String.fromCharCode(b);
      this.at++;
    }
    return text;
  }

  /** `Mar`, `march`: 1 to 12. */
  month(): number {
    const name = this.word();
    const index = MONTHS.findIndex(
      (m) => name === m || name === m.slice(0, 3) || (m === "september" && name === "sept"),
    );
    if (index === -1) this.failed = true;
    return index + 1;
  }

  /** `H:MM[:SS[.f…]]` with optional AM/PM, in µs. */
  clock(): number {
    let h = this.int(1, 2);
    this.one(":");
    const m = this.int(2, 2);
    let micros = 0;
    if (this.peek() === COLON) {
      this.at++;
      const s = this.int(2, 2);
      if (s > 60) this.failed = true;
      micros = s * 1_000_000;
      if (this.peek() === DOT || this.peek() === 44) {
        this.at++;
        micros += this.fraction();
      }
    }
    const before = this.at;
    this.skip(" ");
    const half = this.word().replaceAll(".", "");
    if (half === "am" || half === "pm") {
      if (h < 1 || h > 12) this.failed = true;
      h = (h % 12) + (half === "pm" ? 12 : 0);
    } else {
      this.at = before;
    }
    if (h > 23 || m > 59) this.failed = true;
    return (h * 60 + m) * 60_000_000 + micros;
  }

  /** Digits after the point, in µs. */
  fraction(): number {
    let micros = 0;
    let scale = 100_000;
    const first = this.at;
    while (!this.done) {
      const d = digit(this.bytes, this.at);
      if (d < 0 || d > 9) break;
      if (scale >= 1) micros += d * scale;
      scale /= 10;
      this.at++;
    }
    if (this.at === first) this.failed = true;
    return micros;
  }

  /** The rest is an offset (or nothing): local µs to UTC µs. */
  finish(local: number, toUtc: ToUtc): number {
    if (this.failed || Number.isNaN(local)) return NaN;
    this.skip(" ");
    if (this.done) return toUtc(local);
    return local - readOffset(this.bytes, this.at, this.end);
  }
}

const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
];
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function cursorParser(read: (cursor: Cursor) => number): TimeParser {
  const cursor = new Cursor();
  return (bytes, start, end) => {
    cursor.reset(bytes, start, end);
    const time = read(cursor);
    return cursor.failed ? NaN : time;
  };
}

function dateMicros(year: number, month: number, day: number): number {
  return daysFromCivil(year, month, day) * DAY;
}

function readIsoBasic(c: Cursor, toUtc: ToUtc): number {
  const y = c.int(4, 4);
  const mo = c.int(2, 2);
  const d = c.int(2, 2);
  const date = dateMicros(y, mo, d);
  if (c.done || y < 1900 || y > 2200) return NaN;
  c.one("T t_-");
  const h = c.int(2, 2);
  const mi = c.int(2, 2);
  const s = c.int(2, 2);
  if (h > 23 || mi > 59 || s > 60) return NaN;
  let micros = ((h * 60 + mi) * 60 + s) * 1e6;
  if (c.peek() === DOT || c.peek() === 44) {
    c.at++;
    micros += c.fraction();
  }
  return c.finish(date + micros, toUtc);
}

function readDb2(c: Cursor, toUtc: ToUtc): number {
  const y = c.int(4, 4);
  c.one("-");
  const mo = c.int(2, 2);
  c.one("-");
  const d = c.int(2, 2);
  c.one("-");
  const h = c.int(2, 2);
  c.one(".");
  const mi = c.int(2, 2);
  c.one(".");
  const s = c.int(2, 2);
  if (h > 23 || mi > 59 || s > 60) return NaN;
  let micros = ((h * 60 + mi) * 60 + s) * 1e6;
  if (c.peek() === DOT) {
    c.at++;
    micros += c.fraction();
  }
  return c.finish(dateMicros(y, mo, d) + micros, toUtc);
}

function readAccess(c: Cursor, toUtc: ToUtc): number {
  c.skip("[");
  const d = c.int(1, 2);
  c.one("/");
  const mo = c.month();
  c.one("/");
  const y = c.int(4, 4);
  c.one(": ");
  const clock = c.clock();
  if (c.bytes[c.end - 1] === 93) c.end--;
  return c.finish(dateMicros(y, mo, d) + clock, toUtc);
}

function readSyslog(c: Cursor, toUtc: ToUtc, year: number): number {
  const mo = c.month();
  if (!c.skip(" ")) return NaN;
  const d = c.int(1, 2);
  if (!c.skip(" ")) return NaN;
  const clock = c.clock();
  return c.finish(dateMicros(year, mo, d) + clock, toUtc);
}

function readCtime(c: Cursor, toUtc: ToUtc): number {
  if (!WEEKDAYS.includes(c.word().slice(0, 3))) return NaN;
  if (!c.skip(" ")) return NaN;
  const mo = c.month();
  c.skip(" ");
  const d = c.int(1, 2);
  c.skip(" ");
  const clock = c.clock();
  c.skip(" ");
  // `Sun Mar  1 10:00:00 UTC 2026` (date).
  const zone = c.word();
  if (zone !== "" && zone !== "utc" && zone !== "gmt") return NaN;
  c.skip(" ");
  const y = c.int(4, 4);
  if (!c.done) return NaN;
  const local = dateMicros(y, mo, d) + clock;
  return zone === "" ? toUtc(local) : local;
}

function readNumeric(c: Cursor, toUtc: ToUtc, dayFirst: boolean | undefined): number {
  const a = c.int(1, 2);
  const separator = c.peek();
  c.one("./-");
  const b = c.int(1, 2);
  if (c.peek() !== separator) return NaN;
  c.at++;
  const from = c.at;
  let y = c.int(2, 4);
  if (c.at - from === 3) return NaN;
  if (c.at - from === 2) y += y < 70 ? 2000 : 1900;
  const first = dayFirst ?? separator === DOT;
  const date = first ? dateMicros(y, b, a) : dateMicros(y, a, b);
  if (c.done) return c.failed ? NaN : toUtc(date);
  if (!c.skip(", T")) return NaN;
  return c.finish(date + c.clock(), toUtc);
}

function readRfc2822(c: Cursor, toUtc: ToUtc): number {
  const day = c.word();
  if (day !== "") {
    if (!WEEKDAYS.includes(day.slice(0, 3))) return NaN;
    c.skip(", ");
  }
  const d = c.int(1, 2);
  if (!c.skip(" -")) return NaN;
  const mo = c.month();
  if (!c.skip(" -")) return NaN;
  const y = c.int(4, 4);
  const date = dateMicros(y, mo, d);
  if (c.done) return toUtc(date);
  c.skip(" ,");
  return c.finish(date + c.clock(), toUtc);
}

function readMonthName(c: Cursor, toUtc: ToUtc): number {
  const mo = c.month();
  c.skip(" ");
  const d = c.int(1, 2);
  if (!c.skip(", ")) return NaN;
  const y = c.int(4, 4);
  const date = dateMicros(y, mo, d);
  if (c.done) return c.failed ? NaN : toUtc(date);
  c.skip(" @,");
  return c.finish(date + c.clock(), toUtc);
}

function readCompact(c: Cursor, toUtc: ToUtc): number {
  const y = c.int(2, 2) + 2000;
  const mo = c.int(2, 2);
  const d = c.int(2, 2);
  if (!c.skip(" ")) return NaN;
  if (c.end - c.at >= 3 && (c.bytes[c.at + 1] === COLON || c.bytes[c.at + 2] === COLON)) {
    // MySQL pads the hour with a space: `260301  9:05:00`.
    return c.finish(dateMicros(y, mo, d) + c.clock(), toUtc);
  }
  const h = c.int(2, 2);
  const mi = c.int(2, 2);
  const s = c.int(2, 2);
  if (h > 23 || mi > 59 || s > 60) return NaN;
  return c.finish(dateMicros(y, mo, d) + ((h * 60 + mi) * 60 + s) * 1e6, toUtc);
}

function readGlog(c: Cursor, toUtc: ToUtc, year: number): number {
  c.one("IWEFD");
  const mo = c.int(2, 2);
  const d = c.int(2, 2);
  if (!c.skip(" ")) return NaN;
  return c.finish(dateMicros(year, mo, d) + c.clock(), toUtc);
}
