import { afterAll, beforeAll, expect, test } from "vitest";
import { listTemplates } from "../../shared/analysis/list-templates.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import type { TableMeta } from "../../shared/model/table.ts";
import type { TemplateEdit } from "../../shared/model/template-edit.ts";
import { createFixedTablesSql } from "../../shared/tables/case-tables.ts";
import { queryTable } from "../../shared/tables/rows.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { sourceOf } from "../support/sources.ts";

const HOUR = 3.6e9;
const T0 = Date.UTC(2026, 2, 1) * 1000;
const LOGS: TableMeta = {
  name: "logs",
  target: "logs",
  columns: [{ name: "ts", type: "timestamp", role: "timestamp" }],
  timeColumn: "ts",
  evidenceIds: ["E1", "E2"],
  rows: 0,
  from: null,
  to: null,
};
const WINDOWS = {
  baseline: { from: T0, to: T0 + HOUR },
  incident: { from: T0 + HOUR, to: T0 + 2 * HOUR },
};

let engine: NodeEngine;
beforeAll(async () => {
  engine = await createNodeEngine();
  for (const sql of createFixedTablesSql()) await queryTable(engine, sql);
  // Two files, the statements in another order in each; one of them only in the incident.
  const line = (minute: number, level: string, text: string): string =>
    `${new Date(T0 / 1000 + minute * 60_000).toISOString()} ${level} [api] ${text}`;
  const files = [
    Array.from({ length: 60 }, (_, i) =>
      line(i, "INFO", `user u${i * 31} logged in from 10.0.0.${i}`),
    ),
    Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0
        ? line(60 + i, "ERROR", `connection to db-${i % 4} lost after ${i * 7} ms`)
        : line(60 + i, "INFO", `user u${i * 17} logged in from 10.0.1.${i}`),
    ),
  ];
  for (const [i, lines] of files.entries()) {
    const source = await sourceOf(`${lines.join("\n")}\n`, { name: `api-${i}.log` });
    const result = await runImport(engine, source, "text-log", {}, i + 1, {
      signal: new AbortController().signal,
      now: Date.UTC(2026, 3, 1),
    });
    expect(result.ok && result.value.rows).toBe(60);
  }
});
afterAll(() => engine.close());

test("statements of all files with their lines, by window", async () => {
  const { templates, lines } = await listTemplates(engine, LOGS, WINDOWS, []);
  expect(lines).toBe(120);
  expect(templates.map((t) => [t.count, t.baseline, t.incident, t.errors])).toEqual([
    [100, 60, 40, 0],
    [20, 0, 20, 20],
  ]);
  const [login, lost] = templates;
  expect(login?.text).toBe("user <*> logged in from <*>");
  expect(lost?.text).toContain("lost after <*>");
  expect(lost?.first).toBe(T0 + HOUR);
});

test("templates are renamed, merged and split by hand; the counts follow", async () => {
  const before = await listTemplates(engine, LOGS, null, []);
  const [login, lost] = before.templates;
  if (login === undefined || lost === undefined) throw new Error("two templates");
  const anchor = (t: typeof login) => ({ id: t.id, shapes: t.shapes.map((s) => s.id) });
  const edits: TemplateEdit[] = [
    { kind: "rename", template: anchor(login), name: "login" },
    { kind: "merge", into: anchor(login), others: [anchor(lost)] },
  ];
  const merged = await listTemplates(engine, LOGS, null, edits);
  expect(merged.templates.map((t) => [t.name, t.count, t.baseline])).toEqual([
    ["login", 120, null],
  ]);
  const shapes = lost.shapes.map((s) => s.id);
  const again = await listTemplates(engine, LOGS, null, [
    ...edits,
    { kind: "split", template: { id: login.id, shapes: [] }, shapes },
  ]);
  expect(again.templates.map((t) => t.count)).toEqual([100, 20]);
});

test("lines that are gone with their file are gone from the templates", async () => {
  await queryTable(engine, "DELETE FROM logs WHERE _ev = 2");
  await queryTable(engine, "DELETE FROM log_shapes WHERE _ev = 2");
  const { templates } = await listTemplates(engine, LOGS, null, []);
  expect(templates.map((t) => t.count)).toEqual([60]);
});
