import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { answerOpenDialog, cleanUp, idle, launch, newCase, showView } from "../support/app.ts";

/** A log of nobody's layout: bars between the parts, the time in the middle. */
const LINES = Array.from({ length: 40 }, (_, i) =>
  [
    `job#${String(100 + i)}`,
    i % 4 === 0 ? "WARN" : "INFO",
    `2026-03-01 10:${String(10 + i)}:00`,
    i % 2 === 0 ? "billing" : "search",
    `queue depth ${String(i * 3)} after ${String(i % 5)} s`,
  ].join("|"),
);

test("a pattern is built by clicking on a sample line, tried, saved and used", async () => {
  const launched = await launch();
  const { page, app, scratch } = launched;
  const file = join(scratch, "jobs.log");
  writeFileSync(file, `${LINES.join("\n")}\n`);
  await newCase(launched, "patterns");
  await answerOpenDialog(app, [file]);
  await page
    .getByRole("button", { name: /Add files…|Choose files…/ })
    .first()
    .click();
  await page.getByLabel("Read as").selectOption({ label: "Text log" });
  await page.getByText("Pattern of the lines").click();
  const words = page.getByRole("group", { name: "Words of the sample line" });

  await words.getByRole("button", { name: "2026-03-01", exact: true }).click();
  await words
    .getByRole("button", { name: "10:10:00", exact: true })
    .click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "time", exact: true }).click();
  await words.getByRole("button", { name: "WARN", exact: true }).click();
  await page.getByRole("button", { name: "level", exact: true }).click();
  await words.getByRole("button", { name: "billing", exact: true }).click();
  await page.getByRole("button", { name: "service", exact: true }).click();
  await words.getByRole("button", { name: "queue", exact: true }).click();
  await words.getByRole("button", { name: "s", exact: true }).click({ modifiers: ["Shift"] });
  await page.getByRole("button", { name: "message", exact: true }).click();

  await expect(page.getByText("40 of 40 lines fit.")).toBeVisible();
  await page.getByRole("button", { name: "Save in the case" }).click();
  await expect(page.getByRole("button", { name: "Saved in the case" })).toBeVisible();
  await page.getByRole("button", { name: "Read the file by this pattern" }).click();
  await expect(page.getByText("40 of the first 40 lines fit the pattern.")).toBeVisible();
  await page.getByRole("button", { name: "Import 1 file", exact: true }).click();
  await idle(page);

  await showView(page, "Schema");
  const columns = page.getByRole("table", { name: "Columns of logs" });
  await expect(columns.getByRole("row", { name: /^service/ })).toContainText("billing, search");
  await expect(columns.getByRole("row", { name: /^level/ })).toContainText("info, warn");

  // The templates of its messages.
  await showView(page, "Templates");
  const templates = page.getByRole("listbox", { name: "Templates" }).getByRole("option");
  await expect(templates).toHaveCount(1);
  await expect(templates).toContainText("queue depth <*> after");
  await page.getByLabel("Name of the template").fill("queue depth");
  await page.getByLabel("Name of the template").press("Enter");
  await expect(templates.locator("strong")).toHaveText("queue depth");
  await page.screenshot({ path: "dist/test-results/templates.png" });
  await launched.close();
  cleanUp(launched);
});
