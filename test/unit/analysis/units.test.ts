import { expect, test } from "vitest";
import { guessUnit } from "../../../shared/analysis/units.ts";

test.each([
  ["ctr", 0.01, 0.09, "fraction"],
  ["cpu_usage", 0, 97.5, "%"],
  ["click_rate", -1, 3, null],
  ["outdoor_temp", -12, 35, "°C"],
  ["temp", 260, 310, "K"],
  ["bodyTemperature", 90, 110, null],
  ["request_latency", 0.002, 4.5, "s"],
  ["request_latency", 3, 2500, "ms"],
  ["elapsed", 1000, 9_000_000, "µs"],
  ["latency", 1, 20, null],
  ["created", 1_700_000_000, 1_700_086_400, "s since 1970"],
  ["created", 1_700_000_000_000, 1_700_086_400_000, "ms since 1970"],
  ["heap_bytes", 0, 734_003_200, "B"],
  ["user_age", 13, 97, "years"],
  ["page", 1, 40, null],
  ["tenure_days", 0, 5480, "d"],
  ["avg_dwell_s", 2.8, 155.8, "s"],
  ["s", 0, 12, null],
  ["price", 0.5, 1200, null],
])("%s from %d to %d: %s", (name, min, max, unit) => {
  expect(guessUnit(name, min, max)?.unit ?? null).toBe(unit);
});
