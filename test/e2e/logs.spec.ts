import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { cleanUp, importFiles, launch, newCase, showView, type Launched } from "../support/app.ts";

const LINES = 200_000;
const START = Date.UTC(2026, 2, 2);

/** A line each 10 s over 23 days; a burst of errors in the last hour, a trace below each. */
function writeLog(path: string): void {
  const lines: string[] = [];
  for (let i = 0; i < LINES; i++) {
    const at = new Date(START + i * 10_000).toISOString();
    if (i === 150_000) lines.push(`${at} WARN [checkout] stock is low: Needle-7 left`);
    else if (i > LINES - 360 && i % 3 === 0)
      lines.push(
        `${at} ERROR [checkout] Connection refused by 10.0.0.${String(i % 250)}\n\tat Pool.borrow(Pool.java:31)`,
      );
    else lines.push(`${at} INFO [checkout] request ${String(i)} took ${String(i % 90)} ms`);
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}

const list = (page: Page) => page.getByRole("grid", { name: "Log lines", exact: true });
const current = (page: Page) => list(page).locator('[aria-selected="true"]');
const foot = (page: Page) => page.locator(".iq-log-foot").first();
const search = (page: Page) => page.getByRole("textbox", { name: "Search the lines" });

async function opened(): Promise<Launched> {
  const launched = await launch();
  const { page, scratch } = launched;
  const file = join(scratch, "service.log");
  writeLog(file);
  await newCase(launched, "logs");
  await importFiles(launched, [file]);
  await showView(page, "Logs");
  await expect(foot(page)).toContainText("Line 1 of 200,000");
  return launched;
}

test("lines are read, searched and marked by keyboard", async () => {
  const launched = await opened();
  const { page } = launched;
  await expect(list(page).getByRole("row").nth(1)).toContainText("request 0 took 0 ms");

  // To the last line and back, and along.
  await page.keyboard.press("G");
  await expect(current(page)).toContainText("2026-03-25 03:33:10.000");
  await expect(foot(page)).toContainText("Line 200,000 of");
  await page.keyboard.press("g");
  await expect(current(page)).toContainText("request 0 took");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(current(page)).toContainText("request 1 took");
  await page.keyboard.press(" ");
  await expect(foot(page)).not.toContainText("Line 2 of");

  // Errors and warnings.
  await page.keyboard.press("w");
  await expect(current(page)).toContainText("stock is low");
  await page.keyboard.press("e");
  await expect(current(page)).toContainText("Connection refused");
  await page.keyboard.press("E");
  await expect(page.getByRole("status").filter({ hasText: "no error before" })).toBeVisible();

  // Search: any case, hits marked, counted, gone to.
  await page.keyboard.press("/");
  await expect(search(page)).toBeFocused();
  await page.keyboard.type("needle-7");
  await expect(page.locator('[data-hits="1"]')).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(list(page)).toBeFocused();
  await page.keyboard.press("N");
  await expect(current(page).locator("mark")).toHaveText("Needle-7");
  await expect(page.locator("[data-hits]")).toHaveText("hit 1 of 1");

  // Only hits; what stood around with the filter off; back.
  await page.keyboard.press("f");
  await expect(foot(page)).toContainText("Line 1 of 1");
  await page.keyboard.press("c");
  await expect(foot(page)).toContainText("Line 150,001 of 200,000");
  await expect(list(page)).toContainText("request 150001 took");
  await page.keyboard.press("c");
  await expect(foot(page)).toContainText("Line 1 of 1");

  // A mark is a finding, in the journal: it can be undone.
  await page.keyboard.press("m");
  await expect(current(page).getByLabel("marked as evidence")).toBeVisible();
  await expect(page.getByRole("button", { name: "Marks 1" })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(current(page).getByLabel("marked as evidence")).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await expect(current(page).getByLabel("marked as evidence")).toBeVisible();
  await page.keyboard.press("f");
  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(current(page)).toContainText("Needle-7");
  await page.getByRole("button", { name: "Marks 1" }).click();
  await expect(page.getByRole("complementary", { name: "Marked lines" })).toContainText("Needle-7");
  await showView(page, "Findings");
  await expect(page.getByLabel("Title of the finding")).toHaveValue(
    /Log line \(warn.*\): stock is low: Needle-7 left/,
  );
  // The view is as it was left.
  await showView(page, "Logs");
  await expect(current(page)).toContainText("Needle-7");
  await page.keyboard.press("m");
  await expect(page.getByRole("button", { name: "Marks", exact: true })).toBeVisible();

  // Nothing keeps the focus.
  await list(page).focus();
  await page.keyboard.press("Tab");
  await expect(list(page)).not.toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys in Logs" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await launched.close();
  cleanUp(launched);
});

test("lines are filtered by field, template, time and pattern", async () => {
  const launched = await opened();
  const { page } = launched;

  await page.getByRole("button", { name: "Level", exact: true }).click();
  await page.getByRole("checkbox", { name: /^error/ }).click();
  await page.keyboard.press("Escape");
  await expect(foot(page)).toContainText("of 120");
  await page.getByRole("button", { name: "Remove filter: level is error" }).click();
  await expect(foot(page)).toContainText("of 200,000");

  // The details of a line make filters. A menu that closes gives the focus back to its button.
  await page.keyboard.press("g");
  await current(page).click();
  await page.keyboard.press("Enter");
  const details = page.getByRole("complementary", { name: "Details of the line" });
  await expect(details).toContainText("service.log, line 1, byte 0");
  await details.getByRole("button", { name: "Without this template" }).click();
  await expect(foot(page)).toContainText("of 121");
  await page.getByRole("button", { name: "Remove filter: without 1 template" }).click();
  await expect(foot(page)).toContainText("of 200,000");
  await page.keyboard.press("e");
  await expect(details.locator("pre")).toContainText("at Pool.borrow(Pool.java:31)");
  await page.keyboard.press("Escape");
  await expect(details).toHaveCount(0);

  // A drag over the chart keeps a time; the list says which.
  const chart = page.getByRole("slider", { name: /^Time/ });
  const box = await chart.boundingBox();
  if (box === null) throw new Error("the chart has no place");
  await page.mouse.move(box.x + box.width / 4, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByRole("button", { name: /^Remove filter: 2026-03-/ })).toBeVisible();
  await expect(foot(page)).toContainText(/of (49|50),\d{3}/);
  await page.getByRole("button", { name: /^Remove filter: 2026-03-/ }).click();
  await expect(foot(page)).toContainText("of 200,000");
  // A click only goes there. The chart has moved up with the filter that is gone.
  const again = (await chart.boundingBox()) ?? box;
  await page.mouse.click(again.x + (again.width * 3) / 4, again.y + 20);
  await expect(foot(page)).toContainText(/Line (149|150),\d{3} of 200,000/);

  // A wrong pattern is told at the field, a right one searched.
  await page.getByRole("button", { name: "Regular expression" }).click();
  await search(page).fill("request \\d+5 (took");
  await expect(page.getByRole("alert")).toContainText("missing )");
  await search(page).fill("request \\d*99999 took");
  await expect(page.locator('[data-hits="2"]')).toBeVisible();
  await search(page).press("Enter");
  await expect(current(page)).toContainText(/request \d*99999 took/);
  await launched.close();
  cleanUp(launched);
});

test("the incident is seen beside the week before, line for line in time", async () => {
  const launched = await opened();
  const { page } = launched;
  await showView(page, "Compare");
  for (const [name, value] of [
    ["Baseline from", "2026-03-10 00:00"],
    ["Baseline to", "2026-03-11 00:00"],
    ["Incident from", "2026-03-24 20:00"],
    ["Incident to", "2026-03-25 00:00"],
  ] as const) {
    await page.getByLabel(`${name} (UTC)`).fill(value);
    await page.getByLabel(`${name} (UTC)`).press("Enter");
  }
  await showView(page, "Logs");
  await page.getByLabel("Incident beside an earlier time").selectOption("beside the week before");
  const incident = page.getByRole("grid", { name: "Log lines of the incident" });
  const before = page.getByRole("grid", { name: "Log lines one week before" });
  // Both begin at their ends: the tail.
  await expect(incident).toContainText("2026-03-24 23:59:50.000");
  await expect(before).toContainText("2026-03-17 23:59:50.000");
  await expect(page.locator(".iq-log-foot").first()).toContainText("Line 1,440 of 1,440");
  // The other list goes along.
  await incident.focus();
  await page.keyboard.press("g");
  await expect(incident.locator('[aria-selected="true"]')).toContainText("2026-03-24 20:00:00.000");
  await expect(before.locator('[aria-selected="true"]')).toContainText("2026-03-17 20:00:00.000");
  await before.focus();
  await page.keyboard.press("j");
  await expect(before.locator('[aria-selected="true"]')).toContainText("2026-03-17 20:00:10.000");
  await expect(incident.locator('[aria-selected="true"]')).toContainText("2026-03-24 20:00:10.000");
  // Both windows stand on the chart.
  await expect(page.locator('.iq-log-band[data-band="baseline"]')).toBeVisible();
  await expect(page.locator('.iq-log-band[data-band="incident"]')).toBeVisible();
  await launched.close();
  cleanUp(launched);
});
