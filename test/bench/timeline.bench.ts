import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { cleanUp, importFiles, launch, newCase, showView } from "../support/app.ts";

interface BenchRow {
  name: string;
  value: number;
  unit: string;
  runs: number[];
}
interface BenchResult {
  rows: BenchRow[];
  summary: {
    points: number;
    lanes: number;
    redrawMs: number;
    redrawP95Ms: number;
    refineMs: number;
    refineP95Ms: number;
  };
  skipped: { name: string; reason: string }[];
}

const POINTS = 1_000_000;
const LANES = 8;
/** Keys pressed one after the other, each at its own frame: in, along, out. */
const KEYS = [
  ...along("+", 8),
  ...along("ArrowRight", 12),
  ...along("-", 5),
  ...along("ArrowLeft", 12),
  ...along("+", 6),
  "Home",
];

function along(key: string, times: number): string[] {
  return new Array<string>(times).fill(key);
}

/**
 * The timeline in the real application with eight lanes over a million points:
 * time from a change of the range to the frame that shows it (the
 * application's own measure `inquest:timeline-redraw`), and from the last
 * change to the finer data of all lanes (`inquest:timeline-refine`). The data
 * is made here: nothing is read from the data folder.
 */
export default async function run(): Promise<BenchResult> {
  const launched = await launch();
  try {
    const { page, scratch } = launched;
    const file = join(scratch, "metrics.csv");
    writeMetrics(file);
    await newCase(launched, "timeline bench");
    await importFiles(launched, [file]);
    await showView(page, "Timeline");
    await settled(page);
    const shown = page
      .getByRole("list", { name: "Lanes on the chart, in order" })
      .getByRole("listitem");
    while ((await shown.count()) < LANES) {
      await page.locator(".iq-picker-group input:not(:checked)").first().click();
    }
    await settled(page);
    const lanes = await shown.count();
    await page.locator(".iq-lanes").focus();
    await page.evaluate(() => {
      performance.clearMeasures();
    });
    for (const key of KEYS) {
      await page.keyboard.press(key);
      await page.waitForTimeout(50);
    }
    await settled(page);
    // One change at a time, each waited for: what it takes until the picture is sharp.
    for (const key of ["+", "+", "+", "+", "+", "+", "PageDown", "PageUp", "-", "-", "-", "+"]) {
      await page.keyboard.press(key);
      await settled(page);
    }
    const redraws = await durations(page, "inquest:timeline-redraw");
    const refines = await durations(page, "inquest:timeline-refine");
    return {
      rows: [
        {
          name: `redraw, ${lanes} lanes, median`,
          value: quantile(redraws, 0.5),
          unit: "ms",
          runs: redraws,
        },
        {
          name: `redraw, ${lanes} lanes, 95 %`,
          value: quantile(redraws, 0.95),
          unit: "ms",
          runs: redraws,
        },
        {
          name: `refine, ${lanes} lanes, median`,
          value: quantile(refines, 0.5),
          unit: "ms",
          runs: refines,
        },
        {
          name: `refine, ${lanes} lanes, 95 %`,
          value: quantile(refines, 0.95),
          unit: "ms",
          runs: refines,
        },
      ],
      summary: {
        points: POINTS,
        lanes,
        redrawMs: quantile(redraws, 0.5),
        redrawP95Ms: quantile(redraws, 0.95),
        refineMs: quantile(refines, 0.5),
        refineP95Ms: quantile(refines, 0.95),
      },
      skipped: [],
    };
  } finally {
    await launched.close();
    cleanUp(launched);
  }
}

/** Eight metrics, one sample a second and a half: a wide CSV of a million values. */
function writeMetrics(path: string): void {
  const out = openSync(path, "w");
  const names = Array.from({ length: LANES }, (_, k) => `metric_${k}`);
  writeSync(out, `time,${names.join(",")}\n`);
  const start = Date.UTC(2024, 4, 1);
  const rows = POINTS / LANES;
  let lines: string[] = [];
  for (let i = 0; i < rows; i++) {
    const values = names.map((_, k) =>
      (
        100 +
        10 * Math.sin(i / (400 + 90 * k)) +
        ((i * 7919 + k * 104_729) % 1000) / 100 +
        (i > rows * 0.7 ? k * 3 : 0)
      ).toFixed(3),
    );
    lines.push(`${new Date(start + i * 1500).toISOString()},${values.join(",")}\n`);
    if (lines.length === 5000 || i === rows - 1) {
      writeSync(out, lines.join(""));
      lines = [];
    }
  }
  closeSync(out);
}

/** All lanes have the data of the visible range, and nothing new is asked for. */
async function settled(page: Page): Promise<void> {
  // The view asks for finer data once the range has rested for 120 ms.
  await page.waitForTimeout(200);
  await page.locator('.iq-timeline[data-refining="false"]').waitFor({ timeout: 60_000 });
}

async function durations(page: Page, name: string): Promise<number[]> {
  return page.evaluate(
    (n) => performance.getEntriesByName(n).map((e) => Math.round(e.duration * 10) / 10),
    name,
  );
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
