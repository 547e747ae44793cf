import type { Quantity } from "./name-hints.ts";

/** A change of unit: a value `x` of the baseline reads `scale · x + offset` in the incident. */
export interface UnitFactor {
  readonly scale: number;
  readonly offset: number;
  /** What was multiplied, in words: `1,000 times`. */
  readonly words: string;
  /** Units before and after that the factor suggests. */
  readonly units: string;
  /** Only believed where the name or unit of the column tells this quantity. */
  readonly only: Quantity | null;
}

interface Pair {
  readonly scale: number;
  readonly times: string;
  readonly fraction: string;
  /** Larger unit first: a change from it to the smaller multiplies. */
  readonly units: readonly [large: string, small: string] | null;
  readonly only?: Quantity;
}

const POWERS: readonly Pair[] = [
  { scale: 10, times: "10 times", fraction: "a tenth of", units: ["cm", "mm"] },
  { scale: 100, times: "100 times", fraction: "a hundredth of", units: ["fraction", "per cent"] },
  { scale: 1e3, times: "1,000 times", fraction: "a thousandth of", units: ["s", "ms"] },
  { scale: 1e4, times: "10,000 times", fraction: "a ten-thousandth of", units: null },
  { scale: 1e5, times: "100,000 times", fraction: "a hundred-thousandth of", units: null },
  { scale: 1e6, times: "1,000,000 times", fraction: "a millionth of", units: ["s", "µs"] },
  { scale: 1e9, times: "10⁹ times", fraction: "a billionth of", units: ["s", "ns"] },
  { scale: 1024, times: "1,024 times", fraction: "1/1,024 of", units: ["KiB", "bytes"] },
  { scale: 1024 ** 2, times: "1,024² times", fraction: "1/1,024² of", units: ["MiB", "bytes"] },
  { scale: 1024 ** 3, times: "1,024³ times", fraction: "1/1,024³ of", units: ["GiB", "bytes"] },
  { scale: 24, times: "24 times", fraction: "1/24 of", units: ["days", "hours"] },
  { scale: 60, times: "60 times", fraction: "1/60 of", units: ["minutes", "seconds"] },
  { scale: 1440, times: "1,440 times", fraction: "1/1,440 of", units: ["days", "minutes"] },
  { scale: 3600, times: "3,600 times", fraction: "1/3,600 of", units: ["hours", "seconds"] },
  { scale: 6e4, times: "60,000 times", fraction: "1/60,000 of", units: ["minutes", "ms"] },
  { scale: 86_400, times: "86,400 times", fraction: "1/86,400 of", units: ["days", "seconds"] },
  { scale: 3.6e6, times: "3,600,000 times", fraction: "1/3,600,000 of", units: ["hours", "ms"] },
];

const PHYSICAL: readonly Pair[] = [
  physical(1.609344, "miles", "km", "length"),
  physical(1.609344, "mph", "km/h", "speed"),
  physical(3.6, "m/s", "km/h", "speed"),
  physical(1 / 0.3048, "m", "feet", "length"),
  physical(2.54, "inches", "cm", "length"),
  physical(1 / 0.45359237, "kg", "pounds", "mass"),
  physical(28.349523125, "ounces", "g", "mass"),
  physical(3.785411784, "gallons", "litres", "volume"),
  physical(180 / Math.PI, "radians", "degrees", "angle"),
  physical(8, "bytes", "bits", "bytes"),
];

function physical(scale: number, large: string, small: string, only: Quantity): Pair {
  const shown = String(Number(scale.toPrecision(4)));
  return {
    scale,
    times: `${shown} times`,
    fraction: `1/${shown} of`,
    units: [large, small],
    only,
  };
}

function temperature(scale: number, offset: number, from: string, to: string): UnitFactor {
  const words =
    scale === 1
      ? `${offset > 0 ? "+" : "−"} ${String(Math.abs(offset))}`
      : `× ${String(Number(scale.toPrecision(4)))} ${offset > 0 ? "+" : "−"} ${String(Number(Math.abs(offset).toPrecision(5)))}`;
  return { scale, offset, words, units: `${from} → ${to}`, only: "temperature" };
}

function bothWays({ scale, times, fraction, units, only }: Pair): UnitFactor[] {
  const shared = { offset: 0, only: only ?? null };
  const [large, small] = units ?? ["", ""];
  const arrow = (from: string, to: string): string => (units === null ? "" : `${from} → ${to}`);
  return [
    { ...shared, scale, words: times, units: arrow(large, small) },
    { ...shared, scale: 1 / scale, words: fraction, units: arrow(small, large) },
  ];
}

/**
 * Changes of unit that happen in practice: decimal and binary prefixes, clock
 * units, per cent, sign, temperature scales, and imperial units where the name
 * of the column tells the quantity (a factor of 1.6 alone says nothing).
 */
export const UNIT_FACTORS: readonly UnitFactor[] = [
  ...[...POWERS, ...PHYSICAL].flatMap(bothWays),
  { scale: -1, offset: 0, words: "the negative of", units: "sign flipped", only: null },
  temperature(1.8, 32, "°C", "°F"),
  temperature(1 / 1.8, -32 / 1.8, "°F", "°C"),
  temperature(1, 273.15, "°C", "K"),
  temperature(1, -273.15, "K", "°C"),
  temperature(1.8, -459.67, "K", "°F"),
  temperature(1 / 1.8, 459.67 / 1.8, "°F", "K"),
];

/** Units that a power of ten or 1,024 suggests for a quantity. */
const PREFIXES: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
  bytes: {
    "1000": ["kB", "bytes"],
    "1000000": ["MB", "bytes"],
    "1000000000": ["GB", "bytes"],
  },
  length: {
    "10": ["cm", "mm"],
    "100": ["m", "cm"],
    "1000": ["km", "m"],
    "1000000": ["km", "mm"],
  },
  mass: { "1000": ["kg", "g"], "1000000": ["kg", "mg"] },
  volume: { "1000": ["litres", "ml"] },
  time: {
    "1000": ["s", "ms"],
    "1000000": ["s", "µs"],
    "1000000000": ["s", "ns"],
    "60": ["minutes", "seconds"],
  },
};

/** Units that fit a factor for a column of a known quantity; empty where nothing does. */
export function probableUnits(
  factor: UnitFactor,
  quantity: Quantity | null,
  share: boolean,
): string {
  if (factor.only !== null || factor.scale < 0) return factor.units;
  const key = String(Number((factor.scale > 1 ? factor.scale : 1 / factor.scale).toPrecision(9)));
  const told = quantity === null ? undefined : PREFIXES[quantity]?.[key];
  if (told !== undefined) {
    const [large, small] = told;
    return factor.scale > 1 ? `${large} → ${small}` : `${small} → ${large}`;
  }
  if (key === "100") return share ? factor.units : "units and hundredths (such as EUR and cents)";
  if (key === "10") return "";
  // Without a hint of the quantity, the customary reading of a thousand is left open.
  if (quantity === null && key === "1000") {
    return factor.scale > 1 ? "s → ms, km → m or the like" : "ms → s, m → km or the like";
  }
  return factor.units;
}
