import { expect, test } from "vitest";
import { readCell } from "../../../shared/importers/grafana/cell.ts";
import { grafanaCsvImporter } from "../../../shared/importers/grafana-csv.ts";
import { fixture, testFixtures } from "./suite.ts";
import { readAll } from "./rows.ts";

testFixtures(grafanaCsvImporter, "grafana-csv");

test.each([
  ["5.01 s", 5.01, "s"],
  ["950 ms", 0.95, "s"],
  ["120 µs", 0.00012, "s"],
  ["1.50 min", 90, "s"],
  ["2 hours", 7200, "s"],
  ["1.5 K", 1500, null],
  ["1.46 Mil", 1.46e6, null],
  ["512 kB", 512_000, "B"],
  ["1.5 GiB", 1.5 * 1024 ** 3, "B"],
  ["20 Mb/s", 2e7, "bit/s"],
  ["12%", 12, "%"],
  ["13.7 °C", 13.7, "°C"],
  ["1.50K req/s", 1500, "req/s"],
  ["$1.2B", 1.2e9, "$"],
  ["1.50 B", 1.5, "B"],
  ["1,234,567.5", 1234567.5, null],
  ["-3", -3, null],
  ["1e-7", 1e-7, null],
  ["-0.25 s", -0.25, "s"],
])("%s is read", (cell, value, unit) => {
  const read = readCell(cell);
  expect(read?.unit).toBe(unit);
  expect(read?.value).toBeCloseTo(value, 12);
});

test.each([
  "soon",
  "",
  "s",
  "12abc",
  "1,23",
  "2026-03-01 10:00:00",
  "10:00",
  "1.2.3",
  "3 large ones",
])("%s is no number", (cell) => {
  expect(readCell(cell)).toBeNull();
});

test.each([
  "time,value\n2026-03-01 10:00:00,1\n2026-03-01 10:01:00,2\n",
  "Time,Level,Message\n2026-03-01 10:00:00,INFO,started in 5 s\n2026-03-01 10:00:01,INFO,ok\n",
  "Name,Size\na,5 kB\nb,6 kB\n",
  "Series,Value\na,5 s\n",
])("%s is not taken from the importer for delimited text", (text) => {
  expect(grafanaCsvImporter.detect(new TextEncoder().encode(text), "panel.csv")).toBe(0);
});

test("the hour that occurs twice is told apart by order where the zone says that it does", async () => {
  const content = fixture("grafana-csv", "clocks-back.csv");
  const reading = await readAll(grafanaCsvImporter, content, {
    options: { timezone: "Europe/Berlin" },
  });
  const minutes = reading.rows.map((row) => (Number(row[0]) / 60e6) % (24 * 60));
  // 23:30, 00:00, 00:30, 01:00, 01:30, 02:00 UTC.
  expect(minutes).toEqual([1410, 0, 30, 60, 90, 120]);
  expect(reading.notes.join("\n")).toMatch(/An hour occurs twice.*2 times/);
});
