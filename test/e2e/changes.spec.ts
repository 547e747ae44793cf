import { expect, test } from "@playwright/test";
import { cleanUp, idle, launch, openSample, showView, type Launched } from "../support/app.ts";

let launched: Launched;
test.beforeAll(async () => {
  launched = await launch();
  await openSample(launched);
  await idle(launched.page);
});
test.afterAll(async () => {
  await launched.close();
  cleanUp(launched);
});

test("what differs stands on one board, strongest first, each row a click from its rows", async () => {
  const { page } = launched;
  await showView(page, "Changes");
  const state = page.locator(".iq-board-state");
  await expect(state).toHaveText(/^\d+ changes$/, { timeout: 60_000 });

  // Within a branch no row is stronger than the one above it.
  const strengths = await page
    .locator('section[data-branch="features"] .iq-board-strength')
    .evaluateAll((all) => all.map((e) => Number(e.getAttribute("aria-valuenow"))));
  expect(strengths.length).toBeGreaterThan(0);
  expect(strengths).toEqual([...strengths].sort((a, b) => b - a));

  // When something began to move is known once suspects are ranked; not when an event was.
  for (const [row, at] of [
    ["metrics/ctr", /^2024-05-2[23] /],
    ["user_features/user_gender", /^2024-05-2[12] /],
  ] as const) {
    await expect(page.locator(`[data-row^="${row}"] .iq-board-when`)).toHaveText(at, {
      timeout: 60_000,
    });
  }

  // Of a layer without evidence that is said.
  await expect(page.locator(".iq-board-none").first()).toBeVisible();

  // The other grouping has the same rows in other branches.
  const rows = page.locator(".iq-board-row");
  const total = await rows.count();
  await page.getByRole("button", { name: "By people, process, product, platform" }).click();
  await expect(page.getByRole("region", { name: "Product" })).toBeVisible();
  await expect(rows).toHaveCount(total);
  await page.getByRole("button", { name: "One list" }).click();
  await expect(rows).toHaveCount(total);

  // Keyboard: down, pin, open.
  await rows.first().focus();
  await page.keyboard.press("j");
  await expect(rows.nth(1)).toBeFocused();
  const name = await rows.nth(1).locator(".iq-board-name").innerText();
  await page.keyboard.press("p");
  await expect(page.getByText(/^Pinned: /)).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name }).first()).toBeVisible();
});

test("a deployment is on the board, on the timeline, and a finding with its rows", async () => {
  const { page } = launched;
  await showView(page, "Changes");
  await page.getByRole("button", { name: "By layer" }).click();
  const people = page.locator('section[data-branch="people"]');
  const deployment = people.locator(".iq-board-row", { hasText: "profile-service" }).first();
  await expect(deployment).toBeVisible({ timeout: 60_000 });
  await deployment.getByRole("button", { name: /^Pin / }).click();
  await expect(page.getByText(/^Pinned: /)).toBeVisible();
  await deployment.getByRole("button", { name: /on the timeline$/ }).click();
  await expect(page.getByRole("heading", { name: "Timeline", exact: true })).toBeVisible();
  await showView(page, "Findings");
  await expect(page.getByText(/profile-service/).first()).toBeVisible();
});
