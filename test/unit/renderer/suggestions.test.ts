import { expect, test } from "vitest";
import { suggestionsFor } from "../../../renderer/views/windows/suggestions.ts";
import { DAY, HOUR } from "../../../shared/base/time.ts";
import type { TableMeta } from "../../../shared/model/table.ts";

const START = Date.UTC(2024, 4, 1) * 1000;
const table = (days: number): TableMeta => ({
  name: "requests",
  target: "own",
  rows: 1000,
  columns: [],
  timeColumn: "at",
  from: START,
  to: START + days * DAY,
  evidenceIds: ["E1"],
});
const labels = (days: number, incident: { from: number; to: number }) =>
  suggestionsFor([table(days)], [], incident).map((s) => s.label);
const WEEK_BEFORE = "This incident against the same hours a week before";
const DAY_BEFORE = "This incident against the same hours the day before";

test("the incident's hours one season earlier are offered as baseline", () => {
  const incident = { from: START + 8 * DAY, to: START + 8 * DAY + 2 * HOUR };
  const [week, day] = suggestionsFor([table(10)], [], incident);
  expect(week).toMatchObject({ label: WEEK_BEFORE, incident });
  expect(week?.baseline).toEqual({ from: incident.from - 7 * DAY, to: incident.to - 7 * DAY });
  expect(day?.label).toBe(DAY_BEFORE);
  expect(day?.baseline).toEqual({ from: incident.from - DAY, to: incident.to - DAY });
});

test("not where the evidence does not reach back, nor for an incident longer than the season", () => {
  const late = { from: START + 3 * DAY, to: START + 3 * DAY + HOUR };
  expect(labels(10, late)).not.toContain(WEEK_BEFORE);
  expect(labels(10, late)).toContain(DAY_BEFORE);
  const long = { from: START + 8 * DAY, to: START + 10 * DAY };
  expect(labels(10, long)).toContain(WEEK_BEFORE);
  expect(labels(10, long)).not.toContain(DAY_BEFORE);
});

test("a segment that the incident is narrowed to stays", () => {
  const incident = {
    from: START + 8 * DAY,
    to: START + 8 * DAY + HOUR,
    filter: { column: "country", values: ["DE"] },
  };
  expect(suggestionsFor([table(10)], [], incident)[0]?.baseline.filter).toEqual(incident.filter);
});
