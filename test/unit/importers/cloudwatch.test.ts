import { expect, test } from "vitest";
import { cloudWatchImporter } from "../../../shared/importers/cloudwatch.ts";
import { readAll } from "./rows.ts";
import { testFixtures } from "./suite.ts";

testFixtures(cloudWatchImporter, "cloudwatch");

const encoder = new TextEncoder();

test.each([
  '{"events":[{"title":"a","date_happened":1}]}',
  '{"events":[{"timestamp":1772359200461,"message":"a"}]}',
  '{"results":[{"timestamp":1772359200000,"message":"timeout"}]}',
  '{"results":[]}',
  '{"Label":"a","Datapoints":[]}',
  '{"timestamp":1772359200461,"message":"a"}',
])("%s is not CloudWatch's", (text) => {
  expect(cloudWatchImporter.detect(encoder.encode(text), "cloudwatch.json")).toBe(0);
});

const event = (i: number): object => ({
  timestamp: 1772359200000 + i,
  message: `m${i}`,
  ingestionTime: 1772359201000,
});

test("10,000 events are the most that one call answers", async () => {
  const events = Array.from({ length: 10_000 }, (_, i) => event(i));
  const tokens = { nextForwardToken: "f/1", nextBackwardToken: "b/1" };
  const cut = await readAll(cloudWatchImporter, JSON.stringify({ events, ...tokens }));
  expect(cut.notes.join()).toMatch(/^This export may be cut off: it holds exactly 10000 events/);
  const short = { events: events.slice(0, 20), ...tokens };
  const whole = await readAll(cloudWatchImporter, JSON.stringify(short));
  expect(whole.notes).toEqual([]);
});

test("a token counts only where no page follows", async () => {
  const pages = [{ events: [event(1)], nextToken: "x" }, { events: [event(2)] }];
  const { notes, accepted } = await readAll(
    cloudWatchImporter,
    pages.map((p) => JSON.stringify(p)).join("\n"),
  );
  expect(accepted).toBe(2);
  expect(notes).toEqual([]);
});

test("events on their own, as a list and as lines", async () => {
  const events = [event(1), event(2)];
  for (const content of [JSON.stringify(events), events.map((e) => JSON.stringify(e)).join("\n")]) {
    expect(cloudWatchImporter.detect(encoder.encode(content), "unknown")).toBe(0.96);
    expect((await readAll(cloudWatchImporter, content)).accepted).toBe(2);
  }
});

test("the name of statistics may stand after them", async () => {
  const content =
    '{"Datapoints":[{"Timestamp":1772359200,"Sum":3,"Unit":"Count"}],"Label":"Errors"}';
  const { rows, header } = await readAll(cloudWatchImporter, content);
  expect(rows[0]?.[header.indexOf("series")]).toBe('Errors{stat="Sum"}');
});
