import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import type { TestHook } from "../../renderer/data/test-hook.ts";
import { cleanUp, launch } from "../support/app.ts";
import { writeLog } from "./ingest-files.ts";
import { largestMemory, memoryOf } from "./memory.ts";

const LINES = 46_500_000; // 4.0 GB

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
      const { most, value } = await largestMemory(root, () => importOnce(launched.page, file));
      const { seconds, rows } = value;
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
