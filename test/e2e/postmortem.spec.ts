import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { answerOpenDialog, cleanUp, launch, newCase, showView } from "../support/app.ts";

const REPORT = `# Checkout errors on 12 March 2026

All times are in UTC.

- 13:58 config change merged by the networking team
- 14:03 first 502 responses at the edge
- 14:31 change rolled back
- 15:47 error rate back to normal

*Published 18 March 2026*
`;

test("a report becomes events of the timeline: the start of a case without data", async () => {
  const launched = await launch();
  const { page, scratch } = launched;
  try {
    await newCase(launched, "post-mortem");
    await page.getByRole("button", { name: "Read a post-mortem…" }).click();
    await expect(page.getByRole("heading", { name: "No text yet" })).toBeVisible();

    // What is no text is refused with words.
    const wrong = join(scratch, "wrong.md");
    writeFileSync(wrong, Buffer.from([0x50, 0, 0xff, 0xfe]));
    await page.setInputFiles('input[type="file"]', wrong);
    await expect(page.getByRole("alert")).toContainText("wrong.md is not text in UTF-8");

    const file = join(scratch, "report.md");
    writeFileSync(file, REPORT);
    await page.setInputFiles('input[type="file"]', file);
    const table = page.getByRole("table", { name: "Events read from the text" });
    await expect(table.getByRole("row")).toHaveCount(5);
    await expect(page.getByRole("heading", { name: "4 events read" })).toBeVisible();
    await expect(page.getByLabel("Time of line 5, 13:58")).toHaveValue("2026-03-12 13:58:00");
    await expect(table).toContainText("date: taken from line 1");
    // The text says day and zone: nothing is asked.
    await expect(page.getByLabel("Day, where the text names none")).toHaveCount(0);

    // A mark leads to its entry.
    await page.getByRole("button", { name: "14:31" }).click();
    await expect(table.locator('tr[aria-current="true"]')).toContainText("Line 7");

    // Put right, left out, and a mistake told.
    await page.getByLabel("What happened, line 6, 14:03").fill("502 at the edge");
    await page.getByLabel("Layer, line 6, 14:03").selectOption("infrastructure");
    await page.getByLabel("Take the event of line 8, 15:47").uncheck({ force: true });
    await page.getByLabel("Time of line 7, 14:31").fill("half past two");
    await expect(page.getByRole("alert")).toContainText("Write 2024-05-01 00:00");
    await expect(page.getByRole("button", { name: /^Add 3 events/ })).toBeDisabled();
    await page.getByLabel("Time of line 7, 14:31").fill("2026-03-12 14:32");

    // Nothing is lost by leaving.
    await showView(page, "Findings");
    await showView(page, "Evidence");
    await page.getByRole("button", { name: "Read a post-mortem…" }).click();
    await expect(page.getByLabel("What happened, line 6, 14:03")).toHaveValue("502 at the edge");

    await page.getByRole("button", { name: "Add 3 events to the timeline" }).click();
    const notes = page.getByRole("list", { name: "Notes on the timeline" });
    await expect(notes.getByRole("listitem")).toHaveCount(3);
    await expect(notes).toContainText("2026-03-12 14:32:00");
    await expect(notes).toContainText("502 at the edge");

    // They are one step of the journal; the text knows what of it is there.
    await page.keyboard.press("Control+z");
    await expect(notes).toHaveCount(0);
    await page.keyboard.press("Control+Shift+z");
    await page.keyboard.press("Control+Shift+w");
    await answerOpenDialog(launched.app, [join(scratch, "post-mortem.inquest")]);
    await page.getByRole("button", { name: "Open case…" }).click();
    await expect(page.getByTestId("case-name")).toHaveText("post-mortem");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("post-mortem");
    await page.keyboard.press("Enter");
    await expect(page.getByText("3 on the timeline already")).toBeVisible();
    await expect(page.getByRole("button", { name: "Add 0 events" })).toBeDisabled();
  } finally {
    await launched.close();
    cleanUp(launched);
  }
});

test("what a pasted text leaves open is asked for", async () => {
  const launched = await launch();
  const { page } = launched;
  try {
    await newCase(launched, "pasted");
    await page.getByRole("button", { name: "Read a post-mortem…" }).click();
    await page
      .getByRole("textbox", { name: "Text of the post-mortem" })
      .fill("10:00 cache restarted\n10:20 latency back to normal");
    await page.getByLabel("Day, where the text names none").fill("2026-05-04");
    await page.getByLabel("Zone, where the text names none").selectOption({ label: "UTC+02:00" });
    await expect(page.getByLabel("Time of line 1, 10:00")).toHaveValue("2026-05-04 08:00:00");
    await page.getByRole("button", { name: "Show the times" }).click();
    await expect(page.getByRole("button", { name: "10:20" })).toBeVisible();
  } finally {
    await launched.close();
    cleanUp(launched);
  }
});
