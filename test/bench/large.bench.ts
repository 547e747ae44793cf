import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { TestHook } from "../../renderer/data/test-hook.ts";
import { cleanUp, launch } from "../support/app.ts";
import { writeLog } from "./ingest-files.ts";

const LINES = 46_500_000; // 4.0 GB
const SAMPLE_MS = 200;

/**
 * A log of 4 GB into the case, in the real application: seconds, rows, and the
 * largest memory of all its processes together (proportional set size, so that
 * shared pages count once). Linux only. The file is made here from a seed.
 */
export default async function run(): Promise<{
  rows: { name: string; value: number; unit: string; runs: number[] }[];
  summary: Record<string, number>;
  skipped: { name: string; reason: string }[];
}> {
  if (process.platform !== "linux")
    return { rows: [], summary: {}, skipped: [{ name: "4 GB log", reason: "needs /proc" }] };
  const folder = mkdtempSync(join(tmpdir(), "inquest-large-"));
  try {
    const file = join(folder, "large.log");
    writeLog(file, LINES);
    const megabytes = statSync(file).size / 1e6;
    const launched = await launch();
    try {
      await launched.page.waitForFunction(() => window.__inquestTest !== undefined);
      const root = launched.app.process().pid ?? 0;
      const before = memoryOf(root);
      let most = before;
      const timer = setInterval(() => {
        most = Math.max(most, memoryOf(root));
      }, SAMPLE_MS);
      const { seconds, rows } = await importOnce(launched.page, file).finally(() => {
        clearInterval(timer);
      });
      if (rows !== LINES) throw new Error(`${String(rows)} rows of ${String(LINES)} lines`);
      const figures: [string, number, string][] = [
        [`log of ${megabytes.toFixed(0)} MB into the case`, megabytes / seconds, "MB/s"],
        ["memory before the import", before / 1e6, "MB"],
        ["largest memory during the import", most / 1e6, "MB"],
      ];
      return {
        rows: figures.map(([name, value, unit]) => ({ name, value, unit, runs: [value] })),
        summary: { mbPerS: megabytes / seconds, peakMb: most / 1e6 },
        skipped: [],
      };
    } finally {
      await launched.close();
      cleanUp(launched);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function importOnce(page: Page, file: string): Promise<{ seconds: number; rows: number }> {
  page.setDefaultTimeout(0);
  const done = await page.evaluate(async (path) => {
    const { engine, ingest } = window.__inquestTest as TestHook;
    const opened = await engine.open("bench");
    if (!opened.ok) return opened.error.message;
    const [granted] = (await window.inquest.invoke("evidence.grant", { paths: [path] })) as {
      grant: Parameters<typeof ingest.importFile>[0];
    }[];
    if (granted === undefined) return "no grant";
    const started = performance.now();
    const answer = await ingest.importFile(granted.grant, "auto", {}, 1);
    const seconds = (performance.now() - started) / 1000;
    return answer.ok ? { seconds, rows: answer.value.rows } : answer.error.message;
  }, file);
  if (typeof done === "string") throw new Error(done);
  return done;
}

/** Bytes of a process and all that descend from it. */
function memoryOf(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(name));
  }
  const isOurs = (pid: number): boolean =>
    pid === root || (pid > 1 && isOurs(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(isOurs).reduce((sum, pid) => sum + proportionalSize(pid), 0);
}

function parentOf(pid: string): number {
  return Number(/^PPid:\s*(\d+)/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0);
}

function proportionalSize(pid: number): number {
  return 1024 * Number(/^Pss:\s*(\d+)/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** A process may end while one looks. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
