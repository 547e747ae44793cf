import { join } from "node:path";
import { expect, test, type Page } from "@playwright/test";
import { cleanUp, launch, newCase } from "../support/app.ts";
import { SAMPLE } from "../support/files.ts";

test("files dropped on the window are previewed, then imported", async () => {
  const launched = await launch();
  const { page } = launched;
  await newCase(launched, "dropped");
  const files = [
    join(process.cwd(), SAMPLE, "metrics/model_metrics.csv"),
    join(process.cwd(), SAMPLE, "events/deployments.csv"),
  ];
  await dropFiles(page, files);
  await page.getByRole("button", { name: "Import 2 files", exact: true }).click();
  await expect(page.locator("[data-evidence]")).toHaveCount(2, { timeout: 60_000 });
  await launched.close();
  cleanUp(launched);
});

/** A drop as the operating system delivers it: the window gets the files with their paths. */
async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await devTools.send("Input.dispatchDragEvent", { type, x: 400, y: 400, data });
  }
  await devTools.detach();
}
