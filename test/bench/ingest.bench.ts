import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Page } from "@playwright/test";
import type { TestHook } from "../../renderer/data/test-hook.ts";
import { cleanUp, launch } from "../support/app.ts";
import { writeCsv, writeJsonl, writeLog } from "./ingest-files.ts";

interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly runs: number[];
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
}
interface Speed {
  readonly mbPerS: number;
  /** Speed relative to native DuckDB with one thread on the same file; null where there is no peer. */
  readonly ofNative1: number | null;
}
interface Skipped {
  readonly name: string;
  readonly reason: string;
}
interface BenchResult {
  readonly rows: BenchRow[];
  readonly summary: Record<string, Speed>;
  readonly skipped: Skipped[];
}
type Format = "csv" | "jsonl" | "log" | "parquet";

const RUNS = 3;
const PEER = "native DuckDB, 1 thread, database on disk";

/** How native DuckDB reads the same file into a table. */
const NATIVE: Record<Format, string> = {
  csv: "CREATE TABLE t AS SELECT * FROM read_csv('FILE')",
  jsonl: "CREATE TABLE t AS SELECT * FROM read_json('FILE', format='newline_delimited')",
  // Whole lines as text: DuckDB does not parse logs, so it has less to do.
  log: "CREATE TABLE t AS SELECT * FROM read_csv('FILE', delim='\\x01', header=false, quote='', escape='', columns={'line': 'VARCHAR'})",
  parquet: "CREATE TABLE t AS SELECT * FROM read_parquet('FILE')",
};

/**
 * MB of the file on disk per second, from the request in the window to rows
 * that are committed and checkpointed in the case's database, in the real
 * application. All files are made here from a seed; the data folder is not read.
 */
export default async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "inquest-bench-"));
  const rows: BenchRow[] = [];
  const summary: Record<string, Speed> = {};
  const skipped: Skipped[] = [];
  try {
    const files = await makeFiles(folder, skipped);
    const native: Partial<Record<Format, number[]>> = {};
    for (const [format, file] of files) {
      const speeds = await nativeSpeeds(format, file, folder);
      if (typeof speeds === "string") skipped.push({ name: `${format}: ${PEER}`, reason: speeds });
      else native[format] = speeds;
    }
    const launched = await launch();
    try {
      await launched.page.waitForFunction(() => window.__inquestTest !== undefined);
      for (const [format, file] of files) {
        const runs = await windowSpeeds(launched.page, file);
        const value = median(runs);
        const peer = native[format] === undefined ? null : median(native[format]);
        rows.push({
          name: `${format} into the case, ${String(Math.round(sizeOf(file)))} MB`,
          value,
          unit: "MB/s",
          runs,
          ...(peer !== null && { peer: peerName(format), peerValue: peer, ratio: value / peer }),
        });
        summary[format] = { mbPerS: value, ofNative1: peer === null ? null : value / peer };
        if (format === "log") rows.push(...besideLnav(file, value, runs, skipped));
      }
    } finally {
      await launched.close();
      cleanUp(launched);
    }
    return { rows, summary, skipped };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeFiles(folder: string, skipped: Skipped[]): Promise<[Format, string][]> {
  const csv = join(folder, "metrics.csv");
  const jsonl = join(folder, "events.jsonl");
  const log = join(folder, "service.log");
  writeCsv(csv, 3_000_000);
  writeJsonl(jsonl, 1_000_000);
  writeLog(log, 1_500_000);
  const files: [Format, string][] = [
    ["csv", csv],
    ["jsonl", jsonl],
    ["log", log],
  ];
  const parquet = join(folder, "features.parquet");
  const reason = await tryNative(`COPY (SELECT
      TIMESTAMP '2024-05-01' + to_seconds(i) AS event_ts, 'user-' || (hash(i) % 100000) AS user_id,
      ${Array.from({ length: 18 }, (_, k) => `(hash(i * 31 + ${k}) % 1000000)::DOUBLE / 997 AS f${k}`).join(", ")}
    FROM range(1000000) t(i)) TO '${parquet}' (FORMAT parquet)`);
  if (reason === null) files.push(["parquet", parquet]);
  else
    skipped.push({ name: "parquet", reason: `native DuckDB could not write the file: ${reason}` });
  return files;
}

/** Null, or why it failed. */
async function tryNative(sql: string): Promise<string | null> {
  const instance = await DuckDBInstance.create(":memory:", {
    autoinstall_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    await connection.run(sql);
    return null;
  } catch (thrown) {
    return firstLine(thrown);
  } finally {
    instance.closeSync();
  }
}

/** MB/s of each run, or why there are none. */
async function nativeSpeeds(
  format: Format,
  file: string,
  folder: string,
): Promise<number[] | string> {
  const speeds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const database = join(folder, `native-${format}-${String(run)}.duckdb`);
    const started = performance.now();
    const instance = await DuckDBInstance.create(database, {
      threads: "1",
      autoinstall_known_extensions: "false",
    });
    try {
      const connection = await instance.connect();
      await connection.run(NATIVE[format].replace("FILE", file));
      await connection.run("CHECKPOINT");
      speeds.push(sizeOf(file) / ((performance.now() - started) / 1000));
    } catch (thrown) {
      return firstLine(thrown);
    } finally {
      instance.closeSync();
      rmSync(database, { force: true });
    }
  }
  return speeds;
}

async function windowSpeeds(page: Page, file: string): Promise<number[]> {
  const speeds: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const seconds = await page.evaluate(importSeconds, file);
    if (typeof seconds === "string") throw new Error(seconds);
    speeds.push(sizeOf(file) / seconds);
  }
  return speeds;
}

/** Runs in the page: seconds for one import into a new database, or what went wrong. */
async function importSeconds(path: string): Promise<number | string> {
  const { engine, ingest } = window.__inquestTest as TestHook;
  await engine.deleteDatabase("bench");
  const opened = await engine.open("bench");
  if (!opened.ok) return opened.error.message;
  const outcomes = (await (
    window as unknown as { inquest: { invoke(c: string, a: unknown): Promise<unknown> } }
  ).inquest.invoke("evidence.grant", { paths: [path] })) as {
    grant: Parameters<typeof ingest.importFile>[0];
  }[];
  const [granted] = outcomes;
  if (granted === undefined) return "no grant";
  const started = performance.now();
  const answer = await ingest.importFile(granted.grant, "auto", {}, 1);
  const seconds = (performance.now() - started) / 1000;
  return answer.ok ? seconds : answer.error.message;
}

/**
 * lnav on the same file: it keeps time and level of each line and reads the rest
 * from the file when asked, where a case keeps all columns and templates.
 */
function besideLnav(file: string, value: number, runs: number[], skipped: Skipped[]): BenchRow[] {
  const speeds: number[] = [];
  try {
    for (let run = 0; run < RUNS; run++) {
      const started = performance.now();
      execFileSync("lnav", ["-n", "-c", ";SELECT count(*) FROM all_logs", file]);
      speeds.push(sizeOf(file) / ((performance.now() - started) / 1000));
    }
  } catch (thrown) {
    skipped.push({ name: "log: lnav", reason: `${firstLine(thrown)} (Debian's package lnav)` });
    return [];
  }
  const peerValue = median(speeds);
  return [
    {
      name: `log into the case, ${String(Math.round(sizeOf(file)))} MB`,
      value,
      unit: "MB/s",
      runs,
      peer: "lnav, indexed in place",
      peerValue,
      ratio: value / peerValue,
    },
  ];
}

function peerName(format: Format): string {
  return format === "log" ? `${PEER}, whole lines as text` : PEER;
}

/** In MB (10^6 bytes). */
function sizeOf(file: string): number {
  return statSync(file).size / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function firstLine(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).split("\n")[0] ?? "";
}
