import { expect, test, type ElectronApplication } from "@playwright/test";
import { cleanUp, idle, launch, openSample, showView } from "../support/app.ts";

test("a column's quantiles, values, rows and copies", async () => {
  const launched = await launch();
  const { app, page } = launched;
  await openSample(launched);
  await showView(page, "Compare");

  // A categorical column: its values, and rows with one of them.
  await page.locator('[data-column="user_gender"]').click();
  const values = page.getByRole("table", { name: "Values of user_gender" });
  await expect(values.getByRole("row", { name: /^0 new/ })).toBeVisible();
  await expect(page.getByRole("radio", { name: "Quantiles" })).toHaveCount(0);
  await page.getByRole("button", { name: "Rows of the incident with the new value 0" }).click();
  await expect(page.getByLabel("Which rows")).toHaveValue("=0");
  const incident = page.getByRole("table", { name: "Rows of the incident" });
  await expect(incident.getByRole("row")).toHaveCount(21);
  const cells = await incident.locator("tbody tr td:nth-child(2)").allTextContents();
  expect(new Set(cells)).toEqual(new Set(["0"]));
  await expect(page.getByText("No row of this window is like that.")).toBeVisible();
  await values.getByRole("button", { name: "Value", exact: true }).click();
  await expect(values.locator("tbody tr").first()).toContainText("0");

  // Marked rows become a finding.
  await incident.getByRole("checkbox").first().check();
  await incident.getByRole("checkbox").nth(1).check();
  await page.getByRole("button", { name: "Pin 2 rows" }).click();
  await expect(page.getByText(/^Pinned: Rows of user_features: user_gender/)).toBeVisible();

  // As Markdown and as a picture, read back by the main process.
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await expect(page.getByText("Copied: user_gender as Markdown.")).toBeVisible();
  const markdown = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(markdown).toContain("### `user_gender` in `user_features`");
  expect(markdown).toContain("| Measure | Baseline | Incident |");
  await page.getByRole("button", { name: "Copy as image" }).click();
  await expect(page.getByText("Copied: user_gender as an image.")).toBeVisible();
  expect(await pictureWidth(app)).toBeGreaterThan(600);

  // A numeric column: the same distribution three ways.
  await page.getByLabel("Verdict").selectOption("all");
  await page.locator('[data-column="age"]').click();
  await page.getByRole("radio", { name: "Quantiles" }).click();
  const plot = page.getByRole("img", { name: /^age: quantiles of the incident/ });
  await expect(plot).toBeVisible();
  await expect(plot.locator("rect")).toHaveCount(99);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("img", { name: /^age: share of values up to/ })).toBeVisible();
  await page.getByRole("button", { name: "Copy as image" }).click();
  await expect(page.getByText("Copied: age as an image.")).toBeVisible();
  expect(await pictureWidth(app)).toBeGreaterThan(600);

  // A clipboard that refuses is not passed over.
  await app.evaluate(({ session }) => {
    session.defaultSession.setPermissionCheckHandler(() => false);
    session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => {
      answer(false);
    });
  });
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await expect(page.getByText(/^Not copied: /)).toBeVisible();
  await idle(page);
  await launched.close();
  cleanUp(launched);
});

/** Width in px of the picture on the clipboard. Electron 25 reads it at once, later ones as a blob. */
async function pictureWidth(app: ElectronApplication): Promise<number> {
  return app.evaluate(async ({ clipboard, nativeImage }) => {
    interface OlderClipboard {
      readImage?(): Electron.NativeImage;
    }
    const older = clipboard as OlderClipboard;
    if (older.readImage !== undefined) return older.readImage().getSize().width;
    const [item] = await clipboard.read();
    const blob = await item?.getType("image/png");
    if (blob === undefined) return 0;
    const bytes = Buffer.from(await blob.arrayBuffer());
    return nativeImage.createFromBuffer(bytes).getSize().width;
  });
}
