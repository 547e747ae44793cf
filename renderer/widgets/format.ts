/** Numbers, sizes and times as people read them. Units always. */

const INTEGER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

/** `1,234` */
export function integer(value: number): string {
  return INTEGER.format(value);
}

/** `1 file`, `2 files` */
export function count(value: number, noun: string): string {
  return `${integer(value)} ${noun}${value === 1 ? "" : "s"}`;
}

/** Up to four significant digits, exponents beyond a million and below a ten-thousandth. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-4)) return value.toExponential(2).replace("-", "−");
  if (Number.isInteger(value)) return INTEGER.format(value).replace("-", "−");
  const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
  return decimals(digits).format(value).replace("-", "−");
}

const DECIMALS = new Map<number, Intl.NumberFormat>();

/** Making a formatter costs more than using it a hundred times. */
function decimals(digits: number): Intl.NumberFormat {
  const known = DECIMALS.get(digits);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat("en-GB", { maximumFractionDigits: digits });
  DECIMALS.set(digits, made);
  return made;
}

/** `12.3 %` */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return "–";
  const value = share * 100;
  return `${value.toFixed(Math.abs(value) < 10 ? 2 : 1)} %`;
}

/** p-values: `0.034`, `< 0.001` */
export function pValue(p: number | null | undefined): string {
  if (p === null || p === undefined) return "–";
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** `1.4 MB` (10^6 bytes). */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let size = value;
  let unit = -1;
  do {
    size /= 1000;
    unit += 1;
  } while (size >= 1000 && unit < units.length - 1);
  return `${size.toFixed(size < 10 ? 1 : 0)} ${units[unit] ?? ""}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2024-05-12 03:00:00` in the given zone; µs UTC in. */
export function time(micros: number | null | undefined, zone: string): string {
  if (micros === null || micros === undefined) return "–";
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    formats.set(zone, format);
  }
  return format.format(micros / 1000);
}

/** The same with the zone's name, for places where a time stands alone. */
export function timeWithZone(micros: number | null | undefined, zone: string): string {
  return micros === null || micros === undefined ? "–" : `${time(micros, zone)} ${zone}`;
}

/** A length of time in µs: `21 d`, `3 h 20 min`, `4.2 s`. */
export function duration(micros: number): string {
  const seconds = micros / 1e6;
  if (seconds < 1) return `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const units: [number, string][] = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
  ];
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [size, name] of units) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(`${n} ${name}`);
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}
