import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import {
  answerOpenDialog,
  cleanUp,
  idle,
  importFiles,
  launch,
  newCase,
  showView,
} from "../support/app.ts";
import { writeLargeCsv } from "../support/files.ts";

test("a cancelled import leaves nothing in the case, and the case goes on", async () => {
  const launched = await launch();
  const { app, page, scratch } = launched;
  await newCase(launched, "cancelled");
  const large = join(scratch, "large.csv");
  writeLargeCsv(large, 60);
  await answerOpenDialog(app, [large]);
  await page.getByRole("button", { name: "Choose files…" }).click();
  await page.getByRole("button", { name: "Import 1 file" }).click();
  await expect(page.locator(".iq-pending-item")).toContainText(/[1-9][\d,]* rows/, {
    timeout: 60_000,
  });
  await page.getByRole("button", { name: "Cancel import" }).click();
  await expect(page.getByText(/import of large\.csv was cancelled/)).toBeVisible();
  await idle(page);
  const left = await page.evaluate(async () => {
    const answer = await window.__inquestTest!.engine.query(
      "SELECT (SELECT count(*) FROM metrics)::DOUBLE AS rows, (SELECT count(*) FROM rejects)::DOUBLE AS rejects",
    );
    return answer.ok ? (answer.value.get(0) as { toJSON(): unknown }).toJSON() : answer.error;
  });
  expect(left).toEqual({ rows: 0, rejects: 0 });

  const small = join(scratch, "small.csv");
  writeFileSync(small, "time,cpu\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,2\n");
  await importFiles(launched, [small]);
  await expect(page.getByRole("table", { name: "Evidence" }).locator("tbody tr")).toHaveCount(1);
  await launched.close();
  cleanUp(launched);
});

test("windows by the values of a column: one model version against the next", async () => {
  const launched = await launch();
  const { page, scratch } = launched;
  await newCase(launched, "versions");
  const lines = ["prediction_time,user_id,device,basket_eur,model_version"];
  for (let i = 0; i < 4000; i++) {
    const after = i >= 2000;
    const at = new Date(Date.UTC(2024, 2, 1) + i * 90_000).toISOString();
    const device = (i * 7) % 10 < 4 ? "ios" : "android";
    const basket = 20 + ((i * 37) % 100) / 10 + (after ? 12 : 0);
    lines.push(`${at},u${(i * 7919) % 3001},${device},${basket.toFixed(2)},${after ? "v8" : "v7"}`);
  }
  const file = join(scratch, "predictions.csv");
  writeFileSync(file, lines.join("\n"));
  await importFiles(launched, [file]);
  await showView(page, "Compare");
  const windows = page.getByRole("region", { name: "Windows" });
  const toggle = windows.getByRole("button", { name: "Windows" });
  if ((await toggle.getAttribute("aria-expanded")) !== "true") await toggle.click();
  await windows.getByText("By column values").click();
  const column = windows.getByLabel("Column whose values make the windows");
  const option = column.locator("option", { hasText: "model_version" });
  await column.selectOption((await option.getAttribute("value")) ?? "");
  // A box shows what the journal says, a moment after the click.
  for (const name of ["v7 belongs to the baseline", "v8 belongs to the incident"]) {
    await windows.getByLabel(name).click();
    await expect(windows.getByLabel(name)).toBeChecked();
  }
  const shift = page.locator('[data-column="basket_eur"]');
  await expect(shift).toHaveAttribute("data-verdict", "major", { timeout: 60_000 });
  await expect(page.locator('[data-column="device"]')).toHaveCount(0);
  await launched.close();
  cleanUp(launched);
});
