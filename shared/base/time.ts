import type { Brand } from "./brand.ts";

/**
 * A point in time in the evidence: microseconds since 1970-01-01 UTC.
 * A double holds these exactly until the year 2255.
 */
export type EvidenceTime = Brand<number, "EvidenceTime">;

/** A length of evidence time in microseconds. */
export type Duration = Brand<number, "Duration">;

export const SECOND = 1_000_000 as Duration;
export const MINUTE = 60_000_000 as Duration;
export const HOUR = 3_600_000_000 as Duration;
export const DAY = 86_400_000_000 as Duration;

/** ISO 8601 in UTC with as many fractional digits as needed, e.g. `2024-05-01T00:00:00Z`. */
export function formatIso(time: EvidenceTime): string {
  const millis = Math.floor(time / 1000);
  const micros = time - millis * 1000;
  const base = new Date(millis).toISOString();
  if (micros > 0) return `${base.slice(0, -1)}${String(micros).padStart(3, "0")}Z`;
  return base.endsWith(".000Z") ? `${base.slice(0, -5)}Z` : base;
}

/**
 * Reads an ISO 8601 instant. A text without an offset is read as UTC.
 * Returns `null` for anything else.
 */
export function parseIso(text: string): EvidenceTime | null {
  const match =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(
      text.trim(),
    );
  if (match === null) return null;
  const [, y, mo, d, h = "0", mi = "0", s = "0", fraction = "", zone] = match;
  const millis = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
  if (Number.isNaN(millis) || Number(mo) < 1 || Number(mo) > 12) return null;
  if (new Date(millis).getUTCDate() !== Number(d)) return null;
  const micros = Number(fraction.padEnd(6, "0").slice(0, 6));
  return (millis * 1000 + micros - zoneOffset(zone)) as EvidenceTime;
}

function zoneOffset(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone.slice(1).replace(":", "");
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * MINUTE;
}

/** The same instant as a DuckDB literal: `TIMESTAMP '2024-05-01 00:00:00.000000'`. */
export function timestampLiteral(time: EvidenceTime): string {
  const millis = Math.floor(time / 1000);
  const micros = String(Math.round(time - millis * 1000)).padStart(3, "0");
  const text = new Date(millis).toISOString().slice(0, -1).replace("T", " ");
  return `TIMESTAMP '${text}${micros}'`;
}
