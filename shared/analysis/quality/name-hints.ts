import type { Role } from "../../model/role.ts";
import type { TableMeta } from "../../model/table.ts";

/** What a column's name, unit and role say about the values it may have. */
export interface NameHints {
  /** Counts, durations, sizes, prices, ages: nothing below zero. */
  readonly nonNegative: boolean;
  /** Probabilities and shares: 0 to 1 or, by its unit or values, 0 to 100. */
  readonly share: boolean;
  readonly latitude: boolean;
  readonly longitude: boolean;
  readonly age: boolean;
  /** Physical quantity, where the name or unit tells. */
  readonly quantity: Quantity | null;
}

export type Quantity =
  "temperature" | "length" | "mass" | "volume" | "speed" | "angle" | "bytes" | "time";

const NON_NEGATIVE =
  /^(?:counts?|cnt|num|number|n|nr|qty|quantity|clicks?|views?|impressions?|orders?|visits?|latency|duration|elapsed|runtime|prices?|cost|fare|fee|revenue|income|salary|age|size|bytes?|length|distance|dist|weight|height|width|area|speed|seconds?|secs?|ms|minutes?|mins?|hours?|days|rate|freq(?:uency)?|population|rooms|passengers?|sessions?|requests?|errors?|retries|attempts|tokens?)$/;
const SHARES =
  /^(?:p|prob(?:ability)?|proba|ratio|share|fraction|rate|ctr|cvr|percent|pct|percentage|confidence|accuracy|precision|recall|auc)$/;
const QUANTITIES: readonly (readonly [Quantity, RegExp])[] = [
  ["temperature", /^(?:temp|temperature|celsius|fahrenheit|kelvin|°c|°f|degc|degf)$/],
  [
    "length",
    /^(?:distance|dist|length|height|width|depth|altitude|elevation|km|miles?|mi|meters?|metres?|feet|ft|inch(?:es)?|cm|mm|mileage|radius)$/,
  ],
  ["mass", /^(?:weight|mass|kg|lbs?|pounds?|grams?|oz|bmi)$/],
  ["volume", /^(?:volume|litres?|liters?|gallons?|gal|fuel)$/],
  ["speed", /^(?:speed|velocity|kmh|mph|wind|windspeed)$/],
  [
    "angle",
    /^(?:angle|heading|bearing|yaw|pitch|roll|lat|latitude|lon|lng|longitude|azimuth|rotation|deg|rad)$/,
  ],
  ["bytes", /^(?:bytes?|size|mem|memory|heap|rss|disk|payload|mb|kb|gb|mib|kib|gib|bits?|ram)$/],
  [
    "time",
    /^(?:latency|duration|elapsed|delay|lag|rt|ttl|timeout|wait|time|age|s|ms|us|µs|ns|secs?|seconds?|millis|minutes?|mins?|hours?|days?)$/,
  ],
];
/** Words of columns whose values follow each other in time. */
const SUCCESSIVE =
  /^(?:version|ver|release|build|revision|rev|commit|sha|batch|run|snapshot|partition|date|day|dt|ds|week|month|quarter|year|hour|minute|epoch|step|iteration|seq|sequence|generation|shard|cycle)$/;

/** The words of a column name, lower case: `userAge_ms` → `user`, `age`, `ms`. */
export function nameWords(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\d°]+/u)
    .filter((word) => word !== "");
}

/** Reads name, unit and role of a column. Guesses: they only decide what is worth saying. */
export function nameHints(column: TableMeta["columns"][number]): NameHints {
  const words = nameWords(column.name);
  const all = [...words, ...(column.unit === undefined ? [] : nameWords(column.unit))];
  const has = (pattern: RegExp): boolean => words.some((w) => pattern.test(w));
  const probability = column.role === "score" && /prob|score/.test(column.name.toLowerCase());
  return {
    nonNegative: has(NON_NEGATIVE),
    share: has(SHARES) || probability || column.unit === "%" || column.unit === "fraction",
    latitude: has(/^(?:lat|latitude)$/),
    longitude: has(/^(?:lon|lng|long|longitude)$/),
    age: has(/^age$/) && !has(/^(?:account|days?|seconds?|hours?|minutes?|months?|ms|s)$/),
    quantity: QUANTITIES.find(([, words_]) => all.some((w) => words_.test(w)))?.[0] ?? null,
  };
}

/** Whether a column's values are expected to succeed each other: versions, dates, batches. */
export function isSuccessive(name: string, role: Role): boolean {
  return role === "model_version" || nameWords(name).some((w) => SUCCESSIVE.test(w));
}
