import { epochMicros as micros } from "../text-log/clocks.ts";

/** µs since the epoch of a number, or its text, whose unit follows from its magnitude; else null. */
export function epochMicros(value: unknown): number | null {
  const number =
    typeof value === "number"
      ? value
      : typeof value === "string" && /^\d+(?:\.\d+)?$/.test(value)
        ? Number(value)
        : NaN;
  const time = micros(number);
  return Number.isNaN(time) ? null : time;
}
