import { formatIso, type EvidenceTime } from "../base/time.ts";

/** Numbers and times as a report writes them: the same text in every format. */

const INTEGER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });

export function integer(value: number): string {
  return INTEGER.format(Math.round(value) + 0).replace("-", "−");
}

/** Up to four significant digits; a real minus sign. */
export function number(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return integer(value);
  if (size >= 1e6 || (size !== 0 && size < 1e-4))
    return value.toExponential(2).replaceAll("-", "−");
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/** A number that was kept as text (`183500`, `-0.25`) as the report writes numbers; others stay. */
export function numberText(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const [whole = "", fraction] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${text.startsWith("-") ? "−" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** `12.3 %` */
export function percent(share: number): string {
  const value = share * 100;
  return `${value.toFixed(Math.abs(value) < 10 ? 1 : 0)} %`;
}

/** p- and q-values: `0.034`, `< 0.001`. */
export function pValue(p: number | null): string {
  return p === null ? "–" : p < 0.001 ? "< 0.001" : p.toFixed(3);
}

/** `1.4 MB` (10^6 bytes). */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  let size = value;
  let unit = "B";
  for (unit of ["kB", "MB", "GB", "TB"]) {
    size /= 1000;
    if (size < 1000) break;
  }
  return `${size.toFixed(size < 10 ? 1 : 0)} ${unit}`;
}

/** `2024-05-12 03:00:00 UTC`; µs in. */
export function time(micros: number | null): string {
  if (micros === null) return "–";
  return `${formatIso(micros as EvidenceTime)
    .slice(0, 19)
    .replace("T", " ")} UTC`;
}

/** A length of time in µs: `21 d`, `3 h 20 min`. */
export function duration(micros: number): string {
  let rest = Math.round(micros / 1e6);
  if (rest < 60) return `${number(micros / 1e6)} s`;
  const parts: string[] = [];
  for (const [size, name] of [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
  ] as const) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n > 0) parts.push(`${n} ${name}`);
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

/** The sentence with a full stop. */
export function ended(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}
