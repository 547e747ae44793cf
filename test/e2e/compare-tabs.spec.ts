import { expect, test, type Page } from "@playwright/test";
import { cleanUp, launch, openSample, showView, type Launched } from "../support/app.ts";

let launched: Launched;
test.beforeAll(async () => {
  launched = await launch();
  await openSample(launched);
  await showView(launched.page, "Compare");
});
test.afterAll(async () => {
  await launched.close();
  cleanUp(launched);
});

const openTab = (page: Page, name: string) => page.getByRole("tab", { name }).click();

test("a metric's change is followed into segments and pinned", async () => {
  const { page } = launched;
  await openTab(page, "Segments");
  const steps = page.getByRole("region", { name: "The way of the change" });
  await expect(steps).toBeVisible({ timeout: 60_000 });
  await expect(steps.getByRole("button", { name: "user_gender = 0" })).toBeVisible();
  await page.getByRole("button", { name: "by device" }).click();
  await expect(page.getByText("share of clicked by device: from the baseline")).toBeVisible();
  await page.getByLabel("Metric").selectOption({ label: "mean of score" });
  await expect(page.getByText(/mean of score: from the baseline/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Pin as finding" }).click();
  await expect(page.getByText(/^Pinned: /)).toBeVisible();
  await page.getByRole("button", { name: "Show findings" }).click();
  await expect(page.locator(".iq-finding-statement")).toContainText("mean of score");
  await showView(page, "Compare");
});

test("the comparison is narrowed to one segment, which the windows then say", async () => {
  const { page } = launched;
  await openTab(page, "Columns");
  await page.getByLabel("Segment column").selectOption({ label: "device" });
  await page.getByLabel("Value of device").selectOption("ios");
  const line = page.locator("[data-summary=incident]");
  await expect(line).toContainText("device = ios");
  await expect(page.locator(".iq-compare-skipped").first()).toContainText("has no column device", {
    timeout: 60_000,
  });
  // A column that has one value now is not compared.
  await expect(page.locator("[data-column=user_gender]")).toBeVisible();
  await page.getByLabel("Segment column").selectOption({ label: "all segments" });
  await expect(line).not.toContainText("device");
});

test("log lines of both windows are compared, and a new statement is pinned", async () => {
  const { page } = launched;
  await openTab(page, "Logs");
  const isNew = page.getByRole("button", { name: /category not in vocabulary/ });
  await expect(isNew).toBeVisible({ timeout: 60_000 });
  await isNew.click();
  await expect(page.getByText("198 lines in the incident, none in the baseline.")).toBeVisible();
  await page.getByRole("button", { name: "Pin as finding" }).click();
  await page.getByRole("button", { name: "Show findings" }).click();
  await expect(
    page.locator(".iq-finding-statement", { hasText: "198 lines in the incident" }),
  ).toBeVisible();
  // Its lines, and its course on the timeline, are a click away.
  await showView(page, "Compare");
  await isNew.click();
  await page.getByRole("button", { name: "Show lines" }).click();
  await expect(page.locator(".iq-log-foot").first()).toContainText("Line 1 of 198");
  await showView(page, "Compare");
  await isNew.click();
  await page.getByRole("button", { name: "Show on timeline" }).click();
  await expect(page.getByRole("heading", { name: "Timeline", exact: true })).toBeVisible();
  await expect(page.getByText(/category not in vocabulary/).first()).toBeVisible();
  await showView(page, "Compare");
  await page.getByRole("button", { name: "Stack traces" }).click();
  await expect(page.getByText("java.util.concurrent.TimeoutException").first()).toBeVisible({
    timeout: 60_000,
  });
});

test("columns are looked at together", async () => {
  const { page } = launched;
  await openTab(page, "Together");
  const found = page.getByRole("list", { name: "What was found" });
  await expect(found).toContainText("it goes mostly by user_gender", { timeout: 60_000 });
  await expect(page.getByText("Which columns go together")).toBeVisible();
  await expect(page.getByText("Error of rebuilding a row")).toBeVisible();
});

test("rules of the baseline: those the incident breaks are listed, saved, and taken back", async () => {
  const { page } = launched;
  await openTab(page, "Rules");
  const broken = page.getByLabel(/^Only the \d+ rules that the incident breaks/);
  await expect(broken).toBeEnabled({ timeout: 60_000 });
  const all = await page.locator(".iq-rules-table tbody tr").count();
  await broken.check({ force: true });
  const rows = page.locator(".iq-rules-table tbody tr");
  expect(await rows.count()).toBeLessThan(all);
  const gender = rows.filter({ hasText: "user_gender" }).filter({ hasText: "one of" });
  await expect(gender).toContainText("✕ fail");

  // A bound that is typed over is checked at once.
  await broken.uncheck({ force: true });
  const most = page.getByLabel("at most, expect_table_row_count_to_be_between()");
  await most.fill("10");
  await most.press("Enter");
  const count = rows.filter({ hasText: "whole table" });
  await expect(count.getByText("✕ fail")).toHaveCount(2, { timeout: 60_000 });

  await page.getByRole("button", { name: "Save rules" }).click();
  await expect(page.getByText(`${String(all)} saved`)).toBeVisible();
  await openTab(page, "Columns");
  await page.getByLabel("Table", { exact: true }).selectOption("user_features");
  await expect(page.getByText(/breaks a saved rule/).first()).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "Undo" }).click();
  await openTab(page, "Rules");
  await expect(page.getByText("none saved")).toBeVisible({ timeout: 60_000 });
});
