import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compileTime,
  detectTimeLayout,
  parseTime,
  type TimeLayout,
} from "../../../shared/importers/times.ts";

const at = (iso: string): number => Date.parse(iso) * 1000;
const MARCH = at("2026-03-01T10:00:00Z");

describe("each layout is recognised and read", () => {
  const cases: [string, TimeLayout, number, boolean][] = [
    ["2026-03-01T10:00:00Z", "iso", MARCH, true],
    ["2026-03-01 10:00:00", "iso", MARCH, false],
    ["2026-03-01T12:00:00+02:00", "iso", MARCH, true],
    ["2026-03-01T12:00:00.000+0200", "iso", MARCH, true],
    ["2026-03-01 10:00:00 UTC", "iso", MARCH, true],
    ["2026-07-14 14:54:45.000 GMT", "iso", at("2026-07-14T14:54:45Z"), true],
    ["2026-03-01 10:00:00,123", "iso", MARCH + 123_000, false],
    ["2026-03-01T10:00:00.123456789Z", "iso", MARCH + 123_456, true],
    ["2026-03-01T10:00:00.5Z", "iso", MARCH + 500_000, true],
    ["2026-03-01", "iso", at("2026-03-01T00:00:00Z"), false],
    ["2026-03-01T10:00", "iso", MARCH, false],
    ["2026/03/01 10:00:00", "iso", MARCH, false],
    ["2005.06.03", "iso", at("2005-06-03T00:00:00Z"), false],
    [
      "2022-08-22 03:51:19.89129634 +0000 UTC m=+0.397250321",
      "iso",
      at("2022-08-22T03:51:19Z") + 891_296,
      true,
    ],
    ["2022-08-22 03:51:07.123456789 +0000 UTC", "iso", at("2022-08-22T03:51:07Z") + 123_456, true],
    ["20260301T100000Z", "iso-basic", MARCH, true],
    ["2005-06-03-15.42.50.675872", "db2", at("2005-06-03T15:42:50Z") + 675_872, false],
    ["1772359200", "epoch-s", MARCH, true],
    ["1772359200.781", "epoch-s", MARCH + 781_000, true],
    ["1772359200123", "epoch-ms", MARCH + 123_000, true],
    ["1772359200123456", "epoch-us", MARCH + 123_456, true],
    ["1772359200123456789", "epoch-ns", MARCH + 123_456, true],
    ["01/Mar/2026:10:00:00 +0000", "access", MARCH, true],
    ["01/Mar/2026:05:00:00 -0500", "access", MARCH, true],
    ["Sun Mar 01 10:00:00.123456 2026", "ctime", MARCH + 123_456, false],
    ["Sun Mar  1 10:00:00 2026", "ctime", MARCH, false],
    ["3/13/2026 1:05 PM", "numeric", at("2026-03-13T13:05:00Z"), false],
    ["3/13/2026 12:05:09 AM", "numeric", at("2026-03-13T00:05:09Z"), false],
    ["1.3.2026 10:00", "numeric", MARCH, false],
    ["13/03/2026", "numeric", at("2026-03-13T00:00:00Z"), false],
    ["Sun, 01 Mar 2026 10:00:00 +0000", "rfc2822", MARCH, true],
    ["Sun, 01 Mar 2026 10:00:00 GMT", "rfc2822", MARCH, true],
    ["Mar 1, 2026 @ 10:00:00.000", "month-name", MARCH, false],
    ["260301 100000", "compact", MARCH, false],
    ["260301  9:05:00", "compact", at("2026-03-01T09:05:00Z"), false],
  ];
  for (const [text, layout, micros, hasZone] of cases) {
    test(text, () => {
      const found = detectTimeLayout([text]);
      expect(found).toMatchObject({ layout, hasZone, hasYear: true });
      const dayFirst = found?.dayFirst ?? false;
      expect(parseTime(text, layout, { dayFirst })).toBe(micros);
    });
  }
  for (const [text, layout, micros] of [
    ["Mar  1 10:00:00", "syslog", MARCH],
    ["I0301 10:00:00.123456", "glog", MARCH + 123_456],
  ] as const) {
    test(text, () => {
      expect(detectTimeLayout([text])).toMatchObject({ layout, hasYear: false });
      expect(parseTime(text, layout, { year: 2026 })).toBe(micros);
    });
  }
});

test("impossible dates and texts around a time are not times", () => {
  for (const text of [
    "2026-13-01",
    "2026-02-29",
    "2026-02-30 10:00:00",
    "2026-03-01 25:00:00",
    "2026-03-01 10:61:00",
    "2026-03-01T10:00:00.Z",
    "2026-03-01 10:00:00 foo",
    "2026-03-01x",
    "x2026-03-01",
    "2026-03-0",
    "",
  ]) {
    expect(parseTime(text, "iso"), text).toBeNaN();
  }
  expect(parseTime("2024-02-29", "iso")).toBe(at("2024-02-29T00:00:00Z"));
  expect(parseTime("32/Mar/2026:10:00:00 +0000", "access")).toBeNaN();
  expect(parseTime("13/13/2026", "numeric", { dayFirst: true })).toBeNaN();
  expect(detectTimeLayout(["12345"])).toBeNull();
  expect(detectTimeLayout(["hello", "world"])).toBeNull();
  expect(detectTimeLayout(["2026-03-01", "hello"])).toBeNull();
  expect(detectTimeLayout([])).toBeNull();
});

test("the order of day and month follows from what the samples allow", () => {
  expect(detectTimeLayout(["01/02/2026", "03/04/2026"])).toMatchObject({
    ambiguousDayFirst: true,
    dayFirst: false,
  });
  expect(detectTimeLayout(["01/02/2026", "23/04/2026"])).toMatchObject({
    ambiguousDayFirst: false,
    dayFirst: true,
  });
  expect(detectTimeLayout(["01/02/2026", "03/24/2026"])).toMatchObject({
    ambiguousDayFirst: false,
    dayFirst: false,
  });
  expect(detectTimeLayout(["13/02/2026", "03/24/2026"])).toBeNull();
  expect(parseTime("02/03/2026", "numeric", { dayFirst: true })).toBe(at("2026-03-02T00:00:00Z"));
  expect(parseTime("02/03/2026", "numeric", { dayFirst: false })).toBe(at("2026-02-03T00:00:00Z"));
});

test("times without a zone are read in the one that is given", () => {
  const local = (text: string, zone: string): string =>
    new Date(parseTime(text, "iso", { zone }) / 1000).toISOString();
  expect(local("2026-01-15 12:00:00", "Europe/Berlin")).toBe("2026-01-15T11:00:00.000Z");
  expect(local("2026-07-15 12:00:00", "Europe/Berlin")).toBe("2026-07-15T10:00:00.000Z");
  expect(local("2026-07-15 12:00:00", "+05:30")).toBe("2026-07-15T06:30:00.000Z");
  expect(local("2026-07-15 12:00:00", "UTC")).toBe("2026-07-15T12:00:00.000Z");
  expect(local("2026-07-15 12:00:00", "Asia/Kathmandu")).toBe("2026-07-15T06:15:00.000Z");
  // Clocks go forward at 02:00, and back at 03:00.
  expect(local("2026-03-29 01:59:59", "Europe/Berlin")).toBe("2026-03-29T00:59:59.000Z");
  expect(local("2026-03-29 03:00:00", "Europe/Berlin")).toBe("2026-03-29T01:00:00.000Z");
  expect(local("2026-10-25 01:59:59", "Europe/Berlin")).toBe("2026-10-24T23:59:59.000Z");
  expect(local("2026-10-25 02:30:00", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z");
  expect(local("2026-10-25 03:00:00", "Europe/Berlin")).toBe("2026-10-25T02:00:00.000Z");
  // An offset in the text wins.
  expect(local("2026-07-15T12:00:00Z", "Europe/Berlin")).toBe("2026-07-15T12:00:00.000Z");
});

test("every instant written as ISO 8601 in any offset comes back", () => {
  const parse = compileTime("iso");
  fc.assert(
    fc.property(
      fc.integer({ min: at("1900-01-01T00:00:00Z"), max: at("2200-01-01T00:00:00Z") }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (micros, offset) => {
        const local = micros + offset * 60_000_000;
        const millis = Math.floor(local / 1000);
        const rest = String(local - millis * 1000).padStart(3, "0");
        const sign = offset < 0 ? "-" : "+";
        const size = Math.abs(offset);
        const zone = `${sign}${String(Math.floor(size / 60)).padStart(2, "0")}:${String(size % 60).padStart(2, "0")}`;
        const text = `${new Date(millis).toISOString().slice(0, -1)}${rest}${zone}`;
        const bytes = new TextEncoder().encode(`xx${text}yy`);
        expect(parse(bytes, 2, bytes.length - 2)).toBe(micros);
      },
    ),
  );
});
