import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { answerOpenDialog, cleanUp, idle, importFiles, launch, newCase } from "../support/app.ts";

/** A profile folder on a disk of 32 MB; null where this user may not mount one. */
function smallDisk(): string | null {
  const folder = mkdtempSync(join(tmpdir(), "inquest-small-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=32m", "tmpfs", folder], { stdio: "pipe" });
    return folder;
  } catch {
    return null;
  }
}

/** 100 MB of values that do not compress well: more than the disk holds. */
function writeLarge(path: string): void {
  const lines = ["time,id,a,b"];
  let x = 1;
  for (let i = 0; i < 1_500_000; i++) {
    x = (x * 16807) % 2147483647;
    const id = `k${x.toString(36)}${((x * 31) % 999983).toString(36)}`;
    const time = new Date(1.7e12 + i * 1000).toISOString();
    lines.push(`${time},${id},${String(x / 7)},${String((x % 7919) / 13)}`);
  }
  writeFileSync(path, `${lines.join("\n")}\n`);
}

test("an import that fills the disk keeps nothing of the file and all that was there", async () => {
  test.setTimeout(180_000);
  const userData = smallDisk();
  test.skip(userData === null, "SKIPPED: only root may mount a disk of its own for this test");
  if (userData === null) return;
  const launched = await launch({ userData });
  const { app, page, scratch } = launched;
  try {
    await newCase(launched, "disk-full");
    const good = join(scratch, "good.csv");
    writeFileSync(good, "time,cpu\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,2\n");
    await importFiles(launched, [good]);

    const large = join(scratch, "large.csv");
    writeLarge(large);
    await answerOpenDialog(app, [large]);
    await page.getByRole("button", { name: "Add files…" }).click();
    await page.getByRole("button", { name: "Import", exact: true }).click();
    const alert = page.locator(".iq-detail").getByRole("alert");
    await expect(alert).toContainText(/disk is full: “large\.csv”.*Nothing of it was kept/s, {
      timeout: 90_000,
    });
    await page.getByRole("button", { name: "Remove", exact: true }).click();

    const small = join(scratch, "small.csv");
    writeFileSync(small, "time,load\n2024-01-01T00:00:00Z,5\n2024-01-01T00:01:00Z,6\n");
    await importFiles(launched, [small]);
  } finally {
    await launched.close();
  }
  const again = await launch({ userData, scratch, args: [join(scratch, "disk-full.inquest")] });
  try {
    await idle(again.page);
    const rows = again.page.getByRole("table", { name: "Evidence" }).locator("tbody tr");
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(0)).toContainText("good.csv");
    await expect(rows.nth(1)).toContainText("small.csv");
  } finally {
    await again.close();
    execFileSync("umount", ["--lazy", userData]);
    cleanUp(again);
  }
});
