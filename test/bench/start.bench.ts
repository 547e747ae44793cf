import { cleanUp, launch } from "../support/app.ts";

interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly runs: number[];
}

const RUNS = 10;

/**
 * From the creation of the process to a window that answers: first view drawn,
 * and a click answered by a dialog while the engine still warms up. The test
 * driver's own attaching is in the figures. The data folder is not read.
 */
export default async function run(): Promise<{
  rows: BenchRow[];
  summary: Record<string, number>;
  skipped: { name: string; reason: string }[];
}> {
  const drawn: number[] = [];
  const answered: number[] = [];
  const engine: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const launched = await launch();
    const { page } = launched;
    const started = await page.evaluate(async () => {
      const info = (await window.inquest.invoke("app.info")) as { processStartedAt: number };
      return info.processStartedAt;
    });
    drawn.push(
      await page.evaluate((start) => {
        const [mark] = performance.getEntriesByName("inquest:first-view");
        return performance.timeOrigin + (mark?.startTime ?? NaN) - start;
      }, started),
    );
    await page.getByRole("button", { name: "New case…" }).click();
    await page.getByRole("dialog").waitFor();
    answered.push(Date.now() - started);
    await page.locator('.iq-status[data-engine="ready"]').waitFor({ timeout: 60_000 });
    engine.push(Date.now() - started);
    await launched.close();
    cleanUp(launched);
  }
  const rows = [
    row("process start to first view drawn", drawn),
    row("process start to a click answered", answered),
    row("process start to engine ready (behind the window)", engine),
  ];
  return {
    rows,
    summary: { firstViewMs: median(drawn), clickMs: median(answered), engineMs: median(engine) },
    skipped: [],
  };
}

function row(name: string, runs: readonly number[]): BenchRow {
  return { name, value: median(runs), unit: "ms", runs: runs.map((r) => Math.round(r)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[sorted.length >> 1] ?? NaN);
}
