import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { answerOpenDialog, cleanUp, launch, openSample, showView } from "../support/app.ts";
import { SAMPLE } from "../support/files.ts";

const OUT = "dist/screenshots";

test("pictures of every view, light and dark", async () => {
  mkdirSync(OUT, { recursive: true });
  const launched = await launch();
  const { page } = launched;
  await page.evaluate(() => {
    localStorage.setItem("inquest.theme", "light");
  });
  await page.reload();
  await page.locator(".iq-shell").waitFor();
  await both(page, "welcome");
  await openSample(launched);

  await page.locator('[data-evidence="E1"]').click();
  await both(page, "evidence");
  await answerOpenDialog(launched.app, [join(process.cwd(), SAMPLE, "metrics/model_metrics.csv")]);
  await page.getByRole("button", { name: "Add files…" }).click();
  await expect(page.getByText(/already in the case/).first()).toBeVisible();
  await both(page, "import-preview");
  await page.getByRole("button", { name: "Remove", exact: true }).click();

  await showView(page, "Schema");
  await page.getByRole("button", { name: /^user_features/ }).click();
  await expect(page.getByLabel("Role of user_gender")).toBeVisible();
  await both(page, "schema");

  await showView(page, "Logs");
  await settled(page);
  await both(page, "logs");
  await showView(page, "Changes");
  await expect(page.locator(".iq-board-state")).toHaveText(/^\d+ changes$/, { timeout: 60_000 });
  await settled(page);
  await both(page, "changes");

  await showView(page, "Compare");
  await page.locator('[data-column="user_gender"]').click();
  await settled(page);
  await both(page, "compare");
  await page.getByRole("button", { name: "Pin as finding" }).click();
  for (const tab of ["Segments", "Together", "Logs", "Model", "Rules"]) {
    await page.getByRole("tab", { name: tab }).click();
    await settled(page);
    await both(page, `compare-${tab.toLowerCase()}`);
  }
  await page.getByRole("tab", { name: "Columns" }).click();

  await showView(page, "Timeline");
  await settled(page);
  await both(page, "timeline");

  await showView(page, "Suspects");
  await settled(page);
  await both(page, "suspects");
  await page
    .locator("[data-suspect]")
    .first()
    .getByRole("button", { name: "Pin as finding" })
    .click();

  await showView(page, "Findings");
  await settled(page);
  await both(page, "findings");

  await showView(page, "Report");
  await page
    .getByLabel("Summary of the report")
    .fill(
      "Click-through rate of the “For you” rail fell for three weeks without an alert. The demographic feature user_gender had been re-encoded upstream.",
    );
  await settled(page);
  await both(page, "report");

  await showView(page, "Help");
  await both(page, "help");
  await page.keyboard.press("Control+k");
  await settled(page);
  await both(page, "palette");
  await launched.close();
  cleanUp(launched);
});

/** One picture in each theme; ends in light. */
async function both(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  for (const theme of ["light", "dark"]) {
    await settled(page);
    await page.screenshot({ path: `${OUT}/${name}-${theme}.png` });
    await page.keyboard.press("Control+Shift+L");
    await expect(page.locator("body.bp6-dark")).toHaveCount(theme === "light" ? 1 : 0);
  }
}

async function settled(page: Page): Promise<void> {
  await expect(page.locator(".iq-view .bp6-spinner, .iq-view .bp6-progress-bar")).toHaveCount(0, {
    timeout: 60_000,
  });
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined))).then(
      () => undefined,
    ),
  );
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
}
