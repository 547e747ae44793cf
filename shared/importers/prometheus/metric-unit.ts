/** Last words of metric names that state a base unit: https://prometheus.io/docs/practices/naming/#base-units */
const UNITS: Readonly<Record<string, string>> = {
  seconds: "s",
  milliseconds: "ms",
  microseconds: "µs",
  nanoseconds: "ns",
  bytes: "B",
  bits: "bit",
  ratio: "fraction",
  percent: "%",
  celsius: "°C",
  kelvin: "K",
  volts: "V",
  amperes: "A",
  watts: "W",
  joules: "J",
  grams: "g",
  meters: "m",
  hertz: "Hz",
};

/** The unit as other tables write it: `seconds` is `s`; a word that is not known stays as it is. */
export function shortUnit(word: string): string {
  return UNITS[word] ?? word;
}

/**
 * The unit that a metric's name states, or null. Counts of a histogram are
 * counts, whatever its family measures.
 */
export function unitOfMetric(name: string): string | null {
  if (isCount(name)) return null;
  if (name.endsWith("_created")) return "s since 1970";
  const base = name.replace(/_(?:total|sum|max|min|avg|average)$/, "");
  const word = base.slice(base.lastIndexOf("_") + 1);
  return base.includes("_") ? (UNITS[word] ?? null) : null;
}

/** Buckets and counts of a histogram or summary. */
export function isCount(name: string): boolean {
  return /_(?:bucket|count|gcount|info)$/.test(name);
}
