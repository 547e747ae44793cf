import fc from "fast-check";
import { expect, test } from "vitest";
import { placeboWindows } from "../../../../shared/analysis/placebo/placebo-windows.ts";
import { DAY, HOUR, parseIso } from "../../../../shared/base/time.ts";

const T0 = parseIso("2024-05-01T00:00:00Z") ?? 0;
const at = (days: number, hours = 0): number => T0 + days * DAY + hours * HOUR;

test("two hours on a Thursday: the same hours on the days before", () => {
  const found = placeboWindows({ from: at(0), to: at(7) }, { from: at(8, 14), to: at(8, 16) });
  expect(found?.how).toBe("at the same hours");
  expect(found?.windows.length).toBe(7);
  expect(found?.windows[0]).toEqual({ from: at(6, 14), to: at(6, 16) });
  expect(found?.windows.at(-1)).toEqual({ from: at(0, 14), to: at(0, 16) });
});

test("with four weeks of baseline also the same weekday", () => {
  const found = placeboWindows({ from: at(0), to: at(30) }, { from: at(33, 14), to: at(33, 16) });
  expect(found?.how).toBe("at the same hours and weekday");
  expect(found?.windows.map((w) => (at(33, 14) - w.from) / DAY)).toEqual([7, 14, 21, 28]);
});

test("a longer incident gives windows of its length, one longer than a quarter shorter ones", () => {
  const two = placeboWindows({ from: at(0), to: at(21) }, { from: at(30), to: at(32) });
  expect(two?.how).toBe("of the same length");
  expect(two?.windows.length).toBe(10);
  const long = placeboWindows({ from: at(0), to: at(21) }, { from: at(21), to: at(42) });
  expect(long?.how).toBe("shorter than the incident");
  expect(long?.windows.length).toBe(4);
});

test("windows lie inside the baseline and never overlap", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 * 24 }),
      fc.integer({ min: 0, max: 30 * 24 }),
      fc.integer({ min: 1, max: 60 * 24 }),
      (length, gap, incident) => {
        const baseline = { from: T0, to: T0 + length * HOUR };
        const from = baseline.to + gap * HOUR;
        const found = placeboWindows(baseline, { from, to: from + incident * HOUR });
        const windows = [...(found?.windows ?? [])].sort((a, b) => a.from - b.from);
        expect(windows.length === 0 || windows.length >= 4).toBe(true);
        expect(windows.length).toBeLessThanOrEqual(24);
        windows.forEach((w, k) => {
          expect(w.from).toBeGreaterThanOrEqual(baseline.from);
          expect(w.to).toBeLessThanOrEqual(baseline.to);
          expect(w.from).toBeGreaterThanOrEqual(windows[k - 1]?.to ?? 0);
        });
      },
    ),
  );
});

test("windows without length have no placebo", () => {
  expect(placeboWindows({ from: at(0), to: at(0) }, { from: at(1), to: at(2) })).toBeNull();
  expect(placeboWindows({ from: at(0), to: at(2) }, { from: at(2), to: at(2) })).toBeNull();
});
