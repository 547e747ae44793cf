import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import type { Page } from "@playwright/test";
import type { TestHook } from "../../renderer/data/test-hook.ts";
import type { LogIndex, LogSearch } from "../../shared/model/log-query.ts";
import { cleanUp, launch } from "../support/app.ts";
import { writeLog } from "./ingest-files.ts";

const LINES = 5_000_000;
const RUNS = 3;

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly runs: readonly number[];
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
}

/** What is searched, and what grep is given for the same. */
const SEARCHES: readonly { what: string; search: LogSearch; grep: readonly string[] }[] = [
  {
    what: "a text in 1 of 250 lines",
    search: { text: "10.0.77.7 took", syntax: "plain", caseSensitive: false },
    grep: ["-i", "-F", "10.0.77.7 took"],
  },
  {
    what: "a text in a handful of lines",
    search: { text: "request 77777", syntax: "plain", caseSensitive: false },
    grep: ["-i", "-F", "request 77777"],
  },
  {
    what: "a text in no line",
    search: { text: "connection reset by peer", syntax: "plain", caseSensitive: false },
    grep: ["-i", "-F", "connection reset by peer"],
  },
  {
    what: "a text in every line",
    search: { text: "took", syntax: "plain", caseSensitive: false },
    grep: ["-i", "-F", "took"],
  },
  {
    what: "a pattern",
    search: { text: "took 89\\.\\d ms$", syntax: "regex", caseSensitive: true },
    grep: ["-E", "took 89\\.[0-9] ms$"],
  },
];

/**
 * Search in five million lines, in the real window with the database on disk:
 * from the question to where all hits are, beside grep on the file and native
 * DuckDB (all cores) on the same lines in memory. And the way to any line.
 */
export default async function run(): Promise<{
  rows: Row[];
  summary: Record<string, number>;
  skipped: { name: string; reason: string }[];
}> {
  const folder = mkdtempSync(join(tmpdir(), "inquest-log-search-"));
  const rows: Row[] = [];
  const skipped: { name: string; reason: string }[] = [];
  try {
    const file = join(folder, "service.log");
    writeLog(file, LINES);
    const native = await nativeLines(file);
    const launched = await launch();
    try {
      const { page } = launched;
      page.setDefaultTimeout(0);
      await page.waitForFunction(() => window.__inquestTest !== undefined);
      const bounds = await importLog(page, file);
      const whole = await timed(page, { bounds, search: null });
      rows.push(row("all lines counted and placed", whole.runs));
      rows.push(row("100 lines in the middle read", await pageTimes(page, whole.index)));
      for (const { what, search, grep } of SEARCHES) {
        const found = await timed(page, { bounds, search });
        const expected = grepCount(file, grep);
        if (expected.value !== null && expected.value !== found.index.total)
          throw new Error(
            `${what}: ${String(found.index.total)} hits, grep ${String(expected.value)}`,
          );
        rows.push(row(`search: ${what}`, found.runs, "grep", expected.seconds));
        rows.push(
          row(`search: ${what}`, found.runs, "native DuckDB", await nativeTime(native, search)),
        );
        if (expected.value === null) skipped.push({ name: what, reason: "there is no grep" });
      }
    } finally {
      await launched.close();
      cleanUp(launched);
      native.closeSync();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const slowest = Math.max(
    ...rows.filter((r) => r.name.startsWith("search: a text")).map((r) => r.value),
  );
  return { rows, summary: { slowestPlainSearchSeconds: slowest }, skipped };
}

function row(name: string, runs: readonly number[], peer?: string, peerValue?: number | null): Row {
  const value = median(runs);
  return {
    ...{ name, value, unit: "s", runs },
    ...(peer === undefined || peerValue === undefined || peerValue === null
      ? {}
      : { peer, peerValue, ratio: value / peerValue }),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

interface Bounds {
  readonly from: number;
  readonly to: number;
}

async function importLog(page: Page, file: string): Promise<Bounds> {
  const done = await page.evaluate(async (path) => {
    const { engine, ingest } = window.__inquestTest as TestHook;
    const opened = await engine.open("bench");
    if (!opened.ok) return opened.error.message;
    const [granted] = (await window.inquest.invoke("evidence.grant", { paths: [path] })) as {
      grant: Parameters<typeof ingest.importFile>[0];
    }[];
    if (granted === undefined) return "no grant";
    const answer = await ingest.importFile(granted.grant, "auto", {}, 1);
    if (!answer.ok) return answer.error.message;
    const { rows, from, to } = answer.value;
    return from === null || to === null ? "no times" : { rows, from, to: to + 1 };
  }, file);
  if (typeof done === "string") throw new Error(done);
  if (done.rows !== LINES) throw new Error(`${String(done.rows)} rows of ${String(LINES)} lines`);
  return { from: done.from, to: done.to };
}

/** Seconds of each run, and where the lines are. */
async function timed(
  page: Page,
  question: { bounds: Bounds; search: LogSearch | null },
): Promise<{ runs: number[]; index: LogIndex }> {
  const answer = await page.evaluate(
    async ({ bounds, search, times }) => {
      const { engine } = window.__inquestTest as TestHook;
      const filter = { conditions: [], shapes: null, withoutShapes: [], search };
      const runs: number[] = [];
      let index: LogIndex | null = null;
      for (let i = 0; i < times; i++) {
        const started = performance.now();
        const found = await engine.analyse("logIndex", { filter, bounds, range: null });
        runs.push((performance.now() - started) / 1000);
        if (!found.ok) return found.error.message;
        index = found.value;
      }
      return { runs, index };
    },
    { ...question, times: RUNS },
  );
  if (typeof answer === "string") throw new Error(answer);
  if (answer.index === null) throw new Error("nothing was counted");
  return { runs: answer.runs, index: answer.index };
}

async function pageTimes(page: Page, index: LogIndex): Promise<number[]> {
  const middle = index.segments[Math.floor(index.segments.length / 2)];
  if (middle === undefined) throw new Error("no lines");
  const answer = await page.evaluate(
    async ({ span, times }) => {
      const { engine } = window.__inquestTest as TestHook;
      const filter = { conditions: [], shapes: null, withoutShapes: [], search: null };
      const runs: number[] = [];
      for (let i = 0; i < times; i++) {
        const started = performance.now();
        const parts = [{ span, offset: i, limit: 100 }];
        const found = await engine.analyse("logPage", { filter, search: null, parts });
        runs.push((performance.now() - started) / 1000);
        if (!found.ok) return found.error.message;
      }
      return runs;
    },
    { span: middle.span, times: RUNS },
  );
  if (typeof answer === "string") throw new Error(answer);
  return answer;
}

/** Lines that grep counts, and its seconds; null where there is none. */
function grepCount(
  file: string,
  options: readonly string[],
): { value: number | null; seconds: number | null } {
  try {
    const started = performance.now();
    const printed = count(file, options);
    return { value: Number(printed), seconds: (performance.now() - started) / 1000 };
  } catch {
    return { value: null, seconds: null };
  }
}

/** grep exits with 1 where no line has the text: that is no error here. */
function count(file: string, options: readonly string[]): string {
  try {
    return execFileSync("grep", ["-c", ...options, file], { encoding: "utf8" });
  } catch (thrown) {
    if (thrown instanceof Error && "status" in thrown && thrown.status === 1) return "0";
    throw thrown;
  }
}

async function nativeLines(file: string): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `CREATE TABLE lines AS SELECT * FROM read_csv('${file}', header = false, delim = '\u0001',
     quote = '', escape = '', columns = { message: 'VARCHAR' })`,
  );
  return connection;
}

async function nativeTime(connection: DuckDBConnection, search: LogSearch): Promise<number> {
  const { text, syntax, caseSensitive } = search;
  const condition =
    syntax === "regex"
      ? `regexp_matches(message, '${text}')`
      : caseSensitive
        ? `contains(message, '${text}')`
        : `contains(lower(message), '${text.toLowerCase()}')`;
  const runs: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const started = performance.now();
    await connection.run(`SELECT count(*) FROM lines WHERE ${condition}`);
    runs.push((performance.now() - started) / 1000);
  }
  return median(runs);
}
