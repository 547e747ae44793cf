import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unwrap } from "../../shared/base/result.ts";
import { listMembers, openMember } from "../../shared/importers/containers/container.ts";
import { runImport } from "../../shared/importers/run-import.ts";
import { openSource } from "../../shared/importers/source.ts";
import { NUMBER, queryRows, STRING } from "../../shared/tables/rows.ts";
import { createNodeEngine, type NodeEngine } from "../support/node-engine.ts";
import { sourceOf, streamOf } from "../support/sources.ts";

const FOLDER = join(import.meta.dirname, "../fixtures/containers");

let engine: NodeEngine;
beforeAll(async () => {
  engine = await createNodeEngine();
});
afterAll(() => engine.close());

/** Imports every member that is not left out; answers `NAME rows+rejected → table`. */
async function importAll(name: string, first: number): Promise<string[]> {
  const content = readFileSync(join(FOLDER, name));
  const archive = await openSource({
    name,
    size: content.length,
    open: () => Promise.resolve(streamOf(content, 700)),
    slice: (from, to) => Promise.resolve(streamOf(content.subarray(from, to), 700)),
  });
  const lines: string[] = [];
  let evidence = first;
  for (const member of (await listMembers(archive)).members) {
    if (member.skipped !== null) continue;
    const { source, importer } = unwrap(await openMember(archive, member.name));
    const settings = { signal: new AbortController().signal, now: Date.UTC(2026, 11, 31) };
    const { rows, rejected, plan } = unwrap(
      await runImport(engine, source, importer ?? "auto", {}, evidence++, settings),
    );
    lines.push(`${member.name} ${rows}+${rejected} → ${plan.table}`);
  }
  return lines;
}

test.each([
  ["plain.zip", 100],
  ["plain.tar.gz", 200],
  ["pax.tar", 300],
])("%s: each file becomes rows of its own", async (name, first) => {
  const lines = await importAll(name, first);
  const short = lines.map((line) => line.replace(/^incident\/(?:a-long.*\/)?/, ""));
  expect(short).toEqual([
    ...(name === "pax.tar" ? [expect.stringMatching(/^and-a-long.* 1\+0 → logs$/)] : []),
    "logs/api.log 2+0 → logs",
    "logs/worker-old.log.gz 1+0 → logs",
    "logs/worker.log 1+0 → logs",
    "metrics/host.csv 10+0 → metrics",
    "Übersicht/fehler zähler.csv 2+0 → metrics",
  ]);
  const counted = await queryRows(
    engine,
    `SELECT level, count(*)::DOUBLE AS n FROM logs WHERE _ev BETWEEN ${first} AND ${first + 99} GROUP BY 1 ORDER BY 1`,
    { level: STRING, n: NUMBER },
  );
  const more = name === "pax.tar" ? 1 : 0;
  expect(counted).toEqual([
    { level: "error", n: 1 },
    { level: "info", n: 1 },
    { level: "warn", n: 2 + more },
  ]);
});

test("a store in an archive is imported as one", async () => {
  expect(await importAll("mlflow.zip", 400)).toEqual([
    expect.stringMatching(/^store\/mlruns\/ \d+\+0 → mlflow_runs$/),
    "store/notes.csv 1+0 → notes",
  ]);
});

test("the part of a file that is left before a cut is imported, and the cut is told", async () => {
  const archive = await sourceOf(readFileSync(join(FOLDER, "cut.tar.gz")), { name: "cut.tar.gz" });
  const { members, trouble } = await listMembers(archive);
  expect(trouble).toMatch(/in the middle of “large.log”/);
  const last = members.at(-1)?.name ?? "";
  const { source } = unwrap(await openMember(archive, last));
  const settings = { signal: new AbortController().signal, now: Date.UTC(2026, 11, 31) };
  const outcome = unwrap(await runImport(engine, source, "auto", {}, 500, settings));
  expect(outcome.rows).toBeGreaterThan(3000);
  expect(outcome.rejected).toBe(1);
  expect(outcome.notes.map((n) => n.message).join()).toMatch(/ends in the middle of “large.log”/);
});
