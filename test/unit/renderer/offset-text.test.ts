import { expect, test } from "vitest";
import { offsetText, readOffset } from "../../../renderer/views/timeline/clock-skew/offset-text.ts";

test.each([
  [90, "+1 min 30 s"],
  [-2.5, "−2.5 s"],
  [3600, "+1 h"],
  [19_800.25, "+5 h 30 min 0.3 s"],
  [0, "+0 s"],
])("%s s is %s", (seconds, text) => {
  expect(offsetText(seconds * 1e6)).toBe(text);
});

test.each([
  ["90", 90_000],
  ["+90 s", 90_000],
  ["−1 h 30 min", -5_400_000],
  ["-2.5", -2500],
  ["250 ms", 250],
  ["1h2m3s", 3_723_000],
  ["soon", null],
  ["1 h soon", null],
  ["", null],
])("%s is read as %s ms", (text, ms) => {
  expect(readOffset(text)).toBe(ms);
});

test("what is written is read back", () => {
  for (const ms of [1, 999, 1000, 61_500, -3_600_000, 47_003_000])
    expect(readOffset(offsetText(ms * 1000))).toBe(ms);
});
