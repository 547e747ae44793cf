import { describe, expect, test } from "vitest";
import { newEvents } from "../../../../shared/analysis/board/board-events.ts";
import {
  comparisonPart,
  eventsPart,
  notesPart,
  templatesPart,
  type BoardPart,
} from "../../../../shared/analysis/board/board-rows.ts";
import { groupBoard } from "../../../../shared/analysis/board/group-board.ts";
import {
  perspectiveOfEvent,
  perspectiveOfShift,
} from "../../../../shared/analysis/board/perspective.ts";
import {
  metricStrength,
  shiftStrength,
  templateStrength,
} from "../../../../shared/analysis/board/strength.ts";
import type { CaseEvent } from "../../../../shared/analysis/suspect-checks.ts";
import { DAY, HOUR, MINUTE } from "../../../../shared/base/time.ts";
import type { BoardRow } from "../../../../shared/model/board.ts";
import type { TemplateChange } from "../../../../shared/model/log-comparison.ts";
import type { MetricChange } from "../../../../shared/model/model-checks.ts";
import type { ColumnComparison, Shift, Verdict } from "../../../../shared/model/shift.ts";

const T = Date.UTC(2026, 3, 20) * 1000;
const WINDOWS = {
  baseline: { from: T - 4 * DAY, to: T },
  incident: { from: T, to: T + 6 * HOUR },
};
const event = (at: number, kind: string, title: string, line = 1): CaseEvent => ({
  ...{ at, kind, title, service: null, evidenceId: "E1", line },
});

describe("events", () => {
  test("those of the incident and of the day before it that the baseline does not have", () => {
    const { events, same, from } = newEvents(
      [
        event(T - 3 * DAY, "alert", "disk 81 % full"),
        event(T - 2 * DAY, "deployment", "search 41.0"),
        event(T - 2 * HOUR, "deployment", "search 41.1"),
        event(T + HOUR, "alert", "disk 83 % full"),
        event(T + MINUTE, "alert", "error budget", 7),
        event(T + 2 * HOUR, "alert", "error budget", 9),
        event(T + 7 * HOUR, "deployment", "after it"),
      ],
      WINDOWS,
    );
    expect(from).toBe(T - DAY);
    expect(events.map((e) => [e.title, e.at, e.count])).toEqual([
      ["error budget", T + MINUTE, 2],
      // A deployment of another version is another event, an alert of another number is not.
      ["search 41.1", T - 2 * HOUR, 1],
    ]);
    expect(same).toBe(1);
    expect(events[0]?.rows.map((r) => r.line)).toEqual([7, 9]);
  });

  test("windows that are values have none", () => {
    const none = { from: null, to: null };
    expect(newEvents([event(T, "alert", "a")], { baseline: none, incident: none }).events).toEqual(
      [],
    );
  });
});

const shift = (
  name: string,
  verdict: Verdict,
  score: number,
  some: Partial<Shift> = {},
): Shift => ({
  id: `t/${name}/distribution`,
  ...{ table: "t", kind: "distribution", subject: { type: "column", name } },
  ...{ role: "feature", layer: "features", service: null },
  ...{ statistic: { name: "ks", value: 0, p: null }, effect: { name: "ks", value: 0 } },
  ...{ p: null, q: null, verdict, score, sentence: `${name} moved`, sql: "", evidenceIds: [] },
  ...some,
});
const column = (name: string, shifts: Shift[]) =>
  ({ table: "t", column: name, shifts, distribution: null }) as unknown as ColumnComparison;

describe("strength", () => {
  test("lies in the third of its verdict, whatever its size", () => {
    expect(shiftStrength(shift("a", "major", 0.2))).toBeCloseTo(2 / 3);
    expect(shiftStrength(shift("a", "minor", 0.95))).toBeCloseTo(2 / 3);
    expect(shiftStrength(shift("a", "major", 0.8))).toBe(0.8);
  });
  test("of a template by the end of its interval nearer to no change, up or down", () => {
    const change = (ratioLow: number, ratioHigh: number | null) =>
      templateStrength({ verdict: "major", ratioLow, ratioHigh } as TemplateChange);
    expect(change(32, null)).toBeGreaterThan(change(4, 5));
    expect(change(0.01, 1 / 32)).toBeCloseTo(change(32, 40));
    expect(change(0.2, 3)).toBeCloseTo(2 / 3);
  });
  test("of a metric of a model by the thresholds of its verdict", () => {
    const at = (value: number) => ({ value, low: value, high: value });
    const strength = (fall: number, verdict: Verdict) =>
      metricStrength({
        metric: "roc_auc",
        verdict,
        baseline: at(0.9),
        incident: at(0.9 - fall),
      } as MetricChange);
    expect(strength(0.02, "minor")).toBeCloseTo(1 / 3);
    expect(strength(0.05, "major")).toBeCloseTo(2 / 3);
    expect(strength(0.3, "major")).toBeCloseTo(1);
  });
});

describe("branches", () => {
  const compared = comparisonPart({
    tables: [
      {
        table: "t",
        ...{ baselineRows: 1, incidentRows: 1, skipped: null },
        columns: [
          column("weak", [shift("weak", "minor", 0.4)]),
          column("strong", [
            shift("strong", "none", 0.1),
            shift("strong", "major", 0.9, { kind: "re_encoding", id: "t/strong/re" }),
          ]),
          column("still", [shift("still", "none", 0.2)]),
        ],
        shifts: [
          shift("t", "minor", 0.5, {
            ...{ kind: "late_arrival", layer: "data", id: "t/late" },
            subject: { type: "table", name: "t" },
          }),
        ],
      },
    ],
    ...{ schemaChanges: [], shifts: [] },
  });
  const told = eventsPart(
    newEvents(
      [event(T + HOUR, "deployment", "late"), event(T - HOUR / 2, "config", "near")],
      WINDOWS,
    ),
  );
  const names = (rows: readonly BoardRow[]) => rows.map((r) => r.name);

  test("measured ones by strength, then events by nearness", () => {
    const [all] = groupBoard([told, compared], "none", T);
    expect(names(all?.rows ?? [])).toEqual(["strong", "late arrival", "weak", "near", "late"]);
    expect(all?.same).toBe(1);
  });
  test("every layer is there, with what stayed", () => {
    const groups = new Map(groupBoard([compared, told], "layer", T).map((g) => [g.key, g]));
    expect([...groups.keys()]).toEqual([
      ...["data", "features", "model", "serving", "infrastructure", "people"],
    ]);
    expect(names(groups.get("features")?.rows ?? [])).toEqual(["strong", "weak"]);
    expect(groups.get("features")?.same).toBe(1);
    expect(names(groups.get("people")?.rows ?? [])).toEqual(["near", "late"]);
    expect(groups.get("model")).toEqual({ key: "model", rows: [], same: 0 });
  });
  test("a re-encoding is a matter of process, a moved distribution of the product", () => {
    const groups = groupBoard([compared, told], "perspective", T);
    expect(groups.map((g) => [g.key, names(g.rows)])).toEqual([
      ["people", []],
      ["process", ["strong", "late arrival", "near", "late"]],
      ["product", ["weak"]],
      ["platform", []],
    ]);
  });
  test("no row is lost or doubled by the grouping", () => {
    const parts: BoardPart[] = [compared, told];
    for (const grouping of ["layer", "perspective"] as const) {
      const ids = groupBoard(parts, grouping, T).flatMap((g) => g.rows.map((r) => r.id));
      expect([...ids].sort()).toEqual(parts.flatMap((p) => p.rows.map((r) => r.id)).sort());
    }
  });
});

test("templates: changed ones are rows, the others are counted; a new one has its first line", () => {
  const template = (some: Partial<TemplateChange>) =>
    ({
      ...{ id: "a", text: "disk <*> is full", name: null, shapes: [1], kind: "new" },
      ...{ verdict: "major", ratioLow: 8, ratioHigh: null, first: T + 5, where: [] },
      ...{ sentence: "is new", ...some },
    }) as unknown as TemplateChange;
  const part = templatesPart({
    templates: [template({}), template({ id: "b", verdict: "none" })],
  } as unknown as Parameters<typeof templatesPart>[0]);
  expect(part.rows).toHaveLength(1);
  expect(part.rows[0]).toMatchObject({
    at: T + 5,
    layer: "infrastructure",
    perspective: "platform",
  });
  expect(part.same).toHaveLength(1);
});

test("notes from shortly before the incident to its end", () => {
  const note = (id: string, at: number, to: number | null = null) => ({
    ...{ id, at, to, text: id, layer: "people" as const, kind: "detection" },
    ...{ service: null, source: null },
  });
  const { rows } = notesPart(
    [note("long ago", T - 2 * DAY), note("lasted", T - 2 * DAY, T), note("after", T + DAY)],
    WINDOWS,
    T - DAY,
  );
  expect(rows.map((r) => r.name)).toEqual(["lasted"]);
});

test("perspectives by kind", () => {
  expect(
    ["deployment", "feature flag", "node drain", "escalation", "alert"].map(perspectiveOfEvent),
  ).toEqual(["process", "process", "platform", "people", "platform"]);
  expect(perspectiveOfShift("level", "infrastructure")).toBe("platform");
  expect(perspectiveOfShift("freshness", "serving")).toBe("process");
  expect(perspectiveOfShift("distribution", "model")).toBe("product");
});
