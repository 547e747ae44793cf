import { expect, test } from "@playwright/test";
import { cleanUp, idle, launch, openSample, showView } from "../support/app.ts";

test("the schema says what each column is taken for, and a click changes it", async () => {
  const launched = await launch();
  const { page } = launched;
  await openSample(launched);
  await showView(page, "Schema");

  await page
    .getByRole("navigation", { name: "Tables" })
    .getByRole("button", { name: /^user_features/ })
    .click();
  const columns = page.getByRole("table", { name: "Columns of user_features" });
  const gender = columns.getByRole("row", { name: /^user_gender/ });
  // The sample's recipe sets the roles of this table.
  await expect(gender).toContainText("set by you");
  await expect(gender).toContainText("99.5 %");
  await expect(gender).toContainText("F, M");

  const role = page.getByLabel("Role of user_gender");
  await expect(role).toHaveValue("feature");
  await role.selectOption("segment");

  // A guessed unit is taken with a click, another is typed.
  const age = columns.getByRole("row", { name: /^age/ });
  await age.getByRole("button", { name: "years?" }).click();
  await expect(page.getByLabel("Unit of age", { exact: true })).toHaveValue("years");
  const tenure = page.getByLabel("Unit of tenure_days");
  await tenure.fill("d");
  await tenure.press("Enter");
  await expect(tenure).toHaveValue("d");
  await page.getByRole("heading", { name: "user_features" }).click();

  await page.keyboard.press("Control+z");
  await expect(tenure).toHaveValue("");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+z");
  await expect(role).toHaveValue("feature");
  await page.keyboard.press("Control+Shift+z");
  await expect(role).toHaveValue("segment");

  await page
    .getByRole("navigation", { name: "Tables" })
    .getByRole("button", { name: /^metrics/ })
    .click();
  await expect(page.getByRole("table", { name: "Measurements" })).toBeVisible();
  await idle(page);
  await launched.close();
  cleanUp(launched);
});
