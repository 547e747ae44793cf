import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";
import { cleanUp, idle, launch, openSample, showView, type Launched } from "../support/app.ts";
import {
  addAction,
  addFactors,
  addHypotheses,
  addImpact,
  answerWhys,
} from "../support/reasoning.ts";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** Violations of WCAG 2.1 A and AA in what the window shows now, in words. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate(() =>
    (
      window as unknown as { axe: { run: (c: Document, o: object) => Promise<AxeResults> } }
    ).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    }),
  );
  return results.violations.flatMap((v) =>
    v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} – ${n.failureSummary ?? v.help}`),
  );
}

let launched: Launched;
test.beforeAll(async () => {
  launched = await launch();
});
test.afterAll(async () => {
  await launched.close();
  cleanUp(launched);
});

for (const theme of ["light", "dark"] as const) {
  test(`every view is accessible in ${theme}`, async () => {
    const { page } = launched;
    if ((await page.getByTestId("case-name").count()) === 0) {
      expect.soft(await violations(page), `welcome in ${theme}`).toEqual([]);
      await openSample(launched);
      await idle(page);
    }
    const dark = await page.evaluate(() => document.body.classList.contains("bp6-dark"));
    if (dark !== (theme === "dark")) await page.keyboard.press("Control+Shift+L");
    for (const view of [
      "Evidence",
      "Schema",
      "Templates",
      "Logs",
      "Changes",
      "Compare",
      "Timeline",
      "Suspects",
      "Findings",
      "Reasoning",
      "Report",
      "Library",
      "Help",
    ]) {
      await showView(page, view);
      await settled(page);
      expect.soft(await violations(page), `${view} in ${theme}`).toEqual([]);
      if (view === "Timeline") {
        await page.getByRole("button", { name: "Clocks…" }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await expect(page.getByRole("dialog").getByRole("status")).toHaveCount(0, {
          timeout: 60_000,
        });
        await settled(page);
        expect.soft(await violations(page), `Clocks in ${theme}`).toEqual([]);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);
      }
      if (view === "Reasoning") {
        if (theme === "light") await begin(page);
        for (const tab of TOOLS) {
          await page.getByRole("tab", { name: tab, exact: true }).click();
          await settled(page);
          expect.soft(await violations(page), `Reasoning, ${tab}, in ${theme}`).toEqual([]);
        }
      }
      if (view === "Report") {
        for (const tab of ["Review", "Export", "Write"]) {
          await page.getByRole("tab", { name: tab, exact: true }).click();
          await settled(page);
          expect.soft(await violations(page), `Report, ${tab}, in ${theme}`).toEqual([]);
        }
        await page.getByRole("button", { name: "Present" }).click();
        await settled(page);
        expect.soft(await violations(page), `Presentation in ${theme}`).toEqual([]);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);
      }
      if (view !== "Compare") continue;
      for (const tab of ["Segments", "Together", "Model", "Rules", "Columns"]) {
        await page.getByRole("tab", { name: tab }).click();
        await settled(page);
        expect.soft(await violations(page), `Compare, ${tab}, in ${theme}`).toEqual([]);
      }
    }
    await page.keyboard.press("Control+k");
    await page.getByPlaceholder("What do you want to do?").fill("post-mortem");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Read a post-mortem" })).toBeVisible();
    const text = page.getByRole("textbox", { name: "Text of the post-mortem" });
    if ((await text.count()) > 0) {
      await text.fill("10:00 UTC cache restarted");
      await page.getByRole("button", { name: "Show the times" }).click();
    }
    await expect(page.getByRole("table", { name: "Events read from the text" })).toBeVisible();
    await settled(page);
    expect.soft(await violations(page), `post-mortem in ${theme}`).toEqual([]);
    await page.keyboard.press("Control+k");
    await expect(page.getByPlaceholder("What do you want to do?")).toBeVisible();
    await settled(page);
    expect.soft(await violations(page), `command palette in ${theme}`).toEqual([]);
    await page.keyboard.press("Escape");
  });
}

const TOOLS = ["Hypotheses", "5 whys", "Fishbone", "4 P’s", "Factors", "FMEA", "Impact", "Actions"];

/** Something in each tool, and a guide beside them: what is empty hides its faults. */
async function begin(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Guides…" }).click();
  await page.getByRole("button", { name: "Begin Outage" }).click();
  await expect(page.getByRole("complementary", { name: "Guide: Outage" })).toBeVisible();
  await addHypotheses(page, ["The export changed", "The world changed"]);
  await answerWhys(page, "Clicks fell by a fifth.", [
    {
      text: "The operator failed to notice it",
      because: [{ text: "No alert", area: "detection" }],
    },
  ]);
  await addFactors(page, [{ text: "The encoding changed", role: "root cause" }]);
  await addImpact(page, {
    kind: "money",
    name: "Revenue",
    low: "1",
    likely: "3",
    high: "2",
    basis: "query",
    note: "",
  });
  await page.getByRole("button", { name: "Service level", exact: true }).click();
  await addAction(page, {
    kind: "detective",
    title: "Alert on new categories",
    owner: "",
    due: "2024-01-01",
    metric: "better",
    query: { sql: "SELECT 1", comparison: "<", threshold: "2" },
  });
  await showView(page, "Reasoning");
}

/** No spinner, no progress bar, no running animation. */
async function settled(page: Page): Promise<void> {
  await expect(
    page.locator(".iq-view .bp6-spinner, .iq-view .bp6-progress-bar:not(.bp6-no-animation)"),
  ).toHaveCount(0, { timeout: 60_000 });
  // Transitions begin a frame after what they show.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  );
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined))).then(
      () => undefined,
    ),
  );
}
