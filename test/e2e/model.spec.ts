import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { cleanUp, idle, importFiles, launch, newCase, showView } from "../support/app.ts";

const FIXTURE = join(import.meta.dirname, "../fixtures/predictions");
type Window = "baseline" | "incident";
const expected = JSON.parse(readFileSync(join(FIXTURE, "expected.json"), "utf8")) as Record<
  Window,
  Record<string, number>
>;

/** Windows by the values of a column. */
async function windowsByValue(page: Page, name: string, boxes: readonly string[]): Promise<void> {
  const windows = page.getByRole("region", { name: "Windows" });
  const toggle = windows.getByRole("button", { name: "Windows" });
  if ((await toggle.getAttribute("aria-expanded")) !== "true") await toggle.click();
  await windows.getByText("By column values").click();
  const column = windows.getByLabel("Column whose values make the windows");
  const option = column.locator("option", { hasText: name });
  await column.selectOption((await option.getAttribute("value")) ?? "");
  for (const box of boxes) {
    await windows.getByLabel(box).click();
    await expect(windows.getByLabel(box)).toBeChecked();
  }
  await toggle.click();
}

test("the model's metrics in both windows are scikit-learn's", async () => {
  const launched = await launch();
  const { page } = launched;
  await newCase(launched, "model");
  await importFiles(launched, [join(FIXTURE, "predictions.csv")]);
  await showView(page, "Compare");
  await windowsByValue(page, "model_version", [
    "v7 belongs to the baseline",
    "v8 belongs to the incident",
  ]);
  await page.getByRole("tab", { name: "Model" }).click();

  const table = page.getByRole("table", { name: "Metrics of both windows" });
  await expect(table).toBeVisible({ timeout: 60_000 });
  await expect(table).toContainText("Baseline, 2,000 labelled");
  for (const [k, window] of (["baseline", "incident"] as const).entries()) {
    for (const [name, value] of Object.entries(expected[window])) {
      if (name === "rows") continue;
      const row = table.getByRole("row").filter({
        has: page.getByRole("button", { name, exact: true }),
      });
      const text = await row.getByRole("cell").nth(k).innerText();
      // ROC AUC comes from 2,000 bins; what is shown has four digits.
      expect(Math.abs(parseFloat(text) - value), `${window} ${name}`).toBeLessThan(6e-4);
    }
  }
  const area = table.getByRole("row").filter({
    has: page.getByRole("button", { name: "ROC AUC", exact: true }),
  });
  await expect(area).toContainText("major");
  await expect(area).toContainText("worse");

  // Another metric's course, the diagram, the estimate with its assumptions.
  await table.getByRole("button", { name: "Brier score", exact: true }).click();
  await expect(
    page.getByRole("figure", { name: "Brier score over time, with its 95 % interval" }),
  ).toBeVisible();
  await expect(page.getByRole("img", { name: /^Reliability/ })).toBeVisible();
  await expect(page.getByRole("table", { name: "Estimated and realised metrics" })).toBeVisible();
  await expect(page.getByRole("table", { name: /^Parts of the change of ROC AUC/ })).toBeVisible();

  await page.getByRole("button", { name: "Pin ROC AUC as finding" }).click();
  await idle(page);
  await showView(page, "Findings");
  await expect(
    page.getByRole("article", { name: /ROC AUC of the model behind predictions/ }),
  ).toContainText("fell from 0.817 to 0.667");
  await launched.close();
  cleanUp(launched);
});

test("a table without roles says which ones a model needs, and leads to them", async () => {
  const launched = await launch();
  const { page, scratch } = launched;
  await newCase(launched, "no model");
  const file = join(scratch, "measured.csv");
  const rows = Array.from(
    { length: 200 },
    (_, i) =>
      `${new Date(Date.UTC(2024, 2, 1, i)).toISOString()},u${i % 40},${i % 7},shop ${i % 3}`,
  );
  writeFileSync(file, ["event_time,user_id,basket_size,shop", ...rows].join("\n"));
  await importFiles(launched, [file]);
  await showView(page, "Compare");
  await windowsByValue(page, "shop", [
    "shop 0 belongs to the baseline",
    "shop 1 belongs to the incident",
  ]);
  await page.getByRole("tab", { name: "Model" }).click();
  await expect(
    page.getByRole("heading", { name: "No column is a prediction, a score or a label" }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Set roles of measured" }).click();
  await expect(page.getByRole("table", { name: "Columns of measured" })).toBeVisible();
  await launched.close();
  cleanUp(launched);
});
