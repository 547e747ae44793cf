import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { cleanUp, importFiles, launch, newCase, showView } from "../support/app.ts";

const LINES = 320_000;

test("a log that is large enough to be read by several workers arrives whole", async () => {
  const launched = await launch();
  const { page, scratch } = launched;
  const file = join(scratch, "service.log");
  const handle = openSync(file, "w");
  for (let i = 0; i < LINES;) {
    let block = "";
    for (const end = i + 20_000; i < end; i++) {
      const at = new Date(Date.UTC(2026, 2, 1) + i * 50).toISOString();
      const level = i % 50 === 0 ? "ERROR" : "INFO";
      block += `${at} ${level} [checkout] request ${String(i)} from 10.0.${String(i % 250)}.7 took ${String(i % 90)} ms\n`;
      if (i % 1000 === 0) block += "java.lang.IllegalStateException: x\n\tat a.B.c(D.java:1)\n";
    }
    writeSync(handle, block);
  }
  closeSync(handle);
  // Smaller files are read in one go.
  expect(statSync(file).size).toBeGreaterThan(24 * 1024 * 1024);

  await newCase(launched, "large");
  await importFiles(launched, [file]);
  const row = page.locator('[data-evidence="E1"]');
  await expect(row).toContainText("320,000");
  await row.click();
  await expect(page.getByText("640 lines continue the record before them")).toBeVisible();

  await showView(page, "Templates");
  const templates = page.getByRole("listbox", { name: "Templates" }).getByRole("option");
  await expect(templates).toHaveCount(1);
  await expect(templates).toContainText("320,000");
  await expect(templates).toContainText("6,400 errors");
  await launched.close();
  cleanUp(launched);
});
