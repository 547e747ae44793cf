import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Locator, type Page } from "@playwright/test";
import {
  cleanUp,
  idle,
  importFiles,
  launch,
  newCase,
  showView,
  type Launched,
} from "../support/app.ts";

const START = Date.UTC(2024, 4, 1);
const HOUR = 3_600_000;
const DAYS = 12;

/** Twelve days: two metrics each minute, of which one falls on day 9, and a log that fills with errors. */
function writeIncident(folder: string): string[] {
  const metrics = ["ts,ctr,latency_ms"];
  const logs: string[] = [];
  for (let minute = 0; minute < DAYS * 24 * 60; minute++) {
    const at = new Date(START + minute * 60_000).toISOString();
    const bad = minute >= 9 * 24 * 60;
    const wave = Math.sin(minute / 229);
    metrics.push(
      `${at},${((bad ? 0.031 : 0.042) + wave * 0.002).toFixed(5)},${(180 + wave * 20).toFixed(2)}`,
    );
    if (minute % 5 === 0) {
      const level = bad && minute % 10 === 0 ? "ERROR" : "INFO";
      logs.push(
        `${at} ${level} ranker: request ${minute} ${level === "ERROR" ? "failed: timeout" : "served"}`,
      );
    }
  }
  const files = [join(folder, "metrics.csv"), join(folder, "ranker.log")] as const;
  writeFileSync(files[0], `${metrics.join("\n")}\n`);
  writeFileSync(files[1], `${logs.join("\n")}\n`);
  return [...files];
}

let launched: Launched;
let chart: Locator;
test.beforeAll(async () => {
  launched = await launch();
  await newCase(launched, "timeline");
  for (const file of writeIncident(launched.scratch)) await importFiles(launched, [file]);
  await showView(launched.page, "Timeline");
  chart = launched.page.locator(".iq-lanes");
});
test.afterAll(async () => {
  await launched.close();
  cleanUp(launched);
});

async function refined(page: Page): Promise<void> {
  await expect(page.locator('.iq-timeline[data-refining="false"]')).toBeVisible({
    timeout: 30_000,
  });
}

async function span(): Promise<number> {
  return (
    Number(await chart.getAttribute("data-to")) - Number(await chart.getAttribute("data-from"))
  );
}

test("the timeline shows logs and metrics as lanes over one axis", async () => {
  const { page } = launched;
  await refined(page);
  await expect(page.locator(".iq-lane-head", { hasText: "Log lines by level" })).toBeVisible();
  await expect(page.locator(".iq-lane-head", { hasText: "ctr" })).toBeVisible();
  await expect(page.locator(".iq-lane-status")).toHaveCount(0);
  expect(await span()).toBeGreaterThan((DAYS - 1) * 24 * HOUR * 1000);
});

test("keys zoom, pan and show everything again", async () => {
  const { page } = launched;
  const whole = await span();
  await chart.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("+");
  const zoomed = await span();
  expect(zoomed).toBeLessThan(whole / 4);
  const before = Number(await chart.getAttribute("data-from"));
  await page.keyboard.press("ArrowRight");
  expect(Number(await chart.getAttribute("data-from"))).toBeGreaterThan(before);
  expect(await span()).toBe(zoomed);
  await refined(page);
  await page.keyboard.press("Home");
  expect(await span()).toBe(whole);
});

test("the wheel zooms around the pointer", async () => {
  const { page } = launched;
  const whole = await span();
  const box = await chart.boundingBox();
  if (box === null) throw new Error("the chart has no box");
  await page.mouse.move(box.x + box.width * 0.75, box.y + 120);
  await page.mouse.wheel(0, -600);
  await expect.poll(span).toBeLessThan(whole * 0.6);
  await page.mouse.dblclick(box.x + box.width * 0.75, box.y + 120);
  await expect.poll(span).toBe(whole);
});

test("the cursor reads the value of every lane", async () => {
  const { page } = launched;
  await refined(page);
  const box = await chart.boundingBox();
  if (box === null) throw new Error("the chart has no box");
  await page.mouse.move(box.x + box.width * 0.3, box.y + 120);
  await expect(page.locator(".iq-strip-cursor")).toContainText("2024-05-0");
  await expect(
    page.locator(".iq-lane-head", { hasText: "ctr" }).locator(".iq-lane-value"),
  ).toContainText("0.04");
  await expect(
    page.locator(".iq-lane-head", { hasText: "Log lines" }).locator(".iq-lane-value"),
  ).toContainText("rows");
});

test("the visible range becomes a window, drawn as a band through the lanes", async () => {
  const { page } = launched;
  await chart.focus();
  await page.keyboard.press("+");
  await page.getByRole("button", { name: "Incident here" }).click();
  await idle(page);
  await expect(chart.locator('[data-band="incident"]')).toBeVisible();
  await expect(page.locator('[data-summary="incident"]')).toContainText("May 2024");
  await chart.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Control+z");
  await expect(chart.locator('[data-band="incident"]')).toHaveCount(0);
});

test("the zone changes the labels, not the data", async () => {
  const { page } = launched;
  const from = await chart.getAttribute("data-from");
  await page.getByTestId("zone").click();
  await page.getByPlaceholder("Search zones, e.g. Berlin").fill("Kolkata");
  await page
    .getByRole("option", { name: "Asia/Kolkata" })
    .or(page.getByRole("option", { name: "Asia/Calcutta" }))
    .first()
    .click();
  await expect(page.locator(".iq-strip-zone")).toHaveText("+5:30");
  expect(await chart.getAttribute("data-from")).toBe(from);
  const first = await page.locator(".iq-tick").first().getAttribute("style");
  await page.getByTestId("zone").click();
  await page.getByPlaceholder("Search zones, e.g. Berlin").fill("UTC");
  await page.getByRole("option", { name: "UTC" }).first().click();
  await expect(page.locator(".iq-strip-zone")).toHaveText("UTC");
  expect(await page.locator(".iq-tick").first().getAttribute("style")).not.toBe(first);
});

test("lanes are chosen, ordered and removed", async () => {
  const { page } = launched;
  const heads = page.locator(".iq-lane-head");
  const count = await heads.count();
  await page.getByRole("button", { name: "Move Log lines by level down" }).click();
  await expect(heads.nth(1)).toContainText("Log lines by level");
  await page.getByRole("button", { name: "Remove Log lines by level" }).click();
  await expect(heads).toHaveCount(count - 1);
  await page.getByLabel("Filter lanes").fill("log lines");
  await page.getByRole("checkbox", { name: "Log lines by level" }).check();
  await expect(heads).toHaveCount(count);
  await page.getByRole("button", { name: "Default choice" }).click();
  await expect(heads.first()).toContainText("Log lines by level");
});

test("the numbers behind a lane are a table", async () => {
  const { page } = launched;
  await page.locator(".iq-timeline").getByRole("button", { name: "Show numbers" }).click();
  const table = page.locator(".iq-lanes-numbers table");
  await expect(table).toBeVisible();
  expect(await table.locator("tbody tr").count()).toBeGreaterThan(20);
  await page.getByRole("button", { name: "Hide numbers" }).click();
});

test("changes of level are marked, and said at the cursor", async () => {
  const { page } = launched;
  await refined(page);
  await chart.focus();
  await page.keyboard.press("Home");
  // The fall of ctr lies at three quarters of twelve days.
  const box = await chart.boundingBox();
  if (box === null) throw new Error("the chart has no place");
  await page.mouse.move(box.x + 52 + (box.width - 66) * 0.75, box.y + 60);
  const ctr = page.locator(".iq-lane-head", { hasText: "ctr" }).locator(".iq-lane-value");
  await expect(ctr).toContainText(/goes down from 0\.04\d* to 0\.03\d* at 2024-05-(09|10)/, {
    timeout: 30_000,
  });
  await page.getByRole("button", { name: "Levels" }).click();
  await page.mouse.move(box.x + 54 + (box.width - 66) * 0.75, box.y + 60);
  await expect(ctr).not.toContainText("goes down");
  await page.getByRole("button", { name: "Levels" }).click();
});

test("a lane is drawn over itself a day before, kept above, and grouped by layer", async () => {
  const { page } = launched;
  await page.getByLabel("Each lane over itself").selectOption("1");
  const box = await chart.boundingBox();
  if (box === null) throw new Error("the chart has no place");
  await page.mouse.move(box.x + 52 + (box.width - 66) * 0.5, box.y + 60);
  await expect(page.locator(".iq-lane-value", { hasText: "a day before" }).first()).toBeVisible();
  await page.getByLabel("Each lane over itself").selectOption("0");

  await page.getByRole("button", { name: "Keep ctr above the others" }).click();
  const above = page.locator(".iq-timeline-pinned .iq-lane-head");
  await expect(above).toHaveCount(1);
  await expect(above).toContainText("ctr");
  await page.getByRole("button", { name: "Keep ctr above the others" }).click();
  await expect(above).toHaveCount(0);

  await page.getByText("Grouped by layer").click();
  await expect(page.locator(".iq-lane-group").first()).toBeVisible();
  const groups = await page.locator(".iq-lane-group").allTextContents();
  expect(new Set(groups).size).toBe(groups.length);
  await page.getByText("Grouped by layer").click();
  await expect(page.locator(".iq-lane-group")).toHaveCount(0);
});

test("notes are written, changed, gone to, removed and undone", async () => {
  const { page } = launched;
  await chart.focus();
  await page.keyboard.press("n");
  await page.getByLabel("What happened").fill("Customers call");
  await page.getByLabel("When (UTC)").fill("2024-05-10 08:00");
  await page.getByLabel("Until").fill("2024-05-10 07:00");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("after the beginning");
  await page.getByLabel("Until").fill("2024-05-10 09:30");
  await page.getByRole("button", { name: "Save" }).click();
  const notes = page.getByRole("list", { name: "Notes on the timeline" });
  await expect(notes).toContainText("2024-05-10 08:00:00");
  await expect(page.locator(".iq-lane-head", { hasText: "Notes" })).toBeVisible();
  await page.getByRole("button", { name: "Change the note Customers call" }).click();
  await page.getByLabel("What happened").fill("Customers call in numbers");
  await page.getByRole("button", { name: "Save" }).click();
  await notes.getByRole("button", { name: /^2024-05-10 08:00:00/ }).click();
  await expect.poll(span).toBeLessThan(4 * 24 * HOUR * 1000);
  await page.getByRole("button", { name: "Remove the note Customers call in numbers" }).click();
  await expect(notes).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(notes).toContainText("Customers call in numbers");
});

test("a statement of the log is a lane", async () => {
  const { page } = launched;
  await page.getByLabel("Filter lanes").fill("failed: timeout");
  await page.getByRole("checkbox", { name: /failed: timeout/ }).check();
  const lane = page.locator(".iq-lane-head", { hasText: "failed: timeout" });
  await expect(lane).toContainText("lines per");
  await refined(page);
  await expect(page.locator(".iq-lane-status")).toHaveCount(0);
});
