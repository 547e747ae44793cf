import { expect, test } from "vitest";
import { CUT_PREFIX, cutExports } from "../../../shared/model/cut-exports.ts";
import type { Evidence } from "../../../shared/model/evidence.ts";

const DAY = 86_400e6;

function file(id: string, name: string, from: number, to: number, note?: string): Evidence {
  return {
    id,
    name,
    path: `/data/${name}`,
    size: 1,
    mtimeMs: 0,
    sha256: id,
    importer: "text-log",
    options: {},
    target: "logs",
    table: "logs",
    columns: [],
    rows: 1,
    rejected: 0,
    tableRows: 1,
    from: from * DAY,
    to: to * DAY,
    notes: note === undefined ? [] : [{ kind: "warning", message: note }],
  };
}
const window = (from: number, to: number) => ({ from: from * DAY, to: to * DAY });
const WINDOWS = { baseline: window(0, 10), incident: window(10, 20) };

test("what an importer noted, without its prefix; other notes are not signs", () => {
  const evidence = [
    file("E1", "a.csv", 0, 20, `${CUT_PREFIX}it has exactly 5000 records.`),
    file("E2", "b.csv", 0, 20, "Times have no zone."),
  ];
  expect(cutExports(evidence, WINDOWS)).toEqual([
    { id: "E1", name: "a.csv", table: "logs", why: "it has exactly 5000 records." },
  ]);
});

test("a file that ends inside a window while others go on", () => {
  const evidence = [file("E1", "api.log", 0, 14), file("E2", "web.log", 0, 20)];
  const [found, ...more] = cutExports(evidence, WINDOWS);
  expect(more).toEqual([]);
  expect(found?.id).toBe("E1");
  expect(found?.why).toContain("inside the incident");
});

test("no sign: all end together, daily files follow each other, the end is near, or no window is set", () => {
  expect(cutExports([file("E1", "api.log", 0, 14), file("E2", "web.log", 0, 14)], WINDOWS)).toEqual(
    [],
  );
  expect(
    cutExports(
      [
        file("E1", "api-2024-05-01.log", 0, 14),
        file("E2", "api-2024-05-02.log", 14, 20),
        file("E3", "web.log", 0, 19.8),
      ],
      WINDOWS,
    ),
  ).toEqual([]);
  expect(
    cutExports([file("E1", "api.log", 0, 14), file("E2", "web.log", 0, 20)], {
      baseline: null,
      incident: null,
    }),
  ).toEqual([]);
});
