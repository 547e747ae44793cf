import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../../../shared/base/time.ts";
import { isArrivalTime, rigidHours } from "../../../../shared/analysis/quality/arrival-lag.ts";
import { profileLag } from "../../../../shared/analysis/quality/hour-profile.ts";
import { rhythmWidth, type RowRhythm } from "../../../../shared/analysis/quality/row-rhythm.ts";
import { findSilence } from "../../../../shared/analysis/quality/silent-runs.ts";
import { findZoneShift, type DayProfiles } from "../../../../shared/analysis/quality/zone-shift.ts";
import reference from "./reference/time-profile-reference.json" with { type: "json" };

test("lags of daily profiles agree with numpy.corrcoef of rolled profiles", () => {
  for (const { before, after, lag, atLag, atZero } of reference.cases) {
    const found = profileLag(before, after);
    expect(found?.lag).toBe(lag);
    expect(found?.atLag).toBeCloseTo(atLag, 12);
    expect(found?.atZero).toBeCloseTo(atZero, 12);
  }
  expect(profileLag([1, 1, 1], [1, 2, 3])).toBeNull();
  expect(profileLag([], [])).toBeNull();
  expect(profileLag([1, 2], [1, 2, 3])).toBeNull();
});

/** Draws counts: one character is an hour, a digit its rows in tens, `.` none. */
function rhythm(baseline: string, incident: string): RowRhythm {
  const window = (drawn: string, first: number): RowRhythm["baseline"] => ({
    span: { from: first * HOUR, to: (first + drawn.length) * HOUR },
    first,
    last: first + drawn.length,
    counts: Float64Array.from(drawn, (c) => (c === "." ? 0 : Number(c) * 10)),
  });
  return {
    width: HOUR,
    baseline: window(baseline, 0),
    incident: window(incident, 24 * 100),
    edges: new Map(),
    sql: "",
  };
}
const LIMITS = { leastExpected: 12, ratio: 1.9 };
const DAY_AND_NIGHT = "......456789987654......";

describe("silence", () => {
  test("a night is none where the baseline has it, noon is", () => {
    const usual = findSilence(rhythm(DAY_AND_NIGHT.repeat(3), DAY_AND_NIGHT), LIMITS);
    expect(usual).toMatchObject({ gaps: [], end: null, by: "hour of the day" });
    const noon = findSilence(rhythm(DAY_AND_NIGHT.repeat(3), "......456..99..654......"), LIMITS);
    expect(noon.gaps.map((g) => g.last - g.first)).toEqual([2, 2]);
    expect(noon.gaps[0]?.expected).toBeCloseTo(150, -1);
  });

  test("at the end of the window it is told apart", () => {
    const found = findSilence(rhythm(DAY_AND_NIGHT.repeat(3), "......4567..............."), LIMITS);
    expect(found.gaps).toEqual([]);
    expect(found.end?.last).toBe(2400 + 25);
  });

  test("thinner traffic lets expect fewer rows", () => {
    const thin = Array.from({ length: 48 }, (_, k) => (k % 4 === 0 ? "1" : ".")).join("");
    expect(findSilence(rhythm("1".repeat(48), thin), LIMITS).gaps).toEqual([]);
  });

  test("what a baseline shorter than a day cannot judge is marked", () => {
    const found = findSilence(rhythm("99999999", "99999999.......99999"), LIMITS);
    expect(found.gaps[0]).toMatchObject({ strange: true });
    const known = findSilence(rhythm("9".repeat(48), "99999999.......99999"), LIMITS);
    expect(known.gaps[0]).toMatchObject({ strange: false });
  });

  test("an hourly batch leaves no gaps between batches", () => {
    const batch = "9..".repeat(16);
    expect(findSilence(rhythm(batch, batch), LIMITS).gaps).toEqual([]);
  });
});

describe("a day at another hour", () => {
  const MONDAY = 4 * DAY;
  const days = (from: number, count: number, later: (day: number) => number): DayProfiles => ({
    from,
    days: Array.from({ length: count }, (_, d) =>
      Float64Array.from({ length: 48 }, (__, k) => {
        const hour = (k / 2 - later(d) + 24) % 24;
        return Math.round(1000 * Math.exp(-(((hour - 13) / 4) ** 2)) + ((k * 7 + d * 13) % 11));
      }),
    ),
  });

  test.each([2, -5, 5.5])("comes %d h later", (hours) => {
    const found = findZoneShift(
      days(MONDAY, 5, () => 0),
      days(MONDAY + 7 * DAY, 5, () => hours),
    );
    expect(found?.shift).toBe(hours * HOUR);
    expect(found?.sameDays).toBe(true);
  });

  test("is none without a shift, and half an hour is none either", () => {
    expect(
      findZoneShift(
        days(MONDAY, 5, () => 0),
        days(MONDAY, 5, () => 0),
      ),
    ).toBeNull();
    expect(
      findZoneShift(
        days(MONDAY, 5, () => 0),
        days(MONDAY, 5, () => 0.5),
      ),
    ).toBeNull();
  });

  test("a weekend that starts two hours later is a weekend", () => {
    const weekend = days(MONDAY + 5 * DAY, 2, () => 2);
    expect(
      findZoneShift(
        days(MONDAY, 5, () => 0),
        weekend,
      ),
    ).toBeNull();
    const week = days(MONDAY, 7, (d) => (d >= 5 ? 2 : 0));
    expect(findZoneShift(week, weekend)).toBeNull();
  });
});

test("a lag that moved as a whole by hours", () => {
  const lags = [1, 2, 3, 4, 5, 9].map((n) => n * MINUTE);
  const moved = (by: number): number[] => lags.map((n) => n + by);
  expect(rigidHours(lags, moved(2 * HOUR))).toBe(2 * HOUR);
  expect(rigidHours(lags, moved(-5.5 * HOUR))).toBe(-5.5 * HOUR);
  expect(rigidHours(lags, moved(0))).toBeNull();
  expect(rigidHours(lags, moved(2 * HOUR + 4 * MINUTE))).toBeNull();
  expect(
    rigidHours(
      lags,
      lags.map((n) => n * 30),
    ),
  ).toBeNull();
});

test("names of arrival times", () => {
  expect(["created", "created_at", "ingestedAt", "processing_time"].map(isArrivalTime)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["dropoff_datetime", "due_date", "birth"].some(isArrivalTime)).toBe(false);
});

test("bucket widths are parts of a day", () => {
  expect(rhythmWidth(14 * DAY, 25_000)).toBe(MINUTE);
  expect(rhythmWidth(28 * DAY, 2000)).toBe(30 * MINUTE);
});
