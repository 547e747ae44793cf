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

const START = Date.UTC(2026, 2, 2, 10);

/** One request a minute with its id; the clock is off by so many seconds. */
function writeLog(path: string, what: string, seconds: number): void {
  const lines = Array.from({ length: 60 }, (_, k) => {
    const time = new Date(START + k * 60_000 + seconds * 1000).toISOString();
    return `${time} INFO ${what} ${(0xabc0000000000000n + BigInt(k) * 7919n).toString(16)}\n`;
  });
  writeFileSync(path, lines.join(""));
}

test("a clock that is behind is offered, put right, taken back, and stands in the journal", async () => {
  const launched = await launch();
  const { app, page, scratch } = launched;
  try {
    await newCase(launched, "clocks");
    const [gateway, service] = [join(scratch, "gateway.log"), join(scratch, "service.log")];
    writeLog(gateway, "request", 0);
    writeLog(service, "handling", -90);
    await importFiles(launched, [gateway, service]);
    await showView(page, "Timeline");
    await page.getByRole("button", { name: "Clocks…" }).click();
    const clocks = page.getByRole("dialog", { name: "Clocks of the files" });
    await expect(clocks).toContainText(
      "The clock of service.log is 1 min 30 s behind that of gateway.log.",
    );
    await expect(clocks).toContainText("60 identifiers are in both");

    await clocks.getByRole("button", { name: "Move service.log by +1 min 30 s" }).click();
    await expect(clocks).toContainText("gateway.log and service.log agree.");
    const right = clocks.getByRole("region", { name: "Clocks put right" });
    await expect(right).toContainText("service.log: +1 min 30 s");

    // What is no offset is told; what is, is added to what was moved before.
    await clocks.getByLabel("File to move").selectOption({ label: "E1 gateway.log" });
    await clocks.getByLabel("Offset to add to its times").fill("soon");
    await clocks.getByRole("button", { name: "Move", exact: true }).click();
    await expect(clocks.getByRole("alert")).toContainText("Write an offset");
    await clocks.getByLabel("Offset to add to its times").fill("1 h");
    await clocks.getByRole("button", { name: "Move", exact: true }).click();
    await expect(right).toContainText("gateway.log: +1 h");
    await clocks.getByRole("button", { name: "Take back the correction of gateway.log" }).click();
    await expect(right).not.toContainText("gateway.log");
    await page.keyboard.press("Escape");

    // The rows have moved: the first line of both is of the same second.
    await showView(page, "Logs");
    const rows = page.getByRole("grid", { name: "Log lines", exact: true }).getByRole("row");
    await expect(rows.nth(1)).toContainText("10:00:00");
    await expect(rows.nth(2)).toContainText("10:00:00");
    await showView(page, "Evidence");
    await page.getByRole("row", { name: /service\.log/ }).click();
    await expect(
      page.getByText(/All times were moved by \+90 s: the clock of gateway/),
    ).toBeVisible();

    // After the case was closed and opened they stand as they did; undo brings the old times back.
    await page.keyboard.press("Control+Shift+w");
    await answerOpenDialog(app, [join(scratch, "clocks.inquest")]);
    await page.getByRole("button", { name: "Open case…" }).click();
    await idle(page);
    await showView(page, "Logs");
    await expect(rows.nth(2)).toContainText("10:00:00");
    // Taken back: the correction of the gateway and its taking back, then that of the service.
    for (let k = 0; k < 3; k++) await page.keyboard.press("Control+z");
    await idle(page);
    // The list stays where it stood in time: to its first line.
    await expect(rows.filter({ hasText: "10:00:30" }).first()).toBeVisible();
    await page.keyboard.press("g");
    await expect(rows.nth(1)).toContainText("09:58:30");
  } finally {
    await launched.close();
    cleanUp(launched);
  }
});
