/** A number as it stands in a cell, in its base unit. */
export interface CellValue {
  readonly value: number;
  /** The base unit that the value was brought to; null where the cell has none. */
  readonly unit: string | null;
}

/** Units by how Grafana writes them: base unit and factor. */
const UNITS = new Map<string, readonly [string | null, number]>();

const add = (base: string | null, units: Readonly<Record<string, number>>): void => {
  for (const [unit, factor] of Object.entries(units)) UNITS.set(unit, [base, factor]);
};

// Durations: `toSeconds` and its relatives; months and years as Grafana counts them.
add("s", { ns: 1e-9, µs: 1e-6, μs: 1e-6, us: 1e-6, ms: 1e-3, s: 1, sec: 1, secs: 1, second: 1 });
add("s", { seconds: 1, milliseconds: 1e-3, min: 60, mins: 60, minute: 60, minutes: 60 });
add("s", { h: 3600, hour: 3600, hours: 3600, d: 86400, day: 86400, days: 86400 });
add("s", { week: 604800, weeks: 604800, month: 2628000, months: 2628000 });
add("s", { year: 31536000, years: 31536000 });
// Counts: `short`.
add(null, { K: 1e3, Mil: 1e6, Bil: 1e9, Tri: 1e12, Quadr: 1e15, Quint: 1e18, Sext: 1e21 });
add(null, { Sept: 1e24 });

const DECIMAL = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const BINARY = {
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
};
const SMALL = { n: 1e-9, µ: 1e-6, m: 1e-3 };

const addScaled = (
  base: string,
  written: string,
  scales: Readonly<Record<string, number>>,
): void => {
  add(base, Object.fromEntries(Object.entries(scales).map(([p, f]) => [p + written, f])));
};

for (const [base, written] of [
  ["B", "B"],
  ["B/s", "B/s"],
  ["bit", "b"],
  ["bit/s", "b/s"],
  ["bit/s", "bps"],
  ["B/s", "Bps"],
] as const) {
  addScaled(base, written, { ...DECIMAL, ...BINARY });
}
for (const unit of ["Hz", "W", "Wh", "V", "A", "J", "VA", "p/s", "pps", "H/s", "m/s"])
  addScaled(unit, unit, unit === "m/s" ? { "": 1 } : DECIMAL);
for (const unit of ["W", "V", "A"]) addScaled(unit, unit, SMALL);

/** Scales that stand right after the number, before a unit of counts or a currency. */
const COUNTS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

const CELL =
  /^(\p{Sc}|R\$|kr|zł|CHF)?\s?([+\-\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d+)?)(?:([KMBT])(?![A-Za-z]))?(\s*)([^\d\s.,+\-(][^\d\s",;]{0,15})?$/u;

/** Cells that say that nothing was measured. */
export function isEmptyCell(cell: string): boolean {
  return /^(?:|-|null|undefined|n\/?a|no value|no data)$/i.test(cell.trim());
}

/**
 * Reads a cell as Grafana formats it (`5.01 s`, `1.5 K`, `12%`, `1,234 ms`,
 * `$3.2K`, `1.50K req/s`), or null where it is no number.
 * https://github.com/grafana/grafana/tree/main/packages/grafana-data/src/valueFormats
 */
export function readCell(cell: string): CellValue | null {
  const text = cell.trim();
  const special = SPECIAL.get(text.toLowerCase());
  if (special !== undefined) return { value: special, unit: null };
  const match = CELL.exec(text);
  const digits = match?.[2] ?? "";
  if (match === null || !/\d/.test(digits)) return null;
  const number = Number(digits.replaceAll(",", "").replace("\u2212", "-"));
  const [, currency, , count, blank, written = ""] = match;
  const known = UNITS.get(written);
  // A blank stands before every unit that is not a mark.
  if (known === undefined && blank === "" && /^\w/.test(written)) return null;
  const unit = known === undefined ? (written === "" ? (currency ?? null) : written) : known[0];
  return { value: scaled(number * (COUNTS[count ?? ""] ?? 1), known?.[1] ?? 1), unit };
}

/** 950 · 0.001 is not 0.95; 950 / 1000 is. */
function scaled(value: number, factor: number): number {
  return factor < 1 ? value / Math.round(1 / factor) : value * factor;
}

const SPECIAL = new Map<string, number>([
  ["nan", NaN],
  ["inf", Infinity],
  ["+inf", Infinity],
  ["infinity", Infinity],
  ["∞", Infinity],
  ["-inf", -Infinity],
  ["-infinity", -Infinity],
  ["-∞", -Infinity],
]);

/** Whether a cell has a unit beside its number. */
export function hasUnit(cell: string): boolean {
  const text = cell.trim();
  return /[^\d.,\s+\-eE]/.test(text) && !SPECIAL.has(text.toLowerCase()) && readCell(text) !== null;
}

/**
 * Puts fields together that thousands separators without quotes took apart:
 * `["1", "234.5 ms"]` is `["1,234.5 ms"]`. Null where the fields cannot be
 * brought to this number, or can in several ways.
 */
export function joinThousands(fields: readonly string[], width: number): string[] | null {
  let found: string[] | null = null;
  let ways = 0;
  const walk = (at: number, joined: string[]): void => {
    if (ways > 1 || joined.length > width || fields.length - at < width - joined.length) return;
    if (at === fields.length) {
      if (joined.length !== width) return;
      ways++;
      found = joined;
      return;
    }
    let cell = fields[at] ?? "";
    walk(at + 1, [...joined, cell]);
    if (!/^\s*[^\d\s]{0,3}[+-]?\d{1,3}$/.test(cell)) return;
    for (let next = at + 1; next < fields.length; next++) {
      const part = fields[next] ?? "";
      if (!/^\d{3}(?!\d)/.test(part)) return;
      cell += `,${part}`;
      walk(next + 1, [...joined, cell]);
      if (!/^\d{3}$/.test(part)) return;
    }
  };
  if (fields.length - width > 40 || fields.length > 200) return null;
  walk(0, []);
  return ways === 1 ? found : null;
}
