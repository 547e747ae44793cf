/** A unit that was not stated, and what speaks for it. */
export interface UnitGuess {
  readonly unit: string;
  readonly reason: string;
}

const SHARES =
  /^(?:prob(?:ability)?|proba|ratio|share|fraction|rate|ctr|cvr|accuracy|precision|recall|auc|f1|confidence|utili[sz]ation|usage|percent|pct)$/;
const DURATIONS = /^(?:latency|duration|elapsed|delay|lag|rt|ttl|timeout|wait)$/;
const SIZES = /^(?:bytes?|size|mem(?:ory)?|heap|rss|disk|payload)$/;
const TEMPERATURES = /^(?:temp|temperature)$/;
/** Last words of names that are units, beyond those that importers take as stated. */
const SUFFIXES: Readonly<Record<string, string>> = {
  s: "s",
  secs: "s",
  minutes: "min",
  hours: "h",
  days: "d",
  usd: "USD",
  eur: "EUR",
  km: "km",
  kg: "kg",
  mb: "MB",
  kb: "kB",
  gb: "GB",
};
/** Seconds since 1970 of 1990 and of 2100. */
const EPOCHS: readonly (readonly [unit: string, factor: number])[] = [
  ["s", 1],
  ["ms", 1e3],
  ["µs", 1e6],
  ["ns", 1e9],
];

/**
 * A unit by the name of a column and the range of its values, or null. It is a
 * guess and says so: nothing is converted by it.
 */
export function guessUnit(name: string, min: number, max: number): UnitGuess | null {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
  const has = (pattern: RegExp): boolean => words.some((w) => pattern.test(w));
  const range = `values from ${short(min)} to ${short(max)}`;
  for (const [unit, factor] of EPOCHS) {
    if (min >= 631_152_000 * factor && max <= 4_102_444_800 * factor && Number.isInteger(min)) {
      return { unit: `${unit} since 1970`, reason: `${range} are times` };
    }
  }
  if (has(SHARES) && min >= 0) {
    if (max <= 1) return { unit: "fraction", reason: `its name, and ${range}` };
    if (max <= 100) return { unit: "%", reason: `its name, and ${range}` };
  }
  if (has(TEMPERATURES)) {
    // Room, body and machine temperatures: 50 °F is a cold day, 130 °C a hot chip.
    if (min >= 200 && max <= 500) return { unit: "K", reason: `its name, and ${range}` };
    if (min >= -40 && max <= 60) return { unit: "°C", reason: `its name, and ${range}` };
    return null;
  }
  if (has(DURATIONS) && min >= 0) {
    if (max < 30 && !Number.isInteger(max)) return { unit: "s", reason: `a duration, ${range}` };
    if (max >= 1e6) return { unit: "µs", reason: `a duration, ${range}` };
    if (max >= 100) return { unit: "ms", reason: `a duration, ${range}` };
    return null;
  }
  if (has(SIZES) && min >= 0 && max >= 1e6 && Number.isInteger(max)) {
    return { unit: "B", reason: `a size, ${range}` };
  }
  const last = SUFFIXES[words.at(-1) ?? ""];
  if (last !== undefined && words.length > 1) return { unit: last, reason: "the end of its name" };
  if (words.includes("age") && min >= 0 && max <= 130) {
    return { unit: "years", reason: `its name, and ${range}` };
  }
  return null;
}

function short(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15
    ? String(value)
    : String(Number(value.toPrecision(4)));
}
